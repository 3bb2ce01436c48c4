//! Files that are to be removed and can't be yet: somebody has them mapped or open. Until they are gone they count against the
//! storage limit. What they hold is noted in them as delivered, so a later run, which may find them, sends nothing of it.

use std::io;
use std::time::{Duration, Instant};

use super::fs;
use super::quota::QuotaReservation;
use crate::sync::Mutex;

/// See the module.
#[derive(Default)]
pub(super) struct Removals {
    waiting: Mutex<Vec<Removal>>,
}

struct Removal {
    name: String,
    since: Instant,
    /// When to try again.
    due: Instant,
    /// What the file takes of the storage limit.
    reservation: QuotaReservation,
}

impl Removals {
    /// Notes that this file is to be removed later.
    pub fn add(&self, name: &str, reservation: QuotaReservation) {
        let since = Instant::now();
        let due = since + look_again_after(Duration::ZERO);
        self.waiting.lock().push(Removal { name: name.to_owned(), since, due, reservation });
    }

    /// Whether something waits.
    pub fn is_empty(&self) -> bool {
        self.waiting.lock().is_empty()
    }

    /// Tries each again whose time has come, and no other: a thread of the host that finds the limit reached comes here with
    /// every event. `remove` removes a file; what is gone is no error. How soon to look again, if any is left.
    pub fn retry(&self, now: Instant, remove: impl Fn(&str) -> io::Result<()>) -> Option<Duration> {
        // No file is removed under the lock. All stay in the list meanwhile: another thread must not find nothing to wait for.
        let tried: Vec<_> = self.take_turns(now).into_iter().map(|name| (remove(&name), name)).collect();
        let mut waiting = self.waiting.lock();
        for (removed, name) in tried {
            match removed {
                Ok(()) => waiting.retain(|removal| removal.name != name),
                Err(error) => {
                    let still = waiting.iter().filter(|removal| removal.name == name);
                    still.for_each(|removal| removal.failed(&error, now));
                }
            }
        }
        waiting.iter().map(|removal| removal.due.saturating_duration_since(now)).min()
    }

    /// The names of those whose time has come; nobody else tries them now.
    fn take_turns(&self, now: Instant) -> Vec<String> {
        let mut waiting = self.waiting.lock();
        let due = waiting.iter_mut().filter(|removal| removal.due <= now);
        due.map(|removal| {
            removal.due = now + look_again_after(now.saturating_duration_since(removal.since));
            removal.name.clone()
        })
        .collect()
    }

    /// Tries each a last time.
    pub fn retry_all(&self, remove: impl Fn(&str) -> io::Result<()>) {
        let waiting = std::mem::take(&mut *self.waiting.lock());
        for removal in &waiting {
            let _ = remove(&removal.name);
        }
    }
}

impl Removal {
    fn failed(&self, error: &io::Error, now: Instant) {
        let waited = now.saturating_duration_since(self.since);
        if !still_counts(fs::is_in_use(error), fs::may_be_forbidden(error), waited) {
            self.reservation.shrink_to(0);
        }
    }
}

/// Whether a file that could not be removed counts against the limit: as long as somebody uses it, who will let go. Where it
/// can't be removed at all, what is evicted for room that does not come back would be lost for nothing; where one error may
/// mean both, time tells.
pub(super) fn still_counts(is_in_use: bool, may_be_forbidden: bool, waited: Duration) -> bool {
    /// A scanner or a backup does not take longer.
    const MAX_USE: Duration = Duration::from_secs(5 * 60);
    is_in_use && !(may_be_forbidden && waited > MAX_USE)
}

/// A scanner lets go within milliseconds; a thread in the middle of an append, or a process that has the file mapped, may take
/// long: the longer it takes, the less often it is worth looking.
fn look_again_after(waited: Duration) -> Duration {
    (waited / 2).clamp(Duration::from_millis(50), Duration::from_secs(60))
}

#[cfg(test)]
mod tests {
    use super::super::quota::Quota;
    use super::*;
    use std::sync::Arc;

    const FIRST_PAUSE: Duration = Duration::from_millis(50);

    #[cfg(unix)]
    const BUSY: i32 = libc::EBUSY;
    #[cfg(windows)]
    const BUSY: i32 = 32;

    fn busy() -> io::Result<()> {
        Err(io::Error::from_raw_os_error(BUSY))
    }

    #[test]
    fn what_is_still_there_counts_and_is_tried_again() {
        let quota = Arc::<Quota>::default();
        let removals = Removals::default();
        assert_eq!(removals.retry(Instant::now(), |_| panic!("nothing waits")), None);
        for name in ["one", "two"] {
            removals.add(name, QuotaReservation::of_existing(&quota, 100));
        }
        let due = Instant::now() + FIRST_PAUSE;
        assert!(removals.retry(due, |name| if name == "one" { Ok(()) } else { busy() }).is_some());
        assert_eq!(quota.all(), 100);
        assert_eq!(removals.retry(due + 2 * FIRST_PAUSE, |_| Ok(())), None);
        assert_eq!(quota.all(), 0);
    }

    #[test]
    fn nothing_is_tried_before_its_time_but_at_the_end() {
        let quota = Arc::<Quota>::default();
        let removals = Removals::default();
        let before = Instant::now();
        removals.add("held", QuotaReservation::of_existing(&quota, 100));
        assert!(removals.retry(before, |_| panic!("too soon")).is_some_and(|left| left >= FIRST_PAUSE));
        let due = Instant::now() + FIRST_PAUSE;
        assert_eq!(removals.retry(due, |_| busy()), Some(FIRST_PAUSE));
        assert!(removals.retry(due, |_| panic!("it was tried now")).is_some());
        removals.retry_all(|_| Ok(()));
        assert!(removals.is_empty());
        assert_eq!(quota.all(), 0);
    }

    /// `sr-worker`, which would otherwise sleep without a timer.
    #[test]
    fn while_one_thread_tries_another_sees_that_something_is_left() {
        let removals = Removals::default();
        removals.add("held", QuotaReservation::of_existing(&Arc::default(), 100));
        let due = Instant::now() + FIRST_PAUSE;
        removals.retry(due, |_| {
            assert!(removals.retry(due, |_| panic!("it is tried now")).is_some());
            assert!(!removals.is_empty());
            busy()
        });
        assert_eq!(removals.retry(due + 2 * FIRST_PAUSE, |_| Ok(())), None);
    }

    #[test]
    fn what_will_never_go_counts_no_longer() {
        let minutes = |minutes: u64| Duration::from_secs(minutes * 60);
        for (is_in_use, may_be_forbidden, waited, counts) in [
            (true, false, minutes(0), true),
            (true, false, minutes(600), true),
            (true, true, minutes(0), true),
            (true, true, minutes(5), true),
            (true, true, minutes(6), false),
            (false, false, minutes(0), false),
        ] {
            assert_eq!(still_counts(is_in_use, may_be_forbidden, waited), counts, "{is_in_use} {waited:?}");
        }
        let quota = Arc::<Quota>::default();
        let removals = Removals::default();
        removals.add("held", QuotaReservation::of_existing(&quota, 100));
        let due = Instant::now() + FIRST_PAUSE;
        assert!(removals.retry(due, |_| busy()).is_some() && quota.all() == 100);
        let refused = |_: &str| Err(io::ErrorKind::ReadOnlyFilesystem.into());
        assert!(removals.retry(due + 2 * FIRST_PAUSE, refused).is_some(), "it is tried on");
        assert_eq!(quota.all(), 0);
    }

    #[test]
    fn it_is_tried_less_and_less_often() {
        for (waited_ms, again_ms) in [(0, 50), (400, 200), (10_000_000, 60_000)] {
            let again = look_again_after(Duration::from_millis(waited_ms));
            assert_eq!(again, Duration::from_millis(again_ms), "{waited_ms}");
        }
    }
}
