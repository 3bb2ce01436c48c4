//! Targeting among the verbs of [`Sessions`]: what is told and when it is evaluated, and the file with what it came to.
//!
//! Where the remote configuration has no rules, it costs one load of an atomic to find that out.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::SystemTime;

use super::Sessions;
use super::outcome::Outcome;
use super::state::SessionState;
use super::targeting::{TargetingContext, TargetingResults, TargetingTold, Unpersisted};
use crate::model::capture::TargetingVerdict;
use crate::model::envelope::Envelope;
use crate::options::LogLevel;
use crate::storage::Storage;

const FILE: &str = "targeting.json";
/// Another process may replace the file with one that it read before.
const MAX_ATTEMPTS: u32 = 3;

/// What can be asked without the lock.
#[derive(Debug, Default)]
pub(super) struct Targets {
    /// It is of use to be told something.
    listens: AtomicBool,
    /// The file failed, and that was logged.
    has_failed: AtomicBool,
}

/// What earlier runs and other processes have found.
pub(super) fn read(storage: &Storage) -> TargetingResults {
    TargetingResults::parse(&storage.read_file(FILE).unwrap_or_default())
}

impl Sessions {
    /// Whether it is of use to tell something for targeting: the remote configuration has rules, or is awaited.
    pub fn listens_for_targeting(&self) -> bool {
        self.targets.listens.load(Ordering::Relaxed)
    }

    /// Evaluates the rules of the remote configuration with what is told. The outcome is whether the session is captured then.
    pub fn evaluate_targeting(&self, context: TargetingContext) -> Outcome {
        let edit = |state: &mut SessionState| {
            // An event begins a session of the built-in kind, as one that is recorded does.
            let has_begun = context.event.is_some()
                && !state.is_closed()
                && state.begin_built_in_if_due(self.idle.expired_or_touch(), SystemTime::now());
            state.tell_targeting(context) || has_begun
        };
        self.change_and_see(edit, |_| self.capture_state.load().outcome_of_question()).1
    }

    /// What targeting said of a session by the time that the remote configuration came.
    pub fn early_targeting(&self, envelope: &Envelope) -> TargetingVerdict {
        self.state.lock().early_targeting(envelope)
    }

    /// What targeting says of the current session; `None` where it does not decide.
    pub fn targeting(&self) -> Option<TargetingTold> {
        self.state.lock().told_targeting()
    }

    /// What is to be persisted of targeting.
    pub fn unpersisted_targeting(&self) -> Unpersisted {
        match self.listens_for_targeting() {
            true => self.state.lock().targeting().unpersisted(),
            false => Unpersisted::Nothing,
        }
    }

    /// After each change: what is asked without the lock, and what is logged.
    pub(super) fn note_targets(&self, state: &mut SessionState) {
        self.targets.listens.store(state.targeting().listens(), Ordering::Relaxed);
        for line in state.targeting_mut().take_said() {
            self.log.write(LogLevel::Info, || line);
        }
        if state.targeting().unpersisted() != Unpersisted::Nothing {
            self.wake_worker();
        }
    }

    /// Persists what targeting came to, and takes over what other processes have found. Whether that went well.
    pub fn sync_targeting(&self) -> bool {
        // First of all: what changes from here on is to be persisted once more.
        let unpersisted = self.state.lock().targeting_mut().take_unpersisted();
        let result = self.merge_and_write();
        if let Err(error) = &result {
            self.state.lock().targeting_mut().unpersist(unpersisted);
            if !self.targets.has_failed.swap(true, Ordering::Relaxed) {
                self.log.write(LogLevel::Warn, || {
                    format!("what targeting came to can't be persisted for the next run: {error}")
                });
            }
        } else {
            self.targets.has_failed.store(false, Ordering::Relaxed);
        }
        result.is_ok()
    }

    /// Forgets what targeting came to, here and in the file. Only that the current session matched stays: it goes on captured.
    pub(super) fn forget_targeting(&self) -> io::Result<()> {
        let left = self.state.lock().forget_targeting();
        // Where there is none, nothing has been persisted.
        if self.storage.read_file(FILE).is_none() {
            return Ok(());
        }
        self.storage.write_file(FILE, &left.to_bytes())
    }

    fn merge_and_write(&self) -> io::Result<()> {
        for _ in 0..MAX_ATTEMPTS {
            let theirs = read(&self.storage);
            let mut ours = TargetingResults::default();
            let found = theirs.clone();
            self.change(|state| {
                let is_other = state.merge_targeting(found);
                ours = state.targeting().results().clone();
                is_other
            });
            if !ours.has_more_than(&theirs) {
                return Ok(());
            }
            self.storage.write_file(FILE, &ours.to_bytes())?;
        }
        Ok(())
    }
}
