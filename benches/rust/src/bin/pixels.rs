//! What a frame of 1280×800 costs the host's thread, beside its floor and its peers in the same program:
//!
//!     pixels ROUNDS FRAMES
//!
//! FRAMES is a folder like tests/fixtures/frames. Prints `time name min p50 p99` in nanoseconds, over the rounds; for the recording
//! `bytes name bytes`, what ours are made of as `part name bytes`, and `error` with the root of the mean square error of all looks.

use std::hint::black_box;
use std::io::Cursor;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use session_replay::pixels::{ImagePixels, PixelFormat, PixelSettings, Pixels, Sink, Taken, Update};

#[path = "../../../../tests/common/frames.rs"]
mod frames;
#[path = "../../../../tests/common/painted.rs"]
mod painted;

use frames::Recording;

const WIDTH: u32 = 1_280;
const HEIGHT: u32 = 800;
/// What is read so that a frame is in no cache any more.
const OTHER_MEMORY: usize = 96 << 20;
/// Of a change that is typical: a menu, or a dialog.
const CHANGED: (usize, usize) = (384, 256);

#[derive(Default)]
struct Collected(Mutex<Vec<Update>>);

impl Sink for Collected {
    fn show(&self, update: Update) {
        self.0.lock().expect("no panic").push(update);
    }

    fn fail(&self, message: &str) {
        panic!("{message}");
    }
}

fn settings() -> PixelSettings {
    PixelSettings {
        interval: Duration::from_millis(1),
        bytes_per_second: u32::MAX,
        ..PixelSettings::default()
    }
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let (Some(rounds), Some(folder)) = (arguments.next(), arguments.next()) else {
        panic!("pixels ROUNDS FRAMES")
    };
    times(rounds.parse().expect("a number"));
    bytes(&folder);
}

/// Contenders take turns, so that whatever else the machine does affects them alike.
fn times(rounds: usize) {
    let mut screen: Vec<u8> =
        (0..WIDTH * HEIGHT).flat_map(|at| (at / 7).wrapping_mul(2_654_435_761).to_le_bytes()).collect();
    let mut last = screen.clone();
    let collected = Arc::new(Collected::default());
    let pixels = Pixels::new(settings(), collected.clone());
    let mut now = Instant::now();
    let mut take = |screen: &[u8], expected: Taken| loop {
        now += Duration::from_millis(2);
        let frame = painted::frame(WIDTH, HEIGHT, PixelFormat::Bgra, screen);
        let mut taken = Taken::Dropped;
        let time = timed(|| taken = pixels.take(&frame, now).expect("a good frame"));
        while taken == Taken::Queued && collected.0.lock().expect("no panic").pop().is_none() {
            thread::sleep(Duration::from_millis(1));
        }
        // The place in the queue is free a moment after it was given out.
        thread::sleep(Duration::from_millis(2));
        // Now and then a full picture is due, in which everything is given out.
        if taken == expected {
            break time;
        }
    };
    take(&screen, Taken::Queued);
    let [mut read, mut hash, mut compare, mut copy, mut same, mut typical, mut whole] =
        [const { Vec::new() }; 7];
    let [mut read_in_memory, mut same_in_memory] = [const { Vec::new() }; 2];
    let others = vec![1; OTHER_MEMORY];
    for round in 0..rounds {
        sum(black_box(&others));
        read_in_memory.push(timed(|| assert_ne!(sum(black_box(&screen)), 0)));
        sum(black_box(&others));
        same_in_memory.push(take(&screen, Taken::Unchanged));
        sum(black_box(&screen));
        read.push(timed(|| assert_ne!(sum(black_box(&screen)), 0)));
        hash.push(timed(|| assert_ne!(xxhash_rust::xxh3::xxh3_64(black_box(&screen)), 0)));
        compare.push(timed(|| assert!(black_box(&screen) == black_box(&last))));
        copy.push(timed(|| black_box(&mut last).copy_from_slice(black_box(&screen))));
        same.push(take(&screen, Taken::Unchanged));
        change(&mut screen, CHANGED, round);
        typical.push(take(&screen, Taken::Queued));
        change(&mut screen, (WIDTH as usize, HEIGHT as usize), round);
        whole.push(take(&screen, Taken::Queued));
        last.copy_from_slice(&screen);
    }
    for (name, times) in [
        ("read", &mut read),
        ("read-in-memory", &mut read_in_memory),
        ("xxh3", &mut hash),
        ("compare-last", &mut compare),
        ("copy", &mut copy),
        ("unchanged", &mut same),
        ("unchanged-in-memory", &mut same_in_memory),
        ("typical", &mut typical),
        ("whole", &mut whole),
    ] {
        times.sort_unstable();
        let [p50, p99] = [50, 99].map(|percent| times[times.len() * percent / 100]);
        println!("time {name} {} {p50} {p99}", times[0]);
    }
}

fn change(screen: &mut [u8], (width, height): (usize, usize), round: usize) {
    for row in screen.chunks_exact_mut(WIDTH as usize * 4).take(height) {
        row[..width * 4].iter_mut().step_by(4).for_each(|byte| *byte = byte.wrapping_add(round as u8 | 1));
    }
}

/// Reads every byte once, as fast as the processor does.
fn sum(bytes: &[u8]) -> u64 {
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx2") {
        // SAFETY: the processor has it.
        return unsafe { wide_sum(bytes) };
    }
    plain_sum(bytes)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn wide_sum(bytes: &[u8]) -> u64 {
    plain_sum(bytes)
}

#[inline(always)]
fn plain_sum(bytes: &[u8]) -> u64 {
    let words = bytes.as_chunks::<8>().0.iter().map(|word| u64::from_le_bytes(*word));
    words.fold(0, u64::wrapping_add)
}

fn timed(body: impl FnOnce()) -> u64 {
    let start = Instant::now();
    body();
    start.elapsed().as_nanos() as u64
}

/// A recording as we give it out, as a PNG and a JPEG file of each frame that changed, and a PNG of each tile of 64 pixels that
/// did.
fn bytes(folder: &str) {
    let recording = Recording::read_in(folder.as_ref(), "qt-designer");
    let (width, height) = (recording.width, recording.height);
    let collected = Arc::new(Collected::default());
    let pixels = Pixels::new(PixelSettings { bytes_per_second: 30_000, ..settings() }, collected.clone());
    let (mut last, mut canvas, start) = (Vec::new(), vec![0; recording.bytes()], Instant::now());
    let (mut frames, mut jpegs, mut tiles) = (0, 0, 0);
    let (mut parts, mut squares, mut looks) = (Parts::default(), 0.0, 0);
    recording.play(|ms, shown| {
        let now = start + Duration::from_millis(ms);
        let taken =
            pixels.take(&painted::frame(width, height, PixelFormat::Rgb, shown), now).expect("a good frame");
        if taken == Taken::Queued {
            let update = collected.next();
            parts.add(&update);
            update.images.iter().for_each(|image| painted::paint(image, &mut canvas, width as usize));
        }
        (squares, looks) = (squares + painted::square_error(&canvas, shown), looks + 1);
        if last != shown {
            frames += in_event(png(width, height, shown));
            jpegs += in_event(jpeg(width, height, shown));
            tiles += changed_tiles(width, &last, shown);
            last = shown.to_vec();
        }
    });
    println!(
        "bytes ours {}\nbytes png-tiles {tiles}",
        parts.full + parts.files + parts.base64 + parts.around
    );
    println!("bytes png-frames {frames}\nbytes jpeg-frames {jpegs}");
    println!("part full-pictures {}\npart files {}", parts.full, parts.files);
    println!("part base64 {}\npart elements {}\npart images {}", parts.base64, parts.around, parts.images);
    println!("error {:.4}", (squares / f64::from(looks)).sqrt());
}

impl Collected {
    /// What a frame led to.
    fn next(&self) -> Update {
        loop {
            if let Some(update) = self.0.lock().expect("no panic").pop() {
                // The place in the queue is free a moment after it was given out.
                thread::sleep(Duration::from_millis(2));
                return update;
            }
            thread::sleep(Duration::from_millis(1));
        }
    }
}

/// Bytes by what they are for.
#[derive(Default)]
struct Parts {
    /// Files of full pictures, and of changes.
    full: u64,
    files: u64,
    /// What base64 adds.
    base64: u64,
    /// Elements around the files.
    around: u64,
    images: u64,
}

impl Parts {
    fn add(&mut self, update: &Update) {
        for image in &update.images {
            let file = match &image.pixels {
                ImagePixels::Flat(_) => 0,
                ImagePixels::Encoded { bytes, .. } => bytes.len(),
            };
            *(if update.is_full { &mut self.full } else { &mut self.files }) += file as u64;
            self.base64 += (file.div_ceil(3) * 4 - file) as u64;
            self.around += image.event_bytes() - (file.div_ceil(3) * 4) as u64;
            self.images += 1;
        }
    }
}

/// The bytes of an image in an event: base64, with an element around it.
fn in_event(file: usize) -> usize {
    file.div_ceil(3) * 4 + 230
}

fn changed_tiles(width: u32, last: &[u8], shown: &[u8]) -> usize {
    const TILE: usize = 64;
    let row_bytes = width as usize * 3;
    let height = shown.len() / row_bytes;
    let cut = |from: &[u8], left: usize, top: usize| -> Vec<u8> {
        let rows = from.chunks(row_bytes).skip(top).take(TILE);
        rows.flat_map(|row| &row[left * 3..row_bytes.min((left + TILE) * 3)]).copied().collect()
    };
    let places = (0..height)
        .step_by(TILE)
        .flat_map(|top| (0..width as usize).step_by(TILE).map(move |left| (left, top)));
    let changed = places.filter_map(|(left, top)| {
        let (before, after) = (cut(last, left, top), cut(shown, left, top));
        let columns = TILE.min(width as usize - left);
        (before != after).then(|| in_event(png(columns as u32, (after.len() / columns / 3) as u32, &after)))
    });
    changed.sum()
}

fn png(width: u32, height: u32, pixels: &[u8]) -> usize {
    let mut file = Cursor::new(Vec::new());
    let mut encoder = png::Encoder::new(&mut file, width, height);
    encoder.set_color(png::ColorType::Rgb);
    let mut writer = encoder.write_header().expect("a header");
    writer.write_image_data(pixels).expect("an image");
    writer.finish().expect("a file");
    file.into_inner().len()
}

fn jpeg(width: u32, height: u32, pixels: &[u8]) -> usize {
    let mut file = Vec::new();
    let encoder = jpeg_encoder::Encoder::new(&mut file, 60);
    encoder.encode(pixels, width as u16, height as u16, jpeg_encoder::ColorType::Rgb).expect("an image");
    file.len()
}
