//! The host's filter: it sees each event before it is stored, and keeps it, drops it or replaces it.
//!
//! It runs on the thread that records, with no lock of this library held. In doubt an event is dropped: a filter is there for
//! what must not be stored.

use std::borrow::Cow;
use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use arc_swap::ArcSwapOption;
use serde::de::IgnoredAny;

use crate::callback::Callback;
use crate::error::Error;
use crate::model::event::{WireEvent, kind_of};
use crate::sync::Mutex;

/// The filter: whether the event is kept. What it gave to [`replace`] meanwhile is kept in its place.
pub type FilterFn = Arc<dyn Fn(&[u8]) -> bool + Send + Sync>;

/// What the host's filter sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Filtered {
    /// An event of the replay.
    Event,
    /// A click or a scroll depth, in the form in which pages tell it.
    Interaction,
}

/// The host's filter, if it set one.
#[derive(Default)]
pub struct Filter {
    callback: Callback<FilterFn>,
    /// The same, to be read without a lock.
    current: ArcSwapOption<FilterFn>,
    is_set: AtomicBool,
    /// Held while `is_set` is made to say what `callback` does.
    noting: Mutex<()>,
}

/// What the filter that runs on this thread gave in place of the event.
enum Replacement {
    Nothing,
    /// It wanted another, which was refused: this one must not be kept.
    Refused,
    Given(Vec<u8>),
}

struct Running {
    of: Filtered,
    event_type: Option<f64>,
    replacement: Replacement,
}

thread_local! {
    /// The filter that this thread is inside.
    static RUNNING: RefCell<Option<Running>> = const { RefCell::new(None) };
}

impl Filter {
    /// Sets the filter; `None` removes it. When this returns, the one before is not running on another thread and is not called
    /// any more.
    pub fn set(&self, filter: Option<FilterFn>) {
        self.callback.set(filter);
        let _noting = self.noting.lock();
        let current = self.callback.current();
        self.is_set.store(current.is_some(), Ordering::Release);
        self.current.store(current);
    }

    /// Whether there is one.
    pub(crate) fn is_set(&self) -> bool {
        self.is_set.load(Ordering::Acquire)
    }

    /// The same filter for a forked child, where a lock of this one may be held by a thread that only the parent has.
    pub(crate) fn in_child(&self) -> Self {
        let child = Self::default();
        child.set(self.current.load_full().map(|filter| FilterFn::clone(&filter)));
        child
    }

    /// The event as the filter leaves it; `None`: it is dropped. An error inside of the filter: nothing would filter what is
    /// recorded there.
    pub(crate) fn apply<'e>(&self, of: Filtered, event: &'e [u8]) -> Result<Option<Cow<'e, [u8]>>, Error> {
        let inside = Inside::enter(of, event)?;
        let Some(is_kept) = self.callback.call(|filter| filter(event)) else {
            // It was removed meanwhile.
            return Ok(Some(Cow::Borrowed(event)));
        };
        Ok(match (is_kept, inside.leave()) {
            (false, _) | (true, Replacement::Refused) => None,
            (true, Replacement::Nothing) => Some(Cow::Borrowed(event)),
            (true, Replacement::Given(other)) => Some(Cow::Owned(other)),
        })
    }
}

/// Gives the filter that runs on this thread another event to keep in place of the one that it was called with. A refusal means
/// that neither is kept, unless another is given after it.
pub fn replace(event: &[u8]) -> Result<(), Error> {
    RUNNING.with_borrow_mut(|running| {
        let running = running.as_mut().ok_or_else(|| {
            Error::InvalidArgument(
                "sr_filter_replace was called outside of a filter: call it inside".to_owned(),
            )
        })?;
        running.replacement = Replacement::Refused;
        check(running, event)?;
        running.replacement = Replacement::Given(event.to_vec());
        Ok(())
    })
}

/// Refuses a call that ends what the filter on this thread is part of.
pub(crate) fn refuse_inside(call: &str) -> Result<(), Error> {
    match RUNNING.with_borrow(Option::is_some) {
        true => Err(Error::InvalidArgument(format!(
            "{call} was called in a filter: call it after that has returned"
        ))),
        false => Ok(()),
    }
}

/// Refuses to record in a filter.
pub(crate) fn refuse_recording_inside() -> Result<(), Error> {
    if RUNNING.with_borrow(Option::is_some) { Err(inside_error()) } else { Ok(()) }
}

fn inside_error() -> Error {
    let message = "a filter can't record: nothing would filter that; record after it has returned";
    Error::InvalidArgument(message.to_owned())
}

fn check(running: &Running, event: &[u8]) -> Result<(), Error> {
    let problem = match running.of {
        Filtered::Event => WireEvent::parse(event).err().map(|error| error.to_string()),
        Filtered::Interaction if serde_json::from_slice::<IgnoredAny>(event).is_err() => {
            Some("not JSON".to_owned())
        }
        Filtered::Interaction => None,
    };
    if let Some(problem) = problem {
        return Err(Error::InvalidJson(format!(
            "the replacement is {problem}: neither it nor the event is recorded"
        )));
    }
    if kind_of(event) != running.event_type {
        return Err(Error::InvalidArgument(
            "the replacement is of another type than the event: keep its \"type\"; neither of them is recorded"
                .to_owned(),
        ));
    }
    Ok(())
}

/// Marks the thread as inside of the filter, also where that panics.
struct Inside;

impl Inside {
    fn enter(of: Filtered, event: &[u8]) -> Result<Self, Error> {
        RUNNING.with_borrow_mut(|running| {
            if running.is_some() {
                return Err(inside_error());
            }
            let event_type = kind_of(event);
            *running = Some(Running { of, event_type, replacement: Replacement::Nothing });
            Ok(Self)
        })
    }

    fn leave(self) -> Replacement {
        RUNNING.take().map_or(Replacement::Refused, |running| running.replacement)
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        RUNNING.set(None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVENT: &[u8] = br#"{"type":3,"timestamp":1,"data":{"source":0}}"#;

    fn filter(filter: impl Fn(&[u8]) -> bool + Send + Sync + 'static) -> Filter {
        let set = Filter::default();
        set.set(Some(Arc::new(filter)));
        set
    }

    fn applied(filter: &Filter, event: &[u8]) -> Option<Vec<u8>> {
        filter.apply(Filtered::Event, event).unwrap().map(Cow::into_owned)
    }

    #[test]
    fn an_event_is_kept_dropped_or_replaced() {
        let other = br#"{"type":3,"timestamp":2,"data":{"source":5}}"#;
        assert_eq!(applied(&filter(|_| true), EVENT).as_deref(), Some(EVENT));
        assert_eq!(applied(&filter(|_| false), EVENT), None);
        assert_eq!(applied(&filter(|_| replace(other).is_ok()), EVENT).as_deref(), Some(&other[..]));
        assert_eq!(applied(&filter(|_| replace(other).is_err()), EVENT), None, "replaced and dropped");
        assert!(replace(other).is_err(), "outside of a filter");
    }

    #[test]
    fn an_event_whose_replacement_is_refused_is_dropped() {
        for (replacement, reason) in [
            (&b"{\"type\":3"[..], "the replacement is not a JSON object"),
            (br#"{"type":4,"timestamp":1,"data":{"href":"x","width":1,"height":1}}"#, "another type"),
            (br#"{"type":3,"timestamp":1}"#, "a player can play"),
            (b"", "the replacement is"),
        ] {
            let refusing = filter(move |_| {
                let error = replace(replacement).unwrap_err().to_string();
                assert!(error.contains(reason), "{error}");
                true
            });
            assert_eq!(applied(&refusing, EVENT), None, "{reason}");
        }
        // What follows a refusal counts.
        let second = filter(|event| replace(b"no").is_err() && replace(event).is_ok());
        assert_eq!(applied(&second, EVENT).as_deref(), Some(EVENT));
    }

    #[test]
    fn a_filter_that_records_panics_or_removes_itself_ends_well() {
        let filter = Arc::new(Filter::default());
        let itself = filter.clone();
        filter.set(Some(Arc::new(move |event| {
            assert!(itself.apply(Filtered::Event, event).is_err(), "nothing filters what is recorded inside");
            itself.set(None);
            false
        })));
        assert_eq!(applied(&filter, EVENT), None);
        assert!(!filter.is_set());
        assert_eq!(applied(&filter, EVENT).as_deref(), Some(EVENT), "without a filter");
        filter.set(Some(Arc::new(|_| panic!("no"))));
        let apply = std::panic::AssertUnwindSafe(|| applied(&filter, EVENT));
        assert!(std::panic::catch_unwind(apply).is_err());
        assert!(replace(EVENT).is_err(), "the thread is outside again");
    }

    #[test]
    fn an_interaction_is_replaced_by_one_in_whatever_form() {
        let click = br#"{"type":5,"data":{"tag":"session-replay-interaction","payload":{"type":"click"}},"timestamp":1}"#;
        let other = br#"{"data":{"payload":{"type":"scroll"},"tag":"session-replay-interaction"},"timestamp":1,"type":5}"#;
        let filter = filter(|_| replace(other).is_ok());
        let replaced = filter.apply(Filtered::Interaction, click).unwrap();
        assert_eq!(replaced.as_deref(), Some(&other[..]));
    }
}
