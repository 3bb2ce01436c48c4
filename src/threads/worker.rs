//! `sr-worker`: does what is due, and sleeps until the next thing is. So no thread of the host has to.

use std::thread;
use std::time::{Duration, Instant};

use super::context::Context;
use super::flush_timer::{FlushTimer, interaction_bounds};
use super::recovery::Recovery;
use super::session_persister::SessionPersister;
use super::snapshot_wants::SnapshotWants;
use super::spare_chunk::{SpareChunk, WATCH_EVERY};
use super::targeting_persister::TargetingPersister;
use crate::options::FlushInterval;
use crate::session::Outcome;
use crate::session::targeting::Unpersisted;

/// How soon to look again after a callback ran, or at the end.
const SHORT_PAUSE: Duration = Duration::from_millis(1);
/// The longest that a sealed chunk waits for an append to end. It takes less than a microsecond; but a debugger may stop its
/// thread, or a disk make it wait.
const MAX_APPEND: Duration = Duration::from_secs(10);
/// The longest that the thread waits for appends to end, once recording has ended.
const MAX_END: Duration = Duration::from_secs(2);

pub(super) fn run(context: &Context) {
    let mut worker = Worker::new(context);
    // What earlier runs left may take a while to read: the first events are not to wait for a chunk until then.
    worker.spare_chunk.prepare(context);
    while !context.stopping() {
        let left = worker.do_what_is_due();
        let (has_asked, until_asked) = worker.snapshot_wants.tell(context);
        if context.log.deliver() || has_asked {
            // The callback may have parked this thread, and so taken the wake-up that told of an event or of the end:
            // look again.
            thread::park_timeout(SHORT_PAUSE);
            continue;
        }
        let is_busy = worker.spare_chunk.is_busy();
        if context.sessions.set_watched(is_busy) {
            continue;
        }
        let until_watched = is_busy.then_some(WATCH_EVERY);
        match [left, until_asked, until_watched].into_iter().flatten().min() {
            Some(left) => thread::park_timeout(left),
            // Nothing is recorded: nothing is due until somebody wakes the thread.
            None => thread::park(),
        }
    }
    worker.finish();
}

/// How often interactions are sent: `protocol.md`, "Interactions".
fn interaction_interval(context: &Context) -> FlushInterval {
    let track_every_ms = context.page_config.lock().interaction.track_every_ms;
    interaction_bounds(track_every_ms)
}

struct Worker<'a> {
    context: &'a Context,
    recovery: Recovery,
    flush_timer: FlushTimer,
    interaction_timer: FlushTimer,
    session_persister: SessionPersister,
    targeting_persister: TargetingPersister,
    spare_chunk: SpareChunk,
    snapshot_wants: SnapshotWants,
}

impl<'a> Worker<'a> {
    fn new(context: &'a Context) -> Self {
        let options = &context.options;
        Self {
            context,
            recovery: Recovery::new(),
            flush_timer: FlushTimer::new(options.flush_interval, options.max_batch_bytes),
            interaction_timer: FlushTimer::new(interaction_interval(context), usize::MAX),
            session_persister: SessionPersister::new(options.session_timeout),
            targeting_persister: TargetingPersister::default(),
            spare_chunk: SpareChunk::default(),
            snapshot_wants: SnapshotWants::default(),
        }
    }

    /// Gives the time until something is due again, if it is known.
    fn do_what_is_due(&mut self) -> Option<Duration> {
        let context = self.context;
        self.recovery.recover_if_due(context);
        let unfinalized = context.queue.finalize(MAX_APPEND);
        context.queue.store_late_events(&context.storage);
        context.sessions.remove_evicted();
        let unremoved = context.storage.remove_waiting();
        context.storage.stamp();
        let (until_rotated, asks) = context.sessions.rotate_held(context.options.storage_limit_bytes / 2);
        if asks {
            // It may have all of the scene itself.
            context.views.tell_after_loss();
        }
        context.sessions.remove_discarded();
        let until_persisted = self.persist_session_if_due();
        let until_targeting = self.persist_targeting_if_due();
        let until_idle = context.sessions.become_idle_if_due();
        let until_remembered = context.sessions.finish_remembering();
        context.sessions.keep_young();
        self.flush_if_due();
        self.flush_interactions_if_due();
        let until_unready = self.spare_chunk.prepare(context);
        let now = Instant::now();
        let timers =
            [self.flush_timer.left(now), self.interaction_timer.left(now), self.recovery.timer.left(now)];
        let late_check = context.queue.next_late_check();
        let others = [
            unfinalized,
            unremoved,
            until_rotated,
            until_persisted,
            until_targeting,
            until_idle,
            until_remembered,
            late_check,
            until_unready,
        ];
        others.into_iter().chain(timers).flatten().min()
    }

    /// Gives the time until it is due again: interactions alone wait longer for their batch than the session may.
    fn persist_session_if_due(&mut self) -> Option<Duration> {
        let sessions = &self.context.sessions;
        let (replay, now) = (sessions.replay_id(), Instant::now());
        let has_unsealed = sessions.has_unsealed() || sessions.has_unsealed_interactions();
        let has_new_trigger = sessions.take_new_trigger();
        if has_new_trigger || self.session_persister.is_due(replay.as_ref(), has_unsealed, now) {
            sessions.persist();
            self.session_persister.note(replay, Instant::now());
        }
        self.session_persister.left(has_unsealed, Instant::now())
    }

    /// Gives the time until it is due, if something of it is not persisted.
    fn persist_targeting_if_due(&mut self) -> Option<Duration> {
        let context = self.context;
        let unpersisted = context.sessions.unpersisted_targeting();
        let left = self.targeting_persister.left(unpersisted, Instant::now())?;
        if !left.is_zero() {
            return Some(left);
        }
        let went_well = context.sessions.sync_targeting();
        self.targeting_persister.note(went_well, Instant::now());
        if went_well {
            // What another process has found may be that this session is captured.
            context.views.begin(Outcome::Done);
        }
        self.targeting_persister.left(context.sessions.unpersisted_targeting(), Instant::now())
    }

    fn flush_if_due(&mut self) {
        let (queue, sessions) = (&self.context.queue, &self.context.sessions);
        let has_unsealed = sessions.has_unsealed() && !sessions.is_held();
        if self.flush_timer.is_due(queue.unreleased_bytes(), has_unsealed, Instant::now()) {
            sessions.seal();
            queue.finalize_and_release(MAX_APPEND);
        }
    }

    fn flush_interactions_if_due(&mut self) {
        let (queue, sessions) = (&self.context.queue, &self.context.sessions);
        let has_unsealed = sessions.has_unsealed_interactions() && !sessions.is_held();
        if has_unsealed {
            self.interaction_timer.set_bounds(interaction_interval(self.context));
        }
        if self.interaction_timer.is_due(0, has_unsealed, Instant::now()) {
            sessions.seal_interactions();
            queue.finalize_and_release(MAX_APPEND);
        }
    }

    /// Finalizes what was recorded last. An append that does not end in time stays in its file, where the next run finds it.
    fn finish(&self) {
        let context = self.context;
        let deadline = Instant::now() + MAX_END;
        while context.queue.finalize(Duration::MAX).is_some() && Instant::now() < deadline {
            thread::sleep(SHORT_PAUSE);
        }
        context.queue.store_late_events(&context.storage);
        context.sessions.remove_evicted();
        context.sessions.remove_discarded();
        context.sessions.finish_remembering();
        context.sessions.persist();
        if context.sessions.unpersisted_targeting() != Unpersisted::Nothing {
            context.sessions.sync_targeting();
        }
        context.log.deliver();
    }
}
