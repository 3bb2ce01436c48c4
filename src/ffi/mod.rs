//! The C ABI and nothing else: every function of `include/session_replay.h`, which is generated from here.
//!
//! - [`status`]: what a call answers
//! - [`boundary`]: the panic guard, the thread's last error; [`panic_strategy`]: that there is something to catch
//! - [`arguments`]: from pointers to Rust values, and back
//! - [`instance`]: the one recorder of the process; [`fork`]: a child has none; [`unload`]: when the library must stay
//! - [`lifecycle`], [`session`], [`record`], [`views`], [`frames`], [`segment`], [`log`], [`transport`]: the calls, by what they are for

mod arguments;
mod boundary;
mod crash;
mod fork;
mod frames;
mod instance;
mod lifecycle;
mod log;
mod panic_strategy;
mod record;
mod segment;
mod session;
mod status;
mod transport;
mod unload;
mod user_data;
mod views;
