//! How a node looks: an element with its own style.

use super::css::{is_bordered, style};
use super::kind::{NodeFlag, NodeKind};
use super::moves::GROUPS;
use super::node::Node;
use super::palette::Palette;
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
pub(super) fn draw(node: &Node, id: u64, palette: Palette) -> Element {
    let element = |tag| {
        let (element, classes) = (Element::new(id, tag), classes(node, palette));
        let element = if classes.is_empty() { element } else { element.with("class", classes) };
        element.with("style", style(node, palette))
    };
    let with_text = |element: Element| match node.text.is_empty() {
        true => element,
        false => element.with_text(id + TEXT, &*node.text),
    };
    match node.kind {
        NodeKind::Input if node.has(NodeFlag::Multiline) => element("textarea").with("value", &*node.text),
        NodeKind::Input => element("input").with("type", "text").with("value", &*node.text),
        NodeKind::Password => element("input").with("type", "password").with("value", &*node.text),
        NodeKind::Checkbox => with_text(element(tag(node.kind)).with_child(field(node, id, "checkbox"))),
        NodeKind::Radio => with_text(element(tag(node.kind)).with_child(field(node, id, "radio"))),
        NodeKind::Image if !node.image.is_empty() => {
            let image = element("img").with("src", &*node.image);
            if node.text.is_empty() { image } else { image.with("alt", &*node.text) }
        }
        _ => with_text(element(tag(node.kind))),
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

/// The element of a kind that HTML has no element for, or none that looks alike everywhere: what is said of each element is said
/// in few bytes. The style sheet knows them, and `viewer/web/src/story/names.ts`.
fn tag(kind: NodeKind) -> &'static str {
    match kind {
        NodeKind::Text => "t",
        NodeKind::Image => "g",
        NodeKind::Button => "p",
        NodeKind::Input | NodeKind::Password => "input",
        NodeKind::Checkbox | NodeKind::Radio => "k",
        NodeKind::List => "l",
        NodeKind::Menu => "m",
        NodeKind::Item => "i",
        NodeKind::ScrollArea => "r",
        NodeKind::Custom => "x",
    }
}

fn classes(node: &Node, palette: Palette) -> String {
    // Elements of HTML, which may be something else elsewhere, have a class of their kind.
    let kind = match node.kind {
        NodeKind::Image if !node.image.is_empty() => " n image",
        NodeKind::Input | NodeKind::Password => " n input",
        _ => "",
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
    let border = if is_bordered(node, palette) { " o" } else { "" };
    let group = node.moved.map_or("", |moved| GROUP[moved.group]);
    let classes: String = [kind].into_iter().chain(set).chain([border, group]).collect();
    classes.strip_prefix(' ').map(str::to_owned).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::node::{NodeInfo, prepare};
    use super::*;
    use crate::model::privacy::MaskLevel;
    use serde_json::json;

    fn drawn(infos: &[NodeInfo]) -> serde_json::Value {
        let (nodes, _) = prepare(infos, MaskLevel::Light).unwrap();
        draw(&nodes.last().unwrap().1, 100, Palette::default()).to_tree()
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
            (NodeKind::Text, 0, "t", json!({}), text.clone()),
            (NodeKind::Button, 2, "p", json!({"class": "f"}), text.clone()),
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
            (NodeKind::Checkbox, checked, "k", json!({}), json!([field("checkbox", true), text[0]])),
            (
                NodeKind::Checkbox,
                checked | NodeFlag::Partial as u32,
                "k",
                json!({"class": "partial"}),
                json!([field("checkbox", false), text[0]]),
            ),
            (NodeKind::Radio, 0, "k", json!({}), json!([field("radio", false), text[0]])),
            (NodeKind::List, 0, "l", json!({}), text.clone()),
            (NodeKind::Menu, 0, "m", json!({}), text.clone()),
            (NodeKind::Item, 4, "i", json!({"class": "s"}), text.clone()),
            (NodeKind::ScrollArea, 0, "r", json!({}), text.clone()),
            (NodeKind::Image, 0, "g", json!({}), text.clone()),
            (
                NodeKind::Custom,
                16 | 32 | 64 | 128,
                "x",
                json!({"class": "bold italic mono center"}),
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
