//! The atomics of the lock-free part.

pub(crate) use std::sync::atomic::{AtomicU64, Ordering, fence};
