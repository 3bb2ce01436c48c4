//! The host's side of a view: what changed since the last frame that was taken. Of that frame only a hash of each tile is
//! kept, not its pixels.

use rapidhash::v3::rapidhash_v3;

use super::frame::{Bitmap, Content, Frame};
use super::grid::Grid;
use super::hash::{TileHash, band_of_tiles, end_tiles};
use super::mask::{self, hold};
use super::merge::merge;
use super::rect::{Area, Rect};
use super::slot::Slot;
use super::tile;

/// A list of damage may name each tile of a frame so many times: a host on whose thread it is read may have merged none of it.
const MAX_DAMAGED_TIMES: usize = 32;

/// What is known of the frames before.
#[derive(Default)]
pub(super) struct Compare {
    /// `None` before the first, and after one that the host had encoded.
    grid: Option<Grid>,
    /// The scale that it was shown in: in another, all that is shown has another place.
    scale: f64,
    hashes: Vec<u64>,
    /// Those of the frame that is compared.
    next: Vec<u64>,
    /// Tiles to be compared whatever the host's damage says: what changed in a frame that was not taken, or was masked.
    stale: Vec<bool>,
    /// What was masked in the frame before, and in those since the last one that was taken, in pixels of `scale`.
    held: Vec<Area>,
    /// What is masked in this frame.
    masks: Vec<Area>,
    /// Masks that the frame itself did not name were filled in the last one that was taken.
    holds_masks: bool,
    /// Size, scale and hash of the last frame that the host had encoded.
    encoded: Option<(u32, u32, f64, u64)>,
    /// Tiles that are compared as they lie in the host's memory.
    plain: Vec<bool>,
    /// The hashes of a row of tiles, while they are read.
    open: Vec<TileHash>,
    /// The numbers of the tiles that changed.
    changed: Vec<u32>,
    /// The copy of a masked tile.
    copy: Vec<u32>,
}

/// What is known of frames that were not looked at.
#[derive(Default)]
pub(super) struct Missed {
    /// Of the latest.
    grid: Option<Grid>,
    /// See `grid`. What is masked lies in pixels of it.
    scale: f64,
    /// What was masked in any of them.
    masks: Vec<Area>,
}

impl Missed {
    /// Notes one more.
    pub fn note(&mut self, frame: &Frame) {
        let grid = Grid::new(frame.width, frame.height);
        if self.grid.replace(grid) != Some(grid) || self.scale != frame.scale {
            mask::rescale(&mut self.masks, self.scale, frame.scale);
            self.scale = frame.scale;
            mask::fit(&mut self.masks, grid.step, grid.whole());
        }
        let mut masks = Vec::new();
        mask::masked(frame.masks, grid.width, grid.height, grid.step, &mut masks);
        hold(&mut self.masks, &masks, grid.whole());
    }
}

impl Compare {
    /// Another frame would show what is hidden now by masks that were held for it.
    pub fn holds_masks(&self) -> bool {
        self.holds_masks
    }

    /// Forgets what was shown: the next frame is a full picture.
    pub fn forget(&mut self) {
        self.grid = None;
        self.encoded = None;
    }

    /// Frames were not looked at: the next one is compared whole, and what was masked in them is held for it.
    pub fn skip_missed(&mut self, missed: &Missed) {
        self.stale.fill(true);
        if self.grid != missed.grid || self.scale != missed.scale {
            // As after a frame of another size: what is held is fitted to the next one.
            self.grid = None;
            mask::rescale(&mut self.held, self.scale, missed.scale);
            self.scale = missed.scale;
        }
        if let Some(grid) = missed.grid {
            hold(&mut self.held, &missed.masks, grid.whole());
        }
    }

    /// Notes a frame that is not taken, so that the next one is compared with what came before it.
    pub fn skip(&mut self, frame: &Frame) {
        match frame.content {
            Content::Bitmap(bitmap) => {
                let grid = self.begin(frame, &bitmap);
                hold(&mut self.held, &self.masks, grid.whole());
            }
            // It has no damage: the next one is compared whole anyway.
            Content::Encoded { .. } => {}
        }
    }

    /// Puts what changed into `slot`. Whether there is something in it now.
    pub fn take(&mut self, frame: &Frame, slot: &mut Slot) -> bool {
        match frame.content {
            Content::Bitmap(bitmap) => self.take_bitmap(frame, &bitmap, slot),
            Content::Encoded { mime, bytes } => {
                let shown = (frame.width, frame.height, frame.scale, rapidhash_v3(bytes));
                self.grid = None;
                if self.encoded.replace(shown) == Some(shown) {
                    return false;
                }
                slot.encoded = Some((mime, bytes.to_vec()));
                slot.is_full = true;
                true
            }
        }
    }

    fn take_bitmap(&mut self, frame: &Frame, bitmap: &Bitmap, slot: &mut Slot) -> bool {
        let grid = self.begin(frame, bitmap);
        self.encoded = None;
        slot.is_full = self.hashes.is_empty();
        // A mask holds for one frame longer than the host says: its list may be newer than the pixels, or older.
        self.holds_masks = !self.held.is_empty() && self.held != self.masks;
        let named = self.masks.len();
        self.masks.extend_from_slice(&self.held);
        self.mark_masked(&grid);
        self.hash(bitmap, &grid);
        let is_full = slot.is_full;
        let has_changed = |index: &usize| is_full || self.hashes[*index] != self.next[*index];
        self.changed.clear();
        self.changed.extend((0..grid.tiles()).filter(has_changed).map(|index| index as u32));
        merge(&self.changed, &grid, &mut slot.rects);
        slot.copy(bitmap, &grid, &self.masks);
        std::mem::swap(&mut self.hashes, &mut self.next);
        self.stale.fill(false);
        self.mark_masked(&grid);
        self.masks.truncate(named);
        std::mem::swap(&mut self.held, &mut self.masks);
        !slot.rects.is_empty()
    }

    /// Finds what is masked, and notes what is damaged.
    fn begin(&mut self, frame: &Frame, bitmap: &Bitmap) -> Grid {
        let grid = Grid::new(frame.width, frame.height);
        if self.grid.replace(grid) != Some(grid) || self.scale != frame.scale {
            mask::rescale(&mut self.held, self.scale, frame.scale);
            self.scale = frame.scale;
            self.hashes.clear();
            self.stale.clear();
            self.stale.resize(grid.tiles(), true);
            mask::fit(&mut self.held, grid.step, grid.whole());
        }
        match bitmap.damage {
            None => self.stale.fill(true),
            Some(damage) => self.mark_damaged(damage, &grid),
        }
        mask::masked(frame.masks, grid.width, grid.height, grid.step, &mut self.masks);
        grid
    }

    /// A list whose rectangles cover the frame many times would cost more than it spares: then all of the frame is damaged.
    fn mark_damaged(&mut self, damage: &[Rect], grid: &Grid) {
        let mut left = grid.tiles() * MAX_DAMAGED_TIMES;
        for area in damage.iter().filter_map(|rect| rect.within(grid.width, grid.height)) {
            grid.touched(&area, |index| {
                self.stale[index] = true;
                left = left.saturating_sub(1);
            });
            if left == 0 {
                return self.stale.fill(true);
            }
        }
    }

    /// What is masked may show another picture once it is not, or is in another way.
    fn mark_masked(&mut self, grid: &Grid) {
        for mask in &self.masks {
            grid.touched(mask, |index| self.stale[index] = true);
        }
    }

    /// Finds the hashes of all tiles that may have changed.
    fn hash(&mut self, bitmap: &Bitmap, grid: &Grid) {
        self.next.clear();
        self.next.extend_from_slice(&self.hashes);
        self.next.resize(grid.tiles(), 0);
        self.plain.clone_from(&self.stale);
        for mask in &self.masks {
            grid.touched(mask, |index| self.plain[index] = false);
        }
        self.hash_plain(bitmap, grid);
        for index in (0..grid.tiles()).filter(|index| self.stale[*index] && !self.plain[*index]) {
            self.next[index] = masked_hash(bitmap, grid, index, &self.masks, &mut self.copy);
        }
    }

    /// Tiles without masks are hashed as they lie in memory: row by row over the whole width, which is how memory is read
    /// the fastest.
    fn hash_plain(&mut self, bitmap: &Bitmap, grid: &Grid) {
        let columns = grid.columns() as usize;
        let bytes_of_row = grid.tile_width() as usize * bitmap.format.bytes();
        for (row, hashes) in (0..grid.rows()).zip(self.next.chunks_exact_mut(columns)) {
            let plain = &self.plain[row as usize * columns..][..columns];
            let Some(first) = plain.iter().position(|plain| *plain) else { continue };
            let (plain, hashes) = (&plain[first..], &mut hashes[first..]);
            self.open.clear();
            self.open.resize(plain.len(), TileHash::default());
            let top = row * grid.tile_height();
            let bottom = (top + grid.tile_height()).min(grid.height);
            let mut from = 0;
            for run in plain.chunk_by(|one, other| one == other) {
                let to = from + run.len();
                if run[0] {
                    let [left, right] =
                        [first + from, first + to].map(|column| column as u32 * grid.tile_width());
                    let rows =
                        (top..bottom).map(|y| bitmap.pixels(y, grid.height, left, right.min(grid.width)));
                    band_of_tiles(&mut self.open[from..to], rows, bytes_of_row);
                    end_tiles(&self.open[from..to], &mut hashes[from..to]);
                }
                from = to;
            }
        }
    }
}

/// The hash of a tile of which a part is masked: of what its copy would be, so that what happens below a mask leaves no
/// trace at all, not even that something happened.
fn masked_hash(bitmap: &Bitmap, grid: &Grid, index: usize, masks: &[Area], copy: &mut Vec<u32>) -> u64 {
    let area = grid.area(grid.tile(index));
    if masks.iter().any(|mask| mask.overlap(&area) == Some(area)) {
        return u64::from(tile::MASKED);
    }
    let (width, height) = grid.queued_size(&area);
    copy.clear();
    copy.resize(width as usize * height as usize, 0);
    tile::copy(bitmap, grid, &area, masks, copy);
    tile::hash_of_copy(copy)
}
