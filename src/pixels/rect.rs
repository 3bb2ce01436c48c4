//! Rectangles: as a host names them, and what of them lies in a frame.

/// A rectangle in pixels of the frame, as the host names it: it may reach beyond the frame, or be turned around.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rect {
    /// The left edge.
    pub x: i32,
    /// The upper edge.
    pub y: i32,
    /// To the right; to the left where it is negative.
    pub width: i32,
    /// Downwards; upwards where it is negative.
    pub height: i32,
}

/// A part of a frame, not empty: from `left` and `top` up to, and without, `right` and `bottom`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Area {
    pub left: u32,
    pub top: u32,
    pub right: u32,
    pub bottom: u32,
}

impl Rect {
    /// All pixels that a rectangle in units of the view touches: for what is masked. What is no number is everywhere.
    pub fn around(x: f64, y: f64, width: f64, height: f64, scale: f64) -> Self {
        const EVERYWHERE: Rect = Rect { x: i32::MIN / 2, y: i32::MIN / 2, width: i32::MAX, height: i32::MAX };
        let horizontal = span(x, width, scale, f64::floor, f64::ceil);
        let vertical = span(y, height, scale, f64::floor, f64::ceil);
        let (Some((x, width)), Some((y, height))) = (horizontal, vertical) else { return EVERYWHERE };
        Self { x, y, width, height }
    }

    /// The pixels that lie wholly in a rectangle in units of the view: for what lies on top of masks. What is no number is
    /// nowhere.
    pub fn inside(x: f64, y: f64, width: f64, height: f64, scale: f64) -> Self {
        let horizontal = span(x, width, scale, f64::ceil, f64::floor);
        let vertical = span(y, height, scale, f64::ceil, f64::floor);
        let (Some((x, width)), Some((y, height))) = (horizontal, vertical) else {
            return Self { x: 0, y: 0, width: 0, height: 0 };
        };
        Self { x, y, width: width.max(0), height: height.max(0) }
    }

    /// The part of it that lies in a frame of this size.
    pub(super) fn within(self, width: u32, height: u32) -> Option<Area> {
        let span = |start: i32, length: i32, end: u32| {
            let (start, other) = (i64::from(start), i64::from(start) + i64::from(length));
            let clip = |at: i64| at.clamp(0, i64::from(end)) as u32;
            (clip(start.min(other)), clip(start.max(other)))
        };
        let (left, right) = span(self.x, self.width, width);
        let (top, bottom) = span(self.y, self.height, height);
        Area { left, top, right, bottom }.unless_empty()
    }
}

/// Begin and length in pixels, `low` and `high` being what is done to its ends.
fn span(
    start: f64,
    length: f64,
    scale: f64,
    low: fn(f64) -> f64,
    high: fn(f64) -> f64,
) -> Option<(i32, i32)> {
    // Longer than any frame, and short enough for what is computed with it.
    const FAR: f64 = 1e8;
    let (one, other) = (start * scale, (start + length) * scale);
    if one.is_nan() || other.is_nan() {
        return None;
    }
    let low = low(one.min(other)).clamp(-FAR, FAR) as i32;
    let high = high(one.max(other)).clamp(-FAR, FAR) as i32;
    Some((low, high - low))
}

impl Area {
    pub fn width(&self) -> u32 {
        self.right - self.left
    }

    pub fn height(&self) -> u32 {
        self.bottom - self.top
    }

    pub fn overlap(&self, other: &Self) -> Option<Self> {
        let area = Self {
            left: self.left.max(other.left),
            top: self.top.max(other.top),
            right: self.right.min(other.right),
            bottom: self.bottom.min(other.bottom),
        };
        area.unless_empty()
    }

    /// Hands what is left of it without `hole` to `give`: at most four areas, which do not overlap.
    pub fn without(&self, hole: &Self, mut give: impl FnMut(Self)) {
        let Some(hole) = self.overlap(hole) else {
            return give(*self);
        };
        let parts = [
            Self { bottom: hole.top, ..*self },
            Self { top: hole.bottom, ..*self },
            Self { top: hole.top, bottom: hole.bottom, right: hole.left, ..*self },
            Self { top: hole.top, bottom: hole.bottom, left: hole.right, ..*self },
        ];
        parts.into_iter().filter_map(Self::unless_empty).for_each(&mut give);
    }

    /// Where it lies in a frame that is larger by this factor: every pixel that it touches there.
    pub fn scaled(&self, by: f64) -> Self {
        let low = |at: u32| (f64::from(at) * by).floor() as u32;
        let high = |at: u32| (f64::from(at) * by).ceil() as u32;
        Self { left: low(self.left), top: low(self.top), right: high(self.right), bottom: high(self.bottom) }
    }

    /// The least area of whole steps around it, in a frame of this size.
    pub fn grown_to(&self, step: u32, width: u32, height: u32) -> Self {
        Self {
            left: self.left / step * step,
            top: self.top / step * step,
            right: self.right.next_multiple_of(step).min(width),
            bottom: self.bottom.next_multiple_of(step).min(height),
        }
    }

    /// The largest area of whole steps within it, in a frame of this size. The last step of a frame may be short.
    pub fn shrunk_to(&self, step: u32, width: u32, height: u32) -> Option<Self> {
        let end = |at: u32, end: u32| if at == end { at } else { at / step * step };
        let area = Self {
            left: self.left.next_multiple_of(step),
            top: self.top.next_multiple_of(step),
            right: end(self.right, width),
            bottom: end(self.bottom, height),
        };
        area.unless_empty()
    }

    fn unless_empty(self) -> Option<Self> {
        (self.left < self.right && self.top < self.bottom).then_some(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn area(left: u32, top: u32, right: u32, bottom: u32) -> Area {
        Area { left, top, right, bottom }
    }

    #[test]
    fn a_rectangle_is_clipped_to_the_frame_however_it_is_given() {
        for ((x, y, width, height), expected) in [
            ((1, 2, 3, 4), Some(area(1, 2, 4, 6))),
            ((-5, -5, 8, 9), Some(area(0, 0, 3, 4))),
            ((8, 8, 100, 100), Some(area(8, 8, 10, 20))),
            ((4, 6, -3, -4), Some(area(1, 2, 4, 6))),
            ((i32::MIN, i32::MIN, i32::MAX, i32::MAX), None),
            ((-1, -1, i32::MAX, i32::MAX), Some(area(0, 0, 10, 20))),
            ((i32::MAX, 0, i32::MIN, 5), Some(area(0, 0, 10, 5))),
            ((i32::MAX, 0, i32::MAX, 5), None),
            ((3, 3, 0, 4), None),
            ((10, 0, 1, 1), None),
        ] {
            let found = Rect { x, y, width, height }.within(10, 20);
            assert_eq!(found, expected, "{x} {y} {width} {height}");
        }
    }

    #[test]
    fn units_become_the_pixels_around_a_mask_and_inside_of_what_lies_on_top() {
        const INF: f64 = f64::INFINITY;
        const NAN: f64 = f64::NAN;
        let everywhere = Some(area(0, 0, 100, 100));
        for ((x, y, width, height), scale, around, inside) in [
            ((1.0, 2.0, 3.0, 4.0), 1.0, Some(area(1, 2, 4, 6)), Some(area(1, 2, 4, 6))),
            ((1.0, 2.0, 3.0, 4.0), 1.25, Some(area(1, 2, 5, 8)), Some(area(2, 3, 5, 7))),
            ((1.2, 1.2, 0.5, 0.5), 1.0, Some(area(1, 1, 2, 2)), None),
            ((4.0, 6.0, -3.0, -4.0), 2.0, Some(area(2, 4, 8, 12)), Some(area(2, 4, 8, 12))),
            ((-INF, 0.0, INF, 5.0), 1.0, everywhere, None),
            ((0.0, 0.0, INF, INF), 1.0, everywhere, everywhere),
            ((-1e300, -1e300, 2e300, 2e300), 2.0, everywhere, everywhere),
            ((NAN, 0.0, 1.0, 1.0), 1.0, everywhere, None),
            ((0.0, 0.0, 1.0, NAN), 1.0, everywhere, None),
            ((0.0, 0.0, 1.0, 1.0), NAN, everywhere, None),
        ] {
            let given = format!("{x} {y} {width} {height} {scale}");
            assert_eq!(Rect::around(x, y, width, height, scale).within(100, 100), around, "{given}");
            assert_eq!(Rect::inside(x, y, width, height, scale).within(100, 100), inside, "{given}");
        }
    }

    #[test]
    fn what_is_left_without_a_hole_is_every_pixel_outside_of_it_once() {
        let whole = area(2, 2, 8, 8);
        for hole in [
            area(0, 0, 1, 1),
            area(2, 2, 8, 8),
            area(0, 0, 9, 9),
            area(4, 4, 5, 6),
            area(2, 4, 8, 5),
            area(4, 0, 5, 9),
            area(7, 7, 9, 9),
            area(8, 2, 9, 8),
        ] {
            let mut parts = Vec::new();
            whole.without(&hole, |part| parts.push(part));
            assert!(parts.len() <= 4);
            for (x, y) in (0..10).flat_map(|x| (0..10).map(move |y| (x, y))) {
                let pixel = area(x, y, x + 1, y + 1);
                let times = parts.iter().filter(|part| part.overlap(&pixel).is_some()).count();
                let expected = whole.overlap(&pixel).is_some() && hole.overlap(&pixel).is_none();
                assert_eq!(times, usize::from(expected), "{hole:?} at {x},{y}");
            }
        }
    }

    #[test]
    fn an_area_is_scaled_to_every_pixel_that_it_touches() {
        for (before, by, expected) in [
            (area(3, 4, 9, 11), 1.0, area(3, 4, 9, 11)),
            (area(3, 4, 9, 11), 2.0, area(6, 8, 18, 22)),
            (area(3, 4, 9, 11), 0.5, area(1, 2, 5, 6)),
            (area(3, 4, 9, 11), 1.5, area(4, 6, 14, 17)),
            (area(3, 4, 4, 5), 0.25, area(0, 1, 1, 2)),
            (area(1, 1, 2, 2), 1.0 / 64.0, area(0, 0, 1, 1)),
        ] {
            assert_eq!(before.scaled(by), expected, "{before:?} by {by}");
        }
    }

    #[test]
    fn areas_grow_and_shrink_to_whole_steps_of_which_the_last_may_be_short() {
        let whole = area(3, 4, 9, 10);
        assert_eq!(whole.grown_to(4, 10, 10), area(0, 4, 10, 10));
        assert_eq!(whole.grown_to(1, 10, 10), whole);
        assert_eq!(whole.shrunk_to(4, 10, 10), Some(area(4, 4, 8, 10)));
        assert_eq!(whole.shrunk_to(4, 20, 20), Some(area(4, 4, 8, 8)));
        assert_eq!(area(5, 5, 7, 7).shrunk_to(4, 20, 20), None);
    }
}
