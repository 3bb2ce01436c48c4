//! One byte after the other, by a table, without a branch for each.

/// Bytes of text that are escaped at a time.
pub(super) const BLOCK: usize = 64;
/// What a block becomes at most, and the byte that is written behind it.
const ROOM: usize = 2 * BLOCK + 1;

/// For each byte: the one or two bytes that stand for it, and from bit 16 on how many these are.
pub(super) const ESCAPES: [u32; 256] = {
    let mut escapes = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let short = match byte as u8 {
            b'"' | b'\\' => byte as u8,
            b'\t' => b't',
            b'\n' => b'n',
            b'\r' => b'r',
            _ => 0,
        };
        escapes[byte] = match short {
            0 => 1 << 16 | byte as u32,
            short => 2 << 16 | (short as u32) << 8 | b'\\' as u32,
        };
        byte += 1;
    }
    escapes
};

/// Writes the text to the beginning of `room`, escaped; how many bytes that are. See [`super::SPARE`].
pub(super) fn escape(text: &[u8], room: &mut [u8]) -> usize {
    let mut length = 0;
    for block in text.chunks(BLOCK) {
        if let Some(room) = room.get_mut(length..).and_then(|room| room.first_chunk_mut::<ROOM>()) {
            length += escape_block(block, room);
        }
    }
    length
}

#[inline]
fn escape_block(block: &[u8], room: &mut [u8; ROOM]) -> usize {
    let mut length = 0;
    for byte in block {
        let escape = ESCAPES[usize::from(*byte)];
        // Two bytes are written even where one stands for it: the next store overwrites the second. The
        // remainder changes nothing; it saves the bounds checks.
        let at = length % (2 * BLOCK);
        room[at] = escape as u8;
        room[at + 1] = (escape >> 8) as u8;
        length += (escape >> 16) as usize;
    }
    length
}
