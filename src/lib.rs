//! An embeddable session-replay SDK for native software.
//!
//! A host hands over replay events (rrweb JSON). They are kept in a buffer that survives the end of the process,
//! roll over when the analytics session changes, and are shipped in batches to Amplitude's Session Replay.
//!
//! Most hosts use the C ABI, `include/session_replay.h`. From Rust:
//!
//! ```no_run
//! use session_replay::{Log, Options, Outcome, SessionReplay};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let options = Options::from_json(
//!     r#"{"deviceId": "device-1", "sessionId": 1732300000000, "sampleRate": 1, "enableRemoteConfig": false}"#,
//! )?;
//! let replay = SessionReplay::start("your-api-key", options, Log::default().into())?;
//! if replay.record(br#"{"type":4,"timestamp":1732300000001,"data":{"width":800,"height":600}}"#)? == Outcome::NeedsFullSnapshot {
//!     // Have the recorder take one.
//! }
//! replay.shut_down(2_000)?;
//! # Ok(())
//! # }
//! ```
//!
//! Data moves one way: host → `ffi` → `recorder` → `threads`, `views` → `pixels`, `session` → `queue` → `storage` → `model`, and
//! `threads` → `delivery` → server. A module knows those after it, never those before it.

mod callback;
mod cancellation;
mod companions;
mod delivery;
mod error;
mod ffi;
mod filter;
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing;
#[cfg(test)]
mod generated;
mod log;
mod model;
mod options;
mod own_thread;
mod page_line;
mod page_status;
#[doc(hidden)]
pub mod pixels;
mod queue;
mod recorder;
mod redact;
mod remote_config;
mod segment;
mod session;
mod signals;
mod stats;
mod storage;
mod sync;
mod threads;
mod views;

pub use companions::{LogSeverity, RequestInfo};
pub use delivery::{HostHttp, HostRequest, HostResponse, Transport};
pub use error::Error;
pub use filter::{Filter, FilterFn, replace as filter_replace};
pub use log::{Log, LogSink};
pub use model::ids::{DeviceId, InvalidApiKey, InvalidId, MAX_ID_BYTES, ReplayId, SessionId};
pub use options::{LogLevel, Options, OptionsError};
pub use recorder::{Lines, SessionReplay};
pub use segment::{DeviceGetter, SessionGetter};
pub use session::Outcome;
pub use views::{NodeFlag, NodeInfo, NodeKind, PointerKind, ViewFlag, ViewInfo};
