//! `sr-sender`: sends what waits in the queue, oldest first: lease, build, post, apply the outcome, ack.
//!
//! What an outcome is, and what follows from it, is decided in [`policy`]; what is said of it stands in [`report`].

use std::fmt::Display;
use std::time::Instant;

use super::batch::{Batch, Extent, Workspace};
use super::context::Context;
use super::refresh::ConfigRefresher;
use super::report::{report, report_dropped};
use super::route_ahead::RouteAhead;
use super::snapshot_requests::SnapshotRequests;
use crate::delivery::policy::{
    self, Attempt, BackOff, BatchLimits, BatchSize, Disposition, DropReason, Lifetime, SendOutcome,
    SessionFacts,
};
use crate::delivery::{Body, Endpoints, GZIP_LEVEL, track_headers};
use crate::model::address_filter;
use crate::model::envelope::{Envelope, EventKind, sent_client_url};
use crate::model::ids::ReplayId;
use crate::model::in_flight::Encoding;
use crate::model::sample_rate::SampleRate;
use crate::options::LogLevel;
use crate::queue::QueuedChunk;
use crate::storage::SealedChunk;

pub(super) fn run(context: &Context) {
    let endpoints = Endpoints::new(&context.options);
    let config = ConfigRefresher::start(context, endpoints.config(&context.api_key));
    let mut sender = Sender {
        context: context.clone(),
        endpoints,
        config,
        route_ahead: RouteAhead::default(),
        snapshots: SnapshotRequests::default(),
        back_off: BackOff::default(),
        limits: BatchLimits::NONE,
        workspace: Workspace::default(),
    };
    while !context.stopping() {
        sender.config.refresh_if_due(context);
        let next_send = sender.send_due();
        let next_request = sender.request_snapshot();
        sender.find_route();
        if !context.stopping() {
            context.queue.wait_for_work(next_send.into_iter().chain(next_request).min());
        }
    }
}

struct Sender {
    context: Context,
    endpoints: Endpoints,
    config: ConfigRefresher,
    route_ahead: RouteAhead,
    snapshots: SnapshotRequests,
    back_off: BackOff,
    /// Of the next batch.
    limits: BatchLimits,
    workspace: Workspace,
}

impl Sender {
    /// Sends until nothing is left that may be sent now. Gives the time at which to look again.
    fn send_due(&mut self) -> Option<Instant> {
        while !self.context.stopping() {
            if let Some(until) = self.paused_until() {
                self.workspace = Workspace::default();
                self.compact_and_sync();
                self.wake_to_remove();
                return Some(until);
            }
            match self.next_due() {
                Ok((first, disposition)) => {
                    self.process(&first, disposition);
                    drop(first);
                    self.wake_to_remove();
                }
                Err(next) => {
                    self.workspace = Workspace::default();
                    return next;
                }
            }
        }
        None
    }

    /// Finds the way to the server while nothing is due, if that is not done yet. It may take seconds.
    fn find_route(&mut self) {
        let sessions = &self.context.sessions;
        if self.route_ahead.take_due(sessions.is_captured(), sessions.is_closed() || self.context.stopping())
        {
            let server = self.endpoints.track_server(self.context.options.server_zone);
            self.context.http.prepare(&server);
        }
    }

    /// What is done with and can't be removed yet `sr-worker` removes, which may sleep for long.
    fn wake_to_remove(&self) {
        if self.context.storage.awaits_removal() {
            self.context.sessions.wake_worker();
        }
    }

    fn paused_until(&mut self) -> Option<Instant> {
        if !self.back_off.is_paused() {
            return None;
        }
        let flush_requested = self.context.queue.take_flush_request();
        self.back_off.resume(Instant::now(), flush_requested)
    }

    /// The first sealed chunk whose session need not wait, and what to do with it; or when the first of those that wait is to be
    /// looked at again.
    fn next_due(&self) -> Result<(QueuedChunk, Disposition), Option<Instant>> {
        let (mut waiting, mut next): (Vec<ReplayId>, Option<Instant>) = (Vec::new(), None);
        while let Some(first) = self.context.queue.first_due(&waiting) {
            match self.disposition(&first) {
                Disposition::WaitFor(time) => {
                    waiting.push(first.envelope().replay_id());
                    next = next.into_iter().chain([Instant::now() + time]).min();
                }
                disposition => return Ok((first, disposition)),
            }
        }
        Err(next)
    }

    fn disposition(&self, sealed: &SealedChunk) -> Disposition {
        let envelope = sealed.envelope();
        let lifetime = match self.context.sessions.age_of_current(envelope) {
            Some(age) => Lifetime::Current(age),
            None => Lifetime::ended(envelope.started_at_ms, self.context.queue.last_seal_of(sealed)),
        };
        let sessions = &self.context.sessions;
        let session = SessionFacts {
            is_rejected: sessions.is_rejected(envelope),
            targeting: sessions.early_targeting(envelope),
            triggered_at: self.triggered_at(sealed),
            was_held_at_death: sealed.was_held_at_death(),
            lifetime,
        };
        let takes_interactions = self.context.page_config.lock().interaction.enabled;
        policy::disposition(envelope, self.config.rule(), takes_interactions, session)
    }

    /// The rate that a session was held at, if there was a trigger for it. That its process died before it knew whether it would be
    /// held is one, too.
    fn triggered_at(&self, sealed: &SealedChunk) -> Option<SampleRate> {
        let (envelope, rate) = (sealed.envelope(), self.context.options.on_error_sample_rate);
        let sessions = &self.context.sessions;
        let died_held = sealed.is_left_by_death()
            && rate.includes(envelope.session_id.as_str())
            && !sessions.is_opted_out();
        (died_held || sessions.is_triggered(envelope)).then_some(rate)
    }

    /// Leases `first` and what may go with it, and sends or drops it.
    fn process(&mut self, first: &QueuedChunk, disposition: Disposition) {
        let queue = &self.context.queue;
        let limits = self.limits.of_request(self.context.options.max_batch_bytes);
        match disposition {
            Disposition::Send { sample_rate } => {
                let mut envelope = Envelope::clone(first.envelope());
                envelope.sample_rate = Some(sample_rate);
                match queue.lease_again(first) {
                    Some(leased) => self.send(&leased, &envelope, Extent::again(&leased, limits)),
                    None => self.send(&queue.lease(first, limits.max_bytes), &envelope, Extent::UpTo(limits)),
                }
            }
            Disposition::Drop(reason) => self.drop_leased(&queue.lease(first, limits.max_bytes), reason),
            Disposition::WaitFor(_) => {}
        }
        self.context.sessions.remove_evicted();
    }

    fn drop_leased(&self, leased: &[QueuedChunk], reason: DropReason) {
        let Some(first) = leased.first() else { return };
        let events = leased.iter().map(|sealed| sealed.waiting()).sum();
        leased.iter().for_each(|sealed| sealed.remove());
        report_dropped(&self.context, reason, events, first.envelope().session_id.as_str());
        self.context.queue.ack(leased, leased);
    }

    /// Sends one batch from the front of what is leased. What is not in it waits again.
    fn send(&mut self, leased: &[QueuedChunk], envelope: &Envelope, extent: Extent) {
        let on_invalid = |json: &[u8], error: &dyn Display| {
            // What it holds is the user's: the log, which a host may print or send elsewhere, must not show it.
            fail(&self.context, format!("dropped an invalid event of {} bytes: {error}", json.len()));
        };
        let config = self.context.page_config.lock().clone();
        let encoding = self.encoding(leased, extent, config.interaction.batch);
        let workspace = &mut self.workspace;
        let batch = match envelope.kind {
            EventKind::Replay => Batch::of_replay(leased, extent, encoding, &config, workspace, on_invalid),
            EventKind::Interaction => {
                Batch::of_interactions(leased, extent, encoding, &config, workspace, on_invalid)
            }
        };
        let mut batch = match batch {
            Ok(batch) => batch,
            Err(error) => {
                self.fail(format!("stored events can't be read: {error}"));
                return self.drop_lost(leased, envelope);
            }
        };
        let is_settled = batch.body.as_ref().is_none_or(|body| {
            batch.note_in_flight(extent, encoding);
            let (outcome, is_unsent) = self.post(leased, body, envelope);
            if outcome.is_for_smaller_batches() {
                batch.note_refused();
            } else if is_unsent && matches!(extent, Extent::UpTo(_)) {
                batch.forget_in_flight();
            }
            self.apply(outcome, body, envelope);
            outcome.is_settled()
        });
        let done = if is_settled { self.settle(&batch, envelope) } else { Vec::new() };
        self.context.queue.ack(leased, &done);
        if let Some(body) = batch.body.take() {
            self.workspace.take_back(body);
        }
    }

    /// How the body of what is leased is made: as it was before, if it was.
    fn encoding(&self, leased: &[QueuedChunk], extent: Extent, merges_clicks: bool) -> Encoding {
        let before = leased.first().and_then(|first| first.in_flight()).map(|part| part.encoding);
        let gzip_level = if self.context.options.transport_compression { GZIP_LEVEL } else { 0 };
        before
            .filter(|_| matches!(extent, Extent::AsBefore))
            .unwrap_or(Encoding { gzip_level, merges_clicks })
    }

    /// Posts one batch, and again as often as the policy says; but not once it was deleted. And whether none of it left this machine.
    fn post(&self, leased: &[QueuedChunk], body: &Body, envelope: &Envelope) -> (SendOutcome, bool) {
        let context = &self.context;
        let url = self.endpoints.track(envelope);
        let headers = track_headers(&context.api_key, envelope, &self.client_url(envelope), body);
        let size = BatchSize { events: body.events, bytes: body.event_bytes };
        let mut attempt = Attempt { number: 1, max: context.options.flush_max_retries };
        let mut is_unsent = true;
        loop {
            if leased.iter().any(|sealed| context.queue.is_deleted(sealed)) {
                return (SendOutcome::Interrupted, is_unsent);
            }
            let result = context.http.post(&url, &headers, &body.bytes, context.options.send_timeout);
            let stopping = context.stopping();
            let outcome = policy::outcome((&result).into(), size, attempt, stopping, fastrand::f64());
            report(context, outcome, &result, body, envelope);
            is_unsent &= result.as_ref().is_err_and(|error| error.is_unsent);
            let SendOutcome::RetryAfter(delay) = outcome else { return (outcome, is_unsent) };
            if !context.sleep(delay) {
                return (SendOutcome::Interrupted, is_unsent);
            }
            attempt.number += 1;
            context.stats.batches_retried.add(1);
        }
    }

    /// The envelope's, as it may be told. Rules of the options were applied when it was made, and count alone.
    fn client_url(&self, envelope: &Envelope) -> String {
        let context = &self.context;
        if !context.options.interaction.ugc_filter_rules.is_empty() {
            return envelope.client_url.clone();
        }
        let rules = context.page_config.lock().interaction.ugc_filter_rules.clone();
        sent_client_url(&address_filter::filtered(&envelope.client_url, &rules))
    }

    /// What follows from an outcome for the batches after it, and for the session.
    fn apply(&mut self, outcome: SendOutcome, body: &Body, envelope: &Envelope) {
        self.limits = self.limits.after(outcome);
        self.back_off.note(outcome, Instant::now(), fastrand::f64());
        if outcome == SendOutcome::SessionRejected {
            self.context.sessions.reject_session(envelope);
        }
        if outcome == SendOutcome::Delivered && body.has_full_snapshot {
            self.snapshots.arrived(&envelope.replay_id());
        }
        if outcome.leaves_gap() && body.is_built_on {
            self.snapshot_lost(envelope);
        }
    }

    /// Notes in storage that the batch is done with. Gives the chunks of which nothing is left.
    fn settle(&mut self, batch: &Batch, envelope: &Envelope) -> Vec<QueuedChunk> {
        self.context.stats.dropped_invalid.add(batch.invalid);
        self.context.stats.dropped_not_captured.add(batch.not_taken);
        let settled = batch.mark_delivered();
        self.context.stats.dropped_lost.add(settled.lost);
        if batch.lacks_full_snapshot || settled.lost > 0 {
            self.snapshot_lost(envelope);
        }
        settled.done
    }

    /// Chunks whose file somebody removed, or that the disk can't read, must not keep the rest from being delivered. Where
    /// there are none, reading failed for the moment, and is tried again later.
    fn drop_lost(&mut self, leased: &[QueuedChunk], envelope: &Envelope) {
        let lost: Vec<_> = leased.iter().filter(|sealed| sealed.is_lost()).cloned().collect();
        match lost.is_empty() {
            true => self.back_off.begin(Instant::now(), fastrand::f64()),
            false => self.snapshot_lost(envelope),
        }
        let events = lost.iter().map(|sealed| sealed.waiting()).sum();
        self.context.stats.dropped_lost.add(events);
        lost.iter().for_each(|sealed| sealed.abandon());
        self.context.queue.ack(leased, &lost);
    }

    /// Something that the rest of this session builds on was lost; nothing builds on interactions.
    fn snapshot_lost(&mut self, envelope: &Envelope) {
        if envelope.kind != EventKind::Replay {
            return;
        }
        let recorded = self.context.sessions.replay_id();
        self.snapshots.lost(&envelope.replay_id(), recorded.as_ref());
        let _ = self.request_snapshot();
    }

    /// Asks the host for another full snapshot, if that is due. Gives the time at which it is due next.
    fn request_snapshot(&mut self) -> Option<Instant> {
        let now = Instant::now();
        if let Some(session) = self.snapshots.take_due(now) {
            self.context.sessions.request_snapshot(session);
            self.context.views.tell_after_loss();
        }
        self.snapshots.due(now)
    }

    /// What has to wait takes less room compacted, and is to survive a power cut.
    fn compact_and_sync(&self) {
        let context = &self.context;
        if let Err(error) = context.queue.compact_and_sync(&context.storage, || context.stopping()) {
            self.fail(format!("waiting events can't be compressed: {error}"));
        }
    }

    fn fail(&self, message: String) {
        fail(&self.context, message);
    }
}

fn fail(context: &Context, message: String) {
    context.report_failure(LogLevel::Warn, message);
    context.log.deliver();
}
