//! Flush and shutdown: waiting until what was recorded is delivered, or telling that it is not.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use super::SessionReplay;
use super::flush_id::{LAST_FRAME, Until};
use super::frame_flushes::Progress;
use crate::error::Error;
use crate::pixels::ALL_FRAMES;
use crate::threads::Threads;

/// What a flush says while nobody knows whether earlier runs left something.
const UNREAD: &str = "events of earlier runs are still being read; they are delivered afterwards";

/// What a flush says while frames of it are not recorded.
const UNENCODED: &str = "frames are still being encoded; they are delivered afterwards";

/// What shutting down may take beyond the time it was given.
const TIME_TO_END: Duration = Duration::from_millis(200);

impl SessionReplay {
    /// Sends what is recorded and waits until the server has it, for at most this long.
    pub fn flush(&self, timeout_ms: u32) -> Result<(), Error> {
        let deadline = Instant::now() + Duration::from_millis(timeout_ms.into());
        let mut is_recorded = true;
        if timeout_ms > 0 {
            self.refuse_own_thread("sr_flush")?;
            is_recorded = self.frames.wait_until_recorded(deadline);
        }
        self.context.sessions.seal();
        self.context.sessions.seal_interactions();
        self.context.queue.release();
        self.context.sessions.wake_worker();
        if timeout_ms == 0 {
            return Ok(());
        }
        match self.wait_until_drained(
            deadline,
            timeout_ms,
            "they are kept and delivery goes on",
            Some(UNREAD),
        ) {
            // Shutting down ended the wait, and tells its own caller what was not delivered.
            Err(_) if self.context.sessions.is_closed() => Err(Error::ShutDown),
            Ok(()) if !is_recorded => Err(Error::Timeout { timeout_ms, waiting: 0, what_next: UNENCODED }),
            result => result,
        }
    }

    /// Starts a flush without waiting. Returns its id, greater than 0, for [`Self::poll_flush`].
    pub fn begin_flush(&self) -> i64 {
        self.flush_until(self.frames.under_way())
    }

    /// A flush of what is recorded now, and of the frames up to this one.
    fn flush_until(&self, frame: Option<u64>) -> i64 {
        // Asked before this: a frame that was recorded meanwhile lies in the queue up to there.
        let position = self.after_frames.deliver();
        let Some(frame) = frame else {
            return Until::Position(position).to_id(self.serial);
        };
        self.after_frames.await_frame(frame.min(LAST_FRAME));
        // The encoder may have been faster.
        self.after_frames.recorded(self.frames.recorded());
        Until::Frame(frame).to_id(self.serial)
    }

    /// Whether everything of that flush is delivered.
    pub fn poll_flush(&self, flush: i64) -> Result<(), Error> {
        let progress = match Until::from_id(flush, self.serial).ok_or(Error::UnknownFlush)? {
            Until::Position(position) if self.context.queue.is_drained(position) => Progress::Drained,
            Until::Position(_) => Progress::Waiting,
            Until::Frame(frame) => self.after_frames.progress(frame),
        };
        match progress {
            Progress::Drained => return Ok(()),
            Progress::Recording => {
                return Err(Error::Timeout { timeout_ms: 0, waiting: 0, what_next: UNENCODED });
            }
            Progress::Waiting => {}
        }
        self.undelivered(
            0,
            "they are kept and delivery goes on: call sr_flush_poll again later",
            Some(UNREAD),
        )
    }

    /// Ends recording and starts delivering what is left; frames that were taken are recorded before. Returns an id as
    /// [`Self::begin_flush`] does.
    pub fn begin_shutdown(&self) -> i64 {
        self.ends.store(true, Ordering::Release);
        self.context.http.begin_close();
        self.context.sessions.begin_close();
        self.frames.end();
        if self.frames.recorded() < ALL_FRAMES {
            // With the last of them the encoder ends recording.
            return self.flush_until(Some(ALL_FRAMES));
        }
        self.context.sessions.close();
        self.flush_until(None)
    }

    /// What the host is told who records after [`Self::begin_shutdown`].
    pub(super) fn refuse_if_ending(&self) -> Result<(), Error> {
        if self.is_ending() { Err(Error::ShutDown) } else { Ok(()) }
    }

    /// [`Self::begin_shutdown`] was called.
    pub(crate) fn is_ending(&self) -> bool {
        self.ends.load(Ordering::Acquire)
    }

    /// Makes a [`SessionReplay::shut_down`] that waits for delivery wait no longer.
    pub(crate) fn stop_waiting(&self) {
        self.context.queue.stop_waiting();
    }

    /// The first step of every end that waits: takes no more frames, and waits until those that wait are recorded, at the latest
    /// until about `deadline`. `false`: the encoder did not end, and the operating system keeps its thread.
    pub(crate) fn end_frames(&self, deadline: Instant) -> bool {
        // Before any wait: who is killed in there had begun to end, and nothing of what is held is sent.
        self.context.storage.note_end();
        self.frames.stop(deadline)
    }

    /// Ends recording. What was recorded is still delivered.
    pub(crate) fn end_recording(&self) {
        self.context.sessions.close();
    }

    /// Ends recording, sends what is left for at most this long, and stops the threads.
    pub fn shut_down(&self, timeout_ms: u32) -> Result<(), Error> {
        let begin = Instant::now();
        self.end_frames(begin + Duration::from_millis(timeout_ms.into()));
        self.shut_down_threads(timeout_ms, begin.elapsed()).0
    }

    /// The same, once the frames have ended, on which so much of the time was spent. Tells besides whether `sr-worker` and `sr-sender`
    /// have ended: see [`Threads::stop`].
    pub(crate) fn shut_down_threads(&self, timeout_ms: u32, spent: Duration) -> (Result<(), Error>, bool) {
        let left = Duration::from_millis(timeout_ms.into()).saturating_sub(spent);
        // What delivery leaves of the time is the threads' to end in: on a busy machine they may need it.
        let deadline = Instant::now() + left + TIME_TO_END;
        self.context.http.begin_close();
        self.context.sessions.close();
        let what_next = match (&self.context.options.storage_dir, self.context.storage.is_in_memory()) {
            (Some(_), false) => {
                "they are kept in storageDir, and sent after the next sr_init with the same key"
            }
            (Some(_), true) => {
                "those that storageDir could not take are lost; \"storage\" in sr_stats says why, before sr_shutdown"
            }
            (None, _) => "they are lost; with the option storageDir they would be kept and sent later",
        };
        let delivered = self.wait_until_drained(Instant::now() + left, timeout_ms, what_next, None);
        let threads = self.threads.lock().take();
        let ended = threads.is_none_or(|mut threads| threads.stop(deadline));
        // Where sr-worker has not come to it.
        self.context.sessions.remove_discarded();
        // What was deleted while it was being sent does not wait for the next run to remove it.
        self.context.queue.end_leases();
        self.context.sessions.remove_evicted();
        self.context.queue.clear();
        self.context.storage.close();
        (delivered, ended)
    }

    /// The log and transport callbacks run on a thread of ours: they can't wait for that thread.
    pub(crate) fn refuse_own_thread(&self, call: &str) -> Result<(), Error> {
        let is_own = self.threads.lock().as_ref().is_some_and(Threads::is_current_thread);
        if is_own || self.frames.is_current_thread() {
            return Err(Error::InvalidArgument(format!(
                "{call} can't wait on a thread of the library: call it from another thread, outside of the callbacks"
            )));
        }
        Ok(())
    }

    /// `what_next` is what becomes of events that still wait; `unread` what to say while nobody knows whether earlier runs
    /// left any, if that is to be a failure.
    fn wait_until_drained(
        &self,
        deadline: Instant,
        timeout_ms: u32,
        what_next: &'static str,
        unread: Option<&'static str>,
    ) -> Result<(), Error> {
        let queue = &self.context.queue;
        if queue.wait_until_drained(deadline) {
            return Ok(());
        }
        self.undelivered(timeout_ms, what_next, unread)
    }

    /// The error of a wait that was not long enough, if anything is left.
    fn undelivered(
        &self,
        timeout_ms: u32,
        what_next: &'static str,
        unread: Option<&'static str>,
    ) -> Result<(), Error> {
        let queue = &self.context.queue;
        // Asked first: what is found meanwhile is among those that wait.
        let unread = unread.filter(|_| queue.awaits_recovery());
        match (queue.undeleted_events(), unread) {
            // Chunks without events are still in the way of their removal, and of nothing else.
            (0, None) if !queue.has_abandoned() => Ok(()),
            (0, Some(unread)) => Err(Error::Timeout { timeout_ms, waiting: 0, what_next: unread }),
            (waiting, _) => Err(Error::Timeout { timeout_ms, waiting, what_next }),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::log::Log;
    use crate::options::Options;

    /// What `sr_shutdown` waits for first are frames, and a kill in that wait is no death of a recording that was to go on.
    #[test]
    fn the_end_is_noted_on_the_disk_before_frames_are_waited_for() {
        let dir = tempfile::tempdir().unwrap();
        let options = serde_json::json!({ "storageDir": dir.path(), "enableRemoteConfig": false });
        let options = Options::from_json(&options.to_string()).unwrap();
        let replay = SessionReplay::start("key", options, Log::default().into()).unwrap();
        assert!(!has_noted_end(dir.path()));
        replay.end_frames(Instant::now());
        assert!(has_noted_end(dir.path()));
    }

    /// As a later run reads it: `docs/reference/storage-format.md`.
    fn has_noted_end(storage_dir: &Path) -> bool {
        let entry_of = |dir: &Path, is_wanted: fn(&Path) -> bool| {
            let mut paths = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
            paths.find(|path| is_wanted(path)).unwrap()
        };
        let run = entry_of(&entry_of(storage_dir, Path::is_dir), Path::is_dir);
        let page = std::fs::read(run.join("lock")).unwrap();
        page[96..104] != [0; 8]
    }

    /// Whoever ends it, and in whichever way: before anything is sent that a shutdown waits for.
    #[test]
    fn no_way_to_end_waits_for_a_proxy_to_be_detected() {
        type End = fn(&SessionReplay);
        let ways: [(&str, End, bool); 3] = [
            ("a flush", |replay| _ = replay.begin_flush(), false),
            ("sr_shutdown_begin", |replay| _ = replay.begin_shutdown(), true),
            ("sr_shutdown", |replay| _ = replay.shut_down(0), true),
        ];
        for (name, way, is_closing) in ways {
            let options = Options::from_json(r#"{"enableRemoteConfig":false}"#).unwrap();
            let replay = SessionReplay::start("key", options, Log::default().into()).unwrap();
            way(&replay);
            assert_eq!(replay.context.http.is_closing(), is_closing, "{name}");
        }
    }
}
