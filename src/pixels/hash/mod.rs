//! The hash that tiles are compared by: XXH3's way to take in memory, kept open over the rows of a tile.
//!
//! All tiles beside each other take in a row of the frame at a time, so memory is read in order, and what a hash costs to end is
//! paid once a tile. Eight lanes, so that vector instructions do it: [`x86`] has them by hand, for whole tiles, and another way to take in
//! memory where the processor has one that is faster; what is here the compiler makes some of.

#[cfg(test)]
mod tests;
#[cfg(target_arch = "x86_64")]
mod x86;

/// Bytes that the lanes take in at once: eight of each.
const STRIPE: usize = 64;
/// The bytes of a row of a tile, where a pixel has four.
const BLOCK: usize = 4 * STRIPE;
/// Blocks that are told apart by their keys alone. As many as a tile has rows.
const BLOCKS: usize = 16;

/// One window of eight for each place of a stripe in the blocks: `16 × stripe in the block + block`.
const KEYS: [u64; 4 * BLOCKS + 8] = {
    let mut keys = [0; 4 * BLOCKS + 8];
    let mut at = 0;
    while at < keys.len() {
        // SplitMix64: numbers without a pattern.
        let mut key = (at as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        key = (key ^ key >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        key = (key ^ key >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        keys[at] = key ^ key >> 31;
        at += 1;
    }
    keys
};

/// A hash that is not ended.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
// So that no vector of it lies across two cache lines.
#[repr(align(64))]
pub(super) struct TileHash([u64; 8]);

/// Takes in tiles that lie beside each other: `rows` of the frame, from the first of the tiles on. A row of a tile has
/// `bytes_of_tile` bytes, of the last one it may have fewer.
pub(super) fn band_of_tiles<'a>(
    tiles: &mut [TileHash],
    rows: impl Iterator<Item = &'a [u8]>,
    bytes_of_tile: usize,
) {
    #[cfg(target_arch = "x86_64")]
    if let Some(vectors) = x86::Vectors::best() {
        return vectors.band(tiles, rows, bytes_of_tile);
    }
    for (row, bytes) in rows.enumerate() {
        row_of_tiles(tiles, row, bytes, bytes_of_tile);
    }
}

/// Takes in the row of this number of each tile.
fn row_of_tiles(tiles: &mut [TileHash], row: usize, bytes: &[u8], bytes_of_tile: usize) {
    for (tile, bytes) in tiles.iter_mut().zip(bytes.chunks(bytes_of_tile)) {
        tile.row(row, bytes);
    }
}

impl TileHash {
    /// Takes in the row of this number, from 0 on. All rows of one hash are of the same length.
    pub fn row(&mut self, row: usize, bytes: &[u8]) {
        match <&[u8; BLOCK]>::try_from(bytes) {
            Ok(block) => self.block(row, block),
            Err(_) => self.other_row(row, bytes),
        }
    }

    #[inline]
    fn block(&mut self, place: usize, block: &[u8; BLOCK]) {
        if place.is_multiple_of(BLOCKS) {
            self.stir(place);
        }
        let [one, two, three, four] = [0, 1, 2, 3].map(|stripe| keys(place, stripe));
        // One by one: of a loop over stripes the compiler makes vectors across them.
        let (stripes, _) = block.as_chunks::<STRIPE>();
        let lanes = take_in(self.0, &stripes[0], one);
        let lanes = take_in(lanes, &stripes[1], two);
        let lanes = take_in(lanes, &stripes[2], three);
        self.0 = take_in(lanes, &stripes[3], four);
    }

    /// A row of a pixel format with fewer bytes, at the frame's edge, or of a frame that is made smaller.
    fn other_row(&mut self, row: usize, bytes: &[u8]) {
        let blocks = bytes.len().div_ceil(BLOCK);
        for (at, block) in bytes.chunks(BLOCK).enumerate() {
            let place = row * blocks + at;
            if let Ok(block) = <&[u8; BLOCK]>::try_from(block) {
                self.block(place, block);
                continue;
            }
            if place.is_multiple_of(BLOCKS) {
                self.stir(place);
            }
            let (stripes, rest) = block.as_chunks::<STRIPE>();
            for (stripe, bytes) in stripes.iter().enumerate() {
                self.0 = take_in(self.0, bytes, keys(place, stripe));
            }
            if !rest.is_empty() {
                let mut last = [0; STRIPE];
                last[..rest.len()].copy_from_slice(rest);
                self.0 = take_in(self.0, &last, keys(place, stripes.len()));
            }
        }
    }

    /// The keys come again from here on: what was taken in under them before is made something else.
    #[cold]
    fn stir(&mut self, place: usize) {
        if place > 0 {
            for (lane, key) in self.0.iter_mut().zip(&KEYS[4 * BLOCKS..]) {
                *lane = (*lane ^ *lane >> 47 ^ key).wrapping_mul(0x9E37_79B1);
            }
        }
    }

    /// The hash of the rows.
    pub fn end(&self) -> u64 {
        let (pairs, _) = self.0.as_chunks::<2>();
        let folded = pairs.iter().zip(KEYS.as_chunks::<2>().0).map(|(lanes, keys)| {
            let product = u128::from(lanes[0] ^ keys[0]) * u128::from(lanes[1] ^ keys[1]);
            product as u64 ^ (product >> 64) as u64
        });
        let mut hash = folded.fold(0, u64::wrapping_add);
        hash = (hash ^ hash >> 37).wrapping_mul(0x1656_6791_9E37_79F9);
        hash ^ hash >> 32
    }
}

fn keys(place: usize, stripe: usize) -> &'static [u64; 8] {
    // Both are below what the keys are made for: the remainders save the checks.
    let first = BLOCKS * (stripe % 4) + place % BLOCKS;
    KEYS[first..].first_chunk().unwrap_or(&[0; 8])
}

/// To each lane a product of the two halves of its word under a key, and the word itself: a half is seen, whatever the other is.
#[inline(always)]
fn take_in(lanes: [u64; 8], stripe: &[u8; STRIPE], keys: &[u64; 8]) -> [u64; 8] {
    let (words, _) = stripe.as_chunks::<8>();
    std::array::from_fn(|lane| {
        let word = u64::from_le_bytes(words[lane]);
        let keyed = word ^ keys[lane];
        lanes[lane].wrapping_add(word).wrapping_add((keyed & 0xFFFF_FFFF).wrapping_mul(keyed >> 32))
    })
}
