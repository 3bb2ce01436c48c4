//! What moves together, like the rows of a list that scrolls: nodes that have done so once are a group from then on, which moves
//! by one declaration of the style of the element that they lie in. Which nodes are in a group is a guess that saves bytes: where
//! it is wrong, a node is told its place by itself, as if there were no group.

use std::collections::HashMap;
use std::fmt::Write;

use super::node::{Key, Moved, Node};
use super::units::{number, pixels};

/// How many groups a view can have: the style sheet has a class for each.
pub(super) const GROUPS: usize = 4;
/// So many nodes make one.
const MIN_NODES: usize = 4;
/// A group that was moved by more pixels ends, and begins anew: where browsers place something is bounded.
const MAX_MOVED: f64 = 100_000.0;

/// How far each group of a view is moved; one without nodes is free.
#[derive(Debug, Default)]
pub(super) struct Groups {
    moved: [[f64; 2]; GROUPS],
}

/// In hundredths of a pixel, as places are told.
type Move = [i64; 2];

impl Groups {
    /// Finds out which nodes moved together from one list to the next, and puts them in groups.
    pub fn follow(&mut self, before: &HashMap<Key, &Node>, nodes: &mut [(Key, Node)]) {
        let moves: Vec<Option<Move>> = nodes
            .iter_mut()
            .map(|(key, node)| {
                let before = before.get(key)?;
                node.moved = before.moved;
                Some(move_of(before, node))
            })
            .collect();
        if let Some((moved, group)) = self.group_that_moves(nodes, &moves) {
            let [x, y] = moved.map(|side| side as f64 / 100.0);
            self.moved[group] = [number(self.moved[group][0] + x), number(self.moved[group][1] + y)];
            let ends = self.moved[group].iter().any(|by| by.abs() > MAX_MOVED);
            for ((_, node), its) in nodes.iter_mut().zip(&moves) {
                let stays_in = node.moved.filter(|it| it.group != group);
                let joins = *its == Some(moved) && !ends;
                node.moved = if joins { Some(Moved { group, by: [0.0; 2] }) } else { stays_in };
            }
        }
        join_neighbours(nodes, &moves);
        for group in 0..GROUPS {
            if nodes.iter().all(|(_, node)| !is_in(node, group)) {
                self.moved[group] = [0.0; 2];
            }
        }
        for moved in nodes.iter_mut().filter_map(|(_, node)| node.moved.as_mut()) {
            moved.by = self.moved[moved.group];
        }
    }

    /// The move that most have made, if it is worth that, and the group that makes it: that of most of them, or a free one.
    fn group_that_moves(&self, nodes: &[(Key, Node)], moves: &[Option<Move>]) -> Option<(Move, usize)> {
        let mut counts: HashMap<Move, usize> = HashMap::new();
        moves.iter().flatten().for_each(|moved| *counts.entry(*moved).or_default() += 1);
        counts.remove(&[0, 0]);
        let (moved, count) = counts.into_iter().max_by_key(|(moved, count)| (*count, *moved))?;
        let size = |group| nodes.iter().filter(|(_, node)| is_in(node, group)).count();
        let moving = |group| {
            let pairs = nodes.iter().zip(moves);
            pairs.filter(|((_, node), its)| is_in(node, group) && **its == Some(moved)).count()
        };
        let group = (0..GROUPS).max_by_key(|group| moving(*group))?;
        if moving(group) > 1 && moving(group) * 2 > size(group) {
            return Some((moved, group));
        }
        let free = (0..GROUPS).find(|group| size(*group) == 0)?;
        (count >= MIN_NODES).then_some((moved, free))
    }

    /// The declarations that move the groups.
    pub fn declarations(&self) -> String {
        let mut style = String::new();
        for (group, [x, y]) in self.moved.iter().enumerate().filter(|(_, by)| **by != [0.0; 2]) {
            let separator = if style.is_empty() { "" } else { ";" };
            _ = write!(style, "{separator}--g{group}:{},{}", pixels(*x), pixels(*y));
        }
        style
    }
}

fn is_in(node: &Node, group: usize) -> bool {
    node.moved.is_some_and(|moved| moved.group == group)
}

fn move_of(before: &Node, node: &Node) -> Move {
    let hundredths = |value: f32| (f64::from(value) * 100.0).round() as i64;
    [0, 1].map(|at| hundredths(node.rectangle[at]) - hundredths(before.rectangle[at]))
}

/// New nodes join the group of the one before, if they stand in a row or a column with it.
fn join_neighbours(nodes: &mut [(Key, Node)], moves: &[Option<Move>]) {
    for at in 1..nodes.len() {
        if let ([.., (_, before)], [(_, node), ..]) = nodes.split_at_mut(at)
            && moves.get(at).is_some_and(Option::is_none)
            && before.kind == node.kind
            && (before.rectangle[0] == node.rectangle[0] || before.rectangle[1] == node.rectangle[1])
        {
            node.moved = before.moved;
        }
    }
}
