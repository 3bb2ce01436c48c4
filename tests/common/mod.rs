//! What the integration tests share, each thing in one place.

#![allow(dead_code, unused_imports, reason = "each test program uses a part of it")]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that can't go on has failed"
)]

pub mod c;
pub mod child;
mod events;
pub mod examples;
mod files;
pub mod frames;
pub mod painted;
mod raw_requests;
mod recorder;
mod route;
pub mod scene;
mod server;
mod waiting;

pub use events::{SNAPSHOT, recording, timestamped, wire_form};
pub use files::{files_below, list_below, move_runs, runs};
pub use raw_requests::{
    RawRequest, receive_one_request, receive_requests, serve_requests, serve_requests_at,
};
pub use recorder::{DEAD, capture_all, options, options_for, start};
pub use route::{Meta, Route, cut_off};
pub use server::Server;
pub use waiting::{wait_for_ends, wait_until, within_ms};
