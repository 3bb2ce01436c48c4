//! From what changed in a frame to images: on the encoder's thread.

use std::sync::Arc;
use std::time::Instant;

use thiserror::Error;

use super::frame::Mime;
use super::grid::{Grid, TileRect};
use super::merge::merge;
use super::rect::Area;
use super::refresh::Since;
use super::slot::Slot;
use super::update::{Image, ImagePixels, Update};
use super::view::{Shown, View};
use super::webp;

/// The encoder's own memory, used for one frame after the other, and the number of the last image.
#[derive(Default)]
pub(super) struct Encoder {
    last_image: u64,
    rects: Vec<TileRect>,
    /// Where each tile of the frame begins among the slot's pixels: its number, and the place.
    places: Vec<(u32, usize)>,
    /// One image, before it is encoded.
    pixels: Vec<u32>,
}

/// libwebp gave up.
#[derive(Debug, Error)]
#[error("no memory to encode a frame: it is left out, and a full picture follows")]
pub(super) struct NoMemory;

impl Encoder {
    /// Makes images of what is in the slot. An image has at most about `max_pixels` of a frame's; `quality` is libwebp's.
    pub fn encode(
        &mut self,
        view: &View,
        slot: &mut Slot,
        max_pixels: u32,
        quality: f32,
        now: Instant,
    ) -> Result<Update, NoMemory> {
        let grid = match slot.encoded {
            // One tile, however large.
            Some(_) => Grid { width: slot.width, height: slot.height, step: slot.width.max(slot.height) },
            None => Grid::new(slot.width, slot.height),
        };
        let images = match slot.encoded.take() {
            Some((mime, bytes)) => {
                let file = ImagePixels::Encoded { mime, bytes };
                vec![(TileRect { column: 0, row: 0, columns: 1, rows: 1 }, file)]
            }
            None => self.encode_tiles(slot, &grid, max_pixels, quality)?,
        };
        let mut shown = view.shown.lock();
        let mut removed = if slot.is_full { shown.picture.begin(&grid) } else { Vec::new() };
        let images = images.into_iter().map(|(tiles, pixels)| {
            self.last_image += 1;
            shown.picture.show(self.last_image, tiles, &mut removed);
            Arc::new(place(self.last_image, &grid.area(tiles), slot.scale, pixels))
        });
        let images: Vec<_> = images.collect();
        let is_full_due = note(&mut shown, &images, slot.is_full, now);
        drop(shown);
        if is_full_due {
            view.want_full();
        }
        Ok(Update {
            view: view.id,
            timestamp_ms: slot.timestamp_ms,
            width: f64::from(slot.width) / slot.scale,
            height: f64::from(slot.height) / slot.scale,
            is_full: slot.is_full,
            images,
            removed,
        })
    }

    fn encode_tiles(
        &mut self,
        slot: &Slot,
        grid: &Grid,
        max_pixels: u32,
        quality: f32,
    ) -> Result<Vec<(TileRect, ImagePixels)>, NoMemory> {
        self.find_places(slot, grid);
        let mut rects = std::mem::take(&mut self.rects);
        merge(&slot.tiles, grid, &mut rects);
        let (width, height) = grid.queued_size(&grid.whole());
        let scale = (f64::from(max_pixels) / (f64::from(width) * f64::from(height))).sqrt().min(1.0);
        let encode = |tiles: &TileRect| {
            let area = grid.area(*tiles);
            self.assemble(slot, grid, *tiles, &area);
            let pixels = match flat_colour(&self.pixels) {
                Some(colour) => ImagePixels::Flat(colour),
                None => {
                    let (width, height) = grid.queued_size(&area);
                    let scaled = |side: u32| ((f64::from(side) * scale).round() as u32).max(1);
                    let size = (scaled(width), scaled(height));
                    let bytes = webp::encode(&mut self.pixels, width, size, quality).ok_or(NoMemory)?;
                    ImagePixels::Encoded { mime: Mime::WebP, bytes }
                }
            };
            Ok((*tiles, pixels))
        };
        let images = rects.iter().map(encode).collect();
        self.rects = rects;
        images
    }

    fn find_places(&mut self, slot: &Slot, grid: &Grid) {
        self.places.clear();
        let mut place = 0;
        for tile in &slot.tiles {
            self.places.push((*tile, place));
            let (width, height) = grid.queued_size(&grid.area(grid.tile(*tile as usize)));
            place += width as usize * height as usize;
        }
    }

    /// Puts the tiles of a rectangle beside each other.
    fn assemble(&mut self, slot: &Slot, grid: &Grid, tiles: TileRect, area: &Area) {
        let (width, height) = grid.queued_size(area);
        self.pixels.clear();
        self.pixels.resize(width as usize * height as usize, 0);
        grid.touched(area, |index| {
            let tile = grid.tile(index);
            let (columns, rows) = grid.queued_size(&grid.area(tile));
            let Ok(found) = self.places.binary_search_by_key(&(index as u32), |(tile, _)| *tile) else {
                return;
            };
            let from = &slot.pixels[self.places[found].1..][..columns as usize * rows as usize];
            let side = super::grid::TILE as usize;
            let (left, top) =
                ((tile.column - tiles.column) as usize * side, (tile.row - tiles.row) as usize * side);
            let to = self.pixels.chunks_exact_mut(width as usize).skip(top);
            for (to, from) in to.zip(from.chunks_exact(columns as usize)) {
                to[left..left + columns as usize].copy_from_slice(from);
            }
        });
    }
}

/// Notes what is given out. Whether a full picture is due now.
fn note(shown: &mut Shown, images: &[Arc<Image>], is_full: bool, now: Instant) -> bool {
    if is_full {
        shown.since = Since::default();
        shown.full_at = Some(now);
        shown.full_is_asked = false;
        return false;
    }
    shown.since.images += images.len() as u64;
    shown.since.bytes += images.iter().map(|image| image.event_bytes()).sum::<u64>();
    let age = shown.full_at.map(|at| now.saturating_duration_since(at)).unwrap_or_default();
    let is_due = shown.since.is_full_due(age) && !shown.full_is_asked;
    shown.full_is_asked |= is_due;
    is_due
}

fn place(id: u64, area: &Area, scale: f64, pixels: ImagePixels) -> Image {
    let units = |pixels: u32| f64::from(pixels) / scale;
    Image {
        id,
        x: units(area.left),
        y: units(area.top),
        width: units(area.width()),
        height: units(area.height()),
        pixels,
    }
}

/// The colour of all pixels, if it is one.
fn flat_colour(pixels: &[u32]) -> Option<[u8; 3]> {
    let first = *pixels.first()?;
    let [_, red, green, blue] = first.to_be_bytes();
    pixels.iter().all(|pixel| *pixel == first).then_some([red, green, blue])
}
