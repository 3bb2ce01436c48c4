//! A place of the queue: what changed in one frame.

use super::frame::{Bitmap, Frame, Mime};
use super::grid::{Grid, TileRect};
use super::rect::Area;
use super::tile;

/// What changed in one frame, masked, on its way to the encoder. Its memory is used again for the frames that follow.
#[derive(Default)]
pub(super) struct Slot {
    /// What changed.
    pub rects: Vec<TileRect>,
    /// Its pixels, one rectangle after the other, each row by row, as `0xFFRRGGBB`.
    pub pixels: Vec<u32>,
    /// In place of rectangles: what the host had encoded.
    pub encoded: Option<(Mime, Vec<u8>)>,
    /// It shows all of the view: nothing before it is needed.
    pub is_full: bool,
    pub width: u32,
    pub height: u32,
    pub scale: f64,
    pub timestamp_ms: i64,
    pub masking: u64,
}

impl Slot {
    /// Empties it for this frame.
    pub fn begin(&mut self, frame: &Frame, masking: u64) {
        self.rects.clear();
        self.pixels.clear();
        self.encoded = None;
        self.is_full = false;
        (self.width, self.height, self.scale) = (frame.width, frame.height, frame.scale);
        (self.timestamp_ms, self.masking) = (frame.timestamp_ms, masking);
    }

    /// Gives its memory back.
    pub fn shrink(&mut self) {
        *self = Self::default();
    }

    /// Copies the pixels of its rectangles.
    pub fn copy(&mut self, bitmap: &Bitmap, grid: &Grid, masks: &[Area]) {
        let size = |tiles: &TileRect| {
            let (width, height) = grid.queued_size(&grid.area(*tiles));
            width as usize * height as usize
        };
        // Room for these and no more: a vector that grows by itself takes up to twice as much.
        let pixels = self.rects.iter().map(size).sum();
        self.pixels.reserve_exact(pixels);
        self.pixels.resize(pixels, 0);
        let mut rest = &mut *self.pixels;
        for tiles in &self.rects {
            let (pixels, after) = rest.split_at_mut(size(tiles));
            tile::copy(bitmap, grid, &grid.area(*tiles), masks, pixels);
            rest = after;
        }
    }
}
