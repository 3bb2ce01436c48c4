//! The hash that tiles are compared by: XXH3's way to take in memory, kept open over the rows of a tile.
//!
//! All tiles beside each other take in a row of the frame at a time, so memory is read in order, and what a hash costs to end is
//! paid once a tile. Eight lanes, so that the compiler makes vector instructions of it.

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
#[derive(Clone, Copy, Default)]
pub(super) struct TileHash([u64; 8]);

impl TileHash {
    /// Takes in the row of this number, from 0 on. All rows of one hash are of the same length.
    #[inline]
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    fn hash(tile: &[u8], bytes_of_row: usize) -> u64 {
        let mut hash = TileHash::default();
        tile.chunks(bytes_of_row).enumerate().for_each(|(row, bytes)| hash.row(row, bytes));
        hash.end()
    }

    /// Bytes of a row of four-byte and of three-byte pixels, at an edge, and of frames that are made smaller; and how many.
    const SHAPES: [(usize, usize); 6] = [(256, 16), (192, 16), (128, 16), (52, 7), (512, 32), (2_816, 3)];

    /// As of a picture in few colours, of one colour, and of none.
    fn tiles(bytes: usize) -> [Vec<u8>; 4] {
        let mut random = fastrand::Rng::with_seed(7);
        let of_few =
            (0..bytes.div_ceil(4)).flat_map(|_| [[255; 4], [0xC8, 0xC8, 0xC8, 255]][random.usize(0..2)]);
        let of_few = of_few.take(bytes).collect();
        [of_few, (0..bytes).map(|_| random.u8(..)).collect(), vec![255; bytes], vec![0; bytes]]
    }

    /// The hashes of what is given, of which each is another.
    #[derive(Default)]
    struct Seen(HashSet<u64>);

    impl Seen {
        fn add(&mut self, tile: &[u8], bytes_of_row: usize, what: impl std::fmt::Debug) {
            assert!(self.0.insert(hash(tile, bytes_of_row)), "{bytes_of_row} {what:?}");
        }
    }

    #[test]
    fn every_bit_is_seen_wherever_it_is() {
        for (row, rows) in SHAPES {
            for (which, mut tile) in tiles(row * rows).into_iter().enumerate() {
                let mut seen = Seen::default();
                seen.add(&tile, row, which);
                // Of the large ones some: each byte of a stripe, in each stripe.
                for at in (0..tile.len()).step_by(if tile.len() > 5_000 { 7 } else { 1 }) {
                    for bit in 0..8 {
                        tile[at] ^= 1 << bit;
                        seen.add(&tile, row, (which, at, bit));
                        tile[at] ^= 1 << bit;
                    }
                }
            }
        }
    }

    #[test]
    fn every_exchange_of_two_words_pixels_or_stripes_is_seen() {
        for (row, rows) in SHAPES {
            let tile = &tiles(row * rows)[1];
            for size in [4, 8, STRIPE, row] {
                let mut seen = Seen::default();
                seen.add(tile, row, size);
                let count = (tile.len() / size).min(200);
                for (one, other) in (0..count).flat_map(|one| (0..one).map(move |other| (one, other))) {
                    let mut changed = tile.clone();
                    let (first, second) = (other * size, one * size);
                    changed[first..first + size].copy_from_slice(&tile[second..second + size]);
                    changed[second..second + size].copy_from_slice(&tile[first..first + size]);
                    seen.add(&changed, row, (size, one, other));
                }
            }
        }
    }

    #[test]
    fn what_moves_in_a_tile_of_one_colour_is_seen() {
        for (row, rows) in SHAPES {
            let mut seen = Seen::default();
            for height in 1..rows {
                for top in 0..=rows - height {
                    let mut tile = vec![255; row * rows];
                    tile[top * row..(top + height) * row].fill(0);
                    if height < rows {
                        seen.add(&tile, row, (top, height));
                    }
                }
            }
        }
    }

    #[test]
    fn no_two_colours_are_alike() {
        let mut seen = Seen::default();
        for colour in (0..1_u32 << 24).step_by(1 << 8 | 1) {
            seen.add(&colour.to_le_bytes().repeat(64 * 16), 256, colour);
        }
    }

    #[test]
    fn one_pixel_is_seen_beside_any_other() {
        // With a pixel beside it that is as the key, their product is 0.
        for stripe in 0..4 {
            let beside = (keys(0, stripe)[0] >> 32) as u32;
            let at = stripe * STRIPE;
            let mut tile = [255; BLOCK];
            tile[at + 4..at + 8].copy_from_slice(&beside.to_le_bytes());
            let mut seen = Seen::default();
            for colour in 0..1_000_u32 {
                tile[at..at + 4].copy_from_slice(&colour.to_le_bytes());
                seen.add(&tile, BLOCK, (stripe, colour));
            }
        }
    }

    #[test]
    fn a_bit_changes_half_of_the_hash() {
        let mut tile = tiles(4_096)[0].clone();
        let before = hash(&tile, 256);
        let mut changed = 0;
        for bit in 0..8 * tile.len() {
            tile[bit / 8] ^= 1 << (bit % 8);
            changed += (hash(&tile, 256) ^ before).count_ones();
            tile[bit / 8] ^= 1 << (bit % 8);
        }
        let mean = f64::from(changed) / (8 * tile.len()) as f64;
        assert!((31.0..33.0).contains(&mean), "{mean}");
    }

    #[test]
    fn a_short_last_row_is_seen() {
        assert_ne!(hash(&[1; 4 * 65], 256), hash(&[1; 256], 256));
    }
}
