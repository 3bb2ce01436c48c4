//! Calls the host that a full snapshot is wanted, once for each want: a window in which nothing moves records nothing, so that no
//! status of a call would ever tell.

use std::time::{Duration, Instant};

use super::context::Context;
use super::snapshot_requests::SnapshotRequests;
use crate::session::SnapshotState;

/// How long a want waits to be told: most are met at once, by who was told by the status of a call.
const GRACE: Duration = Duration::from_millis(250);

/// What is wanted, and told.
#[derive(Default)]
pub(super) struct SnapshotWants {
    told: Told,
    /// Those that the host's filter dropped.
    dropped: SnapshotRequests,
}

impl SnapshotWants {
    /// Calls the host about what is wanted. Gives whether it was called, and the time until there is something to do.
    pub fn tell(&mut self, context: &Context) -> (bool, Option<Duration>) {
        let retry = self.ask_again_after_drop(context);
        if !context.snapshot_callback.is_set() {
            self.told = Told::default();
            return (false, retry);
        }
        let Some(turn) = context.snapshot_callback.turn() else {
            // The thread of the recorder before this one.
            return (false, retry.into_iter().chain([GRACE]).min());
        };
        let want = context.sessions.snapshot_want();
        let wanted = want.map(|want| context.views.wanted_snapshots(&want)).unwrap_or_default();
        let (due, left) = self.told.step(want.map_or(0, |want| want.number), &wanted, Instant::now());
        for view in &due {
            turn.call(*view);
        }
        (!due.is_empty(), [retry, left].into_iter().flatten().min())
    }

    /// A full snapshot that the filter dropped is asked for again, each time after a longer pause: the filter may drop it only now,
    /// while a secret is on the screen.
    fn ask_again_after_drop(&mut self, context: &Context) -> Option<Duration> {
        let now = Instant::now();
        match context.sessions.snapshot_state() {
            Some((session, SnapshotState::Dropped)) => self.dropped.lost(&session, Some(&session)),
            Some((session, SnapshotState::There)) => self.dropped.arrived(&session),
            Some((_, SnapshotState::Missing)) | None => return None,
        }
        if let Some(session) = self.dropped.take_due(now) {
            context.sessions.request_snapshot(session);
            context.views.tell_after_loss();
        }
        self.dropped.due(now).map(|due| due.saturating_duration_since(now))
    }
}

/// Which wants the host was told.
#[derive(Default)]
struct Told {
    number: u64,
    views: Vec<View>,
}

struct View {
    id: u64,
    since: Instant,
    is_told: bool,
    is_wanted: bool,
}

impl Told {
    /// The want of this number is wanted of these views now. Gives those to tell, and when the next is due.
    fn step(&mut self, number: u64, wanted: &[u64], now: Instant) -> (Vec<u64>, Option<Duration>) {
        if self.number != number {
            *self = Self { number, views: Vec::new() };
        }
        for view in &mut self.views {
            view.is_wanted = wanted.contains(&view.id);
        }
        // One that was told and is met is remembered: until another want, it is told no more.
        self.views.retain(|view| view.is_told || view.is_wanted);
        for id in wanted {
            if self.views.iter().all(|view| view.id != *id) {
                self.views.push(View { id: *id, since: now, is_told: false, is_wanted: true });
            }
        }
        let (mut due, mut left) = (Vec::new(), None::<Duration>);
        for view in self.views.iter_mut().filter(|view| !view.is_told) {
            match GRACE.checked_sub(now.saturating_duration_since(view.since)).filter(|left| !left.is_zero())
            {
                Some(until) => left = Some(left.map_or(until, |left| left.min(until))),
                None => {
                    view.is_told = true;
                    due.push(view.id);
                }
            }
        }
        (due, left)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_want_is_told_once_when_it_has_lasted() {
        let (mut told, begin) = (Told::default(), Instant::now());
        let short = GRACE / 5;
        for (number, wanted, after, expected, what) in [
            (1, &[0][..], Duration::ZERO, &[][..], "it may be met at once"),
            (1, &[], short, &[], "it was"),
            (1, &[0], short * 2, &[], "wanted again, but met before it is told"),
            (1, &[0], short * 6, &[], "it has not lasted"),
            (1, &[0], short * 7, &[0], "now it has"),
            (1, &[0], short * 50, &[], "told once"),
            (1, &[], short * 51, &[], "met"),
            (2, &[0], short * 52, &[], "another want"),
            (2, &[0], short * 57, &[0], "is told"),
            (3, &[0], short * 58, &[], "another session, although that one was not met"),
            (3, &[0], short * 63, &[0], "is told"),
            (4, &[7, 8], short * 64, &[], "pages of views"),
            (4, &[7, 8, 9], short * 68, &[], "one more"),
            (4, &[7, 8, 9], short * 69, &[7, 8], "each when it has lasted"),
            (4, &[9], short * 73, &[9], "the last"),
            (4, &[7], short * 99, &[], "told once in this stretch, as its events tell it the rest"),
        ] {
            let (due, left) = told.step(number, wanted, begin + after);
            assert_eq!(due, expected, "{what}");
            let waits = wanted.iter().any(|view| told.views.iter().any(|it| it.id == *view && !it.is_told));
            assert_eq!(left.is_some(), waits, "{what}");
        }
    }
}
