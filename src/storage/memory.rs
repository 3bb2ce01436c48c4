//! The memory behind one chunk: a map over a file, or over memory that ends with the process.
//!
//! It says where bytes are and how they are got and given back. Who may touch which of them when is [`super::map`]'s to see to;
//! this module relies on one thing of its own: the file behind a map belongs to this process. Its directory is private and
//! locked, and no file that may be mapped is ever made shorter.

use std::fs::File;
use std::io;
use std::mem::ManuallyDrop;
#[cfg(unix)]
use std::num::NonZeroUsize;
use std::slice;
use std::sync::atomic::AtomicBool;
#[cfg(not(unix))]
use std::sync::atomic::Ordering;

use memmap2::{MmapMut, MmapOptions, MmapRaw};

use super::layout::{HEADER_BYTES, HEADER_COPY, PAGE};
use crate::sync::atomic::AtomicU64;

/// How far ahead of the last append memory is fetched: some events.
#[cfg(target_arch = "x86_64")]
const FETCH_AHEAD: usize = 1_536;

/// See the module.
pub(super) struct Memory {
    raw: ManuallyDrop<MmapRaw>,
    /// It was unmapped: see [`Memory::give_back`].
    is_unmapped: AtomicBool,
}

/// The size of a page of this system: 4 KiB on many, 16 or 64 KiB on others. What is given back to it is whole pages.
pub(super) fn system_page() -> usize {
    #[cfg(unix)]
    {
        // Nobody waits for who is asking: a child that is forked meanwhile would wait forever.
        static BYTES: once_cell::race::OnceNonZeroUsize = once_cell::race::OnceNonZeroUsize::new();
        // SAFETY: it asks for a number.
        let asked = || usize::try_from(unsafe { libc::sysconf(libc::_SC_PAGESIZE) }).unwrap_or(0);
        BYTES.get_or_init(|| NonZeroUsize::new(asked()).unwrap_or(NonZeroUsize::MIN)).get().max(PAGE)
    }
    #[cfg(not(unix))]
    PAGE
}

impl Memory {
    /// Memory that ends with the process.
    pub fn anonymous(capacity: usize) -> io::Result<Self> {
        large_enough(capacity)?;
        Self::prepare(MmapMut::map_anon(capacity)?)
    }

    /// A map over a file of at least `capacity` bytes, all zero and allocated.
    pub fn over(file: &File, capacity: usize) -> io::Result<Self> {
        large_enough(capacity)?;
        // SAFETY: the file was made by this process a moment ago, in a directory that only this user may enter and that this
        // run holds locked; nobody else writes it or makes it shorter.
        let map = unsafe { MmapOptions::new().len(capacity).map_mut(file)? };
        Self::prepare(map)
    }

    fn prepare(mut map: MmapMut) -> io::Result<Self> {
        // The first store to a page costs a fault. Taken here, the recording thread does not pay it.
        if !populate(&map)? {
            for page in map.chunks_mut(PAGE) {
                page[0] = 0;
            }
        }
        Ok(Self { raw: ManuallyDrop::new(map.into()), is_unmapped: AtomicBool::new(false) })
    }

    /// How many bytes there are.
    #[inline]
    pub fn len(&self) -> usize {
        self.raw.len()
    }

    /// Writes the beginning of both copies of the header. `&mut`: nobody else has the memory yet.
    pub fn write_header(&mut self, header: &[u8]) {
        // SAFETY: `&mut self` says that nobody else uses the map, and the header lies inside it.
        let place = unsafe { slice::from_raw_parts_mut(self.raw.as_mut_ptr(), HEADER_BYTES) };
        place.chunks_mut(HEADER_COPY).for_each(|copy| copy[..header.len()].copy_from_slice(header));
    }

    /// The word at `offset`, a multiple of 8: a record's head, or one of the header's.
    #[inline]
    pub fn word(&self, offset: usize) -> &AtomicU64 {
        assert!(offset.is_multiple_of(8) && offset + 8 <= self.raw.len());
        // SAFETY: inside the map, aligned (the map begins at a page), and once the map is shared these words are only ever
        // reached as atomics.
        unsafe { AtomicU64::from_ptr(self.raw.as_mut_ptr().add(offset).cast()) }
    }

    /// Copies `bytes` to `offset`.
    ///
    /// # Safety
    /// The range lies inside the memory, and nobody else reads or writes it meanwhile.
    #[inline]
    pub unsafe fn write(&self, offset: usize, bytes: &[u8]) {
        // SAFETY: as the caller says.
        unsafe { self.raw.as_mut_ptr().add(offset).copy_from_nonoverlapping(bytes.as_ptr(), bytes.len()) };
    }

    /// The `length` bytes at `offset`.
    ///
    /// # Safety
    /// The range lies inside the memory, and nobody writes it as long as the slice is used.
    pub unsafe fn read(&self, offset: usize, length: usize) -> &[u8] {
        // SAFETY: as the caller says.
        unsafe { slice::from_raw_parts(self.raw.as_ptr().add(offset), length) }
    }

    /// Has the processor fetch what the next appends will store to, so that they do not wait for it: about the pages
    /// and lines that `bytes` more take, [`FETCH_AHEAD`] behind `offset`.
    #[inline]
    pub fn fetch_ahead(&self, offset: usize, bytes: usize) {
        #[cfg(target_arch = "x86_64")]
        for line in (0..bytes.min(FETCH_AHEAD)).step_by(64) {
            use std::arch::x86_64::{_MM_HINT_ET0, _mm_prefetch};
            let place = self.raw.as_ptr().wrapping_add(offset + FETCH_AHEAD + line);
            // SAFETY: a hint: it reads and writes nothing, and may point anywhere.
            unsafe { _mm_prefetch::<_MM_HINT_ET0>(place.cast()) };
        }
        #[cfg(not(target_arch = "x86_64"))]
        let _ = (offset, bytes);
    }

    /// Gives the pages that lie wholly behind `offset` back to the system. What is in a file stays there.
    ///
    /// # Safety
    /// Nobody reads or writes what lies behind `offset`, from now on.
    pub unsafe fn give_back_behind(&self, offset: usize) {
        let offset = offset.next_multiple_of(system_page());
        let Some(rest) = self.raw.len().checked_sub(offset).filter(|rest| *rest > 0) else {
            return;
        };
        #[cfg(unix)]
        {
            // SAFETY: whole pages that, as the caller says, nobody uses any more. That pages over memory read as zero from now
            // on changes nothing.
            let _ =
                unsafe { self.raw.unchecked_advise_range(memmap2::UncheckedAdvice::DontNeed, offset, rest) };
        }
        #[cfg(not(unix))]
        let _ = rest;
    }

    /// Gives all of it back, and the room on disk that a file keeps as long as it is mapped. On Unix the addresses stay taken. `false`
    /// where the system refuses: then nobody knows what is mapped there now, so `self` must never be dropped.
    ///
    /// # Safety
    /// Nobody reads or writes any of it, from now on.
    #[must_use]
    pub unsafe fn give_back(&self) -> bool {
        #[cfg(unix)]
        {
            let flags = libc::MAP_FIXED | libc::MAP_PRIVATE | libc::MAP_ANONYMOUS;
            // SAFETY: exactly the range of this map, which nobody reads or writes any more, becomes a range without memory;
            // it is unmapped as before. Where that fails the range may be unmapped already, and another thread's map may lie
            // there by now: the caller sees to it that it is not unmapped a second time.
            let range = unsafe {
                libc::mmap(self.raw.as_mut_ptr().cast(), self.raw.len(), libc::PROT_NONE, flags, -1, 0)
            };
            range != libc::MAP_FAILED
        }
        #[cfg(not(unix))]
        {
            if !self.is_unmapped.swap(true, Ordering::AcqRel) {
                // SAFETY: nobody uses the map any more, as the caller says; `is_unmapped` sees to it that it is dropped once.
                drop(unsafe { std::ptr::read(&raw const *self.raw) });
            }
            true
        }
    }

    /// Writes what was stored to the file, and the file to the disk. Both in this order: on Windows the file knows nothing of
    /// what its map has not written.
    pub fn sync(&self) -> io::Result<()> {
        self.raw.flush()
    }

    /// All its bytes, read by the system as those of a file are: also where a thread may still be writing. Of a map over a
    /// file, the file itself gives the same.
    pub fn read_by_system(&self) -> io::Result<Vec<u8>> {
        #[cfg(target_os = "linux")]
        {
            let mut bytes = vec![0; self.raw.len()];
            let memory = File::open("/proc/self/mem")?;
            std::os::unix::fs::FileExt::read_exact_at(&memory, &mut bytes, self.raw.as_ptr() as u64)?;
            Ok(bytes)
        }
        #[cfg(not(target_os = "linux"))]
        Err(io::ErrorKind::Unsupported.into())
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        if !*self.is_unmapped.get_mut() {
            // SAFETY: it is here, and not used again.
            unsafe { ManuallyDrop::drop(&mut self.raw) };
        }
    }
}

/// Memory smaller than its header would be written over its end.
fn large_enough(capacity: usize) -> io::Result<()> {
    if capacity > HEADER_BYTES { Ok(()) } else { Err(io::ErrorKind::InvalidInput.into()) }
}

/// Takes the faults of all pages at once, where the system can; `false` where it can't. An error says that a store to them
/// would end the process: the file system gave the file its size, but has no room, or no file any more, behind it.
fn populate(map: &MmapMut) -> io::Result<bool> {
    #[cfg(target_os = "linux")]
    return match map.advise(memmap2::Advice::PopulateWrite) {
        Ok(()) => Ok(true),
        Err(error) => match error.raw_os_error() {
            Some(libc::EFAULT | libc::EHWPOISON | libc::ENOMEM) => Err(error),
            _ => Ok(false),
        },
    };
    #[cfg(not(target_os = "linux"))]
    {
        let _ = map;
        Ok(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_never_smaller_than_its_header() {
        for capacity in [0, 1, PAGE, HEADER_BYTES] {
            assert!(Memory::anonymous(capacity).is_err());
            let file = tempfile::tempfile().unwrap();
            file.set_len(4 * PAGE as u64).unwrap();
            assert!(Memory::over(&file, capacity).is_err());
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_file_without_room_behind_it_is_an_error_and_no_fault() {
        let file = tempfile::tempfile().unwrap();
        file.set_len(PAGE as u64).unwrap();
        assert!(Memory::over(&file, 4 * PAGE).is_err());
    }
}
