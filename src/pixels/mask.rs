//! What of a frame is masked: the host's list, in the order in which the parts were painted.

use super::rect::{Area, Rect};

/// A frame names at most so many.
pub(super) const MAX_REGIONS: usize = 1_024;
/// What lies on top may cut the masks into at most so many pieces. Beyond that, nothing lies on top.
const MAX_PIECES: usize = 4_096;

/// One entry of a frame's list of masks. The list is in paint order: what is later lies on top.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Region {
    /// Nothing within it is kept.
    Mask(Rect),
    /// Lies on top of the masks before it, and hides them: a menu over a password field.
    OnTop(Rect),
}

/// Puts what is masked in a frame of this size into `pieces`, in whole steps: a step that is masked in part is masked.
pub(super) fn masked(regions: &[Region], width: u32, height: u32, step: u32, pieces: &mut Vec<Area>) {
    pieces.clear();
    let mut before = Vec::new();
    for region in regions {
        match region {
            Region::Mask(rect) => {
                pieces.extend(rect.within(width, height).map(|area| area.grown_to(step, width, height)));
            }
            Region::OnTop(rect) => {
                let hole = rect.within(width, height).and_then(|area| area.shrunk_to(step, width, height));
                let Some(hole) = hole.filter(|_| !pieces.is_empty()) else {
                    continue;
                };
                std::mem::swap(pieces, &mut before);
                pieces.clear();
                before.iter().for_each(|piece| piece.without(&hole, |part| pieces.push(part)));
            }
        }
        if pieces.len() > MAX_PIECES {
            return masked_with_nothing_on_top(regions, width, height, step, pieces);
        }
    }
}

fn masked_with_nothing_on_top(
    regions: &[Region],
    width: u32,
    height: u32,
    step: u32,
    pieces: &mut Vec<Area>,
) {
    let masks = regions.iter().filter_map(|region| match region {
        Region::Mask(rect) => rect.within(width, height),
        Region::OnTop(_) => None,
    });
    pieces.clear();
    pieces.extend(masks.map(|area| area.grown_to(step, width, height)));
}

/// Moves what is held to where it lies in a frame of another scale.
pub(super) fn rescale(held: &mut [Area], before: f64, now: f64) {
    if before != now {
        held.iter_mut().for_each(|area| *area = area.scaled(now / before));
    }
}

/// Fits what is held to a frame of another size, in whole steps of it.
pub(super) fn fit(held: &mut Vec<Area>, step: u32, whole: Area) {
    held.retain_mut(|area| match area.overlap(&whole) {
        Some(inside) => {
            *area = inside.grown_to(step, whole.width(), whole.height());
            true
        }
        None => false,
    });
}

/// Adds `more` to what is held for the next frame. Where that becomes too much, all of the frame is.
pub(super) fn hold(held: &mut Vec<Area>, more: &[Area], whole: Area) {
    if held.ends_with(more) {
        // Most frames mask what the one before did.
        return;
    }
    if held.len() + more.len() > MAX_PIECES {
        held.clear();
        held.push(whole);
    } else {
        held.extend_from_slice(more);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: u32 = 12;

    fn rect(x: i32, y: i32, width: i32, height: i32) -> Rect {
        Rect { x, y, width, height }
    }

    fn is_masked(pieces: &[Area], x: u32, y: u32) -> bool {
        let pixel = Area { left: x, top: y, right: x + 1, bottom: y + 1 };
        pieces.iter().any(|piece| piece.overlap(&pixel).is_some())
    }

    #[test]
    fn the_last_in_paint_order_decides_for_each_pixel() {
        let (field, menu, other) = (rect(1, 1, 6, 3), rect(3, 0, 3, 9), rect(4, 2, 8, 2));
        for regions in [
            vec![],
            vec![Region::Mask(field)],
            vec![Region::Mask(field), Region::OnTop(menu)],
            vec![Region::OnTop(menu), Region::Mask(field)],
            vec![Region::Mask(field), Region::OnTop(menu), Region::Mask(other)],
            vec![Region::Mask(field), Region::Mask(other), Region::OnTop(menu), Region::OnTop(field)],
        ] {
            let mut pieces = Vec::new();
            masked(&regions, SIZE, SIZE, 1, &mut pieces);
            for (x, y) in (0..SIZE).flat_map(|x| (0..SIZE).map(move |y| (x, y))) {
                let pixel = Area { left: x, top: y, right: x + 1, bottom: y + 1 };
                let holds =
                    |rect: &Rect| rect.within(SIZE, SIZE).is_some_and(|area| area.overlap(&pixel).is_some());
                let expected = regions.iter().fold(false, |masked, region| match region {
                    Region::Mask(rect) => masked || holds(rect),
                    Region::OnTop(rect) => masked && !holds(rect),
                });
                assert_eq!(is_masked(&pieces, x, y), expected, "{regions:?} at {x},{y}");
            }
        }
    }

    #[test]
    fn a_step_that_is_masked_in_part_is_masked() {
        let mut pieces = Vec::new();
        let regions = [Region::Mask(rect(0, 0, 12, 12)), Region::OnTop(rect(3, 3, 7, 6))];
        masked(&regions, SIZE, SIZE, 4, &mut pieces);
        for (x, y) in (0..SIZE).flat_map(|x| (0..SIZE).map(move |y| (x, y))) {
            let is_clear = (4..8).contains(&x) && (4..8).contains(&y);
            assert_eq!(is_masked(&pieces, x, y), !is_clear, "{x},{y}");
        }
    }

    #[test]
    fn a_mask_grows_to_whole_steps() {
        for (mask, expected) in [
            (rect(5, 6, 1, 1), [4, 4, 8, 8]),
            (rect(0, 0, 5, 4), [0, 0, 8, 4]),
            (rect(9, 9, 2, 2), [8, 8, 11, 11]),
        ] {
            let mut pieces = Vec::new();
            masked(&[Region::Mask(mask)], 11, 11, 4, &mut pieces);
            let [left, top, right, bottom] = expected;
            assert_eq!(pieces, [Area { left, top, right, bottom }], "{mask:?}");
        }
    }

    #[test]
    fn masks_in_too_many_pieces_have_nothing_on_top() {
        let mut regions: Vec<_> = (0..500).map(|y| Region::Mask(rect(0, y * 2, 500, 1))).collect();
        regions.extend((0..20).map(|x| Region::OnTop(rect(x * 10 + 1, 0, 1, 1_000))));
        let mut pieces = Vec::new();
        masked(&regions, 1_000, 1_000, 1, &mut pieces);
        assert_eq!(pieces.len(), 500);
        assert!(is_masked(&pieces, 1, 0), "under what lies on top, too");
    }

    #[test]
    fn what_is_held_fits_into_a_frame_of_another_size() {
        let area = |left, top, right, bottom| Area { left, top, right, bottom };
        for (held, step, expected) in [
            (area(3, 5, 9, 7), 1, Some(area(3, 5, 9, 7))),
            (area(3, 5, 30, 40), 1, Some(area(3, 5, 10, 11))),
            (area(3, 5, 9, 7), 4, Some(area(0, 4, 10, 8))),
            (area(9, 10, 12, 12), 4, Some(area(8, 8, 10, 11))),
            (area(10, 0, 12, 12), 1, None),
            (area(0, 11, 12, 12), 4, None),
        ] {
            let mut fitted = vec![held];
            fit(&mut fitted, step, area(0, 0, 10, 11));
            assert_eq!(fitted, expected.into_iter().collect::<Vec<_>>(), "{held:?} in steps of {step}");
        }
    }

    #[test]
    fn what_is_held_stays_bounded_and_then_is_the_whole_frame() {
        let whole = Area { left: 0, top: 0, right: SIZE, bottom: SIZE };
        let (piece, other) = (Area { right: 1, bottom: 1, ..whole }, Area { right: 2, bottom: 1, ..whole });
        let mut held = Vec::new();
        for _ in 0..2 {
            hold(&mut held, &[piece; MAX_PIECES], whole);
            assert_eq!(held.len(), MAX_PIECES, "the same again is no more");
        }
        hold(&mut held, &[other], whole);
        assert_eq!(held, [whole]);
    }
}
