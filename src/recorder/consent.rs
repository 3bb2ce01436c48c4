//! Whether recording is wanted: the user's opt-out, the host's pause, and deleting what was recorded.

use super::SessionReplay;
use crate::error::Error;
use crate::options::LogLevel;
use crate::session::{Deletion, Outcome};
use crate::threads;

impl SessionReplay {
    /// Stops recording because the user opted out, or resumes it. With `rememberOptOut` later starts hold to it; an error says
    /// that this could not be noted yet, while the opt-out itself is in force.
    pub fn set_opt_out(&self, opted_out: bool) -> Result<Outcome, Error> {
        if self.is_ending() {
            return Ok(Outcome::NotCaptured);
        }
        let sessions = &self.context.sessions;
        let outcome = self.views.begin(sessions.set_opt_out(opted_out));
        let remembered = sessions.remember_opt_out().map(|()| outcome).map_err(|error| {
            let to_do = match opted_out {
                true => "make its directory writable",
                false => "remove it, or make its directory writable: until then each start is opted out",
            };
            Error::Storage(format!(
                "the choice holds for this run, but can't be remembered ({error}) in {}: {to_do}; it is tried again every 10 s",
                sessions.opt_out_file()
            ))
        });
        self.report(remembered)
    }

    /// Pauses recording, whatever the user's choice is. What was recorded before is still delivered.
    pub fn pause(&self) -> Outcome {
        self.set_paused(true)
    }

    /// Ends what [`Self::pause`] began, and no opt-out. Recording goes on with a full snapshot.
    pub fn resume(&self) -> Outcome {
        self.set_paused(false)
    }

    fn set_paused(&self, is_paused: bool) -> Outcome {
        if self.is_ending() {
            return Outcome::NotCaptured;
        }
        self.views.begin(self.context.sessions.set_paused(is_paused))
    }

    /// Deletes what waits to be sent, of this run and of those that have ended. What other living processes recorded stays.
    /// Recording goes on with a full snapshot.
    pub fn delete_stored(&self) -> Result<Outcome, Error> {
        self.refuse_if_ending()?;
        let (deletion, recovered) = threads::delete_stored(&self.context);
        let Deletion { outcome, left } = deletion;
        let outcome = self.views.begin(outcome);
        self.report(match (recovered, left) {
            (Ok(()), 0) => Ok(outcome),
            (Ok(()), left) => Err(Error::Storage(format!(
                "files that can neither be removed nor marked as deleted: {left}; this run sends nothing of them, but the next start would: make storageDir writable, then call sr_delete_stored() again"
            ))),
            (Err(error), _) => Err(Error::Storage(format!(
                "what earlier runs left can't be read, so it was not deleted ({error}): let this user read and write storageDir, then call sr_delete_stored() again"
            ))),
        })
    }

    /// Has the log and `lastError` tell of a failure, too: a caller on another thread than the host's own sees no more of it.
    fn report(&self, result: Result<Outcome, Error>) -> Result<Outcome, Error> {
        result.inspect_err(|error| self.context.report_failure(LogLevel::Warn, error.to_string()))
    }
}
