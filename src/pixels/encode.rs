//! From the rectangles that changed in a frame to images: on the encoder's thread.

use std::sync::Arc;
use std::time::Instant;

use thiserror::Error;

use super::frame::Mime;
use super::grid::{Grid, TileRect};
use super::quality::Quality;
use super::rect::Area;
use super::refresh::Since;
use super::slot::Slot;
use super::update::{Image, ImagePixels, Update};
use super::view::{Shown, View};
use super::webp;

/// Numbers the images.
#[derive(Default)]
pub(super) struct Encoder {
    last_image: u64,
}

/// libwebp gave up.
#[derive(Debug, Error)]
#[error("no memory to encode a frame: it is left out, and a full picture follows")]
pub(super) struct NoMemory;

impl Encoder {
    /// Makes images of what is in the slot. An image has at most about `max_pixels` of a frame's; `quality` says how good they are.
    pub fn encode(
        &mut self,
        view: &View,
        slot: &mut Slot,
        max_pixels: u32,
        quality: Quality,
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
            None => encode_rects(slot, &grid, max_pixels, quality)?,
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
            masking: slot.masking,
            width: f64::from(slot.width) / slot.scale,
            height: f64::from(slot.height) / slot.scale,
            is_full: slot.is_full,
            images,
            removed,
        })
    }
}

/// Makes an image of each rectangle in the slot.
fn encode_rects(
    slot: &mut Slot,
    grid: &Grid,
    max_pixels: u32,
    quality: Quality,
) -> Result<Vec<(TileRect, ImagePixels)>, NoMemory> {
    let (width, height) = grid.queued_size(&grid.whole());
    let scale = (f64::from(max_pixels) / (f64::from(width) * f64::from(height))).sqrt().min(1.0);
    let mut rest = &mut *slot.pixels;
    let encode = |tiles: &TileRect| {
        let (width, height) = grid.queued_size(&grid.area(*tiles));
        let (pixels, after) = std::mem::take(&mut rest).split_at_mut(width as usize * height as usize);
        rest = after;
        let image = match flat_colour(pixels) {
            Some(colour) => ImagePixels::Flat(colour),
            None => {
                let scaled = |side: u32| ((f64::from(side) * scale).round() as u32).max(1);
                let size = (scaled(width), scaled(height));
                let bytes = webp::encode(pixels, width, size, quality).ok_or(NoMemory)?;
                ImagePixels::Encoded { mime: Mime::WebP, bytes }
            }
        };
        Ok((*tiles, image))
    };
    slot.rects.iter().map(encode).collect()
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
