//! Any frame, and any bytes in it: refused with a reason, or taken without a fault; and what is given out lies within the view.
#![no_main]

use std::sync::Arc;
use std::time::{Duration, Instant};

use libfuzzer_sys::arbitrary::{self, Arbitrary, Unstructured};
use libfuzzer_sys::fuzz_target;
use session_replay::pixels::{
    Bitmap, Content, Frame, Mime, PixelFormat, PixelSettings, Pixels, Rect, Region, Sink, Update,
};

struct Checked;

impl Sink for Checked {
    fn show(&self, update: Update) {
        for image in &update.images {
            assert!(image.x >= 0.0 && image.y >= 0.0 && image.width > 0.0 && image.height > 0.0);
            assert!(image.x + image.width <= update.width * 1.000_001);
            assert!(image.y + image.height <= update.height * 1.000_001);
            assert!(image.event_bytes() < 9_000_000);
        }
    }

    fn fail(&self, message: &str) {
        // A panic on the encoder's thread is caught there.
        eprintln!("{message}");
        std::process::abort();
    }
}

fn rect(input: &mut Unstructured) -> arbitrary::Result<Rect> {
    // Mostly about where the frame is.
    let mut side = || -> arbitrary::Result<i32> {
        if input.ratio(7, 8)? { Ok(i32::from(i8::arbitrary(input)?) * 4) } else { i32::arbitrary(input) }
    };
    Ok(Rect { x: side()?, y: side()?, width: side()?, height: side()? })
}

fn rects(input: &mut Unstructured) -> arbitrary::Result<Vec<Rect>> {
    (0..input.int_in_range(0..=6)?).map(|_| rect(input)).collect()
}

/// Hands frames over for as long as there is input.
fn play(input: &mut Unstructured, pixels: &Pixels) -> arbitrary::Result<()> {
    let mut now = Instant::now();
    while !input.is_empty() {
        now += Duration::from_millis(u64::from(u16::arbitrary(input)?));
        let mut side = || -> arbitrary::Result<u32> {
            if input.ratio(15, 16)? {
                Ok(u32::from(u8::arbitrary(input)?) * 2)
            } else {
                u32::arbitrary(input)
            }
        };
        let (width, height) = (side()?, side()?);
        let (masks, damage) = (rects(input)?, rects(input)?);
        let masks = masks
            .into_iter()
            .map(|rect| Ok(if bool::arbitrary(input)? { Region::Mask(rect) } else { Region::OnTop(rect) }));
        let masks = masks.collect::<arbitrary::Result<Vec<_>>>()?;
        let formats = [
            PixelFormat::Rgba,
            PixelFormat::Bgra,
            PixelFormat::Argb,
            PixelFormat::Abgr,
            PixelFormat::Rgb,
            PixelFormat::Bgr,
            PixelFormat::Rgb565,
        ];
        let format = *input.choose(&formats)?;
        let stride = width as usize * format.bytes() + usize::from(u8::arbitrary(input)? % 9);
        let stride = if input.ratio(1, 32)? { usize::arbitrary(input)? } else { stride };
        let some = input.bytes(input.len().min(64))?;
        let count = stride.saturating_mul(height as usize).min(1 << 20);
        let bytes: Vec<u8> =
            some.iter().copied().cycle().take(if some.is_empty() { 0 } else { count }).collect();
        let bitmap = Bitmap {
            format,
            bytes: &bytes,
            stride,
            bottom_up: bool::arbitrary(input)?,
            damage: bool::arbitrary(input)?.then_some(&*damage),
        };
        let content = match input.ratio(7, 8)? {
            true => Content::Bitmap(bitmap),
            false => {
                Content::Encoded { mime: *input.choose(&[Mime::Png, Mime::Jpeg, Mime::WebP])?, bytes: &bytes }
            }
        };
        // One view has frames of many sizes and scales, and masks that are held from one to the next.
        let scales = [1.0, 1.0, 1.25, 2.0, f64::arbitrary(input)?];
        let scale = *input.choose(&scales)?;
        let view = u64::from(u8::arbitrary(input)? % 3);
        let frame = Frame {
            view,
            width,
            height,
            scale,
            masks: &masks,
            are_masks_known: true,
            timestamp_ms: i64::arbitrary(input)?,
            content,
        };
        if let Err(error) = pixels.take(&frame, now) {
            assert!(!error.to_string().is_empty());
        }
        match u8::arbitrary(input)? {
            0 => pixels.close(view),
            1 => pixels.want_full(view),
            2 => pixels.note_input(view, now),
            _ => assert!(pixels.next_frame_ms(view, now) < u32::MAX),
        }
    }
    Ok(())
}

fuzz_target!(|data: &[u8]| {
    let settings = PixelSettings { bytes_per_second: 1 << 30, ..PixelSettings::default() };
    let pixels = Pixels::new(settings, Arc::new(Checked));
    let _ = play(&mut Unstructured::new(data), &pixels);
    assert!(pixels.stop(Instant::now() + Duration::from_secs(60)));
});
