//! Fewer colours, so that an image without loss is small: what a program draws has few, but for the edges of its letters and
//! icons, whose many shades the eye does not tell apart. Letters stay sharper than with losses, for half the bytes.

/// An image with more is a photo, which is not for this.
const MAX_COLOURS: usize = 4_096;
/// WebP stores an index in place of a colour for no more.
const MAX_PALETTE: usize = 256;
/// A colour that lies so often in line, side by side or one below the other, is a surface, a line or a step of a gradient: the eye
/// sees what becomes of it.
const SOLID_RUN: usize = 16;
/// How far a channel of such a colour may change.
const SOLID_TOLERANCE: u8 = 4;
/// How far one of an edge may change to become such a colour: more, and pale letters would be lost in their background.
const INTO_SOLID: u8 = 16;

/// Colours that lie beside each other in short runs and differ by no more are steps of a gradient, not an edge.
const GRADIENT_STEP: u8 = 8;
/// The part of an image's pixels, one of so many, that makes it a gradient.
const GRADIENT_PART: usize = 8;

/// Slots of the table of colours: with [`MAX_COLOURS`] in it, half are empty.
const SLOTS: usize = 2 * MAX_COLOURS;

/// The same pixels with at most 256 colours, of which none differs by more than `tolerance` (of 255) in a channel from what it
/// was. `None`: they have too many, or are a gradient.
pub(super) fn simplified(pixels: &[u32], width: usize, tolerance: u8) -> Option<Vec<u32>> {
    if is_gradient(pixels, width) {
        return None;
    }
    let mut colours = Colours::of(pixels, width)?;
    colours.merge(tolerance)?;
    let mut simple = Vec::with_capacity(pixels.len());
    for run in runs(pixels) {
        simple.resize(simple.len() + run.len(), colours.replacement(run[0]));
    }
    Some(simple)
}

/// The pixels, cut where the colour changes.
fn runs(pixels: &[u32]) -> impl Iterator<Item = &[u32]> {
    pixels.chunk_by(|one, next| one == next)
}

/// Whether much of it changes its colour little by little along the rows: with fewer colours the eye would see stripes.
fn is_gradient(pixels: &[u32], width: usize) -> bool {
    let mut smooth = 0;
    for row in pixels.chunks(width) {
        let mut before: Option<u32> = None;
        for run in runs(row) {
            let is_step = before.is_some_and(|colour| distance(colour, run[0]) <= GRADIENT_STEP);
            if is_step && run.len() < SOLID_RUN {
                smooth += run.len();
            }
            before = Some(run[0]);
        }
    }
    smooth > pixels.len() / GRADIENT_PART
}

struct Colours {
    /// 1 + the place in `list`; 0: empty. A colour is in the first free slot from that of its hash on.
    slots: Box<[u16; SLOTS]>,
    list: Vec<Colour>,
}

#[derive(Clone, Copy)]
struct Colour {
    argb: u32,
    count: u32,
    is_solid: bool,
    /// What is shown in its place.
    shown: u32,
}

impl Colours {
    /// `None`: there are too many.
    fn of(pixels: &[u32], width: usize) -> Option<Self> {
        let mut colours = Self { slots: Box::new([0; SLOTS]), list: Vec::new() };
        for run in pixels.chunks(width).flat_map(runs) {
            let colour = colours.entry(run[0])?;
            colour.count += run.len() as u32;
            colour.is_solid |= run.len() >= SOLID_RUN;
        }
        colours.find_upright(pixels, width)?;
        Some(colours)
    }

    /// Those that are solid from top to bottom: of an upright line, and of a strip that an image's edge cuts off.
    fn find_upright(&mut self, pixels: &[u32], width: usize) -> Option<()> {
        let mut lengths = vec![1; width];
        for (above, row) in pixels.chunks_exact(width).zip(pixels.chunks_exact(width).skip(1)) {
            for ((length, above), here) in lengths.iter_mut().zip(above).zip(row) {
                *length = if above == here { *length + 1 } else { 1 };
                if *length == SOLID_RUN {
                    self.entry(*here)?.is_solid = true;
                }
            }
        }
        Some(())
    }

    fn slot(&self, argb: u32) -> usize {
        let hash = argb.wrapping_mul(0x9E37_79B1) as usize >> (u32::BITS - SLOTS.ilog2());
        let holds = |slot: &usize| {
            let place = usize::from(self.slots[*slot]);
            place == 0 || self.list[place - 1].argb == argb
        };
        // One is free: half of them are.
        (hash..SLOTS).chain(0..hash).find(holds).unwrap_or(hash)
    }

    fn entry(&mut self, argb: u32) -> Option<&mut Colour> {
        let slot = self.slot(argb);
        if self.slots[slot] == 0 {
            if self.list.len() == MAX_COLOURS {
                return None;
            }
            self.list.push(Colour { argb, count: 0, is_solid: false, shown: argb });
            self.slots[slot] = self.list.len() as u16;
        }
        self.list.get_mut(usize::from(self.slots[slot]) - 1)
    }

    fn replacement(&self, argb: u32) -> u32 {
        let place = usize::from(self.slots[self.slot(argb)]);
        self.list[place - 1].shown
    }

    /// Finds what is shown in place of each: the nearest of those that are solid, or more frequent. `None`: too many remain.
    fn merge(&mut self, tolerance: u8) -> Option<()> {
        let mut order: Vec<_> = (0..self.list.len()).collect();
        order.sort_unstable_by_key(|place| {
            let colour = &self.list[*place];
            (!colour.is_solid, u32::MAX - colour.count, colour.argb)
        });
        let mut palette: Vec<(u32, bool)> = Vec::with_capacity(MAX_PALETTE);
        for place in order {
            let Colour { argb, is_solid, .. } = self.list[place];
            let limit = |into_solid: bool| match (is_solid, into_solid) {
                (true, _) => SOLID_TOLERANCE,
                (false, true) => tolerance.min(INTO_SOLID),
                (false, false) => tolerance,
            };
            let near = palette.iter().map(|(known, solid)| (distance(*known, argb), *known, *solid));
            match near.filter(|(distance, _, solid)| *distance <= limit(*solid)).min() {
                Some((_, known, _)) => self.list[place].shown = known,
                None if palette.len() == MAX_PALETTE => return None,
                None => palette.push((argb, is_solid)),
            }
        }
        Some(())
    }
}

/// By how much the channel differs that differs most.
fn distance(one: u32, other: u32) -> u8 {
    let [_, r, g, b] = one.to_be_bytes();
    let [_, red, green, blue] = other.to_be_bytes();
    r.abs_diff(red).max(g.abs_diff(green)).max(b.abs_diff(blue))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gray(value: u8) -> u32 {
        u32::from_be_bytes([0xFF, value, value, value])
    }

    /// Rows of 20 pixels: a surface has whole rows, an edge a few pixels.
    fn rows(surfaces: &[u8], edges: &[u8]) -> Vec<u32> {
        let mut pixels: Vec<_> = surfaces.iter().flat_map(|value| [gray(*value); 20]).collect();
        pixels.extend(edges.iter().map(|value| gray(*value)));
        pixels.resize(pixels.len().next_multiple_of(20), gray(surfaces[0]));
        pixels
    }

    #[test]
    fn edges_take_the_colour_that_is_nearest_and_surfaces_stay_as_they_are() {
        for (surfaces, edges, tolerance, expected_surfaces, expected_edges) in [
            (&[255, 239][..], &[250, 242, 100][..], 24, &[255, 239][..], &[255, 239, 100][..]),
            // Pale letters.
            (&[255], &[230, 230, 245], 64, &[255], &[230, 230, 255]),
            // Of two edges the more frequent one stays.
            (&[255], &[100, 120, 120, 150], 24, &[255], &[120, 120, 120, 150]),
            (&[255], &[100, 120, 120, 150], 48, &[255], &[120, 120, 120, 120]),
            (&[255], &[100, 120], 0, &[255], &[100, 120]),
            // A panel on a window, but for what nobody sees.
            (&[255, 255, 250], &[], 24, &[255, 255, 250], &[]),
            (&[255, 255, 251], &[], 24, &[255, 255, 255], &[]),
            // A gradient has no steps that were not there.
            (&[200, 206, 212, 218], &[], 48, &[200, 206, 212, 218], &[]),
        ] {
            let pixels = rows(surfaces, edges);
            let simple = simplified(&pixels, 20, tolerance).unwrap();
            assert_eq!(simple, rows(expected_surfaces, expected_edges), "{surfaces:?} {edges:?}");
        }
    }

    #[test]
    fn an_upright_line_and_a_strip_at_the_edge_are_surfaces_too() {
        // White, a line of light gray, dark gray, and a strip of black.
        let row: Vec<u32> = [(30, 255), (1, 240), (39, 15), (10, 0)]
            .into_iter()
            .flat_map(|(length, value)| std::iter::repeat_n(gray(value), length))
            .collect();
        for (height, is_kept) in [(16, true), (15, false)] {
            let pixels = row.repeat(height);
            assert_eq!(simplified(&pixels, row.len(), 24).unwrap() == pixels, is_kept, "{height}");
        }
    }

    #[test]
    fn a_gradient_along_the_rows_keeps_its_colours() {
        let row: Vec<u32> = (0..200).map(|x| gray(x as u8)).collect();
        assert_eq!(simplified(&row.repeat(20), 200, 40), None);
        // Letters on a surface are none.
        let row: Vec<u32> =
            (0..200).map(|x| gray(if x % 20 < 3 { 80 * (x % 3) as u8 } else { 255 })).collect();
        assert!(simplified(&row.repeat(20), 200, 40).is_some());
    }

    #[test]
    fn no_channel_changes_by_more_than_said_and_few_colours_remain() {
        let mut random = fastrand::Rng::with_seed(15);
        for (colours, tolerance) in [(1, 0), (200, 0), (256, 0), (600, 40), (4_096, 64)] {
            let colours: Vec<_> = (0..colours).map(|_| random.u32(..) | 0xFF00_0000).collect();
            let pixels: Vec<_> = (0..20_000).map(|at| colours[at % colours.len()]).collect();
            let Some(simple) = simplified(&pixels, 100, tolerance) else {
                assert!(colours.len() > 256, "few colours are never too many");
                continue;
            };
            assert_eq!(simple.len(), pixels.len());
            assert!(pixels.iter().zip(&simple).all(|(one, other)| distance(*one, *other) <= tolerance));
            let mut left = simple;
            left.sort_unstable();
            left.dedup();
            assert!(left.len() <= MAX_PALETTE, "{}", left.len());
        }
    }

    #[test]
    fn what_has_too_many_colours_is_refused() {
        let photo: Vec<u32> =
            (0..=MAX_COLOURS as u32).map(|at| at.reverse_bits() >> 8 | 0xFF00_0000).collect();
        assert_eq!(simplified(&photo, 17, 255), None);
        assert!(simplified(&photo[1..], 17, 255).is_some());
        let vivid: Vec<u32> = (0..257).map(|at| 0xFF00_0000 | (at * 0x0000_8001)).collect();
        assert_eq!(simplified(&vivid, 17, 0), None);
    }
}
