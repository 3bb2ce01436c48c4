//! Nodes that lie inside of nodes that are added. Players drop them without a word: each node needs an entry of its own in
//! `adds`. Only the document of an iframe is added whole.

use super::data::{Data, is_object, items, members, number};

/// How many entries of a mutation's `adds` have children inside their node.
pub(super) fn entries(event_type: f64, data: &Data<'_>) -> u64 {
    const MUTATION: f64 = 0.0;
    const ELEMENT: f64 = 2.0;
    if event_type != 3.0 || !data.is_object() {
        return 0;
    }
    let [source, adds] = data.members(["source", "adds"]);
    let Some(adds) = adds.filter(|adds| source.and_then(number) == Some(MUTATION) && may_be_filled(adds))
    else {
        return 0;
    };
    let has_children = |add: &str| {
        let [node] = if is_object(add) { members(add, ["node"]) } else { [None] };
        let Some(node) = node.filter(|node| is_object(node)) else { return false };
        let [kind, children] = members(node, ["type", "childNodes"]);
        // `[ ]` is empty, too.
        let is_filled =
            |list: &str| list.strip_prefix('[').is_some_and(|rest| !rest.trim_start().starts_with(']'));
        kind.and_then(number) == Some(ELEMENT) && children.is_some_and(is_filled)
    };
    items(adds).unwrap_or_default().into_iter().filter(|add| has_children(add)).count() as u64
}

/// Whether there may be a list of children with something in it: most changes have none, and need not be taken apart.
fn may_be_filled(adds: &str) -> bool {
    const KEY: &str = "\"childNodes\"";
    let is_filled = |at: usize| {
        let value = adds[at + KEY.len()..].trim_start().strip_prefix(':').map(str::trim_start);
        let inside = value.and_then(|value| value.strip_prefix('[')).map(str::trim_start);
        inside.is_some_and(|inside| !inside.starts_with(']'))
    };
    // A key may be written with escapes.
    adds.len() > KEY.len() && (adds.contains("\\u") || adds.match_indices(KEY).any(|(at, _)| is_filled(at)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_with_children_are_counted() {
        let element = |children: &str| {
            format!(r#"{{"type":2,"tagName":"div","attributes":{{}},"childNodes":{children},"id":5}}"#)
        };
        let add = |node: &str| format!(r#"{{"parentId":4,"nextId":null,"node":{node}}}"#);
        let text = r#"{"type":3,"textContent":"a","id":6}"#;
        let mutation = |adds: &[String]| format!(r#"{{"source":0,"adds":[{}]}}"#, adds.join(","));
        let filled = add(&element(&format!("[{text}]")));
        let whole = add(&format!(r#"{{"type":0,"id":9,"childNodes":[{}]}}"#, element("[]")));
        for (event_type, data, expected) in [
            (3.0, mutation(&[]), 0),
            (3.0, mutation(&[add(&element("[]")), add(&element("[ ]")), add(text)]), 0),
            (3.0, mutation(&[filled.clone(), add(&element("[]")), filled.clone()]), 2),
            (3.0, mutation(&[whole]), 0),
            (3.0, mutation(&["null".to_owned(), "5".to_owned(), add("7"), add(&element("7"))]), 0),
            (3.0, r#"{"source":0,"adds":{}}"#.to_owned(), 0),
            (3.0, r#"{"source":8,"adds":[{"rule":"a{}"}]}"#.to_owned(), 0),
            (3.0, "[]".to_owned(), 0),
            (3.0, mutation(&[filled.replace("childNodes", "child\\u004eodes")]), 1),
            (3.0, mutation(&[filled.replace(":[", " :\n[ ")]), 1),
            (2.0, mutation(&[filled]), 0),
        ] {
            assert_eq!(entries(event_type, &Data::of(&data)), expected, "{data}");
        }
        assert_eq!(entries(3.0, &Data::none()), 0);
    }
}
