//! What frames cost a whole recorder, from the call to what the server accepted:
//!
//!     frames session FRAMES OPTIONS_JSON
//!     frames 4k OPTIONS_JSON
//!
//! `session` shows the recorded program's frames when it showed them, about four times a second. Prints `processor MS
//! ELAPSED_MS`, of all threads but without what the host does between the calls, `call P50 P99` in nanoseconds, and `bytes EVENTS
//! WIRE IMAGES`. `4k` shows one of 3840×2160 pixels in which all changes, and prints `memory BYTES`, the most that the process
//! had over what it had with the frame alone.

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};
use session_replay::pixels::{Bitmap, Content, Frame, PixelFormat};
use session_replay::{Log, Options, SessionReplay};

#[path = "../../../../tests/common/frames.rs"]
mod frames;

use frames::Recording;

fn main() {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["session", folder, options] => session(folder, options),
        ["4k", options] => large(options),
        _ => panic!("frames session FRAMES OPTIONS_JSON, or frames 4k OPTIONS_JSON"),
    }
}

fn start(options: &str) -> SessionReplay {
    let options = Options::from_json(options).expect("good options");
    SessionReplay::start("bench-key", options, Arc::<Log>::default()).expect("it starts")
}

fn frame(width: u32, height: u32, format: PixelFormat, bytes: &[u8]) -> Frame<'_> {
    let stride = width as usize * format.bytes();
    let bitmap = Bitmap { format, bytes, stride, bottom_up: false, damage: None };
    let content = Content::Bitmap(bitmap);
    Frame { view: 1, width, height, scale: 1.0, masks: &[], are_masks_known: true, timestamp_ms: 0, content }
}

fn spent(clock: ClockId) -> Duration {
    let time = clock_gettime(clock);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

fn session(folder: &str, options: &str) {
    let recording = Recording::read_in(folder.as_ref(), "qt-designer");
    let replay = start(options);
    let (process, host) = (spent(ClockId::ProcessCPUTime), spent(ClockId::ThreadCPUTime));
    let (mut in_calls, mut calls, start) = (Duration::ZERO, Vec::new(), Instant::now());
    recording.play(|ms, shown| {
        thread::sleep((start + Duration::from_millis(ms)).saturating_duration_since(Instant::now()));
        let frame = frame(recording.width, recording.height, PixelFormat::Rgb, shown);
        let (before, began) = (spent(ClockId::ThreadCPUTime), Instant::now());
        replay.show_frame(&frame).expect("it is taken");
        calls.push(began.elapsed());
        in_calls += spent(ClockId::ThreadCPUTime) - before;
    });
    replay.flush(60_000).expect("all arrives");
    let between_calls = spent(ClockId::ThreadCPUTime) - host - in_calls;
    let processor = spent(ClockId::ProcessCPUTime) - process - between_calls;
    println!("processor {:.3} {}", processor.as_secs_f64() * 1e3, start.elapsed().as_millis());
    calls.sort_unstable();
    println!("call {} {}", calls[calls.len() / 2].as_nanos(), calls[calls.len() * 99 / 100].as_nanos());
    let stats = replay.stats();
    println!("bytes {} {}", stats["recorded"]["bytes"], stats["bytes"]["onTheWire"]);
}

fn large(options: &str) {
    let (width, height) = (3_840, 2_160);
    let mut screen = vec![0_u8; width as usize * height as usize * 4];
    let mut random = 1_u64;
    paint(&mut screen, width as usize * 4, &mut random);
    let replay = start(options);
    std::fs::write("/proc/self/clear_refs", "5").expect("the peak is forgotten");
    let before = peak();
    for _ in 0..6 {
        replay.show_frame(&frame(width, height, PixelFormat::Bgra, &screen)).expect("it is taken");
        thread::sleep(Duration::from_millis(600));
        paint(&mut screen, width as usize * 4, &mut random);
    }
    replay.flush(60_000).expect("all arrives");
    println!("memory {}", peak() - before);
}

/// Squares of some colours, as a program's windows have, and a photo.
fn paint(screen: &mut [u8], stride: usize, random: &mut u64) {
    for (y, row) in screen.chunks_exact_mut(stride).enumerate() {
        for (x, pixel) in row.as_chunks_mut::<4>().0.iter_mut().enumerate() {
            let is_photo = x > 1_000 && x < 2_000 && y > 400 && y < 1_200;
            if is_photo || (x % 16 == 0 && y % 24 == 0) {
                *random =
                    random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            }
            *pixel = ((*random >> 33) as u32).to_le_bytes();
        }
    }
}

fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("a Linux system");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("the peak");
    line.trim().trim_end_matches(" kB").parse::<u64>().expect("a number") * 1_024
}
