//! Session replay as Rust has it: one value that records, rolls over and ships. The C ABI is a thin layer over it.
//!
//! - [`consent`]: opt-out, pause, and deleting what waits
//! - [`flush`]: flush and shutdown, with [`flush_id`]; [`frame_flushes`]: those that wait for frames, and [`after_frames`]: what
//!   becomes of them
//! - [`interactions`]: clicks and scroll depth, for heatmaps
//! - [`filter`]: what the host's filter leaves of what is recorded
//! - [`stats`]: the answer of `sr_stats`; [`targeting`]: what rules of the remote configuration are told
//! - [`views`]: the scene, for an app that is more than one page; [`companions`]: log lines and requests beside it

mod after_frames;
mod capture_now;
mod companions;
mod consent;
mod filter;
mod flush;
mod flush_id;
mod frame_flushes;
mod interactions;
mod stats;
mod targeting;
mod views;

use std::borrow::Cow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::{Instant, SystemTime};

use memchr::memchr;

use crate::delivery::{Http, Transport, check_tls};
use crate::error::Error;
use crate::filter::{Filter, Filtered};
use crate::log::Log;
use crate::model::envelope::default_client_url;
use crate::model::ids::{ApiKey, DeviceId, ReplayId, SessionId};
use crate::options::{LogLevel, Options};
use crate::page_line::PageLine;
use crate::page_status::PageStatus;
use crate::pixels::PixelSettings;
use crate::queue::Queue;
use crate::remote_config;
use crate::segment::properties::ReplayProperties;
use crate::segment::{
    DeviceGetter, GetterCall, GetterIds, Segment, SegmentEvent, SessionGetter, call_getters,
};
use crate::session::analytics_event::AnalyticsEvent;
use crate::session::fast_path::FastPath;
use crate::session::{Outcome, Sessions};
use crate::stats::Stats;
use crate::storage::Storage;
use crate::sync::Mutex;
use crate::threads::{Context, SnapshotCallback, Threads};
use crate::views::{Frames, Views};
use after_frames::AfterFrames;
use companions::Told;

/// Recorders that this process has started.
static STARTED: AtomicI64 = AtomicI64::new(0);

/// How far [`SessionReplay::record_lines_until`] came.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Lines {
    /// How many events were recorded.
    pub kept: usize,
    /// How many bytes were read, including the event that was refused and its line feed.
    pub bytes: usize,
}

/// What the host's own functions decide and hear, which are there before the recorder is.
#[derive(Clone, Default)]
pub(crate) struct Hooks {
    pub filter: Arc<Filter>,
    pub snapshot_callback: Arc<SnapshotCallback>,
}

impl Hooks {
    /// Those of a forked child. What was to be filtered before the fork is after it; whom the parent's recorder calls is the
    /// parent's matter.
    pub fn in_child(&self) -> Self {
        Self { filter: Arc::new(self.filter.in_child()), snapshot_callback: Arc::default() }
    }
}

/// A running recorder. All methods may be called from any thread at any time.
///
/// Dropping it stops its threads; what was not delivered stays in `storageDir`, if there is one. Call
/// [`SessionReplay::shut_down`] to deliver it first.
pub struct SessionReplay {
    context: Context,
    filter: Arc<Filter>,
    views: Arc<Views>,
    frames: Frames,
    after_frames: Arc<AfterFrames>,
    page: PageStatus,
    told: Told,
    opened: Instant,
    segment: Segment,
    threads: Mutex<Option<Threads>>,
    properties: ReplayProperties,
    /// Which recorder of this process it is.
    serial: i64,
    /// `sr_shutdown_begin` was called.
    ends: AtomicBool,
}

impl SessionReplay {
    /// Starts recording. Opens files where the options ask for them, but no connection: that is for later and
    /// for another thread.
    pub fn start(api_key: &str, options: Options, log: Arc<Log>) -> Result<Self, Error> {
        Self::start_with(api_key, options, log, Arc::default(), Hooks::default(), None)
    }

    /// The same, where the host may make the requests itself.
    pub fn start_with_transport(
        api_key: &str,
        options: Options,
        log: Arc<Log>,
        transport: Arc<Transport>,
    ) -> Result<Self, Error> {
        Self::start_with(api_key, options, log, transport, Hooks::default(), None)
    }

    /// The same; the one recorder of the process brings its fast path.
    pub(crate) fn start_with(
        api_key: &str,
        mut options: Options,
        log: Arc<Log>,
        transport: Arc<Transport>,
        hooks: Hooks,
        fast_path: Option<&'static FastPath>,
    ) -> Result<Self, Error> {
        let api_key = ApiKey::from_text(api_key).map_err(|error| {
            Error::InvalidArgument(format!("the API key {error}: use the key of your Amplitude project"))
        })?;
        check_tls(&options, &api_key, transport.has_http())?;
        log.set_level(options.log_level);
        if options.session_timeout_is_overruled {
            log.write(LogLevel::Warn, || {
                "the option sessionTimeoutMs has no effect: with this segment.mode the analytics own the session".to_owned()
            });
        }
        // Looked up once: an envelope is made where nothing may be waited for.
        options.client_url.get_or_insert_with(default_client_url);
        if options.remember_opt_out && options.storage_dir.is_none() {
            log.write(LogLevel::Warn, || {
                "the option rememberOptOut has no effect without storageDir: remember the user's choice yourself, and pass it as optOut".to_owned()
            });
        }
        let segment = Segment::new(options.segment);
        let properties = ReplayProperties::new(&api_key, options.debug_mode);
        let filter = hooks.filter.clone();
        let context = open(api_key, options, log, transport, hooks, fast_path);
        let threads = Threads::start(context.clone()).map_err(|error| {
            Error::Resources(format!(
                "no thread can be started ({error}): raise the limit of threads (ulimit -u, pids.max of a container), then call sr_init again"
            ))
        })?;
        let views = context.views.clone();
        let pixels = PixelSettings {
            interval: context.options.frame_interval,
            bytes_per_second: context.options.frame_bytes_per_second,
            max_pixels: context.options.frame_max_pixels,
        };
        let after_frames = Arc::new(AfterFrames::new(context.sessions.clone(), context.queue.clone()));
        let on_done = {
            let after_frames = after_frames.clone();
            move |last| after_frames.recorded(last)
        };
        let frames = Frames::new(views.clone(), pixels, context.log.clone(), on_done);
        Ok(Self {
            views,
            frames,
            after_frames,
            context,
            filter,
            page: PageStatus::default(),
            told: Told::default(),
            opened: Instant::now(),
            segment,
            threads: Mutex::new(Some(threads)),
            properties,
            serial: STARTED.fetch_add(1, Ordering::Relaxed) + 1,
            ends: AtomicBool::new(false),
        })
    }

    /// Records one rrweb event, given as JSON in UTF-8.
    pub fn record(&self, event: &[u8]) -> Result<Outcome, Error> {
        self.refuse_if_ending()?;
        let kind = PageLine::of(event);
        match kind {
            PageLine::Interaction => {
                let outcome = self.record_page_interaction(event)?;
                return Ok(self.context.sessions.or_needs_snapshot(outcome));
            }
            PageLine::UnhandledError => return Ok(self.note_unhandled_error()),
            PageLine::Event | PageLine::Meta | PageLine::Status | PageLine::Address => {}
        }
        self.note_page(kind, event);
        self.record_filtered(Filtered::Event, event, None, |event| self.context.sessions.record(event))
    }

    /// Notes what the recorder in a page says of itself, and of its address.
    fn note_page(&self, kind: PageLine, event: &[u8]) {
        if matches!(kind, PageLine::Meta | PageLine::Address) {
            self.note_address(event);
        }
        if let Some(problem) = self.page.note(kind, event) {
            self.context.log.write(LogLevel::Warn, || problem);
        }
    }

    /// Records many events, one per line; empty lines are skipped. Stops at the first that is refused. The
    /// number says how many were recorded.
    pub fn record_lines(&self, lines: &[u8]) -> (u64, Result<Outcome, Error>) {
        let mut done = Lines::default();
        let result = self.record_lines_until(lines, &mut done);
        (done.kept as u64, result)
    }

    /// As [`SessionReplay::record_lines`]; `done` tells at each moment how far it came.
    pub fn record_lines_until(&self, lines: &[u8], done: &mut Lines) -> Result<Outcome, Error> {
        for_each_line(lines, done, |line| self.record(line))
    }

    /// Makes `session` the current session. Another than before: what follows belongs to it.
    pub fn set_session_id(&self, session: SessionId) -> Outcome {
        if self.is_ending() {
            return Outcome::NotCaptured;
        }
        self.context.log.write(LogLevel::Debug, || format!("session id set to {session}"));
        self.views.begin(self.context.sessions.set_session(session))
    }

    /// Makes `device` the current device.
    pub fn set_device_id(&self, device: DeviceId) -> Outcome {
        if self.is_ending() {
            return Outcome::NotCaptured;
        }
        self.views.begin(self.context.sessions.set_device(device))
    }

    /// The current session.
    pub fn session_id(&self) -> Option<SessionId> {
        self.context.sessions.session()
    }

    /// `<device>/<session>`, when both are known.
    pub fn session_replay_id(&self) -> Option<ReplayId> {
        self.context.sessions.replay_id()
    }

    /// The address of this moment of the replay, by the option `replayUrlTemplate`.
    pub fn session_replay_url(&self) -> Result<String, Error> {
        let refused = |why: &str| Error::InvalidArgument(format!("there is no address of a replay: {why}"));
        let template = self.context.options.replay_url.as_ref();
        let template =
            template.ok_or_else(|| refused("set the option replayUrlTemplate (docs/guide/links.md)"))?;
        let captured = self.context.sessions.captured_since();
        let (replay, started) = captured
            .ok_or_else(|| refused("this session is not captured, \"state\" in sr_stats() says why"))?;
        Ok(template.address(&replay, SystemTime::now(), started))
    }

    /// What an analytics event has to carry, as a JSON object: empty while the session is not captured.
    pub fn session_replay_properties(&self) -> serde_json::Map<String, serde_json::Value> {
        let (_, replay) = self.context.sessions.current();
        self.properties.of(replay.as_ref())
    }

    /// Takes one of Segment's events (`track`, `page`, …) on its way to Segment: follows the session and the device that
    /// it tells of, and gives the event back with the properties of their replay, if that is captured; never with
    /// another's. Everything else in it stays as it is, byte for byte. `docs/guide/segment.md` has the three ways to use
    /// Segment, which the option `segment` tells apart.
    pub fn process_segment_event<'a>(&self, event: &'a str) -> Result<Cow<'a, str>, Error> {
        let ids = call_getters(|| self.session_getter_call(), || self.device_getter_call());
        self.process_segment_event_with_ids(event, ids)
    }

    /// The call of the host's session getter that has to be made before an event is processed, if any.
    pub(crate) fn session_getter_call(&self) -> Option<GetterCall<SessionGetter>> {
        self.segment.session_getter_call()
    }

    /// The same for the device.
    pub(crate) fn device_getter_call(&self) -> Option<GetterCall<DeviceGetter>> {
        self.segment.device_getter_call()
    }

    /// As `process_segment_event`, for a caller that has called the getters already.
    pub(crate) fn process_segment_event_with_ids<'a>(
        &self,
        event: &'a str,
        ids: GetterIds,
    ) -> Result<Cow<'a, str>, Error> {
        let event = SegmentEvent::parse(event)?;
        let analytics_event = self.segment.analytics_event(&event, ids, &self.context.log);
        Ok(self.follow_and_enrich(&event, &analytics_event))
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
        let analytics_event = self.segment.analytics_event_with(session, device);
        Ok(self.follow_and_enrich(&event, &analytics_event))
    }

    fn follow_and_enrich<'a>(
        &self,
        event: &SegmentEvent<'a>,
        analytics_event: &AnalyticsEvent,
    ) -> Cow<'a, str> {
        let sessions = &self.context.sessions;
        let before = sessions.current_stretch();
        // Where no rules choose sessions, what the event says is not looked at.
        let context = sessions.listens_for_targeting().then(|| self.segment.targeting_context(event));
        let enrichment = sessions.follow(analytics_event, context);
        if sessions.current_stretch() != before {
            self.views.begin(Outcome::Done);
        }
        if let Some(problem) = enrichment.device_problem {
            self.context.log.write(LogLevel::Warn, || {
                format!(
                    "ignored the device id of a Segment event: it {problem}; set one with sr_set_device_id"
                )
            });
        }
        if enrichment.is_session_ahead {
            self.context.log.write(LogLevel::Warn, || {
                "an event's session is not followed: it begins more than a day from now by this clock"
                    .to_owned()
            });
        }
        let properties = self.properties.of(enrichment.replay.as_ref());
        self.segment.enrich(event, &properties, enrichment.session.as_ref())
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

    /// What the recorder in a page is to mask, as the browser SDK's `privacyConfig` with every member there: the
    /// options' wishes, joined with the server's once its answer is known.
    pub fn privacy_config(&self) -> serde_json::Value {
        self.context.page_config.lock().privacy.to_json()
    }

    /// What the recorder in a page is told: [`Self::privacy_config`] as `privacyConfig`, and, where they are on,
    /// `loggingConfig` and `interactionConfig`.
    pub fn page_config(&self) -> serde_json::Value {
        self.context.page_config.lock().to_json()
    }

    /// Why events are kept in memory although the options name a `storageDir`; `None` where all is well. It is
    /// tried again with every chunk.
    pub fn storage_problem(&self) -> Option<String> {
        self.context.storage.problem()
    }
}

/// Records each line that is not empty, up to the first that is refused.
fn for_each_line(
    lines: &[u8],
    done: &mut Lines,
    record: impl Fn(&[u8]) -> Result<Outcome, Error>,
) -> Result<Outcome, Error> {
    let (mut outcome, mut rest) = (Outcome::Done, lines);
    while !rest.is_empty() {
        let (line, after) = rest.split_at(memchr(b'\n', rest).map_or(rest.len(), |end| end + 1));
        rest = after;
        done.bytes += line.len();
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        if line.trim_ascii().is_empty() {
            continue;
        }
        let told = record(line)?;
        done.kept += usize::from(!matches!(told, Outcome::NotCaptured | Outcome::Dropped));
        outcome = outcome.then(told);
    }
    Ok(outcome)
}

/// What the calls and the threads work with.
fn open(
    api_key: ApiKey,
    options: Options,
    log: Arc<Log>,
    transport: Arc<Transport>,
    hooks: Hooks,
    fast_path: Option<&'static FastPath>,
) -> Context {
    let http = Http::new(transport, options.proxy.clone(), options.host_requests);
    let options = Arc::new(options);
    let stats = Arc::new(Stats::default());
    let storage = Storage::open(options.storage_dir.as_deref(), &api_key, options.storage_limit_bytes);
    let storage = Arc::new(storage);
    let queue = Arc::new(Queue::default());
    if storage.has_storage() {
        queue.await_recovery();
    }
    let rule = (!options.remote_config).then(|| remote_config::local_rule(&options));
    let sessions = Sessions::open(
        options.clone(),
        storage.clone(),
        queue.clone(),
        stats.clone(),
        log.clone(),
        rule,
        fast_path,
    );
    let sessions = Arc::new(sessions.with_filter(hooks.filter));
    let page_config = Arc::new(Mutex::new(remote_config::local_page(&options)));
    Context {
        api_key,
        views: Arc::new(Views::new(sessions.clone(), page_config.clone())),
        page_config,
        options,
        storage,
        queue,
        sessions,
        stats,
        log,
        http: Arc::new(http),
        recovering: Arc::default(),
        snapshot_callback: hooks.snapshot_callback,
        stop: Arc::new(AtomicBool::new(false)),
    }
}
