//! The title of a page, where an event tells it: the SDK's event about addresses, or the `<title>` of a full snapshot.

use std::borrow::Cow;

use super::data::{Data, Text, is_object, items, members};

/// Longest title kept, in characters.
const MAX_TITLE_CHARS: usize = 200;

/// The title that an event tells.
pub(super) fn of_event(event_type: f64, data: &Data<'_>) -> Option<String> {
    data.is_object().then_some(())?;
    let title = match event_type {
        2.0 => of_document(data.members(["node"])[0]?)?,
        6.0 => {
            let [plugin, payload] = data.members(["plugin", "payload"]);
            plugin.filter(|plugin| *plugin == r#""amplitude/url-tracking@1""#)?;
            let [title] = members(payload.filter(|payload| is_object(payload))?, ["title"]);
            text(title?)?
        }
        _ => return None,
    };
    let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
    (!title.is_empty()).then(|| title.chars().take(MAX_TITLE_CHARS).collect())
}

/// The text of `<title>` in the head of a document.
fn of_document(document: &str) -> Option<Cow<'_, str>> {
    let head = child(child(document, "html")?, "head")?;
    let title = children(child(head, "title")?).into_iter().next()?;
    text(members(title, ["textContent"])[0]?)
}

fn child<'a>(node: &'a str, tag: &str) -> Option<&'a str> {
    children(node).into_iter().find(|node| {
        let name = members(node, ["tagName"])[0].and_then(text);
        name.is_some_and(|name| name.eq_ignore_ascii_case(tag))
    })
}

fn children(node: &str) -> Vec<&str> {
    let list = if is_object(node) { members(node, ["childNodes"])[0] } else { None };
    let mut children = list.and_then(items).unwrap_or_default();
    children.retain(|child| is_object(child));
    children
}

fn text(value: &str) -> Option<Cow<'_, str>> {
    serde_json::from_str::<Text<'_>>(value).ok().map(|text| text.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_found_where_events_tell_them() {
        let element = |tag: &str, children: &str| {
            format!(r#"{{"type":2,"tagName":"{tag}","attributes":{{}},"childNodes":[{children}],"id":5}}"#)
        };
        let page = |title: &str| {
            let title = element("title", title);
            let head = element("head", &format!("{},{title}", element("meta", "")));
            let html = element("html", &format!("{head},{}", element("body", "")));
            format!(r#"{{"node":{{"type":0,"childNodes":[{{"type":1,"name":"html"}},{html}]}}}}"#)
        };
        let tracking = |title: &str| {
            format!(
                r#"{{"plugin":"amplitude/url-tracking@1","payload":{{"href":"app://x","title":{title}}}}}"#
            )
        };
        for (event_type, data, expected) in [
            (2.0, page(r#"{"type":3,"textContent":" The\n  cart ","id":6}"#), Some("The cart")),
            (2.0, page(r#"{"type":3,"textContent":"","id":6}"#), None),
            (2.0, page(""), None),
            (2.0, r#"{"node":{"type":0,"childNodes":[]}}"#.to_owned(), None),
            (2.0, r#"{"node":[7]}"#.to_owned(), None),
            (3.0, page(r#"{"type":3,"textContent":"a","id":6}"#), None),
            (6.0, tracking(r#""Caf\u00e9""#), Some("Café")),
            (6.0, tracking("7"), None),
            (6.0, tracking(r#""a""#).replace("amplitude", "other"), None),
        ] {
            assert_eq!(of_event(event_type, &Data::of(&data)).as_deref(), expected, "{event_type} {data}");
        }
        let long = tracking(&format!(r#""{}""#, "é".repeat(999)));
        assert_eq!(of_event(6.0, &Data::of(&long)).map(|title| title.chars().count()), Some(MAX_TITLE_CHARS));
    }
}
