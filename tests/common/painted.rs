//! What a player shows of the images that views' pixels became, beside the frames themselves.

use session_replay::pixels::{Image, ImagePixels};

use super::frames;

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
