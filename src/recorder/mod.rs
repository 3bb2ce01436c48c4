//! Session replay as Rust has it: one value that records, rolls over and ships. The C ABI is a thin layer
//! over it.

use std::borrow::Cow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::{Duration, Instant};

use crate::delivery::{Http, Transport};
use crate::error::Error;
use crate::log::Log;
use crate::model::envelope::default_client_url;
use crate::model::ids::{ApiKey, DeviceId, ReplayId, SessionId};
use crate::model::privacy::PrivacyConfig;
use crate::options::{LogLevel, Options};
use crate::page_status::PageStatus;
use crate::queue::Queue;
use crate::remote_config;
use crate::segment::{Answers, DeviceGetter, Question, Segment, SegmentEvent, SessionGetter, ask};
use crate::session::analytics_event::Facts;
use crate::session::fast_path::FastPath;
use crate::session::{Outcome, Sessions};
use crate::stats::{Stats, StatsContext};
use crate::storage::Storage;
use crate::sync::Mutex;
use crate::threads::{Context, Workers};

/// The property that links an analytics event to its replay.
const REPLAY_ID_PROPERTY: &str = "[Amplitude] Session Replay ID";
/// The property that debug mode adds.
const DEBUG_PROPERTY: &str = "[Amplitude] Session Replay Debug";

/// Recorders that this process has started.
static STARTED: AtomicI64 = AtomicI64::new(0);
/// A flush is named by its recorder and, in the lower bits, by the last position in the queue that belongs to it: no
/// process lives long enough for more of them.
const POSITION_BITS: u32 = 40;

/// What a flush says while nobody knows whether earlier runs left something.
const UNREAD: &str = "what earlier runs left behind is still being read, and delivered then";

/// What shutting down may take beyond the time it was given.
const TIME_TO_END: Duration = Duration::from_millis(200);

/// How far [`SessionReplay::record_lines_until`] came.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Lines {
    /// How many events were kept.
    pub kept: usize,
    /// How many bytes were gone through, the event that was refused and its line feed among them.
    pub bytes: usize,
}

/// A running recorder. All methods may be called from any thread at any time.
///
/// Dropping it stops its two threads; what was not delivered stays in `storageDir`, if there is one. Call
/// [`SessionReplay::shut_down`] to deliver it first.
pub struct SessionReplay {
    api_key: ApiKey,
    options: Arc<Options>,
    sessions: Arc<Sessions>,
    privacy: Arc<Mutex<PrivacyConfig>>,
    storage: Arc<Storage>,
    queue: Arc<Queue>,
    stats: Arc<Stats>,
    page: PageStatus,
    opened: Instant,
    log: Arc<Log>,
    segment: Segment,
    workers: Mutex<Option<Workers>>,
    /// Which recorder of this process it is.
    serial: i64,
    /// `sr_shutdown_begin` was called.
    ends: AtomicBool,
}

impl SessionReplay {
    /// Starts recording. Opens files where the options ask for them, but no connection: that is for later and
    /// for another thread.
    pub fn start(api_key: &str, options: Options, log: Arc<Log>) -> Result<Self, Error> {
        Self::start_with(api_key, options, log, Arc::default(), None)
    }

    /// The same, where the host may make the requests itself.
    pub fn start_with_transport(
        api_key: &str,
        options: Options,
        log: Arc<Log>,
        transport: Arc<Transport>,
    ) -> Result<Self, Error> {
        Self::start_with(api_key, options, log, transport, None)
    }

    /// The same; the one recorder of the process brings its fast_path.
    pub(crate) fn start_with(
        api_key: &str,
        mut options: Options,
        log: Arc<Log>,
        transport: Arc<Transport>,
        fast_path: Option<&'static FastPath>,
    ) -> Result<Self, Error> {
        let api_key = ApiKey::from_text(api_key).map_err(|error| {
            Error::InvalidArgument(format!("the API key {error}: use the key of your Amplitude project"))
        })?;
        log.set_level(options.log_level);
        if options.session_timeout_is_overruled {
            log.write(LogLevel::Warn, || {
                "the option sessionTimeoutMs has no effect: with this segment.mode the analytics own the session".to_owned()
            });
        }
        // Asked for once: an envelope is made where nothing may be waited for.
        options.client_url.get_or_insert_with(default_client_url);
        let options = Arc::new(options);
        let stats = Arc::new(Stats::default());
        let storage_dir = options.storage_dir.as_deref();
        let storage = Arc::new(Storage::open(storage_dir, &api_key, options.storage_limit_bytes));
        let queue = Arc::new(Queue::default());
        if storage.has_storage() {
            queue.await_recovery();
        }
        let rule = (!options.remote_config).then(|| remote_config::local_rule(&options));
        let sessions = Arc::new(Sessions::open(
            options.clone(),
            storage.clone(),
            queue.clone(),
            stats.clone(),
            log.clone(),
            rule,
            fast_path,
        ));
        let privacy = Arc::new(Mutex::new(options.privacy.clone()));
        let workers = Workers::start(Context {
            api_key: api_key.clone(),
            options: options.clone(),
            storage: storage.clone(),
            queue: queue.clone(),
            sessions: sessions.clone(),
            privacy: privacy.clone(),
            stats: stats.clone(),
            log: log.clone(),
            http: Arc::new(Http::new(transport)),
            stop: Arc::new(AtomicBool::new(false)),
        })
        .map_err(|error| {
            Error::Resources(format!(
                "no thread can be started ({error}): raise the limit of threads (ulimit -u, pids.max of a container), then call sr_init again"
            ))
        })?;
        let segment = Segment::new(options.segment);
        Ok(Self {
            api_key,
            options,
            sessions,
            privacy,
            storage,
            queue,
            stats,
            page: PageStatus::default(),
            opened: Instant::now(),
            log,
            segment,
            workers: Mutex::new(Some(workers)),
            serial: STARTED.fetch_add(1, Ordering::Relaxed) + 1,
            ends: AtomicBool::new(false),
        })
    }

    /// Keeps one rrweb event, given as JSON in UTF-8.
    pub fn record(&self, event: &[u8]) -> Result<Outcome, Error> {
        if let Some(problem) = self.page.note(event) {
            self.log.write(LogLevel::Warn, || problem);
        }
        self.sessions.record(event)
    }

    /// Keeps many events, one a line; empty lines are passed over. Stops at the first that is refused. The
    /// number says how many were kept.
    pub fn record_lines(&self, lines: &[u8]) -> (u64, Result<Outcome, Error>) {
        let mut done = Lines::default();
        let result = self.record_lines_until(lines, &mut done);
        (done.kept as u64, result)
    }

    /// As [`SessionReplay::record_lines`]; `done` tells at each moment how far it came.
    pub fn record_lines_until(&self, lines: &[u8], done: &mut Lines) -> Result<Outcome, Error> {
        let mut outcome = Outcome::Done;
        for line in lines.split_inclusive(|byte| *byte == b'\n') {
            done.bytes += line.len();
            let line = line.strip_suffix(b"\n").unwrap_or(line);
            if line.trim_ascii().is_empty() {
                continue;
            }
            let told = self.record(line)?;
            done.kept += usize::from(told != Outcome::NotCaptured);
            outcome = outcome.then(told);
        }
        Ok(outcome)
    }

    /// Makes `session` the current session. Another than before: what follows belongs to it.
    pub fn set_session_id(&self, session: SessionId) -> Outcome {
        self.log.write(LogLevel::Debug, || format!("session {session}"));
        self.sessions.set_session(session)
    }

    /// Makes `device` the current device.
    pub fn set_device_id(&self, device: DeviceId) -> Outcome {
        self.sessions.set_device(device)
    }

    /// Stops or resumes recording at the user's wish.
    pub fn set_opt_out(&self, opted_out: bool) -> Outcome {
        self.sessions.set_opt_out(opted_out)
    }

    /// Sends what is recorded and waits until it arrived, at most so long.
    pub fn flush(&self, timeout_ms: u32) -> Result<(), Error> {
        self.sessions.seal();
        self.queue.release();
        self.sessions.wake_worker();
        if timeout_ms == 0 {
            return Ok(());
        }
        self.refuse_own_thread("sr_flush")?;
        match self.wait_until_delivered(timeout_ms, "they are kept and delivery goes on", Some(UNREAD)) {
            // Shutting down ended the wait, and tells its own caller what was not delivered.
            Err(_) if self.sessions.is_closed() => Err(Error::ShutDown),
            result => result,
        }
    }

    /// As [`Self::flush`], without a wait. Gives a name, greater than 0, for [`Self::poll_flush`].
    pub fn begin_flush(&self) -> i64 {
        self.sessions.seal();
        self.sessions.wake_worker();
        (self.serial << POSITION_BITS) | self.queue.request_flush()
    }

    /// Whether all of that flush is delivered.
    pub fn poll_flush(&self, flush: i64) -> Result<(), Error> {
        if flush >> POSITION_BITS != self.serial {
            return Err(Error::ShutDown);
        }
        if self.queue.is_drained(flush & ((1 << POSITION_BITS) - 1)) {
            return Ok(());
        }
        self.what_waits(0, "they are kept and delivery goes on: ask again later", Some(UNREAD))
    }

    /// Takes no event any more, as if it were shut down, and delivers what it has. Gives a name as
    /// [`Self::begin_flush`] does.
    pub fn begin_shutdown(&self) -> i64 {
        self.ends.store(true, Ordering::Release);
        self.sessions.close();
        self.begin_flush()
    }

    /// [`Self::begin_shutdown`] was called.
    pub(crate) fn is_ending(&self) -> bool {
        self.ends.load(Ordering::Acquire)
    }

    /// Makes a [`SessionReplay::shut_down`] that waits for delivery wait no longer.
    pub(crate) fn stop_waiting(&self) {
        self.queue.stop_waiting();
    }

    /// Takes no event any more. What was taken is still delivered.
    pub(crate) fn end_recording(&self) {
        self.sessions.close();
    }

    /// Ends recording, sends what is left, at most so long, and stops the threads.
    pub fn shut_down(&self, timeout_ms: u32) -> Result<(), Error> {
        self.shut_down_threads(timeout_ms).0
    }

    /// The same. Tells besides whether both threads have ended: see [`Workers::stop`].
    pub(crate) fn shut_down_threads(&self, timeout_ms: u32) -> (Result<(), Error>, bool) {
        // What delivery leaves of the time is the threads' to end in: on a busy machine they may need it.
        let deadline = Instant::now() + Duration::from_millis(timeout_ms.into()) + TIME_TO_END;
        self.sessions.close();
        let fate = match (&self.options.storage_dir, self.storage.is_in_memory()) {
            (Some(_), false) => {
                "they are kept in storageDir, and sent after the next sr_init with the same key"
            }
            (Some(_), true) => {
                "those that storageDir could not take are lost; \"storage\" in sr_stats says why"
            }
            (None, _) => "they are lost; with the option storageDir they would be kept and sent later",
        };
        let delivered = self.wait_until_delivered(timeout_ms, fate, None);
        let workers = self.workers.lock().take();
        let ended = workers.is_none_or(|mut workers| workers.stop(deadline));
        self.queue.clear();
        self.storage.close();
        (delivered, ended)
    }

    /// The log callback runs on a thread of ours: it can't wait for that thread.
    pub(crate) fn refuse_own_thread(&self, call: &str) -> Result<(), Error> {
        if self.workers.lock().as_ref().is_some_and(Workers::is_current_thread) {
            return Err(Error::InvalidArgument(format!(
                "{call} would wait for the thread that runs the log callback: call it from another thread"
            )));
        }
        Ok(())
    }

    /// `fate` is what becomes of events that still wait; `unread` what to say while nobody knows whether earlier runs
    /// left any, if that is to be a failure.
    fn wait_until_delivered(
        &self,
        timeout_ms: u32,
        fate: &'static str,
        unread: Option<&'static str>,
    ) -> Result<(), Error> {
        let deadline = Instant::now() + Duration::from_millis(timeout_ms.into());
        let queue = &self.queue;
        if queue.wait_until_drained(deadline) {
            return Ok(());
        }
        self.what_waits(timeout_ms, fate, unread)
    }

    /// What is to be said of a wait that was not long enough, if there is something.
    fn what_waits(
        &self,
        timeout_ms: u32,
        fate: &'static str,
        unread: Option<&'static str>,
    ) -> Result<(), Error> {
        let queue = &self.queue;
        // Asked first: what is found meanwhile is among those that wait.
        let unread = unread.filter(|_| queue.awaits_recovery());
        match (queue.waiting_events(), unread) {
            // Chunks without events are still in the way of their removal, and of nothing else.
            (0, None) if !queue.has_abandoned() => Ok(()),
            (0, Some(unread)) => Err(Error::Timeout { timeout_ms, waiting: 0, fate: unread }),
            (waiting, _) => Err(Error::Timeout { timeout_ms, waiting, fate }),
        }
    }

    /// The current session.
    pub fn session_id(&self) -> Option<SessionId> {
        self.sessions.session()
    }

    /// `<device>/<session>`, when both are known.
    pub fn session_replay_id(&self) -> Option<ReplayId> {
        self.sessions.replay_id()
    }

    /// What an analytics event has to carry, as a JSON object: empty while the session is not captured.
    pub fn session_replay_properties(&self) -> serde_json::Map<String, serde_json::Value> {
        let (_, replay) = self.sessions.current();
        self.properties_of(replay)
    }

    /// Takes one of Segment's events (`track`, `page`, …) on its way to Segment: follows the session and the device that
    /// it tells of, and gives the event back with the properties of their replay, if that is captured; never with
    /// another's. Everything else in it stays as it is, byte for byte. `docs/segment.md` has the three ways to use
    /// Segment, which the option `segment` tells apart.
    pub fn process_segment_event<'a>(&self, event: &'a str) -> Result<Cow<'a, str>, Error> {
        let answers = ask(|| self.session_question(), || self.device_question());
        self.process_segment_event_asked(event, answers)
    }

    /// What is to be asked of the host's getter before an event is processed, if anything.
    pub(crate) fn session_question(&self) -> Option<Question<SessionGetter>> {
        self.segment.session_question()
    }

    /// The same for the device.
    pub(crate) fn device_question(&self) -> Option<Question<DeviceGetter>> {
        self.segment.device_question()
    }

    /// As `process_segment_event`, for who has asked the getters already.
    pub(crate) fn process_segment_event_asked<'a>(
        &self,
        event: &'a str,
        answers: Answers,
    ) -> Result<Cow<'a, str>, Error> {
        let event = SegmentEvent::parse(event)?;
        let (facts, problem) = self.segment.facts_of(&event, answers, &self.log);
        Ok(self.follow_and_complete(&event, &facts, problem))
    }

    /// The same, where the caller knows which session and device the analytics are in when the event is sent: they count
    /// in place of what the event and the getters tell. A session of 0 or less, and no device, say that there is none.
    pub fn process_segment_event_for<'a>(
        &self,
        event: &'a str,
        session: i64,
        device: Option<&str>,
    ) -> Result<Cow<'a, str>, Error> {
        let event = SegmentEvent::parse(event)?;
        let (facts, problem) = self.segment.facts_given(session, device);
        Ok(self.follow_and_complete(&event, &facts, problem))
    }

    fn follow_and_complete<'a>(
        &self,
        event: &SegmentEvent<'a>,
        facts: &Facts,
        problem: Option<String>,
    ) -> Cow<'a, str> {
        let followed = self.sessions.follow(facts);
        if let Some(problem) = problem.filter(|_| !followed.device_is_given) {
            self.log.write(LogLevel::Warn, || {
                format!("an event's device id can't be used, since it {problem}: give one of your own")
            });
        }
        if followed.is_ahead {
            self.log.write(LogLevel::Warn, || {
                "an event's session is not followed: it begins more than a day from now by this clock"
                    .to_owned()
            });
        }
        self.segment.complete(event, &self.properties_of(followed.replay), followed.session.as_ref())
    }

    /// Sets who tells the session id when an event is processed, for Segment's Amplitude Classic destination in
    /// device-mode. When this returns, the one before is not running and is not called any more.
    pub fn set_session_getter(&self, getter: Option<SessionGetter>) -> Result<(), Error> {
        self.segment.getters.set_session(getter)
    }

    /// The same for the device id, which then counts in place of the event's own.
    pub fn set_device_getter(&self, getter: Option<DeviceGetter>) -> Result<(), Error> {
        self.segment.getters.set_device(getter)
    }

    fn properties_of(&self, replay: Option<ReplayId>) -> serde_json::Map<String, serde_json::Value> {
        let mut properties = serde_json::Map::new();
        if let Some(id) = replay {
            properties.insert(REPLAY_ID_PROPERTY.to_owned(), id.to_string().into());
            if self.options.debug_mode {
                let hash = self.api_key.hash_code();
                properties.insert(DEBUG_PROPERTY.to_owned(), format!("{{\"appHash\":\"{hash}\"}}").into());
            }
        }
        properties
    }

    /// What the recorder in a page is to mask, as the browser SDK's `privacyConfig` with every member there: the
    /// options' wishes, joined with the server's once its answer is known.
    pub fn privacy_config(&self) -> serde_json::Value {
        self.privacy.lock().to_json()
    }

    /// Why events are kept in memory although the options name a `storageDir`; `None` where all is well. It is
    /// tried again with every chunk.
    pub fn storage_problem(&self) -> Option<String> {
        self.storage.problem()
    }

    /// What to say of a host that gives no events; they may take a moment.
    fn nothing_recorded(&self, events: u64) -> Option<String> {
        const PATIENCE: Duration = Duration::from_secs(10);
        (events == 0 && self.opened.elapsed() >= PATIENCE).then(|| {
            "nothing was recorded yet: give the page's messages to sr_record_lines, or events to sr_record; in a web view \
             sessionReplayRecorder.status() says what is wrong"
                .to_owned()
        })
    }

    /// What happened so far, in numbers.
    pub fn stats(&self) -> serde_json::Value {
        let totals = self.sessions.totals();
        let (state, advice) = match self.sessions.is_captured() {
            None => ("waiting-for-remote-config", None),
            Some(Ok(())) => {
                ("capturing", self.page.advice().or_else(|| self.nothing_recorded(totals.recorded.events)))
            }
            Some(Err(reason)) => (reason.as_str(), Some(reason.advice().to_owned())),
        };
        self.stats.to_json(StatsContext {
            state,
            advice,
            session_replay_id: self.sessions.replay_id().map(|id| id.to_string()),
            recorded_events: totals.recorded.events,
            recorded_bytes: totals.recorded.bytes,
            waiting_events: totals.waiting_events,
            given_up_events: totals.evicted,
            waiting_batches: self.queue.len() as u64,
            stored_bytes: self.storage.used_bytes(),
            storage: if self.storage.is_on_disk() { "disk" } else { "memory" },
            storage_problem: self.storage.problem(),
        })
    }
}
