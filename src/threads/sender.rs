//! `sr-sender`: brings what waits to the server, oldest first, and minds its answers.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::context::Context;
use super::batch::{Batch, Bounds};
use super::remote::ask_for_rule;
use super::snapshot_requests::SnapshotRequests;
use crate::delivery::{Body, Endpoints, ResponseClass, track_headers};
use crate::model::capture::{CaptureRule, NotCaptured};
use crate::model::envelope::Envelope;
use crate::model::event::{self, InvalidEvent};
use crate::model::ids::ReplayId;
use crate::options::LogLevel;
use crate::redact::redact_json;
use crate::remote_config::{self, Question};
use crate::stats::Counter;
use crate::storage::SealedChunk;

/// The server asked for a pause (`protocol.md`, skip code 429).
const THROTTLED: Duration = Duration::from_secs(60);
/// Bytes of events in one request after such a pause.
const MERGED_BYTES: usize = 4_000_000;
/// No fewer bytes of events are sent because the network is slow.
const MIN_BYTES: usize = 64_000;
/// Pauses after a batch found no server, doubled each time.
const FIRST_PAUSE: Duration = Duration::from_secs(5);
const MAX_PAUSE: Duration = Duration::from_secs(300);

pub(super) fn run(context: &Context) {
    let context = context.clone();
    let endpoints = Endpoints::new(&context.options);
    let mut question = Question::new(context.options.remote_config);
    let rule = match context.options.remote_config {
        true => ask_for_rule(&context, &endpoints, &mut question, None),
        false => remote_config::local_rule(&context.options),
    };
    if context.stopping() {
        return;
    }
    context.sessions.apply_rule(rule);
    let mut sender = Sender {
        context,
        endpoints,
        question,
        rule,
        snapshots: SnapshotRequests::default(),
        failures: 0,
        pause: None,
        bytes: usize::MAX,
        events: usize::MAX,
    };
    while !sender.context.stopping() {
        sender.ask_again();
        let wake = sender.send_what_waits();
        let ask = sender.ask_for_snapshot();
        if !sender.context.stopping() {
            let wake = wake.into_iter().chain(ask).min();
            sender.context.queue.wait_for_work(wake);
        }
    }
}

struct Sender {
    context: Context,
    endpoints: Endpoints,
    question: Question,
    rule: CaptureRule,
    snapshots: SnapshotRequests,
    /// Batches in a row that found no server.
    failures: u32,
    pause: Option<Pause>,
    /// Bytes of events in the next batch: fewer after a pause that the server asked for, and after a batch that was
    /// perhaps too much for the network; twice as many after each that arrived.
    bytes: usize,
    /// Events in the next batch: fewer after the server found one too large.
    events: usize,
}

#[derive(Clone, Copy)]
struct Pause {
    until: Instant,
    /// The server asked for it, so not even a flush ends it.
    by_server: bool,
}

/// What to do with the events of an envelope.
enum Disposition {
    Send(Envelope),
    Drop(fn(&Context) -> &Counter, &'static str),
    Hold(Instant),
}

/// What became of a batch.
enum SendOutcome {
    Done,
    Again,
    NoServer,
}

impl Sender {
    /// Asks for the remote configuration again when another session began and the last answer is old.
    fn ask_again(&mut self) {
        if !self.question.is_due(self.context.sessions.sessions_started(), Instant::now()) {
            return;
        }
        let rule = ask_for_rule(&self.context, &self.endpoints, &mut self.question, Some(self.rule));
        self.rule = rule;
        if !self.context.stopping() {
            self.context.sessions.apply_rule(rule);
        }
    }

    /// Has the host take another full snapshot, where it is time to. Gives the time at which it may be.
    fn ask_for_snapshot(&mut self) -> Option<Instant> {
        let now = Instant::now();
        if let Some(session) = self.snapshots.take_due(now) {
            self.context.sessions.request_snapshot(session);
        }
        self.snapshots.due(now)
    }

    /// Something that the rest of this session builds on was lost.
    fn snapshot_lost(&mut self, envelope: &Envelope) {
        let recorded = self.context.sessions.replay_id();
        self.snapshots.lost(&envelope.replay_id(), recorded.as_ref());
        let _ = self.ask_for_snapshot();
    }

    /// Sends until nothing is left that may be sent now. Gives the time at which to look again.
    fn send_what_waits(&mut self) -> Option<Instant> {
        loop {
            if self.context.stopping() {
                return None;
            }
            if let Some(pause) = self.pause {
                let flush_requested = self.context.queue.take_flush_request() && !pause.by_server;
                if Instant::now() < pause.until && !flush_requested {
                    self.compact_and_sync();
                    return Some(pause.until);
                }
                self.pause = None;
            }
            let (mut held, mut wake): (Vec<ReplayId>, Option<Instant>) = (Vec::new(), None);
            while let Some(first) = self.context.queue.first_due(&held) {
                match self.disposition(&first) {
                    Disposition::Hold(until) => {
                        held.push(first.envelope().replay_id());
                        wake = Some(wake.map_or(until, |wake| wake.min(until)));
                    }
                    disposition => {
                        self.process(&first, disposition);
                        wake = Some(Instant::now());
                        break;
                    }
                }
            }
            match wake {
                Some(now) if now <= Instant::now() => {}
                later => return later,
            }
        }
    }

    fn process(&mut self, first: &Arc<SealedChunk>, disposition: Disposition) {
        let limit = self.context.options.max_batch_bytes.min(self.bytes);
        let taken = self.context.queue.lease(first, limit);
        match disposition {
            Disposition::Send(envelope) => self.send(&taken, &envelope, limit),
            Disposition::Drop(counter, reason) => self.drop_all(&taken, counter(&self.context), reason),
            Disposition::Hold(_) => {}
        }
        self.context.sessions.remove_evicted();
    }

    fn disposition(&self, sealed: &SealedChunk) -> Disposition {
        let envelope = sealed.envelope();
        if self.context.sessions.is_rejected(envelope) {
            return Disposition::Drop(
                |context| &context.stats.dropped_session_rejected,
                NotCaptured::SessionRejected.as_str(),
            );
        }
        if envelope.sample_rate.is_none() && self.rule.allows(&envelope.session_id).is_err() {
            return Disposition::Drop(
                |context| &context.stats.dropped_not_captured,
                "the remote configuration says no",
            );
        }
        let least = self.rule.min_session_duration;
        match self.context.sessions.age_of_current(envelope) {
            Some(age) if age < least => return Disposition::Hold(Instant::now() + (least - age)),
            Some(_) => {}
            None => {
                let ended = self.context.queue.last_seal_of(sealed);
                // An end before the beginning tells nothing: the clock was set back.
                let lasted = ended.checked_sub(envelope.started_at_ms).map(Duration::from_millis);
                if lasted.is_some_and(|lasted| lasted < least) {
                    return Disposition::Drop(
                        |context| &context.stats.dropped_too_short,
                        "the session was too short",
                    );
                }
            }
        }
        let mut envelope = Envelope::clone(envelope);
        envelope.sample_rate.get_or_insert(self.rule.sample_rate);
        Disposition::Send(envelope)
    }

    fn drop_all(&self, taken: &[Arc<SealedChunk>], counter: &Counter, reason: &str) {
        if taken.is_empty() {
            return;
        }
        let events = taken.iter().map(|sealed| sealed.waiting()).sum();
        counter.add(events);
        taken.iter().for_each(|sealed| sealed.remove());
        if events > 0 {
            self.log(LogLevel::Info, || {
                format!("{events} events of session {} dropped: {reason}", session_of(taken))
            });
        }
        self.context.queue.ack(taken, taken);
    }

    /// Sends one batch from the front of `taken`. What is not in it waits again.
    fn send(&mut self, taken: &[Arc<SealedChunk>], envelope: &Envelope, bytes: usize) {
        let bounds = Bounds { bytes, events: self.events, gzip: self.context.options.transport_compression };
        let (mut refused, mut refused_snapshot) = (0, false);
        let batch = Batch::build(taken, bounds, |json, error| {
            refused += 1;
            refused_snapshot |= event::kind_of(json) == Some(event::FULL_SNAPSHOT);
            self.refuse(json, error);
        });
        let batch = match batch {
            Ok(batch) => batch,
            Err(error) => {
                self.fail(format!("stored events can't be read: {error}"));
                return self.drop_lost(taken, envelope);
            }
        };
        let outcome = match batch.body.is_some() {
            true => self.deliver(&batch, envelope),
            false => SendOutcome::Done,
        };
        let done = match outcome {
            SendOutcome::Done => {
                self.context.stats.dropped_invalid.add(refused);
                let settled = batch.mark_delivered();
                self.context.stats.dropped_lost.add(settled.lost);
                if refused_snapshot || settled.lost > 0 {
                    self.snapshot_lost(envelope);
                }
                settled.done
            }
            SendOutcome::Again => Vec::new(),
            SendOutcome::NoServer => {
                self.back_off();
                Vec::new()
            }
        };
        self.context.queue.ack(taken, &done);
    }

    /// What somebody removed from the storage directory, or what the disk can't read, must not keep the rest from
    /// being delivered. Where neither is the case, reading failed for the moment, and is tried again later.
    fn drop_lost(&mut self, taken: &[Arc<SealedChunk>], envelope: &Envelope) {
        let lost: Vec<_> = taken.iter().filter(|sealed| sealed.is_lost()).cloned().collect();
        match lost.is_empty() {
            true => self.back_off(),
            false => self.snapshot_lost(envelope),
        }
        let events = lost.iter().map(|sealed| sealed.waiting()).sum();
        self.context.stats.dropped_lost.add(events);
        lost.iter().for_each(|sealed| sealed.abandon());
        self.context.queue.ack(taken, &lost);
    }

    /// One batch, with its retries.
    fn deliver(&mut self, batch: &Batch, envelope: &Envelope) -> SendOutcome {
        let Some(body) = &batch.body else {
            return SendOutcome::Done;
        };
        let stats = self.context.stats.clone();
        let url = self.endpoints.track(envelope);
        let headers = track_headers(&self.context.api_key, envelope, body);
        let mut maybe_oversized = false;
        for attempt in 1..=self.context.options.flush_max_retries {
            if attempt > 1 {
                stats.batches_retried.add(1);
            }
            let reply =
                self.context.http.post(&url, &headers, &body.bytes, self.context.options.send_timeout);
            let verdict = match &reply {
                Ok(reply) => reply.class(),
                Err(error) => {
                    if self.context.stopping() {
                        return SendOutcome::NoServer;
                    }
                    self.fail(format!("no answer from the server: {error}"));
                    maybe_oversized = error.maybe_oversized;
                    ResponseClass::Retryable
                }
            };
            let status = reply.as_ref().map_or(0, |reply| reply.status);
            match verdict {
                ResponseClass::TooLarge | ResponseClass::MaybeTooLarge if body.events > 1 => {
                    self.events = body.events / 2;
                    return SendOutcome::Again;
                }
                ResponseClass::Retryable | ResponseClass::MaybeTooLarge => {
                    if let Ok(reply) = &reply {
                        let broke_off = if reply.is_whole { "" } else { ", and the answer broke off" };
                        self.fail(format!("the server answered {}{broke_off}", reply.status));
                        maybe_oversized = !reply.is_whole;
                    }
                    // `protocol.md`: a random delay of up to `attempt` seconds.
                    let most = 1_000 * u64::from(attempt);
                    if attempt == self.context.options.flush_max_retries {
                        return self.send_less(maybe_oversized, body);
                    }
                    if !self.sleep(Duration::from_millis(fastrand::u64(0..=most))) {
                        return SendOutcome::NoServer;
                    }
                    continue;
                }
                ResponseClass::Delivered | ResponseClass::Throttled => {
                    stats.delivered.add(body.events as u64);
                    stats.batches_sent.add(1);
                    stats.wire_bytes.add(body.bytes.len() as u64);
                    stats.plain_bytes.add(body.plain_bytes as u64);
                    self.log(LogLevel::Info, || {
                        format!("{} events of session {} delivered", body.events, envelope.session_id)
                    });
                    self.bytes = self.bytes.saturating_mul(2);
                    if verdict == ResponseClass::Delivered && body.has_full_snapshot {
                        self.snapshots.arrived(&envelope.replay_id());
                    }
                    if verdict == ResponseClass::Throttled {
                        stats.throttled.add(body.events as u64);
                        self.fail(format!(
                            "the server has too much to do: it threw {} away, and is sent nothing for {} s",
                            events(body.events),
                            THROTTLED.as_secs()
                        ));
                        self.bytes = MERGED_BYTES;
                        self.pause = Some(Pause { until: Instant::now() + THROTTLED, by_server: true });
                    }
                }
                ResponseClass::SessionRejected => {
                    stats.dropped_session_rejected.add(body.events as u64);
                    self.fail(format!("the server takes no more of session {}", envelope.session_id));
                    self.context.sessions.reject_session(envelope);
                }
                ResponseClass::TooLarge => {
                    stats.dropped_too_large.add(1);
                    self.fail("an event is too large for the server and was dropped".to_owned());
                }
                ResponseClass::Rejected => {
                    stats.dropped_rejected.add(body.events as u64);
                    let said = reply.map(|reply| excerpt(&reply.body)).unwrap_or_default();
                    self.fail(format!("the server refused {} with {status}: {said}", events(body.events)));
                }
            }
            let took_all = matches!(verdict, ResponseClass::Delivered | ResponseClass::SessionRejected);
            if body.is_built_on && !took_all {
                self.snapshot_lost(envelope);
            }
            self.failures = 0;
            self.events = self.events.saturating_mul(2);
            return SendOutcome::Done;
        }
        SendOutcome::NoServer
    }

    /// After a batch that did not get through: less at once, where that may help; else there is no server.
    fn send_less(&mut self, maybe_oversized: bool, body: &Body) -> SendOutcome {
        if !maybe_oversized || body.events == 1 || body.event_bytes <= MIN_BYTES {
            return SendOutcome::NoServer;
        }
        self.bytes = (body.event_bytes / 2).max(MIN_BYTES);
        SendOutcome::Again
    }

    fn refuse(&self, json: &[u8], error: &InvalidEvent) {
        self.fail(format!("an event was dropped: {error}; it begins {}", excerpt(json)));
    }

    /// A dead server is asked less and less often, so that it costs a bounded number of attempts an hour.
    fn back_off(&mut self) {
        let pause = pause_after(self.failures, fastrand::f64());
        self.failures += 1;
        self.pause = Some(Pause { until: Instant::now() + pause, by_server: false });
    }

    /// What has to wait takes less room packed, and is to survive a power cut.
    fn compact_and_sync(&self) {
        if let Err(error) =
            self.context.queue.compact_and_sync(&self.context.storage, || self.context.stopping())
        {
            self.fail(format!("what waits can't be packed: {error}"));
        }
    }

    fn fail(&self, message: String) {
        self.context.report_failure(LogLevel::Warn, message);
        self.context.log.deliver();
    }

    fn log(&self, level: LogLevel, line: impl FnOnce() -> String) {
        self.context.log.write(level, line);
        self.context.log.deliver();
    }

    fn sleep(&self, time: Duration) -> bool {
        self.context.sleep(time)
    }
}

/// The pause after so many batches in a row found no server. `jitter`, 0 to 1, keeps all clients from coming at once
/// when it is back.
fn pause_after(failures: u32, jitter: f64) -> Duration {
    let most = FIRST_PAUSE.saturating_mul(1 << failures.min(10)).min(MAX_PAUSE);
    most.mul_f64(0.5 + jitter / 2.0)
}

fn session_of(chunks: &[Arc<SealedChunk>]) -> &str {
    chunks.first().map_or("", |sealed| sealed.envelope().session_id.as_str())
}

/// `1 event`, `2 events`.
fn events(count: usize) -> String {
    format!("{count} event{}", if count == 1 { "" } else { "s" })
}

/// The beginning of a text that may be anything.
fn excerpt(bytes: &[u8]) -> String {
    const MAX: usize = 120;
    /// A URL that is cut short might show half a password.
    const LOOKED_AT: usize = 8_192;
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(LOOKED_AT)]);
    redact_json(&text).chars().take(MAX).map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dead_server_is_asked_for_few_batches_an_hour() {
        // `docs/guide/delivery.md` promises this bound; the shortest pauses make it.
        let (mut passed, mut batches) = (Duration::ZERO, 0);
        while passed < Duration::from_secs(3_600) {
            passed += pause_after(batches, 0.0);
            batches += 1;
        }
        assert!(batches <= 30, "{batches}");
        assert_eq!(pause_after(0, 1.0), FIRST_PAUSE);
        assert_eq!(pause_after(u32::MAX, 1.0), MAX_PAUSE);
    }
}
