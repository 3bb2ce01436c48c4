//! Content that is pixels: images on top of each other, as the encoder made them of frames.

use super::changes::Changes;
use super::element::Element;
use super::ids::{MAX_CONTENT, ViewIds};
use super::nodes::number;
use crate::pixels::{Image, ImagePixels, Update};

/// An image, and the element that shows it.
#[derive(Debug)]
pub(super) struct Layer {
    image: u64,
    element: Element,
    /// What it takes in an event.
    bytes: usize,
}

/// What changes with one frame: an [`Update`], written as the document has it.
#[derive(Debug)]
pub(super) struct Drawn {
    pub view: u64,
    /// The number of the masking that it was made for.
    pub masking: u64,
    is_full: bool,
    layers: Vec<Layer>,
    removed: Vec<u64>,
}

/// What a view shows, from the bottom to the top.
#[derive(Debug, Default)]
pub(super) struct Layers {
    list: Vec<Layer>,
    bytes: usize,
    /// A full picture was asked for, or is there: what follows lies on top of it.
    is_asked: bool,
    is_begun: bool,
    /// The last full picture did not fit in.
    is_too_large: bool,
    /// The number of the next image's id.
    pub next_id: u64,
}

impl From<&Update> for Drawn {
    fn from(update: &Update) -> Self {
        // One that is covered by the others of its own frame need not be shown at all.
        let seen = update.images.iter().filter(|image| !update.removed.contains(&image.id));
        Self {
            view: update.view,
            masking: update.masking,
            is_full: update.is_full,
            layers: seen.map(|image| Layer::from(&**image)).collect(),
            removed: update.removed.clone(),
        }
    }
}

impl From<&Image> for Layer {
    fn from(image: &Image) -> Self {
        let [x, y, width, height] = [image.x, image.y, image.width, image.height].map(number);
        let place = format!("position:absolute;left:{x}px;top:{y}px;width:{width}px;height:{height}px");
        let element = match &image.pixels {
            ImagePixels::Flat([red, green, blue]) => Element::new(0, "div")
                .with("style", format!("{place};background:#{red:02x}{green:02x}{blue:02x}")),
            ImagePixels::Encoded { mime, bytes } => Element::new(0, "img")
                .with("style", place)
                .with("src", format!("data:{};base64,{}", mime.name(), base64(bytes))),
        };
        Self { image: image.id, element, bytes: image.event_bytes() as usize }
    }
}

impl Layers {
    /// What all of it takes in an event.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Whether it shows nothing because there was no room for it.
    pub fn is_too_large(&self) -> bool {
        self.is_too_large
    }

    /// Whether a full picture has to be asked for, which nobody did yet.
    pub fn asks(&mut self) -> bool {
        !self.is_begun && !std::mem::replace(&mut self.is_asked, true)
    }

    /// What was drawn is not shown: another full picture is to be asked for, if that was one.
    pub fn pass_over(&mut self, drawn: &Drawn) {
        self.is_asked &= !drawn.is_full;
    }

    pub fn elements(&self) -> impl Iterator<Item = Element> + '_ {
        self.list.iter().map(|layer| layer.element.clone())
    }

    /// Puts the images of a frame on top, and takes away those that are covered by now. What lies on a picture that was
    /// never shown, or has been forgotten, is passed over. `false`: that is more than `room` bytes; nothing is shown any more.
    pub fn draw(&mut self, ids: ViewIds, drawn: Drawn, room: usize, changes: &mut Changes) -> bool {
        if !self.is_begun && !drawn.is_full {
            return true;
        }
        let is_gone = |layer: &Layer| drawn.is_full || drawn.removed.contains(&layer.image);
        self.list.extract_if(.., |layer| is_gone(layer)).for_each(|layer| {
            self.bytes -= layer.bytes;
            changes.remove(ids.content(), layer.element.id);
        });
        let more: usize = drawn.layers.iter().map(|layer| layer.bytes).sum();
        if self.bytes + more > room {
            self.list.iter().for_each(|layer| changes.remove(ids.content(), layer.element.id));
            *self = Self { is_too_large: true, next_id: self.next_id, ..Self::default() };
            return false;
        }
        (self.is_begun, self.is_too_large, self.bytes) = (true, false, self.bytes + more);
        for mut layer in drawn.layers {
            layer.element.id = ids.of_content(self.next_id);
            self.next_id = (self.next_id + 1) % MAX_CONTENT;
            changes.add(ids.content(), None, &layer.element);
            self.list.push(layer);
        }
        true
    }
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let byte = |at: usize| u32::from(three.get(at).copied().unwrap_or_default());
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for at in 0..4 {
            let letter = LETTERS[(bits >> (18 - 6 * at) & 63) as usize] as char;
            text.push(if at > three.len() { '=' } else { letter });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_written_as_base64() {
        for (bytes, expected) in [
            (&b""[..], ""),
            (b"f", "Zg=="),
            (b"fo", "Zm8="),
            (b"foo", "Zm9v"),
            (b"foobar", "Zm9vYmFy"),
            (&[0xFB, 0xFF, 0], "+/8A"),
        ] {
            assert_eq!(base64(bytes), expected);
        }
    }
}
