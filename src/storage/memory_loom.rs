//! The memory of a chunk in the loom model: what threads read and write of it is checked against what the orderings promise.
//!
//! The words at which heads stand are loom's atomics. Beside each word of bytes stands a cell that loom watches: a write that
//! another thread's read or write may run into fails the model, as does a use of what was given back.

use std::cell::UnsafeCell;
use std::fs::File;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};

use super::layout::{DELIVERED_AT, HEADER_BYTES, HEADER_COPY, PAGE};
use crate::sync::atomic::AtomicU64;

/// See the module.
pub(super) struct Memory {
    bytes: Box<[UnsafeCell<u8>]>,
    /// Of the header, the word that changes, in both copies: how much was delivered.
    delivered: [AtomicU64; 2],
    /// Those behind the header.
    words: Vec<AtomicU64>,
    /// One beside each of them.
    watched: Vec<loom::cell::UnsafeCell<()>>,
    is_given_back: AtomicBool,
}

// SAFETY: `watched` sees to it that no two threads use the same bytes at the same time.
unsafe impl Send for Memory {}
// SAFETY: as above.
unsafe impl Sync for Memory {}

pub(super) fn system_page() -> usize {
    PAGE
}

impl Memory {
    pub fn anonymous(capacity: usize) -> io::Result<Self> {
        let words = (capacity - HEADER_BYTES) / 8;
        Ok(Self {
            bytes: (0..capacity).map(|_| UnsafeCell::new(0)).collect(),
            delivered: [AtomicU64::new(0), AtomicU64::new(0)],
            words: (0..words).map(|_| AtomicU64::new(0)).collect(),
            watched: (0..words).map(|_| loom::cell::UnsafeCell::new(())).collect(),
            is_given_back: AtomicBool::new(false),
        })
    }

    pub fn over(_: &File, _: usize) -> io::Result<Self> {
        Err(io::ErrorKind::Unsupported.into())
    }

    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    pub fn write_header(&mut self, _: &[u8]) {}

    pub fn word(&self, offset: usize) -> &AtomicU64 {
        self.assert_is_there();
        match offset {
            DELIVERED_AT => &self.delivered[0],
            _ if offset == HEADER_COPY + DELIVERED_AT => &self.delivered[1],
            _ => &self.words[(offset - HEADER_BYTES) / 8],
        }
    }

    pub unsafe fn write(&self, offset: usize, bytes: &[u8]) {
        self.assert_is_there();
        for cell in self.watched(offset, bytes.len()) {
            cell.with_mut(|_| ());
        }
        for (cell, byte) in self.bytes[offset..].iter().zip(bytes) {
            // SAFETY: the watched cells would have failed the model if another thread used it.
            unsafe { *cell.get() = *byte };
        }
    }

    pub unsafe fn read(&self, offset: usize, length: usize) -> &[u8] {
        self.assert_is_there();
        for cell in self.watched(offset, length) {
            cell.with(|_| ());
        }
        let bytes = &self.bytes[offset..offset + length];
        // SAFETY: the watched cells fail the model if another thread writes it.
        unsafe { std::slice::from_raw_parts(bytes.as_ptr().cast(), bytes.len()) }
    }

    pub fn fetch_ahead(&self, _: usize, _: usize) {}

    pub unsafe fn give_back_behind(&self, offset: usize) {
        for cell in &self.watched[(offset - HEADER_BYTES).div_ceil(8)..] {
            cell.with_mut(|_| ());
        }
    }

    #[must_use]
    pub unsafe fn give_back(&self) -> bool {
        self.assert_is_there();
        for cell in &self.watched {
            cell.with_mut(|_| ());
        }
        self.is_given_back.store(true, Ordering::Relaxed);
        true
    }

    pub fn sync(&self) -> io::Result<()> {
        Ok(())
    }

    pub fn read_by_system(&self) -> io::Result<Vec<u8>> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn assert_is_there(&self) {
        assert!(!self.is_given_back.load(Ordering::Relaxed), "it was given back");
    }

    fn watched(&self, offset: usize, bytes: usize) -> &[loom::cell::UnsafeCell<()>] {
        let first = (offset - HEADER_BYTES) / 8;
        &self.watched[first..first + bytes.div_ceil(8)]
    }
}
