//! The room as a whole: frames in, images out, put together again as a player does.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::tile::MASKED;
use super::webp::decode;
use super::*;
use crate::sync::{Condvar, Mutex};

/// What was given out.
#[derive(Default)]
struct Collected {
    updates: Mutex<Vec<Update>>,
    more: Condvar,
    failures: Mutex<Vec<String>>,
    done: Mutex<Vec<u64>>,
    /// The encoder panics in the next call.
    panics: AtomicBool,
    /// A call is under way, or was.
    is_called: AtomicBool,
    /// Held by a test to keep the encoder busy.
    gate: Mutex<()>,
}

impl Sink for Collected {
    fn show(&self, update: Update) {
        self.is_called.store(true, Ordering::SeqCst);
        drop(self.gate.lock());
        assert!(!self.panics.swap(false, Ordering::SeqCst), "a sink that panics");
        self.updates.lock().push(update);
        self.more.notify_all();
    }

    fn done(&self, last: u64) {
        self.done.lock().push(last);
        self.more.notify_all();
    }

    fn fail(&self, message: &str) {
        self.failures.lock().push(message.to_owned());
        self.more.notify_all();
    }
}

/// A recorder of pixels, with a clock of its own.
struct Recorder {
    pixels: Pixels,
    collected: Arc<Collected>,
    now: Instant,
    /// From one frame to the next.
    step: Duration,
}

impl Recorder {
    fn new(settings: PixelSettings) -> Self {
        let collected = Arc::new(Collected::default());
        Self {
            pixels: Pixels::new(settings, collected.clone()),
            collected,
            now: Instant::now(),
            step: Duration::from_secs(1),
        }
    }

    /// Waits until the sink is told that the frames up to this one are done.
    fn wait_until_told_done(&self, last: u64) {
        let mut done = self.collected.done.lock();
        while done.last().is_none_or(|done| *done < last) {
            done = self.collected.more.wait(done);
        }
    }

    /// With a budget that never runs out.
    fn rich() -> Self {
        Self::new(PixelSettings { bytes_per_second: u32::MAX, ..PixelSettings::default() })
    }

    /// Hands over the next frame.
    fn take(&mut self, frame: &Frame) -> Taken {
        self.now += self.step;
        self.pixels.take(frame, self.now).unwrap()
    }

    /// The same, and what it led to, if anything.
    fn update(&mut self, frame: &Frame) -> Option<Update> {
        match self.take(frame) {
            Taken::Queued => Some(self.only_update()),
            Taken::Unchanged => None,
            taken => panic!("{taken:?}"),
        }
    }

    /// What was given out, once no frame is under way any more.
    fn only_update(&self) -> Update {
        let update = self.next_update();
        while !self.pixels.shared.queue.is_idle() {
            std::thread::yield_now();
        }
        update
    }

    fn next_update(&self) -> Update {
        let mut updates = self.collected.updates.lock();
        while updates.is_empty() {
            updates = self.collected.more.wait(updates);
        }
        let update = updates.remove(0);
        drop(updates);
        update
    }
}

fn frame<'a>(picture: &'a Picture, masks: &'a [Region], damage: Option<&'a [Rect]>) -> Frame<'a> {
    Frame {
        view: 1,
        width: picture.width,
        height: picture.height,
        scale: 1.0,
        masks,
        are_masks_known: true,
        timestamp_ms: 1,
        content: Content::Bitmap(Bitmap {
            format: PixelFormat::Bgra,
            bytes: &picture.bytes,
            stride: picture.width as usize * 4,
            bottom_up: false,
            damage,
        }),
    }
}

/// What an app shows: rectangles of one colour, with letters of a kind.
#[derive(Clone)]
struct Picture {
    width: u32,
    height: u32,
    bytes: Vec<u8>,
}

impl Picture {
    fn new(width: u32, height: u32) -> Self {
        Self { width, height, bytes: vec![0xEE; width as usize * height as usize * 4] }
    }

    fn set(&mut self, x: u32, y: u32, colour: u32) {
        let at = (y * self.width + x) as usize * 4;
        self.bytes[at..at + 4].copy_from_slice(&colour.to_le_bytes());
    }

    fn get(&self, x: u32, y: u32) -> u32 {
        let at = (y * self.width + x) as usize * 4;
        u32::from_le_bytes(self.bytes[at..at + 4].try_into().unwrap()) | 0xFF00_0000
    }

    fn fill(&mut self, rect: Rect, colour: u32) {
        let Some(area) = rect.within(self.width, self.height) else { return };
        for (x, y) in (area.left..area.right).flat_map(|x| (area.top..area.bottom).map(move |y| (x, y))) {
            self.set(x, y, colour);
        }
    }
}

/// A stock player: images on top of each other.
struct Player {
    canvas: Vec<u32>,
    width: u32,
    images: Vec<u64>,
}

impl Player {
    fn new(width: u32, height: u32) -> Self {
        Self { canvas: vec![0; width as usize * height as usize], width, images: Vec::new() }
    }

    fn play(&mut self, update: &Update) {
        if update.is_full {
            assert_eq!(update.removed, self.images, "a full picture leaves nothing of what was before");
            self.canvas.fill(0);
        }
        for image in &update.images {
            self.paint(image);
            self.images.push(image.id);
        }
        self.images.retain(|image| !update.removed.contains(image));
    }

    fn paint(&mut self, image: &Image) {
        let (width, height) = (image.width as u32, image.height as u32);
        let (columns, rows, pixels) = match &image.pixels {
            ImagePixels::Flat([red, green, blue]) => {
                (1, 1, vec![u32::from_be_bytes([0xFF, *red, *green, *blue])])
            }
            ImagePixels::Encoded { bytes, .. } => decode(bytes),
        };
        for (x, y) in (0..width).flat_map(|x| (0..height).map(move |y| (x, y))) {
            let pixel = pixels[(y * rows / height * columns + x * columns / width) as usize];
            self.canvas[((image.y as u32 + y) * self.width + image.x as u32 + x) as usize] = pixel;
        }
    }

    /// The largest error among squares of 16 pixels: the root of the mean square, of 1.
    fn error(&self, expected: impl Fn(u32, u32) -> u32) -> f64 {
        let (width, height) = (self.width, self.canvas.len() as u32 / self.width);
        let square = |left: u32, top: u32| {
            let xs = left..(left + 16).min(width);
            let (mut sum, mut count) = (0.0, 0.0);
            for (x, y) in xs.flat_map(|x| (top..(top + 16).min(height)).map(move |y| (x, y))) {
                let found = self.canvas[(y * width + x) as usize].to_be_bytes();
                for (found, expected) in found.iter().zip(expected(x, y).to_be_bytes()).skip(1) {
                    sum += (f64::from(found.abs_diff(expected)) / 255.0).powi(2);
                    count += 1.0;
                }
            }
            f64::sqrt(sum / count)
        };
        let tops = (0..height).step_by(16);
        let squares = tops.flat_map(|top| (0..width).step_by(16).map(move |left| (left, top)));
        squares.map(|(left, top)| square(left, top)).fold(0.0, f64::max)
    }
}

fn random_rect(random: &mut fastrand::Rng, width: u32, height: u32) -> Rect {
    let side = |random: &mut fastrand::Rng, side: u32| random.i32(-10..side as i32);
    let (x, y) = (side(random, width), side(random, height));
    Rect { x, y, width: random.i32(1..=width as i32 / 2), height: random.i32(1..=height as i32 / 3) }
}

fn random_regions(random: &mut fastrand::Rng, width: u32, height: u32) -> Vec<Region> {
    let count = random.usize(0..4);
    let region = |random: &mut fastrand::Rng| {
        let rect = random_rect(random, width, height);
        if random.u8(0..3) > 0 { Region::Mask(rect) } else { Region::OnTop(rect) }
    };
    (0..count).map(|_| region(random)).collect()
}

/// Whether the list masks the pixel: as it is documented, not as it is done.
fn is_masked(regions: &[Region], x: u32, y: u32, picture: &Picture) -> bool {
    let holds = |rect: &Rect| {
        rect.within(picture.width, picture.height)
            .is_some_and(|area| (area.left..area.right).contains(&x) && (area.top..area.bottom).contains(&y))
    };
    regions.iter().fold(false, |masked, region| match region {
        Region::Mask(rect) => masked || holds(rect),
        Region::OnTop(rect) => masked && !holds(rect),
    })
}

/// Gray, so that the colours' lower resolution in WebP is no error of ours.
fn random_gray(random: &mut fastrand::Rng) -> u32 {
    0xFF00_0000 | (u32::from(random.u8(..)) * 0x01_0101)
}

/// Changes some of a picture; gives where.
fn change(picture: &mut Picture, random: &mut fastrand::Rng) -> Vec<Rect> {
    let count = random.usize(0..3);
    let mut damage = Vec::new();
    for _ in 0..count {
        let rect = random_rect(random, picture.width, picture.height);
        picture.fill(rect, random_gray(random));
        damage.push(rect);
    }
    damage
}

#[test]
fn images_put_together_are_the_frame_and_hold_nothing_of_what_is_masked() {
    for seed in 0..6 {
        let mut random = fastrand::Rng::with_seed(seed);
        let (width, height) = (random.u32(1..300), random.u32(1..200));
        play_and_compare(Picture::new(width, height), 12, &mut random);
    }
}

#[test]
fn so_do_those_of_a_frame_that_is_made_smaller() {
    let mut random = fastrand::Rng::with_seed(7);
    play_and_compare(Picture::new(16_384, 154), 2, &mut random);
}

/// Two hosts whose frames differ in nothing but what is masked must leave the same bytes; and what they leave has to show the
/// frame wherever it is not masked.
fn play_and_compare(mut picture: Picture, frames: usize, random: &mut fastrand::Rng) {
    let (width, height) = (picture.width, picture.height);
    let step = super::grid::Grid::new(width, height).step;
    let settings =
        PixelSettings { bytes_per_second: u32::MAX, max_pixels: u32::MAX, ..PixelSettings::default() };
    let (mut one, mut other) = (Recorder::new(settings), Recorder::new(settings));
    let mut player = Player::new(width, height);
    let mut masks_before = Vec::new();
    for number in 0..frames {
        let changed = change(&mut picture, random);
        // Mostly the same masks for some frames.
        let masks = match random.u8(0..3) {
            0 => random_regions(random, width, height),
            _ => masks_before.clone(),
        };
        let is_hidden =
            |x: u32, y: u32| is_masked(&masks, x, y, &picture) || is_masked(&masks_before, x, y, &picture);
        // A pixel that is averaged with a masked one is masked, too.
        let is_near_hidden = |x: u32, y: u32| {
            let (left, top) = (x / step * step, y / step * step);
            let xs = left..(left + step).min(width);
            xs.flat_map(|x| (top..(top + step).min(height)).map(move |y| (x, y)))
                .any(|(x, y)| is_hidden(x, y))
        };
        let mut secret = picture.clone();
        for (x, y) in (0..width).flat_map(|x| (0..height).map(move |y| (x, y))) {
            if is_hidden(x, y) {
                secret.set(x, y, random_gray(random));
            }
        }
        let damage = random.bool().then_some(&*changed);
        let update = one.update(&frame(&picture, &masks, damage));
        assert_eq!(update, other.update(&frame(&secret, &masks, damage)), "what is masked leaves no trace");
        if let Some(update) = &update {
            assert_eq!((update.view, update.timestamp_ms), (1, 1));
            assert_eq!((update.width, update.height), (f64::from(width), f64::from(height)));
            player.play(update);
        }
        let error = player.error(|x, y| match is_near_hidden(x, y) {
            true => MASKED,
            false => picture.get(x, y),
        });
        let limit = if step == 1 { 0.1 } else { 0.25 };
        assert!(error <= limit, "frame {number} of {width}×{height}: {error}");
        masks_before = masks;
    }
}

const FIELD: Rect = Rect { x: 70, y: 10, width: 50, height: 20 };
const TILE_OF_FIELD: Rect = Rect { x: 64, y: 0, width: 64, height: 64 };

fn area_of(update: &Update) -> Vec<(f64, f64, f64, f64)> {
    update.images.iter().map(|image| (image.x, image.y, image.width, image.height)).collect()
}

#[test]
fn only_tiles_that_changed_are_given_out_and_one_colour_costs_no_image() {
    let mut recorder = Recorder::rich();
    let mut picture = Picture::new(300, 200);
    let first = recorder.update(&frame(&picture, &[], None)).unwrap();
    assert!(first.is_full);
    assert_eq!(area_of(&first), [(0.0, 0.0, 300.0, 200.0)]);
    assert_eq!(first.images[0].pixels, ImagePixels::Flat([0xEE; 3]));
    assert_eq!(recorder.update(&frame(&picture, &[], None)), None);
    picture.fill(FIELD, 0xFF00_0000);
    let update = recorder.update(&frame(&picture, &[], None)).unwrap();
    assert!(!update.is_full);
    assert_eq!(area_of(&update), [(64.0, 0.0, 64.0, 32.0)]);
    assert!(update.removed.is_empty());
    picture.fill(TILE_OF_FIELD, 0xFF00_0000);
    let update = recorder.update(&frame(&picture, &[], None)).unwrap();
    assert_eq!(update.removed, [2], "it is covered");
    // The last tile of a row and of a column is smaller.
    picture.set(299, 199, 0);
    let update = recorder.update(&frame(&picture, &[], None)).unwrap();
    assert_eq!(area_of(&update), [(256.0, 192.0, 44.0, 8.0)]);
}

#[test]
fn places_are_in_the_units_of_the_view() {
    let mut recorder = Recorder::rich();
    let picture = Picture::new(300, 200);
    let update = recorder.update(&Frame { scale: 2.0, ..frame(&picture, &[], None) }).unwrap();
    assert_eq!((update.width, update.height), (150.0, 100.0));
    assert_eq!(area_of(&update), [(0.0, 0.0, 150.0, 100.0)]);
    // Moved to another screen, everything has another place.
    let update = recorder.update(&Frame { scale: 1.5, ..frame(&picture, &[], None) }).unwrap();
    assert!(update.is_full);
    assert_eq!(area_of(&update), [(0.0, 0.0, 200.0, 200.0 / 1.5)]);
    let content = Content::Encoded { mime: Mime::Jpeg, bytes: b"\xFF\xD8\xFF" };
    let encoded = |scale| Frame { scale, content, ..frame(&picture, &[], None) };
    for (scale, is_new) in [(1.5, true), (1.5, false), (2.0, true)] {
        assert_eq!(recorder.update(&encoded(scale)).is_some(), is_new, "{scale}");
    }
}

#[test]
fn a_mask_holds_for_one_frame_longer_and_then_another_look_is_wanted() {
    let mut recorder = Recorder::rich();
    let mut picture = Picture::new(300, 200);
    picture.fill(FIELD, 0xFF00_0000);
    let mask = [Region::Mask(FIELD)];
    recorder.update(&frame(&picture, &mask, None)).unwrap();
    assert!(recorder.pixels.next_frame_ms(1, recorder.now) > 100);
    // The list is newer than the pixels: a dialog is gone from the tree, and still on the screen.
    assert_eq!(recorder.update(&frame(&picture, &[], Some(&[]))), None);
    assert_eq!(recorder.pixels.next_frame_ms(1, recorder.now), 100, "to see what is behind it");
    let update = recorder.update(&frame(&picture, &[], Some(&[]))).unwrap();
    assert_eq!(area_of(&update), [(64.0, 0.0, 64.0, 32.0)]);
    assert!(recorder.pixels.next_frame_ms(1, recorder.now) > 100);
}

#[test]
fn a_mask_holds_for_one_frame_longer_in_a_view_that_shrinks_or_grows() {
    let mask = [Region::Mask(Rect { x: 60, y: 50, width: 240, height: 150 })];
    for (width, height) in [(70, 60), (59, 400), (1, 1), (64, 200), (2_000, 30), (400, 300)] {
        let mut recorder = Recorder::rich();
        recorder.update(&frame(&Picture::new(300, 200), &mask, None)).unwrap();
        let picture = Picture::new(width, height);
        for regions in [&mask[..], &[]] {
            let mut player = Player::new(width, height);
            let update = recorder.update(&frame(&picture, &[], None)).unwrap();
            assert!(update.is_full);
            update.images.iter().for_each(|image| player.paint(image));
            for (x, y) in [(0, 0), (width - 1, height - 1), (width.min(64) - 1, height.min(51) - 1)] {
                let expected = if is_masked(regions, x, y, &picture) { MASKED } else { picture.get(x, y) };
                assert_eq!(player.canvas[(y * width + x) as usize], expected, "{width}×{height}: {x}, {y}");
            }
            // The next frame is a full picture, too.
            recorder.pixels.want_full(1);
        }
    }
}

#[test]
fn the_masks_of_frames_that_are_not_taken_hold_too() {
    let mut recorder = Recorder::rich();
    let mut picture = Picture::new(300, 200);
    recorder.update(&frame(&picture, &[], None)).unwrap();
    picture.fill(FIELD, 0xFF00_0000);
    let early = recorder.pixels.take(&frame(&picture, &[Region::Mask(FIELD)], None), recorder.now);
    assert_eq!(early.unwrap(), Taken::Dropped);
    let update = recorder.update(&frame(&picture, &[], None)).unwrap();
    let mut player = Player::new(300, 200);
    update.images.iter().for_each(|image| player.paint(image));
    assert_ne!(player.canvas[20 * 300 + 90] & 0xFF, 0, "what is below the mask is black");
}

#[test]
fn so_do_those_of_frames_that_are_passed_over_for_another_thread() {
    let elsewhere = Rect { x: 0, y: 100, width: 10, height: 10 };
    for missed in [vec![FIELD], vec![FIELD, elsewhere], vec![elsewhere, FIELD]] {
        let mut recorder = Recorder::rich();
        let mut picture = Picture::new(300, 200);
        recorder.update(&frame(&picture, &[], None)).unwrap();
        picture.fill(FIELD, 0xFF00_0000);
        let view = recorder.pixels.view(1).unwrap();
        // As another thread has it while it compares a frame.
        let compare = view.compare.lock();
        for mask in missed {
            let taken = recorder.take(&frame(&picture, &[Region::Mask(mask)], None));
            assert_eq!(taken, Taken::Dropped);
        }
        drop(compare);
        let mut player = Player::new(300, 200);
        let update = recorder.update(&frame(&picture, &[], None));
        update.iter().flat_map(|update| &update.images).for_each(|image| player.paint(image));
        assert_ne!(player.canvas[20 * 300 + 90], 0xFF00_0000, "what is below the mask is black");
        let update = recorder.update(&frame(&picture, &[], None)).unwrap();
        update.images.iter().for_each(|image| player.paint(image));
        assert_eq!(player.canvas[20 * 300 + 90] & 0xFF, 0, "for one frame longer, and no more");
    }
}

#[test]
fn masks_that_are_passed_over_are_fitted_to_frames_of_another_size() {
    let sizes = [[300, 200], [120, 90]];
    let each = sizes.into_iter().flat_map(|before| sizes.map(|missed| (before, missed)));
    for ((before, missed), now) in each.flat_map(|two| sizes.map(|now| (two, now))) {
        let mut recorder = Recorder::rich();
        let [before, missed, mut now] =
            [before, missed, now].map(|[width, height]| Picture::new(width, height));
        recorder.update(&frame(&before, &[], None)).unwrap();
        let view = recorder.pixels.view(1).unwrap();
        let compare = view.compare.lock();
        let mask = Rect { x: 64, y: 48, width: 32, height: 16 };
        // One reaches where a smaller frame has nothing.
        let corner =
            Rect { x: missed.width as i32 - 20, y: missed.height as i32 - 20, width: 20, height: 20 };
        recorder.take(&frame(&missed, &[Region::Mask(mask), Region::Mask(corner)], None));
        drop(compare);
        now.fill(mask, 0xFF00_0000);
        let mut player = Player::new(now.width, now.height);
        let update = recorder.update(&frame(&now, &[], None));
        update.iter().flat_map(|update| &update.images).for_each(|image| player.paint(image));
        assert_ne!(player.canvas[56 * now.width as usize + 80], 0xFF00_0000, "it is held");
    }
}

#[test]
fn a_frame_that_was_refused_was_a_look() {
    let recorder = Recorder::rich();
    assert_eq!(recorder.pixels.next_frame_ms(1, recorder.now), 0);
    recorder.pixels.refuse(&frame(&Picture::new(300, 200), &[], None), recorder.now);
    assert_eq!(recorder.pixels.next_frame_ms(1, recorder.now), 500);
}

/// How a frame comes not to be kept.
type Refusal = fn(&Recorder, &Frame);

/// Ways in which a frame is not kept.
const NOT_KEPT: [(&str, Refusal); 2] = [
    ("refused", |recorder, frame| recorder.pixels.refuse(frame, recorder.now)),
    ("not captured", |recorder, frame| recorder.pixels.miss(frame)),
];

#[test]
fn the_masks_of_a_frame_that_is_not_kept_hold_for_one_frame_longer() {
    for (way, lose) in NOT_KEPT {
        let mut recorder = Recorder::rich();
        let mut picture = Picture::new(300, 200);
        recorder.update(&frame(&picture, &[], None)).unwrap();
        picture.fill(FIELD, 0xFF00_0000);
        lose(&recorder, &frame(&picture, &[Region::Mask(FIELD)], None));
        let mut player = Player::new(300, 200);
        for (look, is_shown) in [(1, false), (2, true)] {
            recorder.update(&frame(&picture, &[], None)).iter().for_each(|update| {
                update.images.iter().for_each(|image| player.paint(image));
            });
            let is_black = player.canvas[20 * 300 + 90] & 0xFF == 0 && player.canvas[20 * 300 + 90] != 0;
            assert_eq!(is_black, is_shown, "{way}, look {look}");
        }
    }
}

#[test]
fn the_masks_of_the_first_frame_hold_where_that_is_refused() {
    let mut recorder = Recorder::rich();
    let mut picture = Picture::new(300, 200);
    picture.fill(FIELD, 0xFF00_0000);
    recorder.pixels.refuse(&frame(&picture, &[Region::Mask(FIELD)], None), recorder.now);
    let mut player = Player::new(300, 200);
    player.play(&recorder.update(&frame(&picture, &[], None)).unwrap());
    assert_eq!(player.canvas[20 * 300 + 90], MASKED);
}

#[test]
fn what_changed_in_a_frame_that_is_not_kept_comes_with_the_next_one() {
    for (way, lose) in NOT_KEPT {
        let mut recorder = Recorder::rich();
        let mut picture = Picture::new(300, 200);
        recorder.update(&frame(&picture, &[], None)).unwrap();
        picture.fill(FIELD, 0xFF00_0000);
        lose(&recorder, &frame(&picture, &[], Some(&[FIELD])));
        assert!(recorder.update(&frame(&picture, &[], Some(&[]))).is_some(), "{way}");
    }
}

#[test]
fn of_a_view_that_never_was_captured_nothing_is_kept() {
    let recorder = Recorder::rich();
    recorder.pixels.miss(&frame(&Picture::new(300, 200), &[Region::Mask(FIELD)], None));
    assert!(recorder.pixels.views.lock().is_empty());
}

#[test]
fn what_is_held_moves_with_the_scale() {
    let of_scale = |scale: f64| {
        let mut picture = Picture::new((320.0 * scale) as u32, (240.0 * scale) as u32);
        let at = |units: f64| (units * scale) as i32;
        let field = Rect { x: at(64.0), y: at(32.0), width: at(128.0), height: at(64.0) };
        picture.fill(field, 0xFF00_0000);
        (picture, field)
    };
    // Held by a frame that was taken, by one that was refused, and by one that was taken before one that was refused.
    let ways = [(true, false), (false, true), (true, true)];
    let scales =
        [1.0, 1.25, 1.5, 2.0].into_iter().flat_map(|old| [1.0, 1.25, 1.5, 2.0].map(|new| (old, new)));
    for ((old, new), (is_taken, is_refused)) in scales.flat_map(|scales| ways.map(|way| (scales, way))) {
        let mut recorder = Recorder::rich();
        let (before, field) = of_scale(old);
        let mask = [Region::Mask(field)];
        let masks_of = |names: bool| if names { &mask[..] } else { &[] };
        if is_taken {
            recorder.update(&Frame { scale: old, ..frame(&before, &mask, None) }).unwrap();
        }
        let (after, field) = of_scale(new);
        if is_refused {
            // It names no masks where those of the one before are to hold, in another scale already.
            let (picture, scale) = if is_taken { (&after, new) } else { (&before, old) };
            let lost = Frame { scale, ..frame(picture, masks_of(!is_taken), None) };
            recorder.pixels.refuse(&lost, recorder.now);
        }
        let update = recorder.update(&Frame { scale: new, ..frame(&after, &[], None) });
        let given = format!("{old} to {new}, taken: {is_taken}, refused: {is_refused}");
        let mut player = Player::new(after.width, after.height);
        player.canvas.fill(MASKED);
        update
            .iter()
            .flat_map(|update| &update.images)
            .for_each(|image| player.paint(&in_pixels(image, new)));
        let area = field.within(after.width, after.height).unwrap();
        for (x, y) in (area.left..area.right).flat_map(|x| (area.top..area.bottom).map(move |y| (x, y))) {
            // Only about, since WebP is lossy. What is below is black.
            let error = (player.canvas[(y * after.width + x) as usize] & 0xFF).abs_diff(MASKED & 0xFF);
            assert!(error < 32, "{given}: {x}, {y}");
        }
        assert_eq!(update.is_some_and(|update| update.is_full), !is_taken || old != new, "{given}");
    }
}

/// An image whose place is in pixels of a frame of this scale.
fn in_pixels(image: &Image, scale: f64) -> Image {
    let pixels = |units: f64| (units * scale).round();
    Image {
        x: pixels(image.x),
        y: pixels(image.y),
        width: pixels(image.width),
        height: pixels(image.height),
        ..image.clone()
    }
}

#[test]
fn another_scale_leads_to_a_full_picture_although_a_frame_of_it_was_refused() {
    let mut recorder = Recorder::rich();
    let mut picture = Picture::new(300, 200);
    recorder.update(&frame(&picture, &[], None)).unwrap();
    picture.fill(FIELD, 0xFF00_0000);
    let other = |masks| Frame { scale: 2.0, ..frame(&picture, masks, None) };
    recorder.pixels.refuse(&other(&[Region::Mask(FIELD)]), recorder.now);
    let update = recorder.update(&other(&[])).unwrap();
    assert!(update.is_full);
    let mut player = Player::new(300, 200);
    update.images.iter().for_each(|image| player.paint(&in_pixels(image, 2.0)));
    assert_eq!(player.canvas[20 * 300 + 90], MASKED, "in pixels of the one that was refused");
}

#[test]
fn damage_that_names_the_frame_over_and_over_is_all_of_it() {
    let mut recorder = Recorder::rich();
    let mut picture = Picture::new(300, 200);
    recorder.update(&frame(&picture, &[], None)).unwrap();
    picture.fill(FIELD, 0xFF00_0000);
    let elsewhere = Rect { x: 299, y: 199, width: 1, height: 1 };
    let damage = vec![elsewhere; 1_000_000];
    assert_eq!(recorder.take(&frame(&picture, &[], Some(&damage[..1_000]))), Taken::Unchanged);
    assert!(recorder.update(&frame(&picture, &[], Some(&damage))).is_some());
}

#[test]
fn what_a_dropped_frame_showed_comes_with_the_next_one() {
    let mut recorder = Recorder::rich();
    let mut picture = Picture::new(300, 200);
    recorder.update(&frame(&picture, &[], None)).unwrap();
    picture.fill(FIELD, 0xFF00_0000);
    let damage = [FIELD];
    // Too early.
    let too_early = recorder.pixels.take(&frame(&picture, &[], Some(&damage)), recorder.now);
    assert_eq!(too_early.unwrap(), Taken::Dropped);
    assert_eq!(area_of(&recorder.update(&frame(&picture, &[], Some(&[]))).unwrap()).len(), 1);
    // The encoder is busy.
    let gate = recorder.collected.clone();
    let gate = gate.gate.lock();
    for colour in 1..=2 {
        picture.fill(FIELD, colour);
        assert_eq!(recorder.take(&frame(&picture, &[], Some(&damage))), Taken::Queued);
    }
    picture.fill(FIELD, 0xFF00_00FF);
    recorder.now += Duration::from_secs(1);
    assert_eq!(recorder.pixels.next_frame_ms(1, recorder.now), 50, "and the host is told so");
    assert_eq!(recorder.take(&frame(&picture, &[], Some(&damage))), Taken::Dropped);
    drop(gate);
    recorder.next_update();
    recorder.only_update();
    assert_eq!(area_of(&recorder.update(&frame(&picture, &[], Some(&[]))).unwrap()).len(), 1);
    // Another thread hands a frame of the same view over.
    let view = recorder.pixels.view(1).unwrap();
    let busy = view.compare.lock();
    picture.fill(FIELD, 0xFF00_FF00);
    assert_eq!(recorder.take(&frame(&picture, &[], Some(&damage))), Taken::Dropped);
    drop(busy);
    assert_eq!(area_of(&recorder.update(&frame(&picture, &[], Some(&[]))).unwrap()).len(), 1);
}

#[test]
fn after_a_panic_a_full_picture_is_wanted_and_nothing_is_put_on_what_is_missing() {
    let mut recorder = Recorder::rich();
    let mut picture = Picture::new(300, 200);
    recorder.update(&frame(&picture, &[], None)).unwrap();
    let gate = recorder.collected.clone();
    let gate = gate.gate.lock();
    for colour in 1..=2 {
        picture.fill(FIELD, colour);
        recorder.collected.panics.store(true, Ordering::SeqCst);
        assert_eq!(recorder.take(&frame(&picture, &[], None)), Taken::Queued);
    }
    drop(gate);
    let mut failures = recorder.collected.failures.lock();
    while failures.is_empty() {
        failures = recorder.collected.more.wait(failures);
    }
    assert!(failures[0].contains("a sink that panics"), "{}", failures[0]);
    drop(failures);
    // Although no frame follows.
    recorder.wait_until_told_done(3);
    while recorder.pixels.shared.queue.reserve().is_none() {
        std::thread::yield_now();
    }
    let update = loop {
        match recorder.take(&frame(&picture, &[], None)) {
            Taken::Queued => break recorder.only_update(),
            _ => std::thread::yield_now(),
        }
    };
    assert!(update.is_full);
    assert_eq!(recorder.collected.updates.lock().len(), 0);
}

#[test]
fn a_frame_that_the_host_encoded_is_taken_as_it_is() {
    let mut recorder = Recorder::rich();
    let picture = Picture::new(300, 200);
    let bitmap = frame(&picture, &[], None);
    recorder.update(&bitmap).unwrap();
    let png = b"\x89PNG\r\n\x1A\n and more";
    let encoded = Frame { content: Content::Encoded { mime: Mime::Png, bytes: png }, ..bitmap };
    let update = recorder.update(&encoded).unwrap();
    assert!(update.is_full);
    assert_eq!((area_of(&update), &*update.removed), (vec![(0.0, 0.0, 300.0, 200.0)], &[1][..]));
    let expected = ImagePixels::Encoded { mime: Mime::Png, bytes: png.to_vec() };
    assert_eq!(update.images[0].pixels, expected);
    assert_eq!(recorder.update(&encoded), None);
    let update = recorder.update(&bitmap).unwrap();
    assert!(update.is_full);
    assert_eq!(update.removed, [2]);
    assert!(recorder.update(&encoded).is_some(), "it is shown again");
}

#[test]
fn another_size_a_wish_and_a_closed_view_each_lead_to_a_full_picture() {
    let mut recorder = Recorder::rich();
    let (picture, larger) = (Picture::new(300, 200), Picture::new(301, 200));
    recorder.update(&frame(&picture, &[], None)).unwrap();
    let update = recorder.update(&frame(&larger, &[], Some(&[]))).unwrap();
    assert!(update.is_full && update.removed == [1]);
    recorder.pixels.want_full(1);
    assert_eq!(recorder.pixels.next_frame_ms(1, recorder.now), 100);
    let update = recorder.update(&frame(&larger, &[], Some(&[]))).unwrap();
    assert!(update.is_full && update.removed == [2]);
    assert_eq!(recorder.update(&frame(&larger, &[], None)), None, "once");
    recorder.pixels.close(1);
    assert_eq!(recorder.pixels.next_frame_ms(1, recorder.now), 0);
    let update = recorder.update(&frame(&larger, &[], None)).unwrap();
    assert!(update.is_full && update.removed.is_empty(), "who closed it removes what it showed");
}

#[test]
fn after_many_images_a_full_picture_follows_and_only_one() {
    let settings = PixelSettings {
        bytes_per_second: u32::MAX,
        interval: Duration::from_millis(100),
        ..PixelSettings::default()
    };
    let mut recorder = Recorder::new(settings);
    recorder.step = settings.interval;
    let mut picture = Picture::new(64, 64);
    let mut full_pictures = Vec::new();
    for number in 0..650 {
        picture.set(0, 0, number);
        let update = recorder.update(&frame(&picture, &[], None)).unwrap();
        if update.is_full {
            full_pictures.push(number);
        }
    }
    assert_eq!(full_pictures.len(), 3, "{full_pictures:?}");
    assert_eq!(full_pictures[..2], [0, 301]);
}

#[test]
fn images_of_large_views_have_fewer_pixels() {
    let settings =
        PixelSettings { bytes_per_second: u32::MAX, max_pixels: 10_000, ..PixelSettings::default() };
    let mut recorder = Recorder::new(settings);
    let mut picture = Picture::new(300, 200);
    picture.set(0, 0, 0);
    let update = recorder.update(&frame(&picture, &[], None)).unwrap();
    assert_eq!(area_of(&update), [(0.0, 0.0, 300.0, 200.0)]);
    let ImagePixels::Encoded { bytes, .. } = &update.images[0].pixels else { panic!("an image") };
    let (width, height, _) = decode(bytes);
    assert_eq!((width, height), (122, 82));
}

#[test]
fn a_spent_budget_stops_frames_until_it_is_paid_back() {
    let mut recorder = Recorder::new(PixelSettings { bytes_per_second: 100, ..PixelSettings::default() });
    let mut random = fastrand::Rng::with_seed(3);
    let mut picture = Picture::new(100, 100);
    for (x, y) in (0..100).flat_map(|x| (0..100).map(move |y| (x, y))) {
        picture.set(x, y, random.u32(..));
    }
    let update = recorder.update(&frame(&picture, &[], None)).unwrap();
    let owed = update.images[0].event_bytes() - 1_000;
    let wait = recorder.pixels.next_frame_ms(1, recorder.now);
    assert!(u64::from(wait) >= owed * 9 && u64::from(wait) <= owed * 10 + 1_000, "{wait} for {owed} bytes");
    assert_eq!(recorder.take(&frame(&picture, &[], None)), Taken::Dropped);
    recorder.now += Duration::from_millis(u64::from(wait));
    picture.set(0, 0, 0);
    assert_eq!(recorder.take(&frame(&picture, &[], None)), Taken::Queued);
}

#[test]
fn what_was_taken_is_given_out_before_the_end_and_nothing_is_taken_after() {
    let mut recorder = Recorder::rich();
    let mut picture = Picture::new(300, 200);
    for number in 0..2 {
        picture.set(0, 0, number);
        assert_eq!(recorder.take(&frame(&picture, &[], None)), Taken::Queued);
    }
    assert!(recorder.pixels.stop(Instant::now() + Duration::from_secs(600)));
    assert_eq!(recorder.collected.updates.lock().len(), 2);
    assert_eq!((recorder.pixels.under_way(), recorder.pixels.done()), (None, ALL_FRAMES));
    assert_eq!(recorder.collected.done.lock().last(), Some(&ALL_FRAMES));
    picture.set(0, 0, 7);
    assert_eq!(recorder.take(&frame(&picture, &[], None)), Taken::Dropped);
    assert!(recorder.pixels.stop(Instant::now()), "it has ended");
}

#[test]
fn no_thread_is_started_after_the_end() {
    let mut recorder = Recorder::rich();
    assert!(recorder.pixels.stop(Instant::now()));
    assert_eq!(recorder.take(&frame(&Picture::new(1, 1), &[], None)), Taken::Dropped);
    assert!(recorder.pixels.thread.lock().is_none());
}

#[test]
fn a_sink_that_hangs_is_not_waited_for_longer_than_said() {
    let mut recorder = Recorder::rich();
    let picture = Picture::new(300, 200);
    let collected = recorder.collected.clone();
    let gate = collected.gate.lock();
    assert_eq!(recorder.take(&frame(&picture, &[], None)), Taken::Queued);
    while !collected.is_called.load(Ordering::SeqCst) {
        std::thread::yield_now();
    }
    assert!(!recorder.pixels.stop(Instant::now()));
    drop(gate);
}

#[test]
fn where_no_frame_was_taken_the_end_waits_for_no_lock_and_starts_nothing() {
    let recorder = Recorder::rich();
    let (held, queue) = (recorder.pixels.thread.lock(), recorder.pixels.shared.queue.hold());
    let (done, is_done) = std::sync::mpsc::channel();
    let ended = std::thread::scope(|scope| {
        scope.spawn(|| done.send(recorder.pixels.stop(Instant::now())));
        let ended = is_done.recv_timeout(Duration::from_secs(30));
        drop((held, queue));
        ended
    });
    assert_eq!(ended, Ok(true), "it waits for a lock");
    let picture = Picture::new(1, 1);
    let taken = recorder.pixels.take(&frame(&picture, &[], None), recorder.now);
    assert_eq!(taken.unwrap(), Taken::Dropped);
    assert!(recorder.pixels.thread.lock().is_none());
}

#[test]
fn nothing_is_started_before_the_first_frame_and_views_are_counted() {
    let recorder = Recorder::rich();
    assert!(recorder.pixels.thread.lock().is_none());
    assert_eq!(recorder.pixels.next_frame_ms(1, recorder.now), 0);
    let picture = Picture::new(1, 1);
    let take = |view| recorder.pixels.take(&Frame { view, ..frame(&picture, &[], None) }, recorder.now);
    let mut queued = 0;
    for view in 0..MAX_VIEWS as u64 {
        queued += usize::from(take(view).unwrap() == Taken::Queued);
    }
    assert!(queued > 0);
    let refused = take(u64::MAX).unwrap_err().to_string();
    assert_eq!(refused, "1024 views show pixels already: close those that are gone");
    recorder.pixels.close(0);
    take(u64::MAX).unwrap();
}
