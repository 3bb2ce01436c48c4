//! When `sr-sender` has the way to the server found before anything is due.
//!
//! Where the operating system takes seconds for it (Windows, which may ask the network for a script), they pass while events
//! are still being collected, and not while a shutdown waits for the first request.

use crate::model::capture::NotCaptured;

/// See the module.
#[derive(Default)]
pub(super) struct RouteAhead {
    is_found: bool,
}

impl RouteAhead {
    /// Whether to find it now: once, if something will be sent. Whoever is not captured causes no traffic.
    pub fn take_due(&mut self, captured: Option<Result<(), NotCaptured>>, is_ending: bool) -> bool {
        let is_due = !self.is_found && captured == Some(Ok(())) && !is_ending;
        self.is_found |= is_due;
        is_due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_is_found_once_and_only_for_what_will_be_sent() {
        const CAPTURED: Option<Result<(), NotCaptured>> = Some(Ok(()));
        let not = |reason| Some(Err(reason));
        let mut ahead = RouteAhead::default();
        for (number, (captured, is_ending, is_due)) in [
            (None, false, false),
            (not(NotCaptured::NoSessionId), false, false),
            (not(NotCaptured::OptedOut), false, false),
            (not(NotCaptured::NotInSample), false, false),
            (not(NotCaptured::AwaitsEvent), false, false),
            (CAPTURED, true, false),
            (CAPTURED, false, true),
            (CAPTURED, false, false),
            (not(NotCaptured::NoSessionId), false, false),
            (CAPTURED, false, false),
        ]
        .into_iter()
        .enumerate()
        {
            assert_eq!(ahead.take_due(captured, is_ending), is_due, "step {number}");
        }
    }
}
