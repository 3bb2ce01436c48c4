//! How much is done at once: a host that starts waits for it, `sr-worker` has time.

/// What fits the time there is, and a little in any case, so that starts in a row get on, however slow the disk is.
pub(super) struct Budget<'a> {
    is_time_up: &'a dyn Fn() -> bool,
    /// So many more runs are looked at even when the time is up.
    runs: u32,
    /// So many more files are removed even then, as long as no more than so many are in the way that can't be removed.
    removals: u32,
    failures: u32,
}

impl<'a> Budget<'a> {
    /// All there is to do.
    pub fn unlimited() -> Self {
        Self { is_time_up: &|| false, runs: 0, removals: 0, failures: 0 }
    }

    /// What a start does.
    pub fn of_a_start(is_time_up: &'a dyn Fn() -> bool) -> Self {
        /// As many as reach the default limit, where each left a chunk and its spare.
        const RUNS: u32 = 64;
        /// As many as a life leaves that does nothing else: so they don't pile up.
        const REMOVALS: u32 = 2;
        const FAILURES: u32 = 8;
        Self { is_time_up, runs: RUNS, removals: REMOVALS, failures: FAILURES }
    }

    /// Whether one more run is looked at.
    pub fn allows_run(&mut self) -> bool {
        let is_owed = self.runs > 0;
        self.runs = self.runs.saturating_sub(1);
        is_owed || !(self.is_time_up)()
    }

    /// Whether one more file is read and removed.
    pub fn allows_file(&self) -> bool {
        let is_owed = self.removals > 0 && self.failures > 0;
        is_owed || !(self.is_time_up)()
    }

    /// One was tried.
    pub fn note(&mut self, is_removed: bool) {
        let left = if is_removed { &mut self.removals } else { &mut self.failures };
        *left = left.saturating_sub(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_little_is_done_even_when_the_time_is_up() {
        for (time_is_up, tries, removed, allowed) in [
            (false, 100, true, true),
            (false, 100, false, true),
            (true, 0, true, true),
            (true, 1, true, true),
            (true, 2, true, false),
            (true, 2, false, true),
            (true, 8, false, false),
        ] {
            let is_time_up = || time_is_up;
            let mut budget = Budget::of_a_start(&is_time_up);
            (0..tries).for_each(|_| budget.note(removed));
            assert_eq!(budget.allows_file(), allowed, "{time_is_up} {tries} {removed}");
        }
        let mut budget = Budget::of_a_start(&|| true);
        assert_eq!((0..1_000).take_while(|_| budget.allows_run()).count(), 64);
        let mut budget = Budget::unlimited();
        assert!((0..1_000).all(|_| budget.allows_run() && budget.allows_file()));
    }
}
