//! Undoes gzip.

use std::io::Read;

use flate2::read::MultiGzDecoder;

use super::refusal::Refusal;

/// The unpacked body; no more than `limit` bytes are read out of it: a small body may unpack to gigabytes.
pub(super) fn decompress(wire: &[u8], limit: usize) -> Result<Vec<u8>, Refusal> {
    let mut body = Vec::new();
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    MultiGzDecoder::new(wire)
        .take(most)
        .read_to_end(&mut body)
        .map_err(|error| Refusal::bad(format!("the body is not valid gzip: {error}")))?;
    if body.len() > limit {
        return Err(Refusal::too_large(limit));
    }
    Ok(body)
}
