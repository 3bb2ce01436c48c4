//! The nodes of one view, and what changes in the document from one list to the next.

use std::collections::HashMap;
use std::hash::Hasher;

use rapidhash::fast::RapidHasher;

use super::draw::{draw, ids_of};
use super::join::join;
use super::moves::Groups;
use super::node::{Key, Node, NodeInfo, Size};
use super::palette::Palette;
use crate::model::privacy::MaskLevel;
use crate::views::changes::Changes;
use crate::views::element::Element;
use crate::views::ids::{BLOCK, MAX_CONTENT, ViewIds};

/// The nodes that a view shows.
#[derive(Debug, Default)]
pub(in crate::views) struct NodeList {
    items: Vec<Item>,
    fingerprint: u64,
    groups: Groups,
    palette: Palette,
    pub size: Size,
    /// The number of the next id. The ids of all nodes are in one half: where that is used up, all move to the other.
    pub next_id: u64,
}

#[derive(Debug)]
struct Item {
    key: Key,
    /// The number of its first id among those of the view's content.
    number: u64,
    node: Node,
}

/// How many elements are looked at for one that a new node can take over.
const REACH: usize = 16;
const HALF: u64 = MAX_CONTENT / 2;
/// No node takes more, with what is left over at the ends of blocks.
const MAX_IDS_PER_NODE: u64 = 4;

/// What tells one list from another.
pub(in crate::views) fn fingerprint(infos: &[NodeInfo], level: MaskLevel) -> u64 {
    let mut hasher = RapidHasher::default();
    hasher.write_usize(infos.len());
    hasher.write_u8(level as u8);
    infos.iter().for_each(|info| info.hash_into(&mut hasher));
    hasher.finish()
}

impl NodeList {
    /// Whether this is the list that is shown.
    pub fn is(&self, fingerprint: u64) -> bool {
        self.fingerprint == fingerprint
    }

    /// Shows these nodes from now on.
    pub fn replace(
        &mut self,
        view: ViewIds,
        mut nodes: Vec<(Key, Node)>,
        size: Size,
        fingerprint: u64,
        changes: &mut Changes,
    ) {
        let parent = view.content();
        nodes.retain(|(_, node)| node.is_seen());
        join(&mut nodes);
        if self.items.is_empty() && !nodes.is_empty() {
            self.palette = Palette::of(nodes.iter().map(|(_, node)| node));
        }
        let before = self.items.iter().map(|item| (item.key, &item.node)).collect();
        self.groups.follow(&before, &mut nodes);
        let palette = self.palette;
        let stays = match self.moves_to_other_half(nodes.len()) {
            true => vec![None; nodes.len()],
            false => self.stays(&nodes),
        };
        let mut old: Vec<Option<Item>> = std::mem::take(&mut self.items).into_iter().map(Some).collect();
        let mut is_new = Vec::with_capacity(nodes.len());
        for ((key, node), stays) in nodes.into_iter().zip(stays) {
            let before = stays.and_then(|at| old.get_mut(at)?.take());
            let kept = before
                .as_ref()
                .filter(|before| update(view, palette, before, &node, changes))
                .map(|it| it.number);
            if let (Some(before), None) = (&before, kept) {
                changes.remove(parent, view.of_content(before.number));
            }
            is_new.push(kept.is_none());
            let number = kept.unwrap_or_else(|| self.next_number(&node));
            self.items.push(Item { key, number, node });
        }
        old.into_iter().flatten().for_each(|gone| changes.remove(parent, view.of_content(gone.number)));
        let mut kept =
            self.items.iter().zip(&is_new).filter(|(_, is_new)| !**is_new).map(|(item, _)| item.number);
        let mut next = kept.next();
        for (item, is_new) in self.items.iter().zip(&is_new) {
            match is_new {
                true => {
                    changes.add(parent, next.map(|next| view.of_content(next)), &item.element(view, palette))
                }
                false => next = kept.next(),
            }
        }
        (self.size, self.fingerprint) = (size, fingerprint);
    }

    /// Shows the same nodes, masked by a stricter level, too.
    pub fn tighten(&mut self, view: ViewIds, level: MaskLevel, changes: &mut Changes) {
        let nodes = self.items.iter().map(|item| (item.key, item.node.masked(level))).collect();
        // Of no list: what a host hands over is not what is shown, whatever the level is then.
        self.replace(view, nodes, self.size, Self::default().fingerprint, changes);
    }

    /// For each of these nodes, the place of the one whose element it takes over: that which it was before, if its element can
    /// stay where it is; or else one that is there no more.
    fn stays(&self, nodes: &[(Key, Node)]) -> Vec<Option<usize>> {
        let places: HashMap<Key, usize> =
            self.items.iter().enumerate().map(|(at, item)| (item.key, at)).collect();
        let mut stays: Vec<Option<usize>> = nodes.iter().map(|(key, _)| places.get(key).copied()).collect();
        let known: Vec<usize> = stays.iter().flatten().copied().collect();
        let in_order = longest_increasing(&known);
        // Those that would have to move are made anew: a player moves nothing.
        for place in &mut stays {
            *place = place.filter(|at| in_order.binary_search(at).is_ok());
        }
        self.take_over(nodes, &mut stays);
        stays
    }

    /// Elements between those that stay, whose nodes are gone or elsewhere, become those of the new nodes there.
    fn take_over(&self, nodes: &[(Key, Node)], stays: &mut [Option<usize>]) {
        let mut ends = stays.iter().flatten().copied().collect::<Vec<_>>().into_iter();
        let (mut begin, mut end) = (0, ends.next().unwrap_or(self.items.len()));
        for ((_, node), place) in nodes.iter().zip(stays) {
            if let Some(at) = *place {
                (begin, end) = (at + 1, ends.next().unwrap_or(self.items.len()));
                continue;
            }
            let near = begin..end.min(begin + REACH);
            let fits = |at: &usize| self.items.get(*at).is_some_and(|item| item.node.can_become(node));
            let says_it = |at: &usize| self.items.get(*at).is_some_and(|item| item.node.text == node.text);
            *place = near.clone().find(|at| fits(at) && says_it(at)).or_else(|| near.clone().find(fits));
            begin = place.map_or(begin, |at| at + 1);
        }
    }

    fn next_number(&mut self, node: &Node) -> u64 {
        take_number(&mut self.next_id, ids_of(node))
    }

    /// Whether there are not enough ids for so many nodes: then the next are those of the other half.
    fn moves_to_other_half(&mut self, nodes: usize) -> bool {
        let is_used_up = self.next_id % HALF + nodes as u64 * MAX_IDS_PER_NODE >= HALF;
        if is_used_up {
            self.next_id = if self.next_id < HALF { HALF } else { 0 };
        }
        is_used_up
    }

    /// Gives new ids: in a full snapshot.
    pub fn renumber(&mut self) {
        self.next_id = 0;
        for item in &mut self.items {
            item.number = take_number(&mut self.next_id, ids_of(&item.node));
        }
    }

    /// What the style of the element that they lie in says of them.
    pub fn declarations(&self) -> String {
        let mut style = self.palette.declarations();
        style.push_str(&self.groups.declarations());
        style.truncate(style.trim_end_matches(';').len());
        style
    }

    /// All elements, in paint order.
    pub fn elements(&self, view: ViewIds) -> impl Iterator<Item = Element> {
        self.items.iter().map(move |item| item.element(view, self.palette))
    }

    /// The id of the node that lies on top at this place.
    pub fn node_at(&self, view: ViewIds, [x, y]: [f32; 2]) -> Option<u64> {
        let hit = self.items.iter().rev().find(|item| {
            let [left, top, right, bottom] = item.node.visible;
            (left..right).contains(&x) && (top..bottom).contains(&y)
        });
        hit.map(|item| view.of_content(item.number))
    }
}

impl Item {
    fn element(&self, view: ViewIds, palette: Palette) -> Element {
        draw(&self.node, view.of_content(self.number), palette)
    }
}

/// The next number of so many ids side by side: all in one block.
fn take_number(next: &mut u64, ids: u64) -> u64 {
    if *next % BLOCK + ids > BLOCK {
        *next = next.next_multiple_of(BLOCK);
    }
    let number = *next;
    *next += ids;
    number
}

/// Makes the element of `before` that of `node`. `false`: it can't be.
fn update(view: ViewIds, palette: Palette, before: &Item, node: &Node, changes: &mut Changes) -> bool {
    before.node == *node || {
        let id = view.of_content(before.number);
        changes.update(&draw(&before.node, id, palette), &draw(node, id, palette))
    }
}

/// The longest list of these numbers that rises from each to the next. No number stands twice.
fn longest_increasing(numbers: &[usize]) -> Vec<usize> {
    // `ends[n]` is where the list of n + 1 numbers ends whose end is the smallest.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(numbers.len());
    for (at, number) in numbers.iter().enumerate() {
        let length = ends.partition_point(|end| numbers[*end] < *number);
        before.push(length.checked_sub(1).map(|shorter| ends[shorter]));
        match ends.get_mut(length) {
            Some(end) => *end = at,
            None => ends.push(at),
        }
    }
    let mut list = Vec::with_capacity(ends.len());
    let mut at = ends.last().copied();
    while let Some(place) = at {
        list.push(numbers[place]);
        at = before[place];
    }
    list.reverse();
    list
}

#[cfg(test)]
#[path = "list_tests.rs"]
mod tests;
