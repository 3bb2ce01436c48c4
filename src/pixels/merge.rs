//! From tiles that changed to rectangles of them: each becomes one image.

use super::grid::{Grid, TileRect};

/// An image covers at most so many tiles: half a million pixels, which bounds the encoder's memory.
const MAX_TILES: u32 = 128;

/// Joins tiles, given by their numbers in order, to as few rectangles as a single pass finds: runs within a row, and runs
/// below each other of the same columns.
pub(super) fn merge(tiles: &[u32], grid: &Grid, rects: &mut Vec<TileRect>) {
    rects.clear();
    // The first rectangle that may still grow: those before it end above the row before.
    let mut open = 0;
    let mut rest = tiles;
    while let Some(first) = rest.first() {
        let run = run_length(rest, grid.columns());
        let TileRect { column, row, .. } = grid.tile(*first as usize);
        rest = &rest[run as usize..];
        open += rects[open..].iter().take_while(|rect| rect.row + rect.rows < row).count();
        let above = rects[open..].iter_mut().find(|rect| {
            rect.column == column
                && rect.columns == run
                && rect.row + rect.rows == row
                && (rect.rows + 1) * run <= MAX_TILES
        });
        match above {
            Some(rect) => rect.rows += 1,
            None => rects.push(TileRect { column, row, columns: run, rows: 1 }),
        }
    }
}

/// How many of these tiles, from the first on, lie beside each other in one row.
fn run_length(tiles: &[u32], columns: u32) -> u32 {
    let first = tiles[0];
    let in_row = (columns - first % columns).min(MAX_TILES);
    let run = tiles.iter().zip(first..).take(in_row as usize).take_while(|(tile, next)| **tile == *next);
    run.count() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn merged(picture: &[&str]) -> Vec<(u32, u32, u32, u32)> {
        let grid = Grid { width: picture[0].len() as u32 * 64, height: picture.len() as u32 * 64, step: 1 };
        let tiles: Vec<u32> =
            picture.concat().bytes().zip(0..).filter(|(it, _)| *it == b'#').map(|it| it.1).collect();
        let mut rects = Vec::new();
        merge(&tiles, &grid, &mut rects);
        rects.iter().map(|rect| (rect.column, rect.row, rect.columns, rect.rows)).collect()
    }

    #[test]
    fn tiles_beside_and_below_each_other_become_one_rectangle() {
        for (picture, expected) in [
            (vec!["...", "..."], vec![]),
            (vec![".#.", "..."], vec![(1, 0, 1, 1)]),
            (vec!["###", "###"], vec![(0, 0, 3, 2)]),
            (vec!["..#", "#.."], vec![(2, 0, 1, 1), (0, 1, 1, 1)]),
            (vec!["##.", "##.", ".##"], vec![(0, 0, 2, 2), (1, 2, 2, 1)]),
            (vec!["#.#", "#.#", "#.#"], vec![(0, 0, 1, 3), (2, 0, 1, 3)]),
            (vec!["#..", "...", "#.."], vec![(0, 0, 1, 1), (0, 2, 1, 1)]),
            (vec!["#.#", "#..", "#.#"], vec![(0, 0, 1, 3), (2, 0, 1, 1), (2, 2, 1, 1)]),
        ] {
            assert_eq!(merged(&picture), expected, "{picture:?}");
        }
    }

    #[test]
    fn every_tile_lies_in_one_rectangle_and_none_is_too_large() {
        let mut random = fastrand::Rng::with_seed(15);
        for (width, height) in [(1, 1), (640, 900), (64 * 200, 192), (1_280, 800), (16_384, 64)] {
            let grid = Grid { width, height, step: 1 };
            let chance = random.u32(1..100);
            let tiles: Vec<_> = (0..grid.tiles() as u32).filter(|_| random.u32(0..100) < chance).collect();
            let mut rects = Vec::new();
            merge(&tiles, &grid, &mut rects);
            let mut covered = Vec::new();
            for rect in &rects {
                assert!(rect.columns * rect.rows <= MAX_TILES);
                grid.touched(&grid.area(*rect), |index| covered.push(index as u32));
            }
            covered.sort_unstable();
            assert_eq!(covered, tiles);
        }
    }
}
