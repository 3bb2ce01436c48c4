//! The document of a full snapshot, node by node, as the player builds it.

use std::fmt::Write;

use super::fault::{AN_OBJECT, Fault};
use super::node::Node;
use crate::model::json::cursor::{Cursor, JsonKind};

/// Goes past the node that comes next, which stands at this path. Nothing here recurses.
pub(super) fn check(cursor: &mut Cursor, path: &str) -> Result<(), Fault> {
    cursor.enter();
    // The nodes from the root to the one that is being read.
    let mut open = vec![Node::new()];
    while let Some(node) = open.last_mut() {
        if node.is_in_child_nodes {
            node.is_in_child_nodes = cursor.next_element();
            if !node.is_in_child_nodes {
                continue;
            }
            node.children = node.children.saturating_add(1);
            match cursor.kind() {
                JsonKind::Object => {
                    cursor.enter();
                    open.push(Node::new());
                }
                JsonKind::Null => return Err(fault_at(path, &open, Fault::new("", AN_OBJECT))),
                _ => cursor.skip(),
            }
        } else if let Some(name) = cursor.next_member() {
            node.read_member(&name, cursor);
        } else {
            let depth = open.len() - 1;
            open[depth].check(depth).map_err(|fault| fault_at(path, &open, fault))?;
            if let (Some(child), Some(parent)) = (open.pop(), open.last_mut()) {
                parent.add_child(&child);
            }
        }
    }
    Ok(())
}

/// The fault of the innermost open node, with the path from the data on. Of a long one the beginning and the end.
fn fault_at(path: &str, open: &[Node], fault: Fault) -> Fault {
    const SHOWN: usize = 4;
    let mut whole = path.to_owned();
    for (depth, node) in open.iter().enumerate().filter(|(_, node)| node.is_in_child_nodes) {
        if depth < SHOWN || depth + SHOWN >= open.len() {
            let _ = write!(whole, ".childNodes[{}]", node.children.saturating_sub(1));
        } else if depth == SHOWN {
            whole.push_str(".…");
        }
    }
    whole.push_str(&fault.path);
    Fault { path: whole.into(), ..fault }
}
