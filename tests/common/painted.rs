//! Frames as a host shows them, and what a player shows of the images that they became.

use session_replay::pixels::{Bitmap, Content, Frame, Image, ImagePixels, PixelFormat};

use super::frames;

/// A frame of view 1 that names nothing to be masked, and no damage.
pub fn frame(width: u32, height: u32, format: PixelFormat, bytes: &[u8]) -> Frame<'_> {
    let stride = width as usize * format.bytes();
    let bitmap = Bitmap { format, bytes, stride, bottom_up: false, damage: None };
    Frame {
        view: 1,
        width,
        height,
        scale: 1.0,
        masks: &[],
        are_masks_known: true,
        timestamp_ms: 0,
        content: Content::Bitmap(bitmap),
    }
}

/// Paints an image on a canvas of three bytes a pixel.
pub fn paint(image: &Image, canvas: &mut [u8], canvas_width: usize) {
    let (left, top) = (image.x as usize, image.y as usize);
    let (width, height) = (image.width as usize, image.height as usize);
    let pixels = match &image.pixels {
        ImagePixels::Flat(colour) => colour.repeat(width * height),
        ImagePixels::Encoded { bytes, .. } => frames::decode(bytes).2,
    };
    for (row, pixels) in pixels.chunks_exact(width * 3).enumerate() {
        let at = ((top + row) * canvas_width + left) * 3;
        canvas[at..at + width * 3].copy_from_slice(pixels);
    }
}

/// The mean square error, of 1.
pub fn square_error(canvas: &[u8], expected: &[u8]) -> f64 {
    let square = |(one, other): (&u8, &u8)| (f64::from(one.abs_diff(*other)) / 255.0).powi(2);
    canvas.iter().zip(expected).map(square).sum::<f64>() / expected.len() as f64
}
