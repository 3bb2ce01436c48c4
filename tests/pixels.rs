//! Pixels of a real program: 14 seconds of Qt Designer (`tests/fixtures/frames`), looked at as often as it is due, played by a
//! player of our own with a decoder that is not ours. And what the room costs in memory.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test that can't go on has failed")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use session_replay::pixels::{Frame, PixelFormat, PixelSettings, Pixels, Rect, Region, Sink, Taken, Update};

mod common;

use common::frames::Recording;
use common::painted::{frame, paint, square_error};

/// Counts what each thread allocates.
struct Counting;

thread_local! {
    static ALLOCATIONS: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: the system's allocator does all of it.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.set(ALLOCATIONS.get() + 1);
        // SAFETY: as the caller promises.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        // SAFETY: as the caller promises.
        unsafe { System.dealloc(memory, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

#[derive(Default)]
struct Collected(Mutex<Vec<Update>>);

impl Sink for Collected {
    fn show(&self, update: Update) {
        self.0.lock().unwrap().push(update);
    }

    fn fail(&self, message: &str) {
        panic!("{message}");
    }
}

impl Collected {
    /// What was given out, once the encoder has done all of it.
    fn after(&self, queued: usize) -> Vec<Update> {
        while self.0.lock().unwrap().len() < queued {
            thread::sleep(Duration::from_millis(1));
        }
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

/// 1,189 tiles of 64 by 64 pixels changed in it: as a WebP file each, of quality 50, they take 543 KB, 997 KB as events.
#[test]
fn fourteen_seconds_of_a_qt_program_stay_small_and_look_like_it() {
    let recording = Recording::read_in(
        concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/frames").as_ref(),
        "qt-designer",
    );
    let collected = Arc::new(Collected::default());
    // Its screen was recorded about four times a second: each of these looks is due.
    let settings = PixelSettings { interval: Duration::from_millis(100), ..PixelSettings::default() };
    let pixels = Pixels::new(settings, collected.clone());
    let start = Instant::now();
    let mut canvas = vec![0; recording.bytes()];
    let (mut bytes, mut images, mut worst, mut looks, mut dropped) = (0, 0, 0.0_f64, 0, 0);
    recording.play(|ms, shown| {
        let now = start + Duration::from_millis(ms);
        looks += 1;
        let taken =
            pixels.take(&frame(recording.width, recording.height, PixelFormat::Rgb, shown), now).unwrap();
        dropped += usize::from(taken == Taken::Dropped);
        for update in collected.after(usize::from(taken == Taken::Queued)) {
            bytes += update.images.iter().map(|image| image.event_bytes()).sum::<u64>();
            images += update.images.len();
            update.images.iter().for_each(|image| paint(image, &mut canvas, recording.width as usize));
        }
        // The place in the queue is free a moment later.
        thread::sleep(Duration::from_millis(2));
        if taken != Taken::Dropped {
            worst = worst.max(square_error(&canvas, shown).sqrt());
        }
    });
    println!("{looks} looks, {images} images, {bytes} bytes of events, error at most {worst:.4}");
    assert!(dropped <= 1, "{dropped}: two looks were recorded too close to each other");
    assert!(bytes <= 240_000, "{bytes}");
    assert!(images <= 115, "{images}");
    assert!(worst <= 0.02, "{worst}");
}

#[test]
fn on_the_hosts_thread_nothing_is_allocated_once_frames_are_as_before() {
    let (width, height) = (640, 400);
    let mut screen = vec![0; width * height * 3];
    let collected = Arc::new(Collected::default());
    let settings = PixelSettings { bytes_per_second: u32::MAX, ..PixelSettings::default() };
    let pixels = Pixels::new(settings, collected.clone());
    let masks = [Region::Mask(Rect { x: 100, y: 100, width: 50, height: 20 })];
    let mut now = Instant::now();
    let mut take = |screen: &[u8]| {
        now += Duration::from_secs(1);
        let frame = Frame { masks: &masks, ..frame(width as u32, height as u32, PixelFormat::Rgb, screen) };
        let before = ALLOCATIONS.get();
        let taken = pixels.take(&frame, now).unwrap();
        let allocated = ALLOCATIONS.get() - before;
        collected.after(usize::from(taken == Taken::Queued));
        // The place in the queue is free a moment later.
        while pixels.next_frame_ms(1, now) == 50 {
            thread::yield_now();
        }
        allocated
    };
    let mut allocated = Vec::new();
    for round in 0..20 {
        screen[..width * 3 * 50].fill(round);
        allocated.push(take(&screen) + take(&screen));
    }
    assert!(allocated[0] > 0, "allocations are counted");
    assert_eq!(allocated[10..], [0; 10], "{allocated:?}");
}

/// Bytes that the process has had at once since [`reset_peak`].
#[cfg(target_os = "linux")]
fn peak() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<usize>().unwrap() * 1_024
}

/// Whether the kernel lets a process do that.
#[cfg(target_os = "linux")]
fn reset_peak() -> bool {
    std::fs::write("/proc/self/clear_refs", "5").is_ok()
}

/// In a process of its own: the others' memory would count.
#[cfg(target_os = "linux")]
#[test]
fn a_4k_frame_takes_at_most_24_mb_over_the_hosts_own() {
    const CHILD: &str = "SR_TEST_MEMORY";
    if std::env::var_os(CHILD).is_none() {
        let mut child = common::child::this_test("a_4k_frame_takes_at_most_24_mb_over_the_hosts_own");
        print!("{}", common::child::run(child.env(CHILD, "1")));
        return;
    }
    let (width, height) = (3_840, 2_160);
    // Noise: nothing is larger once it is encoded.
    let mut random = fastrand::Rng::with_seed(4);
    let mut screen: Vec<u8> = (0..width * height * 3).map(|_| random.u8(..)).collect();
    let collected = Arc::new(Collected::default());
    let settings = PixelSettings { bytes_per_second: u32::MAX, ..PixelSettings::default() };
    let pixels = Pixels::new(settings, collected.clone());
    let mut now = Instant::now();
    if !reset_peak() {
        return println!("this kernel resets no peak of memory: nothing is measured");
    }
    let before = peak();
    // Faster than they are encoded.
    let mut queued = 0;
    while queued < 6 {
        now += Duration::from_secs(1);
        queued += usize::from(
            pixels.take(&frame(width, height, PixelFormat::Rgb, &screen), now).unwrap() == Taken::Queued,
        );
        screen.iter_mut().step_by(60).for_each(|byte| *byte ^= 0x55);
        thread::sleep(Duration::from_millis(1));
    }
    let grown = peak() - before;
    // What was given out belongs to who got it.
    let given_out: usize =
        collected.after(queued).iter().flat_map(|update| &update.images).map(file_size).sum();
    println!("{} bytes over the host's own, of which {given_out} were given out", grown);
    assert!(grown.saturating_sub(given_out) <= 24_000_000, "{grown}");
}

#[cfg(target_os = "linux")]
fn file_size(image: &Arc<session_replay::pixels::Image>) -> usize {
    use session_replay::pixels::ImagePixels;
    match &image.pixels {
        ImagePixels::Flat(_) => 0,
        ImagePixels::Encoded { bytes, .. } => bytes.len(),
    }
}
