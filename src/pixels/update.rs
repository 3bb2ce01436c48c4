//! What the encoder gives out.

use std::sync::Arc;

use super::frame::Mime;

/// What changed in a view with one frame. Put `images` on top of what is there, in their order, then remove `removed`.
#[derive(Debug, Clone, PartialEq)]
pub struct Update {
    /// Which view.
    pub view: u64,
    /// The frame's.
    pub timestamp_ms: i64,
    /// What [`take_in`](super::Pixels::take_in) was told with it; 0 otherwise.
    pub masking: u64,
    /// Of the whole view, in its units.
    pub width: f64,
    /// See `width`.
    pub height: f64,
    /// The images show all of the view: everything before it is among `removed`.
    pub is_full: bool,
    /// What is to be put on top.
    pub images: Vec<Arc<Image>>,
    /// The ids of images of which nothing is to be seen any more.
    pub removed: Vec<u64>,
}

/// An image at its place in a view, in the view's units.
#[derive(Debug, Clone, PartialEq)]
pub struct Image {
    /// Of all views' images none has the same. They count from 1.
    pub id: u64,
    /// The left edge.
    pub x: f64,
    /// The upper edge.
    pub y: f64,
    /// To be shown this wide, however many pixels it has.
    pub width: f64,
    /// See `width`.
    pub height: f64,
    /// What it shows.
    pub pixels: ImagePixels,
}

/// What an image shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImagePixels {
    /// One colour: red, green, blue. A background is cheaper than an image.
    Flat([u8; 3]),
    /// An image file.
    Encoded {
        /// Its type.
        mime: Mime,
        /// The whole file.
        bytes: Vec<u8>,
    },
}

/// What an image costs in an event besides its file: its element, place and ids.
const BYTES_AROUND: usize = 230;

impl Image {
    /// About so many bytes it takes in an event, where a file is base64.
    pub fn event_bytes(&self) -> u64 {
        let file = match &self.pixels {
            ImagePixels::Flat(_) => 0,
            ImagePixels::Encoded { bytes, .. } => bytes.len().div_ceil(3) * 4,
        };
        (file + BYTES_AROUND) as u64
    }
}
