//! From tiles that changed to rectangles of them: each becomes one image.

use super::grid::{Grid, TileRect};

/// An image covers at most so many tiles: half a million pixels, which bounds the encoder's memory.
const MAX_TILES: u32 = 512;

/// Joining two rectangles may add so many tiles that did not change: an image costs an element, a place and a file's head, about
/// as much as six tiles.
const MAX_ADDED: u32 = 6;
/// A rectangle is joined with one of so many before it.
const LOOK_BACK: usize = 24;

/// Joins tiles, given by their numbers in order, to few rectangles: runs within a row first, runs of the same columns below
/// each other next, then what lies so close that its own image would cost more.
pub(super) fn merge(tiles: &[u32], grid: &Grid, rects: &mut Vec<TileRect>) {
    rects.clear();
    let mut rest = tiles;
    while let Some(first) = rest.first() {
        let run = run_length(rest, grid.columns());
        let TileRect { column, row, .. } = grid.tile(*first as usize);
        rest = &rest[run as usize..];
        join(rects, TileRect { column, row, columns: run, rows: 1 }, 0);
    }
    let mut next = 0;
    while next < rects.len() {
        let rect = rects.remove(next);
        next += usize::from(join_among(rects, next, rect, MAX_ADDED));
    }
}

/// Joins a rectangle with one of those at the end, or puts it there.
fn join(rects: &mut Vec<TileRect>, rect: TileRect, max_added: u32) {
    join_among(rects, rects.len(), rect, max_added);
}

/// Joins a rectangle with one of those before `place`, or puts it there. Whether it was put there.
fn join_among(rects: &mut Vec<TileRect>, place: usize, rect: TileRect, max_added: u32) -> bool {
    let before = &mut rects[place.saturating_sub(LOOK_BACK)..place];
    let joined = before.iter_mut().rev().find_map(|other| {
        let both = around(other, &rect);
        let tiles = area(other) + area(&rect);
        (area(&both) <= MAX_TILES && area(&both) <= tiles + max_added).then(|| *other = both)
    });
    if joined.is_none() {
        rects.insert(place, rect);
    }
    joined.is_none()
}

fn area(rect: &TileRect) -> u32 {
    rect.columns * rect.rows
}

/// The least rectangle that holds both.
fn around(one: &TileRect, other: &TileRect) -> TileRect {
    let (column, row) = (one.column.min(other.column), one.row.min(other.row));
    let right = (one.column + one.columns).max(other.column + other.columns);
    let bottom = (one.row + one.rows).max(other.row + other.rows);
    TileRect { column, row, columns: right - column, rows: bottom - row }
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
        let grid = Grid { width: picture[0].len() as u32 * 64, height: picture.len() as u32 * 16, step: 1 };
        let tiles: Vec<u32> =
            picture.concat().bytes().zip(0..).filter(|(it, _)| *it == b'#').map(|it| it.1).collect();
        let mut rects = Vec::new();
        merge(&tiles, &grid, &mut rects);
        rects.iter().map(|rect| (rect.column, rect.row, rect.columns, rect.rows)).collect()
    }

    #[test]
    fn tiles_that_lie_close_become_one_rectangle() {
        for (picture, expected) in [
            (vec!["...", "..."], vec![]),
            (vec![".#.", "..."], vec![(1, 0, 1, 1)]),
            (vec!["###", "###"], vec![(0, 0, 3, 2)]),
            (vec!["##.", "##.", "##."], vec![(0, 0, 2, 3)]),
            // With up to six tiles that did not change.
            (vec!["#......#"], vec![(0, 0, 8, 1)]),
            (vec!["#.......#"], vec![(0, 0, 1, 1), (8, 0, 1, 1)]),
            (vec!["##.", ".##"], vec![(0, 0, 3, 2)]),
            (vec!["#..", "...", "..#"], vec![(0, 0, 1, 1), (2, 2, 1, 1)]),
            (vec!["#.......#", "#.......#", "#.......#"], vec![(0, 0, 1, 3), (8, 0, 1, 3)]),
        ] {
            assert_eq!(merged(&picture), expected, "{picture:?}");
        }
    }

    #[test]
    fn every_tile_lies_in_a_rectangle_none_is_too_large_and_little_is_added() {
        let mut random = fastrand::Rng::with_seed(15);
        for (width, height) in
            [(1, 1), (640, 900), (64 * 200, 192), (1_280, 800), (16_384, 64), (3_840, 2_400)]
        {
            let grid = Grid { width, height, step: 1 };
            let chance = random.u32(1..100);
            let tiles: Vec<_> = (0..grid.tiles() as u32).filter(|_| random.u32(0..100) < chance).collect();
            let mut rects = Vec::new();
            merge(&tiles, &grid, &mut rects);
            let mut covered = Vec::new();
            for rect in &rects {
                assert!(area(rect) <= MAX_TILES);
                grid.touched(&grid.area(*rect), |index| covered.push(index as u32));
            }
            assert!(
                covered.len() <= tiles.len() * (1 + MAX_ADDED as usize),
                "{} of {}",
                covered.len(),
                tiles.len()
            );
            covered.sort_unstable();
            assert!(tiles.iter().all(|tile| covered.binary_search(tile).is_ok()));
        }
    }
}
