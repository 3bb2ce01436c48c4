//! A frame as the host hands it over, and what is checked of it before anything reads it.

use thiserror::Error;

use super::mask::{MAX_REGIONS, Region};
use super::rect::Rect;

/// The longest side of a frame, in pixels.
pub const MAX_SIDE: u32 = 16_384;
/// The longest frame that the host has encoded: as text it must fit into one event.
pub const MAX_ENCODED_BYTES: usize = 2 << 20;
/// The scales of screens, with room.
const SCALES: std::ops::RangeInclusive<f64> = 0.25..=16.0;

/// What a view shows at a moment. It is only read during the call.
#[derive(Debug, Clone, Copy)]
pub struct Frame<'a> {
    /// The view that shows it.
    pub view: u64,
    /// Pixels in a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Pixels of the frame in one unit of the view: 2 on many displays, 1 on others.
    pub scale: f64,
    /// What is masked, in paint order.
    pub masks: &'a [Region],
    /// Whether that is all that is to be masked. This room masks the same either way.
    pub are_masks_known: bool,
    /// When it was shown, in milliseconds since 1970.
    pub timestamp_ms: i64,
    /// Its pixels.
    pub content: Content<'a>,
}

/// The pixels of a frame.
#[derive(Debug, Clone, Copy)]
pub enum Content<'a> {
    /// As they lie in memory.
    Bitmap(Bitmap<'a>),
    /// Encoded by the host, and taken as they are. The host has filled what is to be masked.
    Encoded {
        /// How they are encoded.
        mime: Mime,
        /// The whole file.
        bytes: &'a [u8],
    },
}

/// Pixels in memory.
#[derive(Debug, Clone, Copy)]
pub struct Bitmap<'a> {
    /// What a pixel's bytes mean.
    pub format: PixelFormat,
    /// All rows.
    pub bytes: &'a [u8],
    /// From the begin of a row in memory to that of the next.
    pub stride: usize,
    /// The last row lies first, as OpenGL and Windows have it.
    pub bottom_up: bool,
    /// Nothing outside of these changed since the frame before. `None`: anything may have.
    pub damage: Option<&'a [Rect]>,
}

/// What a pixel's bytes mean, in the order in which they lie in memory. What stands for A may be anything: a frame is
/// opaque.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PixelFormat {
    /// OpenGL, Qt's RGBA8888, SDL's RGBA32.
    Rgba,
    /// Qt's RGB32 and ARGB32, cairo's RGB24 and ARGB32, Win32 (all of them little-endian), Direct3D.
    Bgra,
    /// The same on big-endian machines.
    Argb,
    /// SDL's ABGR32.
    Abgr,
    /// Three bytes: Qt's RGB888, GdkPixbuf.
    Rgb,
    /// Three bytes: Qt's BGR888, a DIB of 24 bits.
    Bgr,
    /// Two bytes, the lower one first: cairo's RGB16_565, Qt's RGB16, SDL's RGB565.
    Rgb565,
}

/// How an image is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mime {
    /// `image/png`
    Png,
    /// `image/jpeg`
    Jpeg,
    /// `image/webp`
    WebP,
}

/// Why a frame is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum FrameError {
    /// A side is 0 or too long.
    #[error("the frame is {width}×{height} pixels: each side must be 1 to {MAX_SIDE}")]
    Size {
        /// Pixels in a row.
        width: u32,
        /// Rows.
        height: u32,
    },
    /// The scale is none.
    #[error("the frame's scale must be 0.25 to 16: 1 where a pixel is a unit of the view")]
    Scale,
    /// The rows would overlap.
    #[error(
        "the frame's stride is {stride} bytes, but a row has {row}: give the bytes from one row to the next"
    )]
    Stride {
        /// As given.
        stride: usize,
        /// What a row needs.
        row: usize,
    },
    /// The memory ends before the last row does.
    #[error("the frame has {bytes} bytes, but its rows need {needed}: check its size and its stride")]
    TooShort {
        /// As given.
        bytes: usize,
        /// What the rows need.
        needed: usize,
    },
    /// Too many masks.
    #[error("the frame names {0} masks: join some, {MAX_REGIONS} are allowed")]
    Masks(usize),
    /// Masks in what can't be filled.
    #[error(
        "an encoded frame can't be masked: fill what is to be masked before you encode it, and name no masks"
    )]
    EncodedMasks,
    /// Too much at once.
    #[error("the encoded frame has {0} bytes: 1 to {MAX_ENCODED_BYTES} are allowed")]
    EncodedSize(usize),
    /// The bytes are something else.
    #[error("the encoded frame is not of the MIME type {0}")]
    NotOfType(&'static str),
}

impl Frame<'_> {
    /// Whether everything about it is true that can be known without reading its pixels.
    pub fn check(&self) -> Result<(), FrameError> {
        let (width, height) = (self.width, self.height);
        if ![width, height].iter().all(|side| (1..=MAX_SIDE).contains(side)) {
            return Err(FrameError::Size { width, height });
        }
        if !SCALES.contains(&self.scale) {
            return Err(FrameError::Scale);
        }
        let masks = self.masks.len();
        match self.content {
            _ if masks > MAX_REGIONS => Err(FrameError::Masks(masks)),
            Content::Bitmap(bitmap) => bitmap.check(width as usize, height as usize),
            Content::Encoded { .. } if masks > 0 => Err(FrameError::EncodedMasks),
            Content::Encoded { bytes, .. } if !(1..=MAX_ENCODED_BYTES).contains(&bytes.len()) => {
                Err(FrameError::EncodedSize(bytes.len()))
            }
            Content::Encoded { mime, bytes } if !mime.fits(bytes) => Err(FrameError::NotOfType(mime.name())),
            Content::Encoded { .. } => Ok(()),
        }
    }
}

impl Bitmap<'_> {
    fn check(&self, width: usize, height: usize) -> Result<(), FrameError> {
        let row = width * self.format.bytes();
        if self.stride < row {
            return Err(FrameError::Stride { stride: self.stride, row });
        }
        // The last row may end with its last pixel.
        let needed = self.stride.saturating_mul(height - 1).saturating_add(row);
        match self.bytes.len() < needed {
            true => Err(FrameError::TooShort { bytes: self.bytes.len(), needed }),
            false => Ok(()),
        }
    }

    /// The pixels `left` to `right` of the row `y` of a frame that is checked and has `height` rows.
    #[inline]
    pub(super) fn pixels(&self, y: u32, height: u32, left: u32, right: u32) -> &[u8] {
        let y = if self.bottom_up { height - 1 - y } else { y };
        let (start, size) = (y as usize * self.stride, self.format.bytes());
        &self.bytes[start + left as usize * size..start + right as usize * size]
    }
}

impl PixelFormat {
    /// Bytes of a pixel.
    pub fn bytes(self) -> usize {
        match self {
            Self::Rgba | Self::Bgra | Self::Argb | Self::Abgr => 4,
            Self::Rgb | Self::Bgr => 3,
            Self::Rgb565 => 2,
        }
    }

    /// Writes pixels as opaque `0xAARRGGBB`: what libwebp reads.
    pub(super) fn convert(self, from: &[u8], to: &mut [u32]) {
        const OPAQUE: u32 = 0xFF00_0000;
        fn each<const N: usize>(from: &[u8], to: &mut [u32], pixel: impl Fn([u8; N]) -> u32) {
            for (to, from) in to.iter_mut().zip(from.as_chunks::<N>().0) {
                *to = OPAQUE | pixel(*from);
            }
        }
        match self {
            Self::Rgba => each::<4>(from, to, |[r, g, b, _]| u32::from_be_bytes([0, r, g, b])),
            Self::Bgra => each::<4>(from, to, u32::from_le_bytes),
            Self::Argb => each::<4>(from, to, u32::from_be_bytes),
            Self::Abgr => each::<4>(from, to, |[_, b, g, r]| u32::from_be_bytes([0, r, g, b])),
            Self::Rgb => each::<3>(from, to, |[r, g, b]| u32::from_be_bytes([0, r, g, b])),
            Self::Bgr => each::<3>(from, to, |[b, g, r]| u32::from_be_bytes([0, r, g, b])),
            Self::Rgb565 => each::<2>(from, to, |pixel| {
                let pixel = u32::from(u16::from_le_bytes(pixel));
                // The upper bits fill the lower ones, so that white is white.
                let widen = |value: u32, bits: u32| (value << (8 - bits)) | (value >> (2 * bits - 8));
                let (red, green, blue) = (pixel >> 11, pixel >> 5 & 0x3F, pixel & 0x1F);
                widen(red, 5) << 16 | widen(green, 6) << 8 | widen(blue, 5)
            }),
        }
    }
}

impl Mime {
    /// As in a data URL.
    pub fn name(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::WebP => "image/webp",
        }
    }

    /// The type of this name.
    pub fn of_name(name: &str) -> Option<Self> {
        [Self::Png, Self::Jpeg, Self::WebP].into_iter().find(|mime| mime.name().eq_ignore_ascii_case(name))
    }

    /// Whether a file begins as one of this type does.
    fn fits(self, file: &[u8]) -> bool {
        match self {
            Self::Png => file.starts_with(b"\x89PNG\r\n\x1A\n"),
            Self::Jpeg => file.starts_with(b"\xFF\xD8\xFF"),
            Self::WebP => file.starts_with(b"RIFF") && file.get(8..12) == Some(b"WEBP"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_is_read_as_the_same_colours() {
        let expected = [0xFF10_20FF, 0xFFFF_8000];
        for (format, bytes) in [
            (PixelFormat::Rgba, &[0x10, 0x20, 0xFF, 7, 0xFF, 0x80, 0, 0][..]),
            (PixelFormat::Bgra, &[0xFF, 0x20, 0x10, 7, 0, 0x80, 0xFF, 0]),
            (PixelFormat::Argb, &[7, 0x10, 0x20, 0xFF, 0, 0xFF, 0x80, 0]),
            (PixelFormat::Abgr, &[7, 0xFF, 0x20, 0x10, 0, 0, 0x80, 0xFF]),
            (PixelFormat::Rgb, &[0x10, 0x20, 0xFF, 0xFF, 0x80, 0]),
            (PixelFormat::Bgr, &[0xFF, 0x20, 0x10, 0, 0x80, 0xFF]),
        ] {
            let mut found = [0; 2];
            format.convert(bytes, &mut found);
            assert_eq!(bytes.len(), 2 * format.bytes());
            assert_eq!(found, expected, "{format:?}");
        }
        for (pixel, expected) in [
            (0x0000_u16, 0xFF00_0000_u32),
            (0xFFFF, 0xFFFF_FFFF),
            (0xF800, 0xFFFF_0000),
            (0x07E0, 0xFF00_FF00),
            (0x001F, 0xFF00_00FF),
            (0x8410, 0xFF84_8284),
        ] {
            let mut found = [0];
            PixelFormat::Rgb565.convert(&pixel.to_le_bytes(), &mut found);
            assert_eq!(found, [expected], "{pixel:x}");
        }
    }

    #[test]
    fn rows_are_where_stride_and_direction_say() {
        let bytes: Vec<u8> = (0..28).collect();
        for (bottom_up, y, expected) in
            [(false, 0, 4..8), (false, 2, 24..28), (true, 0, 24..28), (true, 2, 4..8)]
        {
            let bitmap =
                Bitmap { format: PixelFormat::Rgba, bytes: &bytes, stride: 10, bottom_up, damage: None };
            let expected: Vec<u8> = expected.collect();
            assert_eq!(bitmap.pixels(y, 3, 1, 2), expected, "{bottom_up} {y}");
        }
    }

    #[test]
    fn what_is_wrong_with_a_frame_is_said() {
        let bytes = [0; 100];
        let bitmap = |bytes, stride| {
            Content::Bitmap(Bitmap {
                format: PixelFormat::Rgba,
                bytes,
                stride,
                bottom_up: false,
                damage: None,
            })
        };
        let encoded = |mime, bytes| Content::Encoded { mime, bytes };
        let frame = |width, height, content| Frame {
            view: 1,
            width,
            height,
            scale: 1.0,
            masks: &[],
            are_masks_known: false,
            timestamp_ms: 0,
            content,
        };
        let many = [Region::Mask(Rect { x: 0, y: 0, width: 1, height: 1 }); MAX_REGIONS + 1];
        let png = b"\x89PNG\r\n\x1A\n";
        for (frame, expected) in [
            (frame(5, 5, bitmap(&bytes, 20)), ""),
            // The last row needs no padding.
            (frame(4, 4, bitmap(&bytes, 28)), ""),
            (frame(0, 5, bitmap(&bytes, 20)), "0×5 pixels"),
            (frame(5, MAX_SIDE + 1, bitmap(&bytes, 20)), "5×16385 pixels"),
            (frame(5, 5, bitmap(&bytes, 19)), "stride is 19 bytes, but a row has 20"),
            (frame(5, 5, bitmap(&bytes[..99], 20)), "has 99 bytes, but its rows need 100"),
            (frame(5, 3, bitmap(&bytes, usize::MAX)), "has 100 bytes"),
            (Frame { scale: f64::NAN, ..frame(5, 5, bitmap(&bytes, 20)) }, "scale"),
            (Frame { scale: 0.0, ..frame(5, 5, bitmap(&bytes, 20)) }, "scale"),
            (Frame { masks: &many, ..frame(5, 5, bitmap(&bytes, 20)) }, "1025 masks"),
            (frame(5, 5, encoded(Mime::Png, png)), ""),
            (Frame { are_masks_known: true, ..frame(5, 5, encoded(Mime::Png, png)) }, ""),
            (Frame { masks: &many[..1], ..frame(5, 5, encoded(Mime::Png, png)) }, "can't be masked"),
            (frame(5, 5, encoded(Mime::WebP, png)), "not of the MIME type image/webp"),
            (frame(5, 5, encoded(Mime::Jpeg, b"")), "has 0 bytes"),
            (frame(5, 5, encoded(Mime::Jpeg, &vec![0; MAX_ENCODED_BYTES + 1])), "has 2097153 bytes"),
        ] {
            let found = frame.check().err().map(|error| error.to_string()).unwrap_or_default();
            assert!(
                found.contains(expected) && found.is_empty() == expected.is_empty(),
                "{found:?}: {expected}"
            );
        }
    }

    #[test]
    fn a_mime_type_is_found_by_its_name_and_by_how_a_file_begins() {
        for (name, expected) in [
            ("image/png", Some(Mime::Png)),
            ("IMAGE/JPEG", Some(Mime::Jpeg)),
            ("image/webp", Some(Mime::WebP)),
            ("image/svg+xml", None),
            ("", None),
        ] {
            assert_eq!(Mime::of_name(name), expected, "{name}");
        }
        assert!(Mime::WebP.fits(b"RIFF\0\0\0\0WEBPVP8 "));
        assert!(!Mime::WebP.fits(b"RIFF\0\0\0\0WAVE"));
        assert!(!Mime::WebP.fits(b"RIFF"));
        assert!(Mime::Jpeg.fits(b"\xFF\xD8\xFF\xE0"));
    }
}
