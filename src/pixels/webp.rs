//! libwebp: the one place that calls it.

use std::ffi::c_int;
use std::ptr;

use libwebp_sys::{
    WebPConfig, WebPEncode, WebPMemoryWrite, WebPMemoryWriter, WebPMemoryWriterClear, WebPMemoryWriterInit,
    WebPPicture, WebPPictureFree, WebPPictureRescale,
};

/// How hard libwebp tries, from 0 to 6. More takes more than twice the time for a tenth fewer bytes.
const METHOD: c_int = 2;
/// The same without loss: from 0 to 100.
const LOSSLESS_EFFORT: f32 = 50.0;

/// With no more colours than this an image is encoded without loss, too, and the smaller file is taken: lines and plain letters
/// often need a third of the bytes.
const MAX_PALETTE: usize = 256;

/// Encodes opaque pixels, `0xFFRRGGBB`, of an image `width` wide. `scaled` is the size that it is made smaller to; `quality`
/// from 0 to 100. `None`: libwebp gave up, for want of memory as good as always.
///
/// The pixels are libwebp's to change.
pub(super) fn encode(pixels: &mut [u32], width: u32, scaled: (u32, u32), quality: f32) -> Option<Vec<u8>> {
    let height = (pixels.len() / width as usize) as u32;
    let mut config = WebPConfig::new().ok()?;
    let lossless = match scaled == (width, height) && has_few_colours(pixels) {
        true => {
            (config.lossless, config.quality, config.method) = (1, LOSSLESS_EFFORT, 1);
            Some(encode_with(&config, pixels, width, scaled)?)
        }
        false => None,
    };
    (config.lossless, config.quality, config.method) = (0, quality, METHOD);
    let lossy = encode_with(&config, pixels, width, scaled)?;
    Some(lossless.filter(|lossless| lossless.len() <= lossy.len()).unwrap_or(lossy))
}

fn encode_with(config: &WebPConfig, pixels: &mut [u32], width: u32, scaled: (u32, u32)) -> Option<Vec<u8>> {
    let height = (pixels.len() / width as usize) as u32;
    let mut file = File::new();
    let mut picture = Picture(WebPPicture::new().ok()?);
    let it = &mut picture.0;
    it.use_argb = 1;
    (it.width, it.height) = (c_int::try_from(width).ok()?, c_int::try_from(height).ok()?);
    (it.argb, it.argb_stride) = (pixels.as_mut_ptr(), it.width);
    it.writer = Some(WebPMemoryWrite);
    it.custom_ptr = (&raw mut *file.0).cast();
    if scaled != (width, height) {
        let (width, height) = (c_int::try_from(scaled.0).ok()?, c_int::try_from(scaled.1).ok()?);
        // SAFETY: `pixels` has `height` rows of `width`; a picture of another size gets memory of its own.
        if unsafe { WebPPictureRescale(it, width, height) } == 0 {
            return None;
        }
    }
    // SAFETY: configuration and picture are whole; the pixels, and `file` behind `custom_ptr`, outlive the call.
    if unsafe { WebPEncode(config, it) } == 0 {
        return None;
    }
    Some(file.bytes().to_vec())
}

fn has_few_colours(pixels: &[u32]) -> bool {
    let mut colours = [0; MAX_PALETTE];
    let mut count = 0;
    let mut last = 0;
    for pixel in pixels.iter().copied() {
        // Most pixels are as the one before.
        if pixel == last {
            continue;
        }
        last = pixel;
        if let Err(place) = colours[..count].binary_search(&pixel) {
            if count == MAX_PALETTE {
                return false;
            }
            colours.copy_within(place..count, place + 1);
            colours[place] = pixel;
            count += 1;
        }
    }
    true
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
            let file = encode(&mut pixels, width, scaled, 90.0).unwrap();
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
    fn few_colours_come_back_without_loss_where_that_is_cheaper() {
        let pixels: Vec<u32> =
            (0..64 * 64).map(|at| if at % 3 == 0 { 0xFF00_00FF } else { 0xFFFF_0000 }).collect();
        let file = encode(&mut pixels.clone(), 64, (64, 64), 50.0).unwrap();
        assert_eq!(decode(&file), (64, 64, pixels));
        for (colours, expected) in [(1, true), (256, true), (257, false), (4_000, false)] {
            let pixels: Vec<u32> =
                (1..=4_096).map(|at| (at * 2_654_435_761_u64 % colours) as u32 + 1).collect();
            assert_eq!(has_few_colours(&pixels), expected, "{colours}");
        }
    }

    #[test]
    fn quality_costs_bytes() {
        let mut random = fastrand::Rng::with_seed(1);
        let pixels: Vec<u32> = (0..64 * 64).map(|_| random.u32(..) | 0xFF00_0000).collect();
        let bytes = |quality| encode(&mut pixels.clone(), 64, (64, 64), quality).unwrap().len();
        assert!(bytes(30.0) < bytes(70.0));
    }

    #[test]
    fn what_libwebp_refuses_is_no_file() {
        assert_eq!(encode(&mut [], 16_384, (16_384, 0), 70.0), None);
        assert_eq!(encode(&mut [0; 4], 2, (2, 2), 1_000.0), None, "no such quality");
    }
}
