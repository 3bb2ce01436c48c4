//! The C ABI and nothing else: every function of `include/session_replay.h`, which is generated from here.
//!
//! - [`status`]: what a call answers
//! - [`boundary`]: the panic guard, the thread's last error; [`panic_strategy`]: that there is something to catch
//! - [`arguments`]: from pointers to Rust values, and back
//! - [`instance`]: the one recorder of the process; [`fork`]: a child has none; [`unload`]: when the library must stay,
//!   [`holds`]: for which recorders
//! - [`lifecycle`], [`session`], [`record`], [`interactions`], [`views`], [`frames`], [`companions`], [`segment`], [`log`],
//!   [`targeting`], [`transport`], [`requests`], [`filter`], [`snapshots`]: the calls, by what they are for

mod arguments;
mod boundary;
mod companions;
mod crash;
mod filter;
mod fork;
mod frames;
#[cfg(any(windows, test))]
mod holds;
mod instance;
mod interactions;
mod lifecycle;
mod log;
mod panic_strategy;
mod process_wide;
mod record;
mod requests;
mod segment;
mod session;
mod snapshots;
mod status;
mod targeting;
mod transport;
mod unload;
mod user_data;
mod views;
