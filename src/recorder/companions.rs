//! What a program does beside what it shows: log lines and requests. `docs/guide/logs-and-requests.md` says how to use them.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use super::SessionReplay;
use crate::companions::{self, Allowance, CONSOLE_PLUGIN, LogSeverity, REQUEST_TAG, RequestInfo};
use crate::error::Error;
use crate::filter;
use crate::session::Outcome;
use crate::sync::Mutex;
use crate::views::Beside;

impl SessionReplay {
    /// Records a line of the program's log, where `loggingConfig` does not say otherwise.
    pub fn record_log(&self, level: LogSeverity, message: &str) -> Result<Outcome, Error> {
        if !self.takes_companions()? {
            return Ok(Outcome::NotCaptured);
        }
        let takes = companions::takes_log(self.context.page_config.lock().logging.console.as_ref(), level);
        let Some(left_out) = takes.then(|| self.told.lines.lock().take(Instant::now())).flatten() else {
            return Ok(self.not_taken());
        };
        self.tell_left_out("lines", left_out)?;
        let payload = companions::log_payload(level, message);
        self.told.lines.lock().spend(payload.len());
        self.record_beside(Beside::plugin(CONSOLE_PLUGIN, &payload))
    }

    /// Records an HTTP request that has ended, where `loggingConfig` does not say otherwise. `started_ms` 0: it ends now.
    pub fn record_request(&self, request: &RequestInfo) -> Result<Outcome, Error> {
        if !self.takes_companions()? {
            return Ok(Outcome::NotCaptured);
        }
        // Not longer under the lock than that takes: others mask by what is in it.
        let (network, rules) = {
            let config = self.context.page_config.lock();
            (config.logging.network.clone(), config.interaction.ugc_filter_rules.clone())
        };
        let takes = companions::takes_requests(network.as_ref());
        let Some(left_out) = takes.then(|| self.told.requests.lock().take(Instant::now())).flatten() else {
            return Ok(self.not_taken());
        };
        self.tell_left_out("requests", left_out)?;
        let request = RequestInfo { started_ms: started(request, SystemTime::now()), ..*request };
        let payload = companions::request_payload(&request, network.as_ref(), &rules);
        self.told.requests.lock().spend(payload.len());
        self.record_beside(Beside::custom(REQUEST_TAG, &payload))
    }

    fn not_taken(&self) -> Outcome {
        self.context.stats.not_captured.add(1);
        Outcome::NotCaptured
    }

    /// Says how many were left out, before the next one that is not.
    fn tell_left_out(&self, what: &str, count: u64) -> Result<(), Error> {
        let takes =
            |level| companions::takes_log(self.context.page_config.lock().logging.console.as_ref(), level);
        if count > 0 && takes(LogSeverity::Warn) {
            let text =
                format!("session-replay: {count} {what} were left out: the program makes too many at once");
            self.views.record_beside(Beside::plugin(
                CONSOLE_PLUGIN,
                &companions::log_payload(LogSeverity::Warn, &text),
            ))?;
        }
        Ok(())
    }

    /// Whether it is worth while to look at what a host tells: most of its lines are told while nothing is captured.
    fn takes_companions(&self) -> Result<bool, Error> {
        self.refuse_if_ending()?;
        filter::refuse_recording_inside()?;
        let is_capturing = self.is_capturing();
        if !is_capturing {
            self.context.stats.not_captured.add(1);
        }
        Ok(is_capturing)
    }
}

/// How much of what a host tells is taken.
#[derive(Default)]
pub(super) struct Told {
    lines: Mutex<Allowance>,
    requests: Mutex<Allowance>,
}

/// When a request began; one that begins in the future does now.
fn started(request: &RequestInfo, now: SystemTime) -> i64 {
    let now = now.duration_since(UNIX_EPOCH).unwrap_or_default().as_millis() as i64;
    match request.started_ms {
        0 => now.saturating_sub_unsigned(request.duration_ms).max(0),
        told => told.min(now),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_request_begins_when_it_is_told_or_as_long_ago_as_it_took() {
        for (started_ms, duration_ms, expected) in
            [(0, 0, 5_000), (0, 1_200, 3_800), (4_000, 1, 4_000), (9_000, 1, 5_000), (0, u64::MAX, 0)]
        {
            let request = RequestInfo { started_ms, duration_ms, ..RequestInfo::default() };
            assert_eq!(started(&request, UNIX_EPOCH + Duration::from_secs(5)), expected);
        }
    }
}
