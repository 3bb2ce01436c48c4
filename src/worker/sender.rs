//! `sr-sender`: brings what waits to the server, oldest first, and minds its answers.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::Workplace;
use super::batch::{Batch, Bounds};
use super::remote::ask_for_rule;
use super::snapshots::SnapshotRequests;
use crate::capture::{CaptureRule, NotCaptured};
use crate::delivery::{Body, Endpoints, Envelope, Verdict, track_headers};
use crate::event::{self, InvalidEvent};
use crate::journal::Sequence;
use crate::options::LogLevel;
use crate::redact::redact_json;
use crate::remote_config::{self, Question};
use crate::stats::Counter;

/// The server asked for a pause (`protocol.md`, skip code 429).
const THROTTLED: Duration = Duration::from_secs(60);
/// Bytes of events in one request after such a pause.
const MERGED_BYTES: usize = 4_000_000;
/// No fewer bytes of events are sent because the network is slow.
const FEWEST_BYTES: usize = 64_000;
/// Pauses after a batch found no server, doubled each time.
const FIRST_PAUSE: Duration = Duration::from_secs(5);
const LONGEST_PAUSE: Duration = Duration::from_secs(300);

pub(super) fn run(place: &Workplace) {
    let place = place.clone();
    let endpoints = Endpoints::new(&place.options);
    let mut question = Question::new(place.options.remote_config);
    let rule = match place.options.remote_config {
        true => ask_for_rule(&place, &endpoints, &mut question, None),
        false => remote_config::local_rule(&place.options),
    };
    if place.stopping() {
        return;
    }
    place.sessions.apply_rule(rule);
    let mut sender = Sender {
        place,
        endpoints,
        question,
        rule,
        snapshots: SnapshotRequests::default(),
        failures: 0,
        pause: None,
        bytes: usize::MAX,
        events: usize::MAX,
    };
    while !sender.place.stopping() {
        sender.ask_again();
        let wake = sender.send_what_waits();
        let ask = sender.ask_for_snapshot();
        if !sender.place.stopping() {
            let wake = wake.into_iter().chain(ask).min();
            sender.place.journal.backlog().wait_for_work(wake);
        }
    }
}

struct Sender {
    place: Workplace,
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
enum Fate {
    Send(Envelope),
    Drop(fn(&Workplace) -> &Counter, &'static str),
    Hold(Instant),
}

/// What became of a batch.
enum Fortune {
    Done,
    Again,
    NoServer,
}

impl Sender {
    /// Asks for the remote configuration again when another session began and the last answer is old.
    fn ask_again(&mut self) {
        if !self.question.is_due(self.place.sessions.begun(), Instant::now()) {
            return;
        }
        let rule = ask_for_rule(&self.place, &self.endpoints, &mut self.question, Some(self.rule));
        self.rule = rule;
        if !self.place.stopping() {
            self.place.sessions.apply_rule(rule);
        }
    }

    /// Has the host take another full snapshot, where it is time to. Gives the time at which it may be.
    fn ask_for_snapshot(&mut self) -> Option<Instant> {
        let now = Instant::now();
        if let Some(session) = self.snapshots.take_due(now) {
            self.place.sessions.lose_snapshot(session);
        }
        self.snapshots.due(now)
    }

    /// Something that the rest of this session builds on was lost.
    fn lose(&mut self, envelope: &Envelope) {
        let recorded = self.place.sessions.replay_id();
        self.snapshots.lost(&envelope.replay_id(), recorded.as_deref());
        let _ = self.ask_for_snapshot();
    }

    /// Sends until nothing is left that may be sent now. Gives the time at which to look again.
    fn send_what_waits(&mut self) -> Option<Instant> {
        loop {
            if self.place.stopping() {
                return None;
            }
            if let Some(pause) = self.pause {
                let hurry = self.place.journal.backlog().take_hurry() && !pause.by_server;
                if Instant::now() < pause.until && !hurry {
                    self.settle_down();
                    return Some(pause.until);
                }
                self.pause = None;
            }
            let (mut held, mut wake): (Vec<String>, Option<Instant>) = (Vec::new(), None);
            while let Some(first) = self.place.journal.backlog().first_due(&held) {
                match self.fate(&first) {
                    Fate::Hold(until) => {
                        held.push(first.envelope().replay_id());
                        wake = Some(wake.map_or(until, |wake| wake.min(until)));
                    }
                    fate => {
                        self.meet(&first, fate);
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

    fn meet(&mut self, first: &Arc<Sequence>, fate: Fate) {
        let limit = self.place.options.max_batch_bytes.min(self.bytes);
        let taken = self.place.journal.backlog().take_off(first, limit);
        match fate {
            Fate::Send(envelope) => self.send(&taken, &envelope, limit),
            Fate::Drop(counter, reason) => self.drop_all(&taken, counter(&self.place), reason),
            Fate::Hold(_) => {}
        }
        self.place.sessions.remove_given_up();
    }

    fn fate(&self, sequence: &Sequence) -> Fate {
        let envelope = sequence.envelope();
        if self.place.sessions.is_dead(envelope) {
            return Fate::Drop(|place| &place.stats.dropped_session_dead, NotCaptured::SessionDead.as_str());
        }
        if envelope.sample_rate.is_none() && !self.rule.allows_id(&envelope.session_id) {
            return Fate::Drop(|place| &place.stats.dropped_not_captured, "the remote configuration says no");
        }
        let least = self.rule.min_session_duration;
        match self.place.sessions.age_of_current(envelope) {
            Some(age) if age < least => return Fate::Hold(Instant::now() + (least - age)),
            Some(_) => {}
            None => {
                let ended = self.place.journal.backlog().last_seal_of(sequence);
                // An end before the beginning tells nothing: the clock was set back.
                let lasted = ended.checked_sub(envelope.started_at_ms).map(Duration::from_millis);
                if lasted.is_some_and(|lasted| lasted < least) {
                    return Fate::Drop(|place| &place.stats.dropped_too_short, "the session was too short");
                }
            }
        }
        let mut envelope = Envelope::clone(envelope);
        envelope.sample_rate.get_or_insert(self.rule.sample_rate);
        Fate::Send(envelope)
    }

    fn drop_all(&self, taken: &[Arc<Sequence>], counter: &Counter, reason: &str) {
        if taken.is_empty() {
            return;
        }
        let events = taken.iter().map(|sequence| sequence.waiting()).sum();
        counter.add(events);
        taken.iter().for_each(|sequence| sequence.remove());
        if events > 0 {
            self.log(LogLevel::Info, || {
                format!("{events} events of session {} dropped: {reason}", session_of(taken))
            });
        }
        self.place.journal.backlog().land(taken, taken);
    }

    /// Sends one batch from the front of `taken`. What is not in it waits again.
    fn send(&mut self, taken: &[Arc<Sequence>], envelope: &Envelope, bytes: usize) {
        let bounds = Bounds { bytes, events: self.events, gzip: self.place.options.transport_compression };
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
        let fortune = match batch.body.is_some() {
            true => self.deliver(&batch, envelope),
            false => Fortune::Done,
        };
        let done = match fortune {
            Fortune::Done => {
                self.place.stats.dropped_invalid.add(refused);
                let settled = batch.settle();
                self.place.stats.dropped_lost.add(settled.lost);
                if refused_snapshot || settled.lost > 0 {
                    self.lose(envelope);
                }
                settled.done
            }
            Fortune::Again => Vec::new(),
            Fortune::NoServer => {
                self.back_off();
                Vec::new()
            }
        };
        self.place.journal.backlog().land(taken, &done);
    }

    /// What somebody removed from the storage directory, or what the disk can't read, must not keep the rest from
    /// being delivered. Where neither is the case, reading failed for the moment, and is tried again later.
    fn drop_lost(&mut self, taken: &[Arc<Sequence>], envelope: &Envelope) {
        let lost: Vec<_> = taken.iter().filter(|sequence| sequence.is_lost()).cloned().collect();
        match lost.is_empty() {
            true => self.back_off(),
            false => self.lose(envelope),
        }
        let events = lost.iter().map(|sequence| sequence.waiting()).sum();
        self.place.stats.dropped_lost.add(events);
        lost.iter().for_each(|sequence| sequence.abandon());
        self.place.journal.backlog().land(taken, &lost);
    }

    /// One batch, with its retries.
    fn deliver(&mut self, batch: &Batch, envelope: &Envelope) -> Fortune {
        let Some(body) = &batch.body else {
            return Fortune::Done;
        };
        let stats = self.place.stats.clone();
        let url = self.endpoints.track(envelope);
        let headers = track_headers(&self.place.api_key, envelope, body);
        let mut perhaps_too_much = false;
        for attempt in 1..=self.place.options.flush_max_retries {
            if attempt > 1 {
                stats.batches_retried.add(1);
            }
            let reply = self.place.http.post(&url, &headers, &body.bytes, self.place.options.send_timeout);
            let verdict = match &reply {
                Ok(reply) => reply.verdict(),
                Err(error) => {
                    if self.place.stopping() {
                        return Fortune::NoServer;
                    }
                    self.fail(format!("no answer from the server: {error}"));
                    perhaps_too_much = error.perhaps_too_much;
                    Verdict::Retry
                }
            };
            let status = reply.as_ref().map_or(0, |reply| reply.status);
            match verdict {
                Verdict::Split | Verdict::SplitOrRetry if body.events > 1 => {
                    self.events = body.events / 2;
                    return Fortune::Again;
                }
                Verdict::Retry | Verdict::SplitOrRetry => {
                    if let Ok(reply) = &reply {
                        let broke_off = if reply.is_whole { "" } else { ", and the answer broke off" };
                        self.fail(format!("the server answered {}{broke_off}", reply.status));
                        perhaps_too_much = !reply.is_whole;
                    }
                    // `protocol.md`: a random delay of up to `attempt` seconds.
                    let most = 1_000 * u64::from(attempt);
                    if attempt == self.place.options.flush_max_retries {
                        return self.send_less(perhaps_too_much, body);
                    }
                    if !self.sleep(Duration::from_millis(fastrand::u64(0..=most))) {
                        return Fortune::NoServer;
                    }
                    continue;
                }
                Verdict::Delivered | Verdict::DeliveredThenPause => {
                    stats.delivered.add(body.events as u64);
                    stats.batches_sent.add(1);
                    stats.wire_bytes.add(body.bytes.len() as u64);
                    stats.plain_bytes.add(body.plain_bytes as u64);
                    self.log(LogLevel::Info, || {
                        format!("{} events of session {} delivered", body.events, envelope.session_id)
                    });
                    self.bytes = self.bytes.saturating_mul(2);
                    if verdict == Verdict::Delivered && body.has_full_snapshot {
                        self.snapshots.arrived(&envelope.replay_id());
                    }
                    if verdict == Verdict::DeliveredThenPause {
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
                Verdict::SessionDead => {
                    stats.dropped_session_dead.add(body.events as u64);
                    self.fail(format!("the server takes no more of session {}", envelope.session_id));
                    self.place.sessions.bury(envelope);
                }
                Verdict::Split => {
                    stats.dropped_too_large.add(1);
                    self.fail("an event is too large for the server and was dropped".to_owned());
                }
                Verdict::Rejected => {
                    stats.dropped_rejected.add(body.events as u64);
                    let said = reply.map(|reply| excerpt(&reply.body)).unwrap_or_default();
                    self.fail(format!("the server refused {} with {status}: {said}", events(body.events)));
                }
            }
            let took_all = matches!(verdict, Verdict::Delivered | Verdict::SessionDead);
            if body.is_built_on && !took_all {
                self.lose(envelope);
            }
            self.failures = 0;
            self.events = self.events.saturating_mul(2);
            return Fortune::Done;
        }
        Fortune::NoServer
    }

    /// After a batch that did not get through: less at once, where that may help; else there is no server.
    fn send_less(&mut self, perhaps_too_much: bool, body: &Body) -> Fortune {
        if !perhaps_too_much || body.events == 1 || body.event_bytes <= FEWEST_BYTES {
            return Fortune::NoServer;
        }
        self.bytes = (body.event_bytes / 2).max(FEWEST_BYTES);
        Fortune::Again
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
    fn settle_down(&self) {
        if let Err(error) = self.place.journal.settle_down(|| self.place.stopping()) {
            self.fail(format!("what waits can't be packed: {error}"));
        }
    }

    fn fail(&self, message: String) {
        self.place.fail(LogLevel::Warn, message);
        self.place.log.deliver();
    }

    fn log(&self, level: LogLevel, line: impl FnOnce() -> String) {
        self.place.log.write(level, line);
        self.place.log.deliver();
    }

    fn sleep(&self, time: Duration) -> bool {
        sleep(&self.place, time)
    }
}

/// The pause after so many batches in a row found no server. `jitter`, 0 to 1, keeps all clients from coming at once
/// when it is back.
fn pause_after(failures: u32, jitter: f64) -> Duration {
    let most = FIRST_PAUSE.saturating_mul(1 << failures.min(10)).min(LONGEST_PAUSE);
    most.mul_f64(0.5 + jitter / 2.0)
}

/// Waits, unless the thread is to stop: then it says no.
pub(super) fn sleep(place: &Workplace, time: Duration) -> bool {
    let until = Instant::now() + time;
    while !place.stopping() && Instant::now() < until {
        place.journal.backlog().wait_for_work(Some(until));
    }
    !place.stopping()
}

fn session_of(sequences: &[Arc<Sequence>]) -> &str {
    sequences.first().map_or("", |sequence| &sequence.envelope().session_id)
}

/// `1 event`, `2 events`.
fn events(count: usize) -> String {
    format!("{count} event{}", if count == 1 { "" } else { "s" })
}

/// The beginning of a text that may be anything.
fn excerpt(bytes: &[u8]) -> String {
    const MOST: usize = 120;
    /// A URL that is cut short might show half a password.
    const LOOKED_AT: usize = 8_192;
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(LOOKED_AT)]);
    redact_json(&text).chars().take(MOST).map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dead_server_is_asked_for_few_batches_an_hour() {
        // `docs/delivery.md` promises this bound; the shortest pauses make it.
        let (mut passed, mut batches) = (Duration::ZERO, 0);
        while passed < Duration::from_secs(3_600) {
            passed += pause_after(batches, 0.0);
            batches += 1;
        }
        assert!(batches <= 30, "{batches}");
        assert_eq!(pause_after(0, 1.0), FIRST_PAUSE);
        assert_eq!(pause_after(u32::MAX, 1.0), LONGEST_PAUSE);
    }
}
