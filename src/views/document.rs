//! The scene's whole document, as a full snapshot has it.

use serde_json::{Value, json};

use super::element::{Child, Element, text_node};
use super::ids;
use super::nodes::style::SHEET;
use super::scene::Scene;
use super::view::{Content, View};

impl Scene {
    /// The whole document. Nodes get new ids.
    pub fn document(&mut self) -> Value {
        for view in self.views.values_mut() {
            if let Content::Nodes(nodes) = &mut view.content {
                nodes.renumber();
            }
        }
        let mut body = self.desk.body();
        for (view, inside) in self.in_order(0) {
            body = body.with_child(self.element(view, inside));
        }
        let mut html = Element::new(ids::HTML, "html").to_node();
        html["childNodes"] = json!([head(), body.to_tree()]);
        let doctype =
            json!({"type": 1, "name": "html", "publicId": "", "systemId": "", "id": ids::DOCUMENT_TYPE});
        json!({"type": 0, "childNodes": [doctype, html], "id": ids::DOCUMENT})
    }

    /// A view with all that lies in it.
    fn element(&self, view: u64, inside: &View) -> Element {
        let mut window = inside.placement.shell(inside, self.origin(inside.parent), false);
        for child in &mut window.children {
            if let Child::Element(content) = child
                && content.id == inside.ids.content()
            {
                content.children.extend(inside.elements().into_iter().map(Child::Element));
            }
        }
        for (view, inside) in self.in_order(view) {
            window = window.with_child(self.element(view, inside));
        }
        window
    }

    /// The views that lie in this one, in the order in which they were made.
    fn in_order(&self, parent: u64) -> Vec<(u64, &View)> {
        let mut views: Vec<_> = self.inside(parent).collect();
        views.sort_by_key(|(_, view)| view.ids.0);
        views
    }
}

fn head() -> Value {
    let mut sheet = text_node(ids::STYLE_TEXT, SHEET);
    sheet["isStyle"] = true.into();
    let mut style = Element::new(ids::STYLE, "style").to_node();
    style["childNodes"] = json!([sheet]);
    let mut head = Element::new(ids::HEAD, "head").to_node();
    head["childNodes"] = json!([style]);
    head
}
