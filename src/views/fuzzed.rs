//! A scene beside what a player shows of it, for `fuzz/`; and a short run of the same with random numbers.

use super::changes::Changes;
use super::played::{Played, forget_node_ids, sort_styles};
use super::scene::Scene;
use super::{NodeInfo, ViewInfo};
use crate::error::Error;
use crate::model::privacy::MaskLevel;

/// A scene, and the document that its events have made in a player so far.
pub struct PlayedScene {
    scene: Scene,
    played: Played,
}

impl Default for PlayedScene {
    fn default() -> Self {
        let mut scene = Scene::default();
        let played = Played::from_tree(&scene.document());
        Self { scene, played }
    }
}

impl PlayedScene {
    /// As the call of that name. Whether it was not refused.
    pub fn place(&mut self, info: &ViewInfo) -> bool {
        self.change(|scene, changes| scene.place(info, MaskLevel::Medium, changes))
    }

    /// As the call of that name. Whether it was not refused.
    pub fn show_nodes(&mut self, view: u64, nodes: &[NodeInfo]) -> bool {
        self.change(|scene, changes| scene.show_nodes(view, nodes, MaskLevel::Medium, changes))
    }

    /// As the call of that name. Whether it was not refused.
    pub fn show_page(&mut self, view: u64) -> bool {
        self.change(|scene, changes| scene.show_page(view, changes))
    }

    /// As the call of that name. Whether it was not refused.
    pub fn close(&mut self, view: u64) -> bool {
        self.change(|scene, changes| scene.close(view, changes).map(drop))
    }

    fn change(&mut self, edit: impl FnOnce(&mut Scene, &mut Changes) -> Result<(), Error>) -> bool {
        let mut changes = Changes::default();
        let result = edit(&mut self.scene, &mut changes);
        let events = changes.into_values();
        if let Err(error) = result {
            assert!(!error.to_string().is_empty());
            assert!(events.is_empty(), "{error}: what is refused changes nothing");
            return false;
        }
        events.iter().filter(|(kind, _)| *kind == 3).for_each(|(_, data)| self.played.apply(data));
        true
    }

    /// Compares what a player shows with what a full snapshot would show now, and goes on from that.
    pub fn check(&mut self) {
        let (mut played, mut document) = (self.played.to_tree(), self.scene.document());
        self.played = Played::from_tree(&document);
        for tree in [&mut played, &mut document] {
            forget_node_ids(tree);
            sort_styles(tree);
        }
        assert_eq!(played, document);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_shown_a_player_shows_what_a_full_snapshot_would() {
        let mut rng = fastrand::Rng::with_seed(15);
        let mut scene = PlayedScene::default();
        let mut taken = 0;
        for _ in 0..3_000 {
            let view = rng.u64(0..5);
            taken += u32::from(match rng.u8(0..8) {
                0 => scene.close(view),
                1 => scene.show_page(view),
                2 => {
                    let rectangle = [0; 4].map(|_| f64::from(rng.i8(-4..90)) * 2.5);
                    let (parent, z, flags) = (rng.u64(0..3), rng.i32(-1..3), rng.u32(0..4));
                    let title = rng.bool().then_some("title");
                    scene.place(&ViewInfo {
                        view,
                        parent,
                        rectangle,
                        z,
                        flags,
                        title,
                        background: rng.u32(0..2),
                    })
                }
                3 => {
                    scene.check();
                    true
                }
                4 => scene.show_nodes(view, &rows(&mut rng)),
                _ => scene.show_nodes(view, &nodes(&mut rng)),
            });
        }
        scene.check();
        assert!((1_000..3_000).contains(&taken), "{taken}: some are refused");
    }

    /// A list that scrolls, whose rows move together.
    fn rows(rng: &mut fastrand::Rng) -> Vec<NodeInfo<'static>> {
        let scrolled = f32::from(rng.u8(0..4)) * 7.5;
        let row = |id| NodeInfo {
            id,
            kind: 10,
            rectangle: [1.0, id as f32 * 9.0 - scrolled, 40.0, 9.0],
            text: "row",
            ..NodeInfo::default()
        };
        (1..8).map(row).collect()
    }

    /// Few ids and texts, so that lists have much in common.
    fn nodes(rng: &mut fastrand::Rng) -> Vec<NodeInfo<'static>> {
        let mut ids: Vec<u64> = (1..8).collect();
        rng.shuffle(&mut ids);
        let mut node = |id: &u64| NodeInfo {
            id: if rng.u8(0..4) == 0 { 0 } else { *id },
            kind: rng.u32(1..13),
            flags: rng.u32(0..4096),
            rectangle: [0; 4].map(|_| f32::from(rng.u8(0..50))),
            clip: rng.u32(0..2) * rng.u32(0..2),
            text: ["", "one", "two"][rng.usize(0..3)],
            image: ["", "data:image/png;base64,AAAA"][rng.usize(0..2)],
            colours: [0; 3].map(|_| [0, 0x0100_0000, 0xff00_0000, 0xffff_ffff][rng.usize(0..4)]),
            ..NodeInfo::default()
        };
        let count = ids.len() / 2 + usize::from(ids[0] > 3) * 2;
        ids[..count].iter().map(&mut node).collect()
    }
}
