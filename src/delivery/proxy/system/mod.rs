//! The operating system's proxies.
//!
//! - [`asked`]: where the system has settings for all programs; [`windows`] and [`macos`] read them
//! - [`none`]: where it has none
//! - [`forked`]: where it must not be asked

#[cfg(any(target_os = "macos", windows))]
mod asked;
#[cfg(unix)]
mod forked;
#[cfg(target_os = "macos")]
mod macos;
#[cfg(not(any(target_os = "macos", windows)))]
mod none;
#[cfg(windows)]
mod windows;

#[cfg(any(target_os = "macos", windows))]
pub(super) use asked::System;
#[cfg(all(test, unix))]
pub(crate) use forked::is_fork;
#[cfg(unix)]
pub(crate) use forked::note_fork;
#[cfg(not(any(target_os = "macos", windows)))]
pub(super) use none::System;
