//! The check that stands beside every stored byte: what was flipped or cut since is found.
//!
//! It is made on the thread that records, so it has to be quick: rapidhash takes half of XXH3's time on an event of
//! 300 bytes. Each file has secrets of its own, made from a random seed that stands in its header, so no event can
//! be made up whose bytes pass for a record, or for another event.

use rapidhash::v3::{RapidSecrets, rapidhash_v3_seeded};

/// Makes the checks of one file.
#[derive(Clone)]
pub(super) struct Check {
    seed: u64,
    secrets: RapidSecrets,
}

/// The half of a word that holds the check; a length or a number stands in the other.
const HALF: u64 = 0xffff_ffff_0000_0000;
/// Odd, so that no two places are told apart by less than their whole difference.
const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;

impl Check {
    /// The checks of the file with this seed.
    pub fn new(seed: u64) -> Self {
        Self { seed, secrets: RapidSecrets::seed(seed) }
    }

    /// The checks of a new file.
    pub fn random() -> Self {
        Self::new(fastrand::u64(1..))
    }

    /// What a header says, so that a reader makes the same checks.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// The check over an event's bytes, before its place is known.
    #[inline]
    pub fn event(&self, event: &[u8]) -> EventCheck {
        EventCheck(rapidhash_v3_seeded(event, &self.secrets))
    }

    /// The word before a record: its length and a check over its bytes and its place. Never zero, since an event has
    /// at least two bytes.
    pub fn record_head(&self, event: &[u8], offset: usize) -> u64 {
        self.event(event).head(event.len(), offset)
    }

    /// The word before a label of this length: `numbered` is the chunk's number and the label.
    pub fn label_head(&self, numbered: &[u8], label: usize) -> u64 {
        rapidhash_v3_seeded(numbered, &self.secrets) & HALF | label as u64
    }

    /// The check over two words.
    pub fn words(&self, one: u64, other: u64) -> u64 {
        let bytes = [one.to_le_bytes(), other.to_le_bytes()].concat();
        rapidhash_v3_seeded(&bytes, &self.secrets)
    }

    /// A number and its check.
    pub fn number(&self, number: u64) -> u64 {
        let number = number & !HALF;
        rapidhash_v3_seeded(&number.to_le_bytes(), &self.secrets) & HALF | number
    }
}

/// See [`Check::event`].
pub(super) struct EventCheck(u64);

impl EventCheck {
    /// See [`Check::record_head`].
    #[inline]
    pub fn head(&self, length: usize, offset: usize) -> u64 {
        (self.0 ^ (offset as u64).wrapping_mul(SPREAD)) & HALF | length as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stays_what_it_is_as_long_as_files_of_this_version_are_read() {
        let check = Check::new(7);
        assert_eq!(check.record_head(b"{\"type\":3}", 8_192), 4_519_473_057_697_366_026);
        assert_eq!(check.number(3), 2_835_153_820_995_026_947);
    }

    #[test]
    fn tells_every_flipped_bit_and_every_place() {
        let check = Check::random();
        for length in [2, 16, 17, 100, 300, 1_000] {
            let mut event = vec![b'x'; length];
            let good = check.record_head(&event, 64);
            assert_ne!(check.record_head(&event, 72), good);
            for bit in 0..length * 8 {
                event[bit / 8] ^= 1 << (bit % 8);
                assert_ne!(check.record_head(&event, 64), good, "bit {bit} of {length} bytes");
                event[bit / 8] ^= 1 << (bit % 8);
            }
        }
    }
}
