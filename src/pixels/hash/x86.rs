//! The hashes of tiles in vectors of AVX2 or AVX-512, where the processor has them: by hand, since what the compiler makes of the
//! same code for those is slower than what it makes for SSE2.

use std::arch::x86_64::{
    __m256i, __m512i, _MM_HINT_T0, _mm_prefetch, _mm256_add_epi64, _mm256_loadu_si256, _mm256_mul_epu32,
    _mm256_srli_epi64, _mm256_storeu_si256, _mm256_xor_si256, _mm512_add_epi64, _mm512_loadu_si512,
    _mm512_mul_epu32, _mm512_setzero_si512, _mm512_srli_epi64, _mm512_storeu_si512, _mm512_xor_si512,
};

use super::{BLOCK, BLOCKS, STRIPE, TileHash, keys, row_of_tiles};

/// So far ahead memory is fetched: with less a frame that is in no cache waits for it, with more one that is in one gets slower.
const AHEAD: usize = 4_096;

/// Instructions that this processor has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Vectors(Set);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Set {
    Avx2,
    Avx512,
}

impl Vectors {
    /// The widest.
    pub fn best() -> Option<Self> {
        Self::avx512().or_else(Self::avx2)
    }

    pub fn avx2() -> Option<Self> {
        is_x86_feature_detected!("avx2").then_some(Self(Set::Avx2))
    }

    /// Only of processors since 2019: on those before, wide vectors slow down all else that the core does.
    pub fn avx512() -> Option<Self> {
        let has_it = is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512vbmi2");
        has_it.then_some(Self(Set::Avx512))
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
            // SAFETY: and this one where it has AVX-512F.
            Set::Avx512 => unsafe { band_avx512(tiles, rows, bytes_of_tile) },
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
band!(band_avx512, "avx512f", avx512);

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
                fetch(stripe);
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

#[target_feature(enable = "avx512f")]
#[inline]
fn avx512<const N: usize>(
    tiles: &mut [TileHash],
    bytes: &[u8],
    distance: usize,
    offset: usize,
    place: usize,
) {
    let mut keys = [_mm512_setzero_si512(); N];
    for (stripe, key) in keys.iter_mut().enumerate() {
        // SAFETY: it is a pointer to an array of 64 bytes.
        *key = unsafe { _mm512_loadu_si512(super::keys(place, stripe).as_ptr().cast()) };
    }
    for (TileHash(lanes), tile) in tiles.iter_mut().zip(bytes.chunks_exact(distance)) {
        let Some((stripes, _)) = tile[offset..].as_chunks::<STRIPE>().0.split_first_chunk::<N>() else {
            return;
        };
        // SAFETY: all pointers are to an array of 64 bytes. None has to be aligned.
        unsafe {
            let lanes = lanes.as_mut_ptr().cast::<__m512i>();
            let mut sum = _mm512_loadu_si512(lanes);
            // By number: then the loop is unrolled.
            for at in 0..N {
                let (stripe, key) = (&stripes[at], keys[at]);
                fetch(stripe);
                let word = _mm512_loadu_si512(stripe.as_ptr().cast());
                let keyed = _mm512_xor_si512(word, key);
                let product = _mm512_mul_epu32(keyed, _mm512_srli_epi64::<32>(keyed));
                sum = _mm512_add_epi64(sum, _mm512_add_epi64(word, product));
            }
            _mm512_storeu_si512(lanes, sum);
        }
    }
}

/// Has the memory fetched that is read soon.
#[inline(always)]
fn fetch(stripe: &[u8; STRIPE]) {
    let ahead = stripe.as_ptr().wrapping_add(AHEAD);
    // SAFETY: nothing is read: an address without memory is passed over.
    unsafe { _mm_prefetch::<_MM_HINT_T0>(ahead.cast()) };
}
