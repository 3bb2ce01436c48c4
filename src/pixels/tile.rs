//! Tiles: their copy, smaller and masked, and the hash of one.

use super::frame::Bitmap;
use super::grid::{Grid, TILE_WIDTH};
use super::hash::TileHash;
use super::rect::Area;

/// What is shown in place of what is masked.
pub(super) const MASKED: u32 = 0xFFC8_C8C8;
/// The longest row of a tile before it is made smaller: of the largest frame, with room.
const MAX_ROW: usize = 16 * TILE_WIDTH as usize;

/// Copies the part `area` of a frame, which begins with a tile, to `to`: made smaller, and with `masks` filled, which are
/// in whole steps.
pub(super) fn copy(bitmap: &Bitmap, grid: &Grid, area: &Area, masks: &[Area], to: &mut [u32]) {
    let (width, height) = grid.queued_size(area);
    for (row, to) in (0..height).zip(to.chunks_exact_mut(width as usize)) {
        let top = area.top + row * grid.step;
        if grid.step == 1 {
            bitmap.format.convert(bitmap.pixels(top, grid.height, area.left, area.right), to);
        } else {
            let rows = top..(top + grid.step).min(area.bottom);
            let columns = (area.left..area.right).step_by(grid.tile_width() as usize);
            for (left, to) in columns.zip(to.chunks_mut(TILE_WIDTH as usize)) {
                average(bitmap, grid, rows.clone(), (left, (left + grid.tile_width()).min(area.right)), to);
            }
        }
    }
    for mask in masks.iter().filter_map(|mask| mask.overlap(area)) {
        let (left, top) = ((mask.left - area.left) / grid.step, (mask.top - area.top) / grid.step);
        let (columns, rows) = grid.queued_size(&mask);
        for row in to.chunks_exact_mut(width as usize).skip(top as usize).take(rows as usize) {
            row[left as usize..(left + columns) as usize].fill(MASKED);
        }
    }
}

/// Makes one row of some, at most as wide as a tile: each pixel is the average of a square, whose last ones may be short.
fn average(
    bitmap: &Bitmap,
    grid: &Grid,
    rows: std::ops::Range<u32>,
    (left, right): (u32, u32),
    to: &mut [u32],
) {
    let mut row_of_frame = [0; MAX_ROW];
    let row_of_frame = &mut row_of_frame[..(right - left) as usize];
    let mut sums = [[0_u32; 3]; TILE_WIDTH as usize];
    for y in rows.clone() {
        bitmap.format.convert(bitmap.pixels(y, grid.height, left, right), row_of_frame);
        for (sum, pixels) in sums.iter_mut().zip(row_of_frame.chunks(grid.step as usize)) {
            for pixel in pixels {
                let [_, red, green, blue] = pixel.to_be_bytes();
                sum[0] += u32::from(red);
                sum[1] += u32::from(green);
                sum[2] += u32::from(blue);
            }
        }
    }
    for (column, (to, sum)) in to.iter_mut().zip(sums).enumerate() {
        let columns = (right - left - column as u32 * grid.step).min(grid.step);
        let count = columns * rows.len() as u32;
        let [red, green, blue] = sum.map(|sum| ((sum + count / 2) / count) as u8);
        *to = u32::from_be_bytes([0xFF, red, green, blue]);
    }
}

/// The hash of a tile's copy.
pub(super) fn hash_of_copy(copy: &[u32]) -> u64 {
    let mut hash = TileHash::default();
    let mut bytes = [0; 4 * TILE_WIDTH as usize];
    for (row, pixels) in copy.chunks(TILE_WIDTH as usize).enumerate() {
        for (to, pixel) in bytes.as_chunks_mut::<4>().0.iter_mut().zip(pixels) {
            *to = pixel.to_ne_bytes();
        }
        hash.row(row, &bytes[..4 * pixels.len()]);
    }
    hash.end()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pixels::frame::PixelFormat;

    #[test]
    fn a_copy_is_made_smaller_by_averages_and_its_masks_are_filled() {
        // Gray values, so that an average is one number.
        let (width, height) = (5, 3);
        let gray = |x: u32, y: u32| (x * 20 + y * 2) as u8;
        let pixels = (0..height).flat_map(|y| (0..width).map(move |x| gray(x, y)));
        let bytes: Vec<u8> = pixels.flat_map(|value| [value; 3]).collect();
        let bitmap =
            Bitmap { format: PixelFormat::Rgb, bytes: &bytes, stride: 15, bottom_up: false, damage: None };
        let argb = |value: u8| u32::from_be_bytes([0xFF, value, value, value]);
        for (step, masks, expected) in [
            (1, vec![], (0..15).map(|at| argb(gray(at % 5, at / 5))).collect::<Vec<_>>()),
            (2, vec![], [11, 51, 81, 14, 54, 84].map(argb).to_vec()),
            (3, vec![], [22, 72].map(argb).to_vec()),
            (
                2,
                vec![
                    Area { left: 2, top: 0, right: 4, bottom: 2 },
                    Area { left: 4, top: 2, right: 5, bottom: 3 },
                ],
                vec![argb(11), MASKED, argb(81), argb(14), argb(54), MASKED],
            ),
        ] {
            let grid = Grid { width, height, step };
            let mut found = vec![0; expected.len()];
            copy(&bitmap, &grid, &grid.whole(), &masks, &mut found);
            assert_eq!(found, expected, "{step} {masks:?}");
        }
    }
}
