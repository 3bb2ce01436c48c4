//! The hashes of tiles in vectors, where the processor has them: by hand, since what the compiler makes of the same code for those is
//! slower than what it makes for SSE2. With AVX2 the lanes are those of the portable code. Where the processor has AES for vectors, too, a
//! round of that takes in sixteen bytes at once, as fast as they are read; tiles have other hashes then, which are compared with each other
//! alone.

use std::arch::x86_64::{
    __m256i, _mm256_add_epi64, _mm256_aesenc_epi128, _mm256_loadu_si256, _mm256_mul_epu32, _mm256_srli_epi64,
    _mm256_storeu_si256, _mm256_xor_si256,
};

use super::{BLOCK, BLOCKS, STRIPE, TileHash, keys, row_of_tiles};

/// Instructions that this processor has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Vectors(Set);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Set {
    Avx2,
    Vaes,
}

impl Vectors {
    /// The widest.
    pub fn best() -> Option<Self> {
        Self::vaes().or_else(Self::avx2)
    }

    pub fn avx2() -> Option<Self> {
        is_x86_feature_detected!("avx2").then_some(Self(Set::Avx2))
    }

    pub fn vaes() -> Option<Self> {
        let has_it = is_x86_feature_detected!("avx2") && is_x86_feature_detected!("vaes");
        has_it.then_some(Self(Set::Vaes))
    }

    /// Takes in tiles as [`super::band_of_tiles`] does.
    pub fn band<'a>(
        self,
        tiles: &mut [TileHash],
        rows: impl Iterator<Item = &'a [u8]>,
        bytes_of_tile: usize,
    ) {
        match self.0 {
            // SAFETY: a `Vectors` of this set is only made where the processor has AVX2.
            Set::Avx2 => unsafe { band_avx2(tiles, rows, bytes_of_tile) },
            // SAFETY: and this one where it has AES for vectors of AVX2.
            Set::Vaes => unsafe { band_vaes(tiles, rows, bytes_of_tile) },
        }
    }
}

/// A band by the rows' function of one set. All of it is compiled for that set, so that it becomes one loop.
macro_rules! band {
    ($name:ident, $feature:literal, $stripes:ident) => {
        #[target_feature(enable = $feature)]
        fn $name<'a>(tiles: &mut [TileHash], rows: impl Iterator<Item = &'a [u8]>, distance: usize) {
            let blocks = distance.div_ceil(BLOCK);
            for (row, bytes) in rows.enumerate() {
                let whole = match distance.is_multiple_of(STRIPE) {
                    true => tiles.len().min(bytes.len() / distance),
                    false => 0,
                };
                let (wholes, rest) = tiles.split_at_mut(whole);
                for at in 0..blocks {
                    let place = row * blocks + at;
                    if place > 0 && place.is_multiple_of(BLOCKS) {
                        wholes.iter_mut().for_each(|tile| tile.stir(place));
                    }
                    let offset = at * BLOCK;
                    match (distance - offset) / STRIPE {
                        0 => {}
                        1 => $stripes::<1>(wholes, bytes, distance, offset, place),
                        2 => $stripes::<2>(wholes, bytes, distance, offset, place),
                        3 => $stripes::<3>(wholes, bytes, distance, offset, place),
                        _ => $stripes::<4>(wholes, bytes, distance, offset, place),
                    }
                }
                row_of_tiles(rest, row, &bytes[whole * distance..], distance);
            }
        }
    };
}

band!(band_avx2, "avx2", avx2);
band!(band_vaes, "avx2,vaes", vaes);

#[target_feature(enable = "avx2")]
#[inline]
fn avx2<const N: usize>(tiles: &mut [TileHash], bytes: &[u8], distance: usize, offset: usize, place: usize) {
    let mut keys = [keys(place, 0); N];
    for (stripe, keys_of_it) in keys.iter_mut().enumerate() {
        *keys_of_it = super::keys(place, stripe);
    }
    for (TileHash(lanes), tile) in tiles.iter_mut().zip(bytes.chunks_exact(distance)) {
        let Some((stripes, _)) = tile[offset..].as_chunks::<STRIPE>().0.split_first_chunk::<N>() else {
            return;
        };
        // SAFETY: all pointers are into an array of 64 bytes, to its first or its second half. None has to be aligned.
        unsafe {
            let lanes = lanes.as_mut_ptr().cast::<__m256i>();
            let mut sums = [_mm256_loadu_si256(lanes), _mm256_loadu_si256(lanes.add(1))];
            // By number: then the loop is unrolled.
            for at in 0..N {
                let (stripe, keys) = (&stripes[at], keys[at]);
                for (half, sum) in sums.iter_mut().enumerate() {
                    let word = _mm256_loadu_si256(stripe.as_ptr().cast::<__m256i>().add(half));
                    let key = _mm256_loadu_si256(keys.as_ptr().cast::<__m256i>().add(half));
                    let keyed = _mm256_xor_si256(word, key);
                    let product = _mm256_mul_epu32(keyed, _mm256_srli_epi64::<32>(keyed));
                    *sum = _mm256_add_epi64(*sum, _mm256_add_epi64(word, product));
                }
            }
            _mm256_storeu_si256(lanes, sums[0]);
            _mm256_storeu_si256(lanes.add(1), sums[1]);
        }
    }
}

/// Each round makes all of its lane anew before the next bytes come: which bytes they are and where they stand both count. The lanes begin
/// with a key, or a tile of one colour would keep the four columns of each round alike.
#[target_feature(enable = "avx2,vaes")]
#[inline]
fn vaes<const N: usize>(tiles: &mut [TileHash], bytes: &[u8], distance: usize, offset: usize, place: usize) {
    for (TileHash(lanes), tile) in tiles.iter_mut().zip(bytes.chunks_exact(distance)) {
        let Some((stripes, _)) = tile[offset..].as_chunks::<STRIPE>().0.split_first_chunk::<N>() else {
            return;
        };
        // SAFETY: all pointers are into an array of 64 bytes, to its first or its second half. None has to be aligned.
        unsafe {
            let lanes = lanes.as_mut_ptr().cast::<__m256i>();
            let begin = if place == 0 { keys(0, 0).as_ptr().cast() } else { lanes.cast_const() };
            let mut states = [_mm256_loadu_si256(begin), _mm256_loadu_si256(begin.add(1))];
            for stripe in stripes {
                for (half, state) in states.iter_mut().enumerate() {
                    let word = _mm256_loadu_si256(stripe.as_ptr().cast::<__m256i>().add(half));
                    *state = _mm256_aesenc_epi128(*state, word);
                }
            }
            _mm256_storeu_si256(lanes, states[0]);
            _mm256_storeu_si256(lanes.add(1), states[1]);
        }
    }
}
