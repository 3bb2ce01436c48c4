//! Stands in for the Session Replay ingest on a developer's desk and in tests.
//!
//! It speaks the ingest protocol as a server, keeps what it accepts in an object store, answers remote configuration,
//! misbehaves when told to, lists sessions and plays them. The binary and the in-process server are the same code:
//!
//! ```no_run
//! use session_replay_viewer::{Config, Viewer};
//!
//! let viewer = Viewer::start(Config::default())?;
//! println!("send replays to {}", viewer.track_url());
//! // Dropping the viewer closes its connections and frees the port.
//! # Ok::<(), session_replay_viewer::StartError>(())
//! ```

mod api;
mod app;
mod arrival;
mod batch;
mod blocking;
mod config;
mod connection;
mod deletion;
mod error;
mod faults;
mod headers;
mod hosts;
mod import;
mod index;
mod ingest;
mod limits;
mod middleware;
mod page;
mod remote_config;
mod replay_id;
mod request_log;
mod retention;
mod routes;
mod server;
mod store;
mod units;
mod user_agent;
mod viewer;

pub use config::{Config, StoreLocation};
pub use error::StartError;
pub use hosts::InvalidHost;
pub use remote_config::InvalidRemoteConfig;
pub use store::OpenError;
pub use units::{parse_bytes, parse_duration};
pub use viewer::Viewer;
