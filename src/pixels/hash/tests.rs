use super::*;
use std::collections::HashSet;

/// A way to hash a tile, whose rows have so many bytes.
type Way = fn(&[u8], usize) -> u64;

/// Those that give other hashes: the portable one, and of what this processor can do by vectors.
fn ways() -> Vec<Way> {
    let portable: Way = |tile, bytes_of_row| {
        let mut hash = TileHash::default();
        tile.chunks(bytes_of_row).enumerate().for_each(|(row, bytes)| hash.row(row, bytes));
        hash.end()
    };
    #[cfg(target_arch = "x86_64")]
    if x86::Vectors::vaes().is_some() {
        let vaes: Way = |tile, bytes_of_row| {
            let mut hash = [TileHash::default()];
            let vectors = x86::Vectors::vaes().unwrap();
            vectors.band(&mut hash, tile.chunks(bytes_of_row), bytes_of_row);
            let mut ended = [0];
            vectors.end(&hash, &mut ended);
            ended[0]
        };
        return vec![portable, vaes];
    }
    vec![portable]
}

/// Bytes of a row of four-byte and of three-byte pixels, at an edge, and of frames that are made smaller; and how many.
const SHAPES: [(usize, usize); 6] = [(256, 16), (192, 16), (128, 16), (52, 7), (512, 32), (2_816, 3)];

/// Without vectors, and then often under an emulator, each hash takes long: one of so many changes is looked at. An odd number, so that
/// each byte of a stripe has its turn. The portable hash is the same everywhere.
const SPARSE: usize = if cfg!(target_arch = "x86_64") { 1 } else { 5 };

/// As of a picture in few colours, of one colour, and of none.
fn tiles(bytes: usize) -> [Vec<u8>; 4] {
    let mut random = fastrand::Rng::with_seed(7);
    let of_few = (0..bytes.div_ceil(4)).flat_map(|_| [[255; 4], [0xC8, 0xC8, 0xC8, 255]][random.usize(0..2)]);
    let of_few = of_few.take(bytes).collect();
    [of_few, (0..bytes).map(|_| random.u8(..)).collect(), vec![255; bytes], vec![0; bytes]]
}

/// The hashes of what is given, of which each is another, whichever way it is hashed.
struct Seen(Vec<(Way, HashSet<u64>)>);

impl Default for Seen {
    fn default() -> Self {
        Self(ways().into_iter().map(|way| (way, HashSet::new())).collect())
    }
}

impl Seen {
    fn add(&mut self, tile: &[u8], bytes_of_row: usize, what: impl std::fmt::Debug) {
        for (way, (hash, seen)) in self.0.iter_mut().enumerate() {
            assert!(seen.insert(hash(tile, bytes_of_row)), "{way} {bytes_of_row} {what:?}");
        }
    }
}

#[test]
fn every_bit_is_seen_wherever_it_is() {
    for (row, rows) in SHAPES {
        for (which, mut tile) in tiles(row * rows).into_iter().enumerate() {
            let mut seen = Seen::default();
            seen.add(&tile, row, which);
            // Of the large ones some: each byte of a stripe, in each stripe.
            let (some, all) = (7 * SPARSE, SPARSE);
            for at in (0..tile.len()).step_by(if tile.len() > 5_000 { some } else { all }) {
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
            let count = (tile.len() / size).min(200 / SPARSE);
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
    for hash in ways() {
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
}

#[test]
fn a_short_last_row_is_seen() {
    for hash in ways() {
        assert_ne!(hash(&[1; 4 * 65], 256), hash(&[1; 256], 256));
    }
}

#[test]
fn what_changes_in_two_places_at_once_is_seen() {
    // A line that moves, and two pixels that change alike, from any colour to any: in neighbours of a lane, in others, in rows.
    let mut random = fastrand::Rng::with_seed(17);
    let colours = [[0, 0, 0, 255], [255; 4], [1, 0, 0, 255], [0, 0, 0, 0]];
    for ground in colours {
        let mut seen = Seen::default();
        let tile = ground.repeat(64 * 16);
        seen.add(&tile, 256, ground);
        for one in 0..64 * 16 {
            let mut changed = tile.clone();
            let other =
                [one + 1, one + 4, one + 16, one + 64, random.usize(0..1_024)][random.usize(0..5)] % 1_024;
            let colour = colours[random.usize(0..4)];
            if one == other || colour == ground {
                continue;
            }
            changed[4 * one..][..4].copy_from_slice(&colour);
            seen.add(&changed, 256, (ground, one));
            changed[4 * other..][..4].copy_from_slice(&colour);
            if one < other {
                seen.add(&changed, 256, (ground, one, other));
            }
        }
    }
}

#[test]
fn a_tile_is_hashed_alike_wherever_it_lies() {
    // Of a band of tiles each is the hash of its own bytes, whatever is beside it, at any address.
    let mut random = fastrand::Rng::with_seed(18);
    for bytes_of_tile in [256, 192, 128, 64, 320] {
        let memory: Vec<u8> = (0..64 + 5 * bytes_of_tile).map(|_| random.u8(..)).collect();
        let rows: Vec<_> = (0..16).map(|_| &memory[random.usize(0..64)..][..5 * bytes_of_tile]).collect();
        let mut band = [TileHash::default(); 5];
        band_of_tiles(&mut band, rows.iter().copied(), bytes_of_tile);
        for (column, tile) in band.iter().enumerate() {
            let mut alone = [TileHash::default()];
            let of_tile = rows.iter().map(|row| &row[column * bytes_of_tile..][..bytes_of_tile]);
            band_of_tiles(&mut alone, of_tile, bytes_of_tile);
            assert_eq!(*tile, alone[0], "{bytes_of_tile} {column}");
        }
    }
}

#[cfg(target_arch = "x86_64")]
#[test]
fn vectors_without_aes_hash_as_the_compiler_does() {
    use super::x86::Vectors;

    let mut random = fastrand::Rng::with_seed(15);
    for bytes_of_tile in (1..=1_100).chain((1_152..4_000).step_by(64)) {
        let columns = random.usize(1..9);
        // The last tile of the row is as long as the others, or shorter; rows lie anywhere in memory.
        let bytes = (columns - 1) * bytes_of_tile
            + [bytes_of_tile, random.usize(1..=bytes_of_tile)][random.usize(0..2)];
        let memory: Vec<u8> = (0..64 + bytes).map(|_| random.u8(..)).collect();
        let rows: Vec<_> = (0..40).map(|_| &memory[random.usize(0..64)..][..bytes]).collect();
        let mut expected = vec![TileHash::default(); columns];
        for (row, bytes) in rows.iter().enumerate() {
            row_of_tiles(&mut expected, row, bytes, bytes_of_tile);
        }
        if let Some(vectors) = Vectors::avx2() {
            let mut tiles = vec![TileHash::default(); columns];
            vectors.band(&mut tiles, rows.iter().copied(), bytes_of_tile);
            assert_eq!(tiles, expected, "{vectors:?} {bytes_of_tile} {columns}");
        }
    }
}
