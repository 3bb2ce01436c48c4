//! A scene beside what a player shows of it, for `fuzz/`.

use serde_json::Value;

use super::changes::Changes;
use super::played::Played;
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
        let events = changes.into_events();
        if let Err(error) = result {
            assert!(!error.to_string().is_empty());
            assert!(events.is_empty(), "{error}: what is refused changes nothing");
            return false;
        }
        match self.scene.needs_full_snapshot() {
            true => self.played = Played::from_tree(&self.scene.document()),
            false => {
                events.iter().filter(|(kind, _)| *kind == 3).for_each(|(_, data)| self.played.apply(data));
            }
        }
        true
    }

    /// Compares what a player shows with what a full snapshot would show now, and goes on from that.
    pub fn check(&mut self) {
        let (mut played, document) = (self.played.to_tree(), self.scene.document());
        self.played = Played::from_tree(&document);
        let mut told = document;
        [&mut played, &mut told].into_iter().for_each(forget_content_ids);
        assert_eq!(played, told);
    }
}

/// Nodes have other ids in each full snapshot.
fn forget_content_ids(tree: &mut Value) {
    if tree["id"].as_u64() > Some(1_000_000_000) {
        tree["id"] = 0.into();
    }
    if let Some(children) = tree["childNodes"].as_array_mut() {
        children.iter_mut().for_each(forget_content_ids);
    }
}
