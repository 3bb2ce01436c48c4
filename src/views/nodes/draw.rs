//! How a node looks: an element with its own style.

use super::css::{BLACK, style};
use super::kind::{NodeFlag, NodeKind};
use super::moves::GROUPS;
use super::node::Node;
use crate::views::element::Element;

const TEXT: u64 = 1;
const FIELD: u64 = 2;

/// How many ids the element of a node takes, side by side: its own, its text's, its field's. One that can become another's takes
/// as many.
pub(super) fn ids_of(node: &Node) -> u64 {
    match node.kind {
        NodeKind::Checkbox | NodeKind::Radio => 1 + FIELD,
        NodeKind::Input | NodeKind::Password => 1,
        NodeKind::Image if !node.image.is_empty() => 1,
        _ if node.text.is_empty() => 1,
        _ => 1 + TEXT,
    }
}

/// A node as an element, whose ids begin with `id`.
pub(super) fn draw(node: &Node, id: u64) -> Element {
    let element = |tag| Element::new(id, tag).with("class", classes(node)).with("style", style(node));
    let with_text = |element: Element| match node.text.is_empty() {
        true => element,
        false => element.with_text(id + TEXT, &*node.text),
    };
    match node.kind {
        NodeKind::Input if node.has(NodeFlag::Multiline) => element("textarea").with("value", &*node.text),
        NodeKind::Input => element("input").with("type", "text").with("value", &*node.text),
        NodeKind::Password => element("input").with("type", "password").with("value", &*node.text),
        NodeKind::Checkbox => with_text(element("div").with_child(field(node, id, "checkbox"))),
        NodeKind::Radio => with_text(element("div").with_child(field(node, id, "radio"))),
        NodeKind::Image if !node.image.is_empty() => {
            let image = element("img").with("src", &*node.image);
            if node.text.is_empty() { image } else { image.with("alt", &*node.text) }
        }
        _ => with_text(element("div")),
    }
}

fn field(node: &Node, id: u64, kind: &str) -> Element {
    let field = Element::new(id + FIELD, "input").with("type", kind);
    // A player sets no `indeterminate`: the style sheet draws the class.
    if node.has(NodeFlag::Checked) && !node.has(NodeFlag::Partial) {
        field.with("checked", true)
    } else {
        field
    }
}

/// The classes of what moves together.
const GROUP: [&str; GROUPS] = [" g0", " g1", " g2", " g3"];

fn classes(node: &Node) -> String {
    let kind = match node.kind {
        NodeKind::Text => "",
        NodeKind::Image => " image",
        NodeKind::Button => " button",
        NodeKind::Input | NodeKind::Password => " input",
        NodeKind::Checkbox | NodeKind::Radio => " check",
        NodeKind::List => " list",
        NodeKind::Menu => " menu",
        NodeKind::Item => " item",
        NodeKind::ScrollArea => " scroll",
        NodeKind::Custom => " custom",
    };
    let flags = [
        (NodeFlag::Disabled, " d"),
        (NodeFlag::Focused, " f"),
        (NodeFlag::Selected, " s"),
        (NodeFlag::Bold, " bold"),
        (NodeFlag::Italic, " italic"),
        (NodeFlag::Monospace, " mono"),
        (NodeFlag::Center, " center"),
        (NodeFlag::Right, " right"),
        (NodeFlag::Multiline, " lines"),
        (NodeFlag::Partial, " partial"),
    ];
    let set = flags.into_iter().filter(|(flag, _)| node.has(*flag)).map(|(_, class)| class);
    let black = if node.colours[0] == BLACK && node.shows_text_colour() { " k" } else { "" };
    let group = node.moved.map_or("", |moved| GROUP[moved.group]);
    ["n", kind].into_iter().chain(set).chain([black, group]).collect()
}

#[cfg(test)]
mod tests {
    use super::super::node::{NodeInfo, prepare};
    use super::*;
    use crate::model::privacy::MaskLevel;
    use serde_json::json;

    fn drawn(infos: &[NodeInfo]) -> serde_json::Value {
        let (nodes, _) = prepare(infos, MaskLevel::Light).unwrap();
        draw(&nodes.last().unwrap().1, 100).to_tree()
    }

    fn node(kind: NodeKind, text: &str, flags: u32) -> NodeInfo<'_> {
        NodeInfo { kind: kind as u32, flags, text, rectangle: [1.0, 2.5, 30.0, 4.0], ..NodeInfo::default() }
    }

    #[test]
    fn each_kind_is_drawn_as_what_it_is() {
        const PLACE: &str = "left:1px;top:2.5px;width:30px;height:4px";
        let text = json!([{"type": 3, "textContent": "a", "id": 101}]);
        let field = |kind: &str, more| {
            let mut attributes = json!({"type": kind});
            if more {
                attributes["checked"] = true.into();
            }
            json!({"type": 2, "tagName": "input", "attributes": attributes, "childNodes": [], "id": 102})
        };
        let checked = NodeFlag::Checked as u32;
        for (kind, flags, tag, more, children) in [
            (NodeKind::Text, 0, "div", json!({"class": "n"}), text.clone()),
            (NodeKind::Button, 2, "div", json!({"class": "n button f"}), text.clone()),
            (
                NodeKind::Input,
                0,
                "input",
                json!({"class": "n input", "type": "text", "value": "a"}),
                json!([]),
            ),
            (NodeKind::Input, 512, "textarea", json!({"class": "n input lines", "value": "a"}), json!([])),
            (
                NodeKind::Password,
                1,
                "input",
                json!({"class": "n input d", "type": "password", "value": "********"}),
                json!([]),
            ),
            (
                NodeKind::Checkbox,
                checked,
                "div",
                json!({"class": "n check"}),
                json!([field("checkbox", true), text[0]]),
            ),
            (
                NodeKind::Checkbox,
                checked | NodeFlag::Partial as u32,
                "div",
                json!({"class": "n check partial"}),
                json!([field("checkbox", false), text[0]]),
            ),
            (NodeKind::Radio, 0, "div", json!({"class": "n check"}), json!([field("radio", false), text[0]])),
            (NodeKind::List, 0, "div", json!({"class": "n list"}), text.clone()),
            (NodeKind::Menu, 0, "div", json!({"class": "n menu"}), text.clone()),
            (NodeKind::Item, 4, "div", json!({"class": "n item s"}), text.clone()),
            (NodeKind::ScrollArea, 0, "div", json!({"class": "n scroll"}), text.clone()),
            (NodeKind::Image, 0, "div", json!({"class": "n image"}), text.clone()),
            (
                NodeKind::Custom,
                16 | 32 | 64 | 128,
                "div",
                json!({"class": "n custom bold italic mono center"}),
                text.clone(),
            ),
        ] {
            let mut attributes = more;
            attributes["style"] = PLACE.into();
            let expected = json!({"type": 2, "tagName": tag, "attributes": attributes, "childNodes": children, "id": 100});
            assert_eq!(drawn(&[node(kind, "a", flags)]), expected, "{kind:?}");
        }
    }

    #[test]
    fn an_image_is_one() {
        let image = NodeInfo { image: "data:image/png;base64,AAAA", ..node(NodeKind::Image, "a logo", 0) };
        let drawn = drawn(&[image]);
        assert_eq!(
            (&drawn["tagName"], &drawn["attributes"]["src"]),
            (&json!("img"), &json!("data:image/png;base64,AAAA"))
        );
        assert_eq!(drawn["attributes"]["alt"], "a logo");
    }
}
