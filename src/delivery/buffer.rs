//! A growing buffer in memory of its own mapping, which goes back to the operating system whole. The allocator would keep
//! megabytes of a freed body for later, in a host's process that may not record for hours.

use std::io;
use std::ops::Deref;

use memmap2::MmapMut;

/// Bytes of a huge page, where they are smallest.
#[cfg(target_os = "linux")]
const HUGE_PAGE: usize = 2 << 20;

/// See the module. What was never written to takes no memory.
pub(crate) struct MmapBuffer {
    map: MmapMut,
    length: usize,
}

impl MmapBuffer {
    /// An empty buffer with room for `bytes`. It grows where that is not enough.
    pub fn with_capacity(bytes: usize) -> io::Result<Self> {
        Ok(Self { map: map(bytes.max(1))?, length: 0 })
    }

    /// How many bytes there is room for without growing.
    pub fn capacity(&self) -> usize {
        self.map.len()
    }

    /// Empties it, and keeps its memory.
    pub fn clear(&mut self) {
        self.length = 0;
    }

    /// Appends these bytes.
    pub fn push(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.room(bytes.len())?.copy_from_slice(bytes);
        self.length += bytes.len();
        Ok(())
    }

    /// Lets `fill` write to the next `max` bytes and appends as many of them as it returns. The others may be lost.
    pub fn push_some(&mut self, max: usize, fill: impl FnOnce(&mut [u8]) -> usize) -> io::Result<()> {
        self.length += fill(self.room(max)?).min(max);
        Ok(())
    }

    /// The next bytes, unused yet; grows the buffer for them.
    fn room(&mut self, bytes: usize) -> io::Result<&mut [u8]> {
        let end = self.length + bytes;
        if end > self.map.len() {
            let mut larger = map(end.max(2 * self.map.len()))?;
            larger[..self.length].copy_from_slice(self);
            self.map = larger;
        }
        Ok(&mut self.map[self.length..end])
    }

    /// Lets `fill` write to the whole buffer from its start and keeps as many bytes as it returns.
    pub fn fill<E>(&mut self, fill: impl FnOnce(&mut [u8]) -> Result<usize, E>) -> Result<(), E> {
        self.length = fill(&mut self.map)?.min(self.map.len());
        Ok(())
    }
}

/// Memory that is all zero. Each page costs a fault at first use: with huge pages that takes a quarter of the time. Not so where less
/// than one is used: the system joins neighbouring maps, and would clear a whole huge page for a part of it.
fn map(bytes: usize) -> io::Result<MmapMut> {
    let map = MmapMut::map_anon(bytes)?;
    #[cfg(target_os = "linux")]
    if bytes >= HUGE_PAGE {
        let _ = map.advise(memmap2::Advice::HugePage);
    }
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
    fn grows_and_keeps_its_bytes() {
        let mut buffer = MmapBuffer::with_capacity(0).unwrap();
        let all: Vec<u8> = (0..100_000u32).map(|number| number as u8).collect();
        all.chunks(777).for_each(|chunk| buffer.push(chunk).unwrap());
        assert_eq!(*buffer, *all);
        buffer.fill(|room| room.get_mut(..3).map(|start| start.fill(7)).map(|()| 3).ok_or(())).unwrap();
        assert_eq!(*buffer, [7, 7, 7]);
    }
}
