//! Any views and lists of nodes: refused with a reason, and then nothing changes; or a player shows what a full snapshot would.
#![no_main]

use libfuzzer_sys::arbitrary::{self, Arbitrary, Unstructured};
use libfuzzer_sys::fuzz_target;
use session_replay::fuzzing::PlayedScene;
use session_replay::{NodeInfo, ViewInfo};

/// Mostly a small number, so that it is met again.
fn few(input: &mut Unstructured) -> arbitrary::Result<u64> {
    if input.ratio(31, 32)? { input.int_in_range(0..=5) } else { u64::arbitrary(input) }
}

fn number(input: &mut Unstructured) -> arbitrary::Result<f32> {
    if input.ratio(31, 32)? { Ok(f32::from(i8::arbitrary(input)?) * 1.5) } else { f32::arbitrary(input) }
}

fn side(input: &mut Unstructured) -> arbitrary::Result<f32> {
    if input.ratio(31, 32)? { Ok(f32::from(u8::arbitrary(input)?)) } else { number(input) }
}

fn text<'a>(input: &mut Unstructured<'a>) -> arbitrary::Result<&'a str> {
    let length = input.int_in_range(0..=12)?.min(input.len());
    let bytes = input.bytes(length)?;
    Ok(std::str::from_utf8(bytes).unwrap_or("as usual"))
}

fn node<'a>(input: &mut Unstructured<'a>, at: usize) -> arbitrary::Result<NodeInfo<'a>> {
    Ok(NodeInfo {
        id: if input.ratio(1, 4)? { 0 } else { at as u64 * 2 + few(input)? % 3 },
        kind: input.int_in_range(0..=40)? % 13,
        flags: if input.ratio(7, 8)? {
            u32::from(u16::arbitrary(input)?) & 0x7ff
        } else {
            u32::arbitrary(input)?
        },
        rectangle: [number(input)?, number(input)?, side(input)?, side(input)?],
        clip: if input.ratio(3, 4)? { 0 } else { few(input)? as u32 },
        colours: [u32::arbitrary(input)?, 0, few(input)? as u32],
        font_size: if input.ratio(7, 8)? { 0.0 } else { number(input)? },
        text: text(input)?,
        image: if input.ratio(7, 8)? { "" } else { "data:image/png;base64,AAAA" },
    })
}

fn play<'a>(input: &mut Unstructured<'a>, scene: &mut PlayedScene) -> arbitrary::Result<()> {
    let mut lists: Vec<(u64, Vec<NodeInfo<'a>>)> = Vec::new();
    while !input.is_empty() {
        let view = few(input)?;
        match u8::arbitrary(input)? % 16 {
            0 => _ = scene.close(view),
            1 => _ = scene.show_page(view),
            2..5 => {
                let [x, y] = [number(input)?, number(input)?].map(f64::from);
                let [width, height] = [side(input)?, side(input)?].map(f64::from);
                let (parent, z, flags) =
                    (few(input)? % 3, i32::from(i8::arbitrary(input)?), few(input)? as u32 % 5);
                let title = bool::arbitrary(input)?.then(|| text(input)).transpose()?;
                let background = few(input)? as u32;
                scene.place(&ViewInfo {
                    view,
                    parent,
                    rectangle: [x, y, width, height],
                    z,
                    flags,
                    background,
                    title,
                });
            }
            5..8 => scene.check(),
            // A list that was shown before, with its nodes in another order, or without one of them.
            8..12 if !lists.is_empty() => {
                let at = input.choose_index(lists.len())?;
                let (view, nodes) = &mut lists[at];
                let turn = input.int_in_range(0..=nodes.len())?;
                nodes.rotate_left(turn);
                if input.ratio(1, 3)? {
                    nodes.pop();
                }
                scene.show_nodes(*view, nodes);
            }
            _ => {
                let count = input.int_in_range(0..=12)?;
                let nodes = (0..count).map(|at| node(input, at)).collect::<arbitrary::Result<Vec<_>>>()?;
                scene.show_nodes(view, &nodes);
                lists.push((view, nodes));
            }
        }
    }
    Ok(())
}

fuzz_target!(|data: &[u8]| {
    let mut scene = PlayedScene::default();
    let _ = play(&mut Unstructured::new(data), &mut scene);
    scene.check();
});
