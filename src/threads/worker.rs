//! `sr-worker`: does what is due, and sleeps until the next thing is. So no thread of the host has to.

use std::thread;
use std::time::{Duration, Instant};

use super::context::Context;
use super::flush_timer::FlushTimer;
use super::recovery::Recovery;
use super::session_persister::SessionPersister;
use super::spare_chunk::SpareChunk;

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
        if context.log.deliver() {
            // The callback may have parked this thread, and so taken the wake-up that told of an event or of the end:
            // look again.
            thread::park_timeout(SHORT_PAUSE);
            continue;
        }
        match left {
            Some(left) => thread::park_timeout(left),
            // Nothing is recorded: nothing is due until somebody wakes the thread.
            None => thread::park(),
        }
    }
    worker.finish();
}

struct Worker<'a> {
    context: &'a Context,
    recovery: Recovery,
    flush_timer: FlushTimer,
    session_persister: SessionPersister,
    spare_chunk: SpareChunk,
}

impl<'a> Worker<'a> {
    fn new(context: &'a Context) -> Self {
        let options = &context.options;
        Self {
            context,
            recovery: Recovery::new(),
            flush_timer: FlushTimer::new(options.flush_interval, options.max_batch_bytes),
            session_persister: SessionPersister::new(options.session_timeout),
            spare_chunk: SpareChunk::default(),
        }
    }

    /// Gives the time until something is due again, if it is known.
    fn do_what_is_due(&mut self) -> Option<Duration> {
        let context = self.context;
        self.recovery.recover_if_due(context);
        let unfinalized = context.queue.finalize(MAX_APPEND);
        context.queue.store_late_events(&context.storage);
        context.sessions.remove_evicted();
        context.storage.stamp();
        self.persist_session_if_due();
        self.flush_if_due();
        self.spare_chunk.prepare(context);
        let now = Instant::now();
        let timers = [self.flush_timer.left(now), self.recovery.timer.left(now)];
        [unfinalized, context.queue.next_late_check()].into_iter().chain(timers).flatten().min()
    }

    fn persist_session_if_due(&mut self) {
        let sessions = &self.context.sessions;
        let (replay, now) = (sessions.replay_id(), Instant::now());
        if self.session_persister.is_due(replay.as_ref(), sessions.has_unsealed(), now) {
            sessions.persist();
            self.session_persister.note(replay, Instant::now());
        }
    }

    fn flush_if_due(&mut self) {
        let (queue, sessions) = (&self.context.queue, &self.context.sessions);
        if self.flush_timer.is_due(queue.unreleased_bytes(), sessions.has_unsealed(), Instant::now()) {
            sessions.seal();
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
        context.sessions.persist();
        context.log.deliver();
    }
}
