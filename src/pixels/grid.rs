//! How a frame is cut into tiles, and large frames made smaller.

use super::rect::Area;

/// The size of a tile in pixels, after the frame was made smaller. Letters and menus lie in rows: low tiles hold fewer pixels
/// that did not change, by a third on a Qt program, and cost no more to compare. libwebp works on squares of 16.
pub(super) const TILE_WIDTH: u32 = 64;
/// See [`TILE_WIDTH`].
pub(super) const TILE_HEIGHT: u32 = 16;
/// What a whole frame may have of pixels in the queue: a screen of 1920×1200 has 2.3 million. A larger frame is made smaller
/// on its way there, so that a 4K frame takes a quarter of its memory.
const MAX_QUEUED_PIXELS: u64 = 2_500_000;

/// The tiles of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Grid {
    /// Of the frame, as the host handed it over.
    pub width: u32,
    pub height: u32,
    /// So many pixels of the frame, squared, become one.
    pub step: u32,
}

impl Grid {
    /// For a frame of this size, which is not empty.
    pub fn new(width: u32, height: u32) -> Self {
        let queued = |step: u32| u64::from(width.div_ceil(step)) * u64::from(height.div_ceil(step));
        let mut step = 1;
        while queued(step) > MAX_QUEUED_PIXELS {
            step += 1;
        }
        Self { width, height, step }
    }

    /// Of a tile, in pixels of the frame.
    pub fn tile_width(&self) -> u32 {
        TILE_WIDTH * self.step
    }

    /// See [`Grid::tile_width`].
    pub fn tile_height(&self) -> u32 {
        TILE_HEIGHT * self.step
    }

    pub fn columns(&self) -> u32 {
        self.width.div_ceil(self.tile_width())
    }

    pub fn rows(&self) -> u32 {
        self.height.div_ceil(self.tile_height())
    }

    pub fn tiles(&self) -> usize {
        self.columns() as usize * self.rows() as usize
    }

    /// All of the frame.
    pub fn whole(&self) -> Area {
        Area { left: 0, top: 0, right: self.width, bottom: self.height }
    }

    /// The part of the frame that these tiles cover.
    pub fn area(&self, tiles: TileRect) -> Area {
        let (width, height) = (self.tile_width(), self.tile_height());
        Area {
            left: tiles.column * width,
            top: tiles.row * height,
            right: ((tiles.column + tiles.columns) * width).min(self.width),
            bottom: ((tiles.row + tiles.rows) * height).min(self.height),
        }
    }

    /// The size of a part of the frame that begins with a tile, after it was made smaller.
    pub fn queued_size(&self, area: &Area) -> (u32, u32) {
        (area.width().div_ceil(self.step), area.height().div_ceil(self.step))
    }

    /// The tile of this number. They are counted row by row.
    pub fn tile(&self, index: usize) -> TileRect {
        let (index, columns) = (index as u32, self.columns());
        TileRect { column: index % columns, row: index / columns, columns: 1, rows: 1 }
    }

    /// Calls `give` with the number of each tile that the area touches.
    pub fn touched(&self, area: &Area, mut give: impl FnMut(usize)) {
        let (width, height, columns) = (self.tile_width(), self.tile_height(), self.columns() as usize);
        for row in area.top / height..area.bottom.div_ceil(height) {
            for column in area.left / width..area.right.div_ceil(width) {
                give(row as usize * columns + column as usize);
            }
        }
    }
}

/// A rectangle of tiles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TileRect {
    pub column: u32,
    pub row: u32,
    pub columns: u32,
    pub rows: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_larger_than_the_queue_takes_are_made_smaller_by_whole_steps() {
        for ((width, height), step, (columns, rows)) in [
            ((1, 1), 1, (1, 1)),
            ((64, 17), 1, (1, 2)),
            ((65, 16), 1, (2, 1)),
            ((1_280, 800), 1, (20, 50)),
            ((1_920, 1_200), 1, (30, 75)),
            ((2_560, 1_440), 2, (20, 45)),
            ((3_840, 2_160), 2, (30, 68)),
            ((7_680, 4_320), 4, (30, 68)),
            ((16_384, 16_384), 11, (24, 94)),
            ((16_384, 1), 1, (256, 1)),
        ] {
            let grid = Grid::new(width, height);
            assert_eq!((grid.step, grid.columns(), grid.rows()), (step, columns, rows), "{width}×{height}");
        }
    }

    #[test]
    fn every_pixel_lies_in_the_one_tile_that_touches_it() {
        for grid in [Grid::new(130, 65), Grid { width: 300, height: 257, step: 2 }] {
            for (x, y) in [(0, 0), (63, 63), (64, 64), (129, 64), (127, 10), (128, 10)] {
                let pixel = Area { left: x, top: y, right: x + 1, bottom: y + 1 };
                let mut touched = Vec::new();
                grid.touched(&pixel, |index| touched.push(index));
                let holding: Vec<_> = (0..grid.tiles())
                    .filter(|index| grid.area(grid.tile(*index)).overlap(&pixel).is_some())
                    .collect();
                assert_eq!(touched, holding, "{grid:?} {x},{y}");
                assert_eq!(touched.len(), 1);
            }
            let mut all = Vec::new();
            grid.touched(&grid.whole(), |index| all.push(index));
            assert_eq!(all, (0..grid.tiles()).collect::<Vec<_>>());
        }
    }
}
