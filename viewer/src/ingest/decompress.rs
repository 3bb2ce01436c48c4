//! Undoes gzip.

use std::io::Read;

use flate2::bufread::MultiGzDecoder;

use super::refusal::Refusal;

/// The unpacked body; no more than `limit` bytes are read out of it: a small body may unpack to gigabytes.
pub(super) fn decompress(wire: &[u8], limit: usize) -> Result<Vec<u8>, Refusal> {
    // The last four bytes say how long the last member is, which is most often the only one. They are a claim: no more than the limit is
    // taken for it.
    let claimed = wire.last_chunk().map_or(0, |bytes| u32::from_le_bytes(*bytes));
    let mut body = Vec::with_capacity(usize::try_from(claimed).unwrap_or(0).min(limit).saturating_add(1));
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
