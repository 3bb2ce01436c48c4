//! A place of the queue: what changed in one frame.

use super::frame::{Bitmap, Frame, Mime};
use super::grid::Grid;
use super::rect::Area;
use super::tile;

/// What changed in one frame, masked, on its way to the encoder. Its memory is used again for the frames that follow.
#[derive(Default)]
pub(super) struct Slot {
    /// The numbers of the tiles that changed, in order.
    pub tiles: Vec<u32>,
    /// Their pixels, tile by tile and row by row, as `0xFFRRGGBB`.
    pub pixels: Vec<u32>,
    /// In place of tiles: what the host had encoded.
    pub encoded: Option<(Mime, Vec<u8>)>,
    /// It shows all of the view: nothing before it is needed.
    pub is_full: bool,
    pub width: u32,
    pub height: u32,
    pub scale: f64,
    pub timestamp_ms: i64,
}

impl Slot {
    /// Empties it for this frame.
    pub fn begin(&mut self, frame: &Frame) {
        self.tiles.clear();
        self.pixels.clear();
        self.encoded = None;
        self.is_full = false;
        (self.width, self.height, self.scale) = (frame.width, frame.height, frame.scale);
        self.timestamp_ms = frame.timestamp_ms;
    }

    /// Gives its memory back.
    pub fn shrink(&mut self) {
        *self = Self::default();
    }

    /// Makes room for these tiles, and no more: a vector that grows by itself takes up to twice as much.
    pub fn reserve(&mut self, grid: &Grid, tiles: impl Iterator<Item = usize>) {
        let pixels = tiles.map(|index| {
            let (width, height) = grid.queued_size(&grid.area(grid.tile(index)));
            width as usize * height as usize
        });
        self.pixels.reserve_exact(pixels.sum());
    }

    pub fn push_tile(&mut self, bitmap: &Bitmap, grid: &Grid, index: usize, masks: &[Area]) {
        let area = grid.area(grid.tile(index));
        let (width, height) = grid.queued_size(&area);
        let start = self.pixels.len();
        self.pixels.resize(start + width as usize * height as usize, 0);
        tile::copy(bitmap, grid, &area, masks, &mut self.pixels[start..]);
        self.tiles.push(index as u32);
    }
}
