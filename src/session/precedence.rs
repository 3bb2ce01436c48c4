//! Which of two sessions of the analytics is the current one.
//!
//! Their session ids are points in time, so the later session counts. A clock that stood wrong must not get in the way:
//! its sessions would come after every other for as long as it was ahead.

use std::time::{Duration, SystemTime};

use crate::model::ids::{SessionId, unix_millis};

/// How far ahead of the clock the begin of a session may lie. More than any mistake about time zones; what lies beyond was
/// named by a clock that stood wrong, or is no time in milliseconds.
const MAX_AHEAD: Duration = Duration::from_secs(24 * 3_600);

/// Whether a right clock may have named this session by now. A text of the host's own names no time.
pub(super) fn is_plausible(session: &SessionId, now: SystemTime) -> bool {
    session.as_millis().is_none_or(|millis| is_plausible_time(millis, now))
}

fn is_plausible_time(millis: i64, now: SystemTime) -> bool {
    u64::try_from(millis).is_ok_and(|millis| millis <= unix_millis(now + MAX_AHEAD))
}

/// Whether a session of the analytics takes the place of the current one: the later does. But one from the future gives way
/// to any that is not, and never takes the place of one that is not: whichever way the clock was set, what it says now
/// counts. A text of the host's own takes no place and gives way to none.
pub(super) fn supersedes(named: &SessionId, current: &SessionId, now: SystemTime) -> bool {
    let (Some(named), Some(current)) = (named.as_millis(), current.as_millis()) else {
        return false;
    };
    match (is_plausible_time(named, now), is_plausible_time(current, now)) {
        (true, false) => true,
        (false, true) => false,
        _ => named > current,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_later_of_two_sessions_counts_but_one_from_the_future_only_among_its_like() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_millis(1_795_640_000_000);
        const DAY: i64 = 86_400_000;
        const NOW: i64 = 1_795_640_000_000;
        const IN_2031: i64 = 1_925_000_000_000;
        let id = |millis| SessionId::from_millis(millis).unwrap();
        for (named, current, expected) in [
            (NOW, NOW - 1, true),
            (NOW - 1, NOW, false),
            (NOW, NOW, false),
            // Within a day, a clock that is ahead is as good as any.
            (NOW + DAY, NOW, true),
            (NOW, NOW + DAY, false),
            // The clock stood in 2031 once, and is right again.
            (NOW - 30 * DAY, IN_2031, true),
            (NOW, NOW + DAY + 1, true),
            // Its events come late.
            (IN_2031, NOW, false),
            (i64::MAX, NOW, false),
            // The clock is behind, or the analytics go by another one.
            (IN_2031 + 1, IN_2031, true),
            (IN_2031 - 1, IN_2031, false),
        ] {
            assert_eq!(supersedes(&id(named), &id(current), now), expected, "{named} after {current}");
        }
    }

    #[test]
    fn a_text_of_the_hosts_own_is_no_time() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_640_000);
        let (number, text) = (SessionId::from_millis(7).unwrap(), SessionId::from_text("mine").unwrap());
        assert!(is_plausible(&text, now));
        assert!(!supersedes(&number, &text, now), "it gives way to none");
        assert!(!supersedes(&text, &number, now), "it takes no place");
    }
}
