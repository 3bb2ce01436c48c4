//! libwebp: the one place that calls it.

use std::ffi::c_int;
use std::ptr;

use libwebp_sys::{
    WebPConfig, WebPEncode, WebPMemoryWrite, WebPMemoryWriter, WebPMemoryWriterClear, WebPMemoryWriterInit,
    WebPPicture, WebPPictureFree, WebPPictureRescale,
};

use super::palette::simplified;
use super::quality::Quality;

/// How hard libwebp tries, from 0 to 6. More takes more than twice the time for a tenth fewer bytes.
const METHOD: c_int = 2;
/// The same without loss, and how hard from 0 to 100. More takes longer for some percent fewer bytes.
const LOSSLESS_METHOD: c_int = 1;
/// See [`LOSSLESS_METHOD`].
const LOSSLESS_EFFORT: f32 = 30.0;
/// What is small enough without loss: bytes besides the pixels, and pixels for each byte. Else losses may be smaller still.
const SMALL: (usize, usize) = (100, 10);

/// Encodes opaque pixels, `0xFFRRGGBB`, of an image `width` wide. `scaled` is the size that it is made smaller to. Where it has
/// few colours besides those of edges, it is encoded without loss, after these were made fewer;
/// else with losses. `None`: libwebp gave up, for want of memory as good as always.
///
/// The pixels are libwebp's to change.
pub(super) fn encode(
    pixels: &mut [u32],
    width: u32,
    scaled: (u32, u32),
    quality: Quality,
) -> Option<Vec<u8>> {
    let height = (pixels.len() / width as usize) as u32;
    if scaled != (width, height) {
        let mut smaller = made_smaller(pixels, width, scaled)?;
        return encode(&mut smaller, scaled.0, scaled, quality);
    }
    let mut config = WebPConfig::new().ok()?;
    let mut lossless = match simplified(pixels, width as usize, quality.tolerance) {
        Some(mut simple) => {
            (config.lossless, config.quality, config.method) = (1, LOSSLESS_EFFORT, LOSSLESS_METHOD);
            Some(encode_with(&config, &mut simple, width)?)
        }
        None => None,
    };
    if let Some(file) = lossless.take_if(|file| file.len() <= SMALL.0 + pixels.len() / SMALL.1) {
        return Some(file);
    }
    (config.lossless, config.quality, config.method) = (0, quality.lossy, METHOD);
    let lossy = encode_with(&config, pixels, width)?;
    Some(lossless.filter(|lossless| lossless.len() <= lossy.len()).unwrap_or(lossy))
}

/// A picture of these pixels, which it does not own.
fn picture_of(pixels: &mut [u32], width: u32) -> Option<Picture> {
    let height = pixels.len() / width as usize;
    let mut picture = Picture(WebPPicture::new().ok()?);
    let it = &mut picture.0;
    it.use_argb = 1;
    (it.width, it.height) = (c_int::try_from(width).ok()?, c_int::try_from(height).ok()?);
    (it.argb, it.argb_stride) = (pixels.as_mut_ptr(), it.width);
    Some(picture)
}

fn made_smaller(pixels: &mut [u32], width: u32, (to_width, to_height): (u32, u32)) -> Option<Vec<u32>> {
    let mut picture = picture_of(pixels, width)?;
    let it = &mut picture.0;
    let size = (c_int::try_from(to_width).ok()?, c_int::try_from(to_height).ok()?);
    // SAFETY: `pixels` has all rows of the picture; one of another size gets memory of its own.
    if unsafe { WebPPictureRescale(it, size.0, size.1) } == 0 {
        return None;
    }
    let (stride, to_width) = (usize::try_from(it.argb_stride).ok()?, to_width as usize);
    let length = stride * (to_height as usize).checked_sub(1)? + to_width;
    // SAFETY: libwebp made the picture this large: so many pixels lie there until it is freed.
    let smaller = unsafe { std::slice::from_raw_parts(it.argb, length) };
    Some(smaller.chunks(stride).flat_map(|row| &row[..to_width]).copied().collect())
}

fn encode_with(config: &WebPConfig, pixels: &mut [u32], width: u32) -> Option<Vec<u8>> {
    let mut file = File::new();
    let mut picture = picture_of(pixels, width)?;
    let it = &mut picture.0;
    it.writer = Some(WebPMemoryWrite);
    it.custom_ptr = (&raw mut *file.0).cast();
    // SAFETY: configuration and picture are whole; the pixels, and `file` behind `custom_ptr`, outlive the call.
    if unsafe { WebPEncode(config, it) } == 0 {
        return None;
    }
    Some(file.bytes().to_vec())
}

/// Frees what libwebp allocated for it: never the pixels, which are the caller's.
struct Picture(WebPPicture);

impl Drop for Picture {
    fn drop(&mut self) {
        // SAFETY: it was initialised, and is not used again.
        unsafe { WebPPictureFree(&raw mut self.0) };
    }
}

/// What libwebp wrote, in its own memory. Boxed, so that it stays where libwebp was told.
struct File(Box<WebPMemoryWriter>);

impl File {
    fn new() -> Self {
        let mut file = Box::new(WebPMemoryWriter {
            mem: ptr::null_mut(),
            size: 0,
            max_size: 0,
            pad: Default::default(),
        });
        // SAFETY: it is a whole value already; this makes it what this version of libwebp begins with.
        unsafe { WebPMemoryWriterInit(&raw mut *file) };
        Self(file)
    }

    fn bytes(&self) -> &[u8] {
        if self.0.mem.is_null() {
            return &[];
        }
        // SAFETY: libwebp wrote so many bytes there, and writes no more.
        unsafe { std::slice::from_raw_parts(self.0.mem, self.0.size) }
    }
}

impl Drop for File {
    fn drop(&mut self) {
        // SAFETY: it was initialised, and is not used again.
        unsafe { WebPMemoryWriterClear(&raw mut *self.0) };
    }
}

/// The size and the pixels, `0xFFRRGGBB`, of an image file.
#[cfg(test)]
pub(super) fn decode(file: &[u8]) -> (u32, u32, Vec<u32>) {
    let (mut width, mut height) = (0, 0);
    // SAFETY: libwebp reads the bytes of `file` and no others, and gives memory of its own, of four bytes for each pixel.
    unsafe {
        let pixels = libwebp_sys::WebPDecodeRGBA(file.as_ptr(), file.len(), &raw mut width, &raw mut height);
        assert!(!pixels.is_null(), "a WebP file");
        let bytes = std::slice::from_raw_parts(pixels, width as usize * height as usize * 4);
        let argb = bytes.as_chunks::<4>().0.iter().map(|[r, g, b, a]| u32::from_be_bytes([*a, *r, *g, *b]));
        let argb = argb.collect();
        libwebp_sys::WebPFree(pixels.cast());
        (width as u32, height as u32, argb)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_comes_back_about_as_it_was_in_the_size_that_was_asked_for() {
        for (width, height, scaled) in
            [(1, 1, (1, 1)), (64, 64, (64, 64)), (100, 30, (50, 15)), (333, 7, (20, 1))]
        {
            let mut pixels: Vec<u32> = (0..width * height)
                .map(|at| if (at % width) < width / 2 { 0xFFF0_F0F0 } else { 0xFF20_3040 })
                .collect();
            let file = encode(&mut pixels, width, scaled, Quality { tolerance: 0, lossy: 90.0 }).unwrap();
            let (found_width, found_height, found) = decode(&file);
            assert_eq!((found_width, found_height), scaled);
            for (at, expected) in [(0, pixels[0]), (scaled.0 - 1, pixels[width as usize - 1])] {
                for (found, expected) in found[at as usize].to_be_bytes().iter().zip(expected.to_be_bytes()) {
                    assert!(found.abs_diff(expected) < 8, "{width}×{height} at {at}");
                }
            }
        }
    }

    #[test]
    fn few_colours_come_back_without_loss_and_edges_nearly_so() {
        let pixels: Vec<u32> =
            (0..64 * 64).map(|at| if at % 3 == 0 { 0xFF00_00FF } else { 0xFFFF_0000 }).collect();
        let file = encode(&mut pixels.clone(), 64, (64, 64), Quality::of(1.0)).unwrap();
        assert_eq!(decode(&file), (64, 64, pixels.clone()));
        let mut noisy = pixels.clone();
        noisy.iter_mut().step_by(7).for_each(|pixel| *pixel ^= 0x0010_0807);
        let file = encode(&mut noisy, 64, (64, 64), Quality::of(1.0)).unwrap();
        assert_eq!(decode(&file), (64, 64, pixels));
    }

    #[test]
    fn a_photo_costs_bytes_by_its_quality_and_is_smaller_with_losses() {
        let mut random = fastrand::Rng::with_seed(1);
        let pixels: Vec<u32> = (0..64 * 64).map(|_| random.u32(..) | 0xFF00_0000).collect();
        let bytes = |pixels: &[u32], lossy| {
            encode(&mut pixels.to_vec(), 64, (64, 64), Quality { tolerance: 24, lossy }).unwrap().len()
        };
        assert!(bytes(&pixels, 30.0) < bytes(&pixels, 70.0));
        // Few enough colours, but in no order.
        let noise: Vec<u32> = pixels.iter().map(|pixel| pixel & 0xFFE0_E0C0).collect();
        assert!(simplified(&noise, 64, 24).is_some());
        assert!(bytes(&noise, 30.0) < bytes(&noise, 70.0));
    }

    #[test]
    fn what_libwebp_refuses_is_no_file() {
        assert_eq!(encode(&mut [], 16_384, (16_384, 0), Quality::of(1.0)), None);
        let mut photo: Vec<u32> = (0..10_000).map(|at| at | 0xFF00_0000).collect();
        let quality = Quality { tolerance: 24, lossy: 1_000.0 };
        assert_eq!(encode(&mut photo, 100, (100, 100), quality), None, "no such quality");
    }
}
