//! How many uses of this library its recorders count in the operating system.

use std::sync::atomic::{AtomicUsize, Ordering};

/// One use for each recorder: one may start while the one before is still ending, and each gives back no more than its own.
pub(super) struct Holds(AtomicUsize);

impl Holds {
    pub const fn none() -> Self {
        Self(AtomicUsize::new(0))
    }

    /// A recorder has started. `count_use` has the system count one more use, and says whether it does.
    pub fn hold(&self, count_use: impl FnOnce() -> bool) {
        if count_use() {
            self.0.fetch_add(1, Ordering::AcqRel);
        }
    }

    /// A recorder has ended. `give_back` gives one use back: not where the system did not count it.
    pub fn let_go(&self, give_back: impl FnOnce()) {
        let less = |held: usize| held.checked_sub(1);
        if self.0.fetch_update(Ordering::AcqRel, Ordering::Acquire, less).is_ok() {
            give_back();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    enum Step {
        Start,
        /// The system does not count it.
        StartUncounted,
        End,
    }
    use Step::{End, Start, StartUncounted};

    #[test]
    fn the_library_is_held_as_long_as_a_recorder_runs() {
        let rows: [(&str, &[(Step, i32)]); 6] = [
            ("one", &[(Start, 1), (End, 0)]),
            ("one after the other", &[(Start, 1), (End, 0), (Start, 1), (End, 0)]),
            ("the next starts while one ends", &[(Start, 1), (Start, 2), (End, 1), (End, 0)]),
            ("and the one after that", &[(Start, 1), (Start, 2), (End, 1), (Start, 2), (End, 1), (End, 0)]),
            ("uncounted", &[(StartUncounted, 0), (End, 0)]),
            ("never below what the host has", &[(End, 0), (Start, 1), (End, 0), (End, 0)]),
        ];
        for (what, steps) in rows {
            let (holds, uses) = (Holds::none(), Cell::new(0));
            let count = |is_counted: bool| {
                uses.set(uses.get() + i32::from(is_counted));
                is_counted
            };
            for (number, (step, expected)) in steps.iter().enumerate() {
                match step {
                    Start => holds.hold(|| count(true)),
                    StartUncounted => holds.hold(|| count(false)),
                    End => holds.let_go(|| uses.set(uses.get() - 1)),
                }
                assert_eq!(uses.get(), *expected, "{what}, step {number}");
            }
        }
    }
}
