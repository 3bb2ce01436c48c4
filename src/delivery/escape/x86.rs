//! Eight bytes at a time: which of them are to be escaped is a number of eight bits, and a table has for each the order in which
//! one instruction (SSSE3's `pshufb`) puts them and the backslashes.

use std::arch::x86_64::{
    __m128i, _mm_cmpeq_epi8, _mm_cvtsi128_si64, _mm_min_epu8, _mm_movemask_epi8, _mm_or_si128,
    _mm_set_epi64x, _mm_set1_epi8, _mm_shuffle_epi8, _mm_unpackhi_epi64,
};

use super::table;

/// Bytes of text in a step.
const STEP: usize = 8;
/// Where backslashes stand in a vector, behind the text.
const BACKSLASH: u8 = STEP as u8;

/// For each set of bytes to escape: what comes at each place of the result, as two words. What is behind its end is of no account.
static ORDERS: [[i64; 2]; 256] = {
    let mut orders = [[0; 2]; 256];
    let mut escaped = 0;
    while escaped < 256 {
        let mut order = [BACKSLASH; 2 * STEP];
        let (mut from, mut to) = (0, 0);
        while from < STEP {
            // Where it is escaped, the backslash that stands there already comes first.
            to += escaped >> from & 1;
            order[to] = from as u8;
            (from, to) = (from + 1, to + 1);
        }
        let [low, high] = [order.first_chunk::<8>(), order.last_chunk::<8>()];
        if let (Some(low), Some(high)) = (low, high) {
            orders[escaped] = [i64::from_le_bytes(*low), i64::from_le_bytes(*high)];
        }
        escaped += 1;
    }
    orders
};

/// A processor that can do it.
#[derive(Clone, Copy)]
pub(super) struct Shuffles(());

impl Shuffles {
    /// Nearly each since 2008.
    pub fn here() -> Option<Self> {
        (is_x86_feature_detected!("ssse3") && is_x86_feature_detected!("popcnt")).then_some(Self(()))
    }

    /// As [`table::escape`] does.
    pub fn escape(self, text: &[u8], room: &mut [u8]) -> usize {
        // SAFETY: a `Shuffles` is only made where the processor has SSSE3 and POPCNT.
        unsafe { escape(text, room) }
    }
}

#[target_feature(enable = "ssse3,popcnt")]
fn escape(text: &[u8], room: &mut [u8]) -> usize {
    let (steps, rest) = text.as_chunks::<STEP>();
    let mut length = 0;
    for step in steps {
        let Some(room) = room.get_mut(length..).and_then(|room| room.first_chunk_mut()) else { break };
        length += escape_step(*step, room);
    }
    if let Some(room) = room.get_mut(length..).and_then(|room| room.first_chunk_mut()) {
        // Spaces behind it stay as they are, and are left out again.
        let mut step = [b' '; STEP];
        step[..rest.len()].copy_from_slice(rest);
        length += escape_step(step, room) + rest.len() - STEP;
    }
    length
}

#[inline]
#[target_feature(enable = "ssse3,popcnt")]
fn escape_step(step: [u8; STEP], room: &mut [u8; 2 * STEP]) -> usize {
    let text = _mm_set_epi64x(i64::from_le_bytes([b'\\'; STEP]), i64::from_le_bytes(step));
    // What JSON has as white space between its values.
    let is_control = _mm_cmpeq_epi8(_mm_min_epu8(text, _mm_set1_epi8(0x1f)), text);
    if _mm_movemask_epi8(is_control) != 0 {
        return escape_white_space(step, room);
    }
    let is = |byte: u8| _mm_cmpeq_epi8(text, _mm_set1_epi8(byte as i8));
    let escaped = _mm_movemask_epi8(_mm_or_si128(is(b'"'), is(b'\\'))) as u32 & 0xff;
    let [low, high] = ORDERS[escaped as usize];
    *room = bytes_of(_mm_shuffle_epi8(text, _mm_set_epi64x(high, low)));
    STEP + escaped.count_ones() as usize
}

#[inline]
#[target_feature(enable = "ssse3")]
fn bytes_of(vector: __m128i) -> [u8; 16] {
    let mut bytes = [0; 16];
    let (low, high) = bytes.split_at_mut(8);
    low.copy_from_slice(&_mm_cvtsi128_si64(vector).to_le_bytes());
    high.copy_from_slice(&_mm_cvtsi128_si64(_mm_unpackhi_epi64(vector, vector)).to_le_bytes());
    bytes
}

/// No recorder writes any.
#[cold]
fn escape_white_space(step: [u8; STEP], room: &mut [u8; 2 * STEP]) -> usize {
    let mut whole = [0; super::SPARE + 2 * STEP];
    let length = table::escape(&step, &mut whole);
    room.copy_from_slice(&whole[..2 * STEP]);
    length
}
