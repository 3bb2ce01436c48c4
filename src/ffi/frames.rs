//! Pixels of a view: a frame as C hands it over.

use std::ffi::{c_char, c_void};

use super::arguments::{self, Growing};
use super::boundary::guard;
use super::instance;
use super::status::sr_status;
use crate::error::Error;
use crate::pixels::{Bitmap, Content, Frame, Mime, PixelFormat, Rect, Region};
use crate::views;

/// What the bytes of a pixel mean, in the order in which they lie in memory. What stands for A is passed over: a frame is opaque.
#[allow(non_camel_case_types, clippy::upper_case_acronyms)]
#[allow(dead_code, reason = "it names numbers for the header")]
#[repr(u32)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum sr_pixel_format {
    /// OpenGL's GL_RGBA, Qt's RGBA8888, SDL's RGBA32.
    SR_PIXELS_RGBA = 1,
    /// Qt's RGB32 and ARGB32, cairo's RGB24 and ARGB32, Win32 and Direct3D, all on little-endian machines.
    SR_PIXELS_BGRA = 2,
    /// The same on big-endian machines.
    SR_PIXELS_ARGB = 3,
    /// SDL's ABGR32.
    SR_PIXELS_ABGR = 4,
    /// Three bytes: Qt's RGB888, GdkPixbuf without alpha.
    SR_PIXELS_RGB = 5,
    /// Three bytes: Qt's BGR888, a DIB of 24 bits.
    SR_PIXELS_BGR = 6,
    /// Two bytes, the lower one first: cairo's RGB16_565, Qt's RGB16, SDL's RGB565.
    SR_PIXELS_RGB565 = 7,
    /// An image file that you have encoded, of the type in sr_frame.mime. It is kept as it is: fill what is to be masked first.
    SR_PIXELS_ENCODED = 8,
}

/// What else is known of a frame: bits of sr_frame.flags.
#[allow(non_camel_case_types, clippy::upper_case_acronyms)]
#[allow(dead_code, reason = "it names numbers for the header")]
#[repr(u32)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum sr_frame_flag {
    /// The last row lies first, as OpenGL and Windows have it.
    SR_FRAME_BOTTOM_UP = 1,
    /// masks names all that is to be masked; nothing is, where it names none. Without this flag a frame is not
    /// kept in the level "conservative" (sr_mask_level()), whatever it names.
    SR_FRAME_MASKS_KNOWN = 2,
}

const ALL_FLAGS: u32 = 3;

/// A rectangle in pixels of a frame. It may reach beyond the frame. It never grows by a member.
#[allow(non_camel_case_types)]
#[repr(C)]
#[derive(Clone, Copy)]
pub struct sr_rect {
    /// The left edge.
    pub x: i32,
    /// The upper edge.
    pub y: i32,
    /// To the right; to the left where it is negative.
    pub width: i32,
    /// Downwards; upwards where it is negative.
    pub height: i32,
}

// SAFETY: numbers.
unsafe impl arguments::Plain for sr_rect {}

/// What an sr_mask does.
#[allow(non_camel_case_types, clippy::upper_case_acronyms)]
#[allow(dead_code, reason = "it names numbers for the header")]
#[repr(u32)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum sr_mask_kind {
    /// Nothing in it is kept.
    SR_MASK_HIDE = 0,
    /// It lies on top of the masks before it in the list, and is seen: a menu that is open over a password field.
    SR_MASK_ON_TOP = 1,
}

/// A part of a frame that is masked, or lies on top of such a part. Set size, zero the rest (in C: = {0}), then set what you
/// need. Later versions may add members at the end.
#[allow(non_camel_case_types)]
#[repr(C)]
#[derive(Clone, Copy)]
pub struct sr_mask {
    /// sizeof(sr_mask), the same in all masks of a list.
    pub size: u32,
    /// An sr_mask_kind.
    pub kind: u32,
    /// Where it lies.
    pub rect: sr_rect,
}

// SAFETY: numbers.
unsafe impl Growing for sr_mask {
    const FIRST_SIZE: usize = size_of::<Self>();
}

/// What a view shows at a moment, as pixels. Set size, zero the rest (in C: = {0}), then set what you need. Later versions may
/// add members at the end.
#[allow(non_camel_case_types)]
#[repr(C)]
#[derive(Clone, Copy)]
pub struct sr_frame {
    /// sizeof(sr_frame).
    pub size: u32,
    /// An sr_pixel_format.
    pub format: u32,
    /// The view that shows it.
    pub view: u64,
    /// Pixels in a row: 1 to 16384.
    pub width: u32,
    /// Rows: 1 to 16384.
    pub height: u32,
    /// Pixels of the frame in one unit of the view, 0.25 to 16: 2 on many displays. 0: 1.
    pub scale: f64,
    /// sr_frame_flag: any of them, or 0.
    pub flags: u32,
    /// Bytes from the begin of a row in memory to that of the next; 0: the rows have no gap.
    pub stride: u32,
    /// The first byte in memory.
    pub pixels: *const c_void,
    /// How many bytes there are.
    pub length: usize,
    /// damage_count rectangles; nothing outside of them has changed since the last frame that was handed over. With a count of
    /// 0 anything may have.
    pub damage: *const sr_rect,
    /// See damage.
    pub damage_count: usize,
    /// mask_count masks in paint order, at most 1024; what comes later lies on top.
    pub masks: *const sr_mask,
    /// See masks.
    pub mask_count: usize,
    /// Of SR_PIXELS_ENCODED: "image/png", "image/jpeg" or "image/webp". Otherwise NULL.
    pub mime: *const c_char,
    /// When it was shown, in milliseconds since 1970; 0: now.
    pub timestamp_ms: i64,
}

// SAFETY: numbers and pointers.
unsafe impl Growing for sr_frame {
    const FIRST_SIZE: usize = size_of::<Self>();
}

/// Shows a frame in a view, which is made where there is none, as large as the frame. Pixels are its content from now on.
///
/// Ask sr_view_next_frame_ms() first when to paint or read one. The call masks, compares with the frame before and copies
/// what changed; the library's thread sr-encoder, which begins with the first frame, makes images of that and records them. At
/// most two frames wait for it: what a kill can take. They belong to a flush or shutdown that begins after this call:
/// sr_flush and sr_shutdown wait for them, within their time, and sr_flush_poll() tells when they have arrived.
/// A mask holds for one frame longer than it is named, also where that frame is not kept; but nothing is known of frames from
/// before a view was first captured, so name all masks then. In the level "conservative", and while the remote configuration is
/// awaited, a frame without SR_FRAME_MASKS_KNOWN is not kept: ask sr_mask_level() before you read one.
/// Returns SR_OK, also when nothing changed, and when the frame came too early or two wait already: then what it shows is
/// found with the next one. SR_NOT_CAPTURED also when it has to say that its masks are known and does not. SR_NOT_STORED; the errors of
/// sr_record; SR_ERROR_INVALID_ARGUMENT also when 256 views are there already; SR_ERROR_RESOURCES when sr-encoder can't be
/// started. What fails on its thread is in the log.
/// Threads: any; of two that show the same view at once, one frame may be passed over. Blocks: as sr_record; never for the
/// encoder.
///
/// frame and all it points to are only read during the call, in which nobody changes them. NULL is refused.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sr_view_frame(frame: *const sr_frame) -> sr_status {
    guard(|| {
        instance::with(|replay| {
            // SAFETY: the caller's promise.
            let (frame, damage, masks, bytes, mime) = unsafe {
                let frame = arguments::sized("frame", frame)?;
                (
                    frame,
                    arguments::plain_list("frame.damage", frame.damage, frame.damage_count)?,
                    arguments::sized_list("frame.masks", frame.masks, frame.mask_count)?,
                    arguments::bytes("frame.pixels", frame.pixels.cast(), frame.length)?,
                    arguments::optional_text("frame.mime", frame.mime)?,
                )
            };
            if frame.flags & !ALL_FLAGS != 0 {
                let flags = frame.flags;
                return Err(invalid(format!(
                    "frame.flags ({flags:#x}) has a bit that is none of sr_frame_flag"
                )));
            }
            let has_flag = |flag: sr_frame_flag| frame.flags & flag as u32 != 0;
            let damage: Vec<_> = damage.iter().map(rect).collect();
            let masks =
                masks.iter().enumerate().map(|(at, mask)| region(at, mask)).collect::<Result<Vec<_>, _>>()?;
            let content = match format(frame.format)? {
                Some(format) => Content::Bitmap(Bitmap {
                    format,
                    bytes,
                    stride: match frame.stride {
                        0 => (frame.width as usize).saturating_mul(format.bytes()),
                        stride => stride as usize,
                    },
                    bottom_up: has_flag(sr_frame_flag::SR_FRAME_BOTTOM_UP),
                    damage: (!damage.is_empty()).then_some(&*damage),
                }),
                None => Content::Encoded { mime: mime_of(mime)?, bytes },
            };
            let frame = Frame {
                view: frame.view,
                width: frame.width,
                height: frame.height,
                scale: if frame.scale == 0.0 { 1.0 } else { frame.scale },
                masks: &masks,
                are_masks_known: has_flag(sr_frame_flag::SR_FRAME_MASKS_KNOWN),
                timestamp_ms: frame.timestamp_ms,
                content,
            };
            replay.show_frame(&frame).map(sr_status::from)
        })
    })
}

/// In how many milliseconds a view wants its next frame; 0: now. It has the rate of the options ("frameIntervalMs",
/// "frameBytesPerSecond"), input, and how busy the encoder is in it: ask it in your timer, or before you read a frame back.
///
/// 1000 while nothing is captured, before sr_init and after sr_shutdown: ask again then.
/// Threads: any. Blocks: never.
#[unsafe(no_mangle)]
pub extern "C" fn sr_view_next_frame_ms(view: u64) -> u32 {
    guard(|| {
        instance::with(|replay| {
            views::check_built()?;
            Ok(replay.next_frame_ms(view))
        })
    })
}

/// `None`: an image file.
fn format(number: u32) -> Result<Option<PixelFormat>, Error> {
    Ok(Some(match number {
        1 => PixelFormat::Rgba,
        2 => PixelFormat::Bgra,
        3 => PixelFormat::Argb,
        4 => PixelFormat::Abgr,
        5 => PixelFormat::Rgb,
        6 => PixelFormat::Bgr,
        7 => PixelFormat::Rgb565,
        8 => return Ok(None),
        other => return Err(invalid(format!("frame.format ({other}) is none of sr_pixel_format"))),
    }))
}

fn mime_of(name: Option<&str>) -> Result<Mime, Error> {
    let name =
        name.ok_or_else(|| invalid("frame.mime is NULL: an encoded frame has a MIME type".to_owned()))?;
    Mime::of_name(name).ok_or_else(|| {
        invalid(format!("frame.mime is \"{name}\": use \"image/png\", \"image/jpeg\" or \"image/webp\""))
    })
}

fn rect(rect: &sr_rect) -> Rect {
    Rect { x: rect.x, y: rect.y, width: rect.width, height: rect.height }
}

fn region(at: usize, mask: &sr_mask) -> Result<Region, Error> {
    match mask.kind {
        0 => Ok(Region::Mask(rect(&mask.rect))),
        1 => Ok(Region::OnTop(rect(&mask.rect))),
        other => Err(invalid(format!("frame.masks[{at}].kind ({other}) is none of sr_mask_kind"))),
    }
}

fn invalid(problem: String) -> Error {
    Error::InvalidArgument(problem)
}
