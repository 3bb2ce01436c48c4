//! How good images are.

/// From the best, while there is plenty, to the worst, whose letters are still read.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Quality {
    /// By how much (of 255) a channel of a pixel at an edge may change, for an image without loss.
    pub tolerance: u8,
    /// libwebp's quality, of 100, for an image with losses.
    pub lossy: f32,
}

const BEST: Quality = Quality { tolerance: 40, lossy: 50.0 };
const WORST: Quality = Quality { tolerance: 80, lossy: 20.0 };

impl Quality {
    /// 1: the best; 0: the worst.
    pub fn of(part: f32) -> Self {
        let between = |worst: f32, best: f32| worst + part * (best - worst);
        Self {
            tolerance: between(f32::from(WORST.tolerance), f32::from(BEST.tolerance)).round() as u8,
            lossy: between(WORST.lossy, BEST.lossy),
        }
    }
}
