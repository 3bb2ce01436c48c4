//! Which images of a view can still be seen.

use std::collections::HashMap;

use super::grid::{Grid, TileRect};

/// What lies where: the image on top of each tile.
#[derive(Debug, Default)]
pub(super) struct Picture {
    columns: u32,
    /// 0: none.
    top: Vec<u64>,
    /// On how many tiles each image is on top.
    seen: HashMap<u64, u32>,
}

impl Picture {
    /// Begins anew, for a frame of these tiles. Gives what was shown so far.
    pub fn begin(&mut self, grid: &Grid) -> Vec<u64> {
        self.columns = grid.columns();
        self.top.clear();
        self.top.resize(grid.tiles(), 0);
        let mut gone: Vec<_> = self.seen.drain().map(|(image, _)| image).collect();
        gone.sort_unstable();
        gone
    }

    /// Puts an image on top. Adds those that are covered wholly by now to `gone`.
    pub fn show(&mut self, image: u64, tiles: TileRect, gone: &mut Vec<u64>) {
        for row in tiles.row..tiles.row + tiles.rows {
            let start = (row * self.columns + tiles.column) as usize;
            for top in &mut self.top[start..start + tiles.columns as usize] {
                let below = std::mem::replace(top, image);
                if let Some(left) = self.seen.get_mut(&below) {
                    *left -= 1;
                    if *left == 0 {
                        self.seen.remove(&below);
                        gone.push(below);
                    }
                }
            }
        }
        self.seen.insert(image, tiles.columns * tiles.rows);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tiles(column: u32, row: u32, columns: u32, rows: u32) -> TileRect {
        TileRect { column, row, columns, rows }
    }

    #[test]
    fn an_image_goes_when_the_last_of_its_tiles_is_covered() {
        let mut picture = Picture::default();
        assert!(picture.begin(&Grid::new(256, 32)).is_empty());
        for (image, place, expected) in [
            (1, tiles(0, 0, 4, 2), vec![]),
            (2, tiles(0, 0, 2, 1), vec![]),
            (3, tiles(1, 0, 1, 1), vec![]),
            (4, tiles(0, 0, 1, 1), vec![2]),
            (5, tiles(0, 0, 4, 1), vec![4, 3]),
            (6, tiles(0, 1, 4, 1), vec![1]),
            (7, tiles(0, 0, 4, 2), vec![5, 6]),
        ] {
            let mut gone = Vec::new();
            picture.show(image, place, &mut gone);
            assert_eq!(gone, expected, "{image}");
        }
        assert_eq!(picture.begin(&Grid::new(64, 16)), [7]);
        assert!(picture.begin(&Grid::new(64, 16)).is_empty());
    }

    #[test]
    fn what_is_gone_is_exactly_what_no_tile_shows() {
        let mut random = fastrand::Rng::with_seed(4);
        let grid = Grid::new(64 * 7, 16 * 5);
        let mut picture = Picture::default();
        picture.begin(&grid);
        let (mut model, mut alive) = (vec![0; grid.tiles()], Vec::new());
        for image in 1..2_000 {
            let (column, row) = (random.u32(0..7), random.u32(0..5));
            let place = tiles(column, row, random.u32(1..=7 - column), random.u32(1..=5 - row));
            let mut gone = Vec::new();
            picture.show(image, place, &mut gone);
            grid.touched(&grid.area(place), |index| model[index] = image);
            alive.push(image);
            let (seen, mut unseen): (Vec<_>, Vec<_>) = alive.into_iter().partition(|it| model.contains(it));
            alive = seen;
            gone.sort_unstable();
            unseen.sort_unstable();
            assert_eq!(gone, unseen);
        }
    }
}
