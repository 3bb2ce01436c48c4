//! When a view is drawn whole again, so that a replay can begin there, and what was replaced can be dropped.

use std::time::Duration;

/// So many images on top of the last full picture are enough.
const MAX_IMAGES: u64 = 300;
/// So many bytes, too.
const MAX_BYTES: u64 = 1_000_000;
/// And so much time, if anything changed in it.
const MAX_AGE: Duration = Duration::from_secs(60);

/// What was shown since the last full picture.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Since {
    pub images: u64,
    pub bytes: u64,
}

impl Since {
    /// Whether another full picture is due.
    pub fn is_full_due(&self, age: Duration) -> bool {
        self.images >= MAX_IMAGES || self.bytes >= MAX_BYTES || (self.images > 0 && age >= MAX_AGE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_picture_is_due_after_many_images_many_bytes_or_some_time() {
        for (images, bytes, seconds, expected) in [
            (0, 0, 0, false),
            (0, 0, 3_600, false),
            (1, 100, 59, false),
            (1, 100, 60, true),
            (299, 999_999, 59, false),
            (300, 0, 0, true),
            (1, 1_000_000, 0, true),
        ] {
            let since = Since { images, bytes };
            let due = since.is_full_due(Duration::from_secs(seconds));
            assert_eq!(due, expected, "{images} {bytes} {seconds}");
        }
    }
}
