//! A growing text in pages of its own, given back to the system whole. The allocator would keep some megabytes of a freed
//! body for later, in a host's process that may not record for hours.

use std::io;
use std::ops::Deref;

use memmap2::MmapMut;

/// See the module. MmapBuffer that were never written to take no memory.
pub(crate) struct MmapBuffer {
    map: MmapMut,
    length: usize,
}

impl MmapBuffer {
    /// Room for so many bytes, which may become more.
    pub fn with_capacity(bytes: usize) -> io::Result<Self> {
        Ok(Self { map: map(bytes.max(1))?, length: 0 })
    }

    /// Adds these bytes.
    pub fn push(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.room(bytes.len())?.copy_from_slice(bytes);
        self.length += bytes.len();
        Ok(())
    }

    /// Adds as many of the next `MAX` bytes as `fill` says; what it wrote to the others may be lost.
    pub fn push_some<const MAX: usize>(
        &mut self,
        fill: impl FnOnce(&mut [u8; MAX]) -> usize,
    ) -> io::Result<()> {
        if let Some(room) = self.room(MAX)?.first_chunk_mut() {
            self.length += fill(room).min(MAX);
        }
        Ok(())
    }

    /// The next bytes, which are not in use yet.
    fn room(&mut self, bytes: usize) -> io::Result<&mut [u8]> {
        let end = self.length + bytes;
        if end > self.map.len() {
            let mut larger = map(end.max(2 * self.map.len()))?;
            larger[..self.length].copy_from_slice(self);
            self.map = larger;
        }
        Ok(&mut self.map[self.length..end])
    }

    /// Has all of its room filled, and keeps as many bytes as `fill` says.
    pub fn fill<E>(&mut self, fill: impl FnOnce(&mut [u8]) -> Result<usize, E>) -> Result<(), E> {
        self.length = fill(&mut self.map)?.min(self.map.len());
        Ok(())
    }
}

/// Memory that is all zero. Of much of it each page would cost a fault: large ones cost a quarter.
fn map(bytes: usize) -> io::Result<MmapMut> {
    let map = MmapMut::map_anon(bytes)?;
    #[cfg(target_os = "linux")]
    let _ = map.advise(memmap2::Advice::HugePage);
    Ok(map)
}

impl Deref for MmapBuffer {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.map[..self.length]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grows_and_keeps_what_it_has() {
        let mut pages = MmapBuffer::with_capacity(0).unwrap();
        let all: Vec<u8> = (0..100_000u32).map(|number| number as u8).collect();
        all.chunks(777).for_each(|chunk| pages.push(chunk).unwrap());
        assert_eq!(*pages, *all);
        pages.fill(|room| room.get_mut(..3).map(|start| start.fill(7)).map(|()| 3).ok_or(())).unwrap();
        assert_eq!(*pages, [7, 7, 7]);
    }
}
