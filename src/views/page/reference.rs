//! What [`super::shift`] does, written again without regard to speed, to compare it with: over decoded values.

use serde_json::{Map, Value, json};

use super::super::ids::{DocumentIds, ViewIds};
use super::shift;
use crate::model::json::cursor::Cursor;

/// Of several digits: an id of ten has some of them in common with it.
const DOCUMENT: DocumentIds = DocumentIds(12_345);

/// What the members of an object are.
#[derive(Default)]
struct Places {
    /// Ids that name a node, or none by -1.
    ids: &'static [&'static str],
    /// Ids that are always one.
    own_ids: &'static [&'static str],
    /// Lists of such.
    lists: &'static [&'static str],
    /// Objects or lists of objects, and what the members of these are.
    inside: &'static [Inside],
}

type Inside = (&'static str, fn() -> Places);

fn data() -> Places {
    Places {
        ids: &["id"],
        own_ids: &["styleId"],
        lists: &["styleIds"],
        inside: &[
            ("adds", || Places {
                ids: &["parentId", "nextId", "previousId"],
                inside: &[("node", node)],
                ..Places::default()
            }),
            ("texts", named),
            ("attributes", named),
            ("removes", named),
            ("positions", named),
            ("ranges", || Places { ids: &["start", "end"], ..Places::default() }),
            ("styles", || Places { own_ids: &["styleId"], ..Places::default() }),
        ],
    }
}

fn node() -> Places {
    Places { own_ids: &["id", "rootId"], inside: &[("childNodes", node)], ..Places::default() }
}

fn named() -> Places {
    Places { ids: &["id", "parentId"], ..Places::default() }
}

fn shift_in(object: &mut Map<String, Value>, places: Places) {
    for (name, value) in object {
        if places.ids.contains(&&**name) {
            if value.as_f64() != Some(-1.0) {
                shift_id(value);
            }
        } else if places.own_ids.contains(&&**name) {
            shift_id(value);
        } else if places.lists.contains(&&**name) {
            value.as_array_mut().into_iter().flatten().for_each(shift_id);
        } else if let Some((_, inside)) = places.inside.iter().find(|(inside, _)| inside == name) {
            match value {
                Value::Object(object) if name == "node" => shift_in(object, inside()),
                Value::Array(list) if name != "node" => {
                    list.iter_mut().filter_map(Value::as_object_mut).for_each(|it| shift_in(it, inside()));
                }
                _ => {}
            }
        }
    }
}

fn shift_id(value: &mut Value) {
    if !value.is_null() {
        let id = value.as_u64().or_else(|| value.as_f64().filter(|id| id.fract() == 0.0).map(|id| id as u64));
        *value = (12_345_000_000_000 + id.filter(|id| (1..499_999_999).contains(id)).unwrap_or(499_999_999))
            .into();
    }
}

/// A document that is added has a root of its own, which comes before it.
fn give_roots(adds: Option<&mut Value>) {
    let Some(adds) = adds.and_then(Value::as_array_mut) else { return };
    let mut has_document = false;
    for node in adds.iter_mut().filter_map(|add| add.get_mut("node")?.as_object_mut()) {
        if node.get("type").and_then(Value::as_f64) == Some(0.0) {
            node.insert("rootId".to_owned(), 12_345_500_000_000_u64.into());
            has_document = true;
        }
    }
    if has_document {
        let root = json!({"type": 5, "textContent": "", "id": 12_345_500_000_000_u64});
        adds.insert(0, json!({"parentId": 1024, "nextId": null, "node": root}));
    }
}

fn compare(text: &str) -> bool {
    let Ok(mut expected) = serde_json::from_str::<Value>(text) else { return false };
    let source = expected.get("source").and_then(Value::as_f64);
    let mut scratch = shift::Scratch::default();
    let found = shift::data(ViewIds(2), DOCUMENT, &mut Cursor::new(text), &mut scratch);
    if let Some(object) = expected.as_object_mut() {
        shift_in(object, data());
        give_roots(object.get_mut("adds"));
        assert_eq!(found, source, "{text}");
    }
    assert_eq!(serde_json::from_str::<Value>(&scratch.text).unwrap(), expected, "{text}");
    true
}

/// The data of all events of the recordings.
fn recorded() -> Vec<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/recordings");
    let files = ["form-unicode", "live-table", "rich-text"];
    let texts = files.map(|name| std::fs::read_to_string(format!("{folder}/{name}.jsonl")).unwrap());
    let events =
        texts.iter().flat_map(|text| text.lines()).map(|line| serde_json::from_str::<Value>(line).unwrap());
    events.map(|event| event["data"].to_string()).filter(|data| data.len() < 20_000).collect()
}

#[test]
fn ids_of_recordings_and_of_what_is_made_of_them_are_those_of_the_reference() {
    let recorded = recorded();
    assert!(recorded.len() > 500 && recorded.iter().all(|data| compare(data)));
    let mut random = fastrand::Rng::with_seed(15);
    let keys = [
        "id",
        "source",
        "parentId",
        "rootId",
        "node",
        "adds",
        "styleIds",
        "childNodes",
        "start",
        "type",
        "\\u0069d",
        "i\\\"d",
    ];
    let values = [
        "4",
        "0",
        "-1",
        "-0",
        "1e1",
        "-2",
        "7.5",
        "1e400",
        "99999999",
        "499999998",
        "499999999",
        "999999999",
        "1000000000",
        "123456789012345",
        "1234567890123456",
        "[5,6]",
        "[{}]",
        "{}",
        "null",
        "\"8\"",
    ];
    let (mut compared, mut with_documents) = (0, 0);
    for _ in 0..6_000 {
        let mut text = random.choice(&recorded).unwrap().clone();
        // A node that is added is a document.
        let ends = text.match_indices("},\"parentId\":").map(|(at, _)| at);
        let ends: Vec<usize> = ends.filter(|at| text[..at - 1].ends_with("\"type\":")).collect();
        let is_document = random.bool() && !ends.is_empty();
        if is_document {
            let at = *random.choice(&ends).unwrap();
            text.replace_range(at - 1..at, "0");
        }
        for _ in 0..random.usize(1..4) {
            // Another member, behind whatever begins an object: a key may stand twice then.
            let begins: Vec<usize> = text.match_indices('{').map(|(at, _)| at + 1).collect();
            let at = *random.choice(&begins).unwrap();
            let is_empty = text[at..].starts_with('}');
            let (key, value) = (random.choice(keys).unwrap(), random.choice(values).unwrap());
            text.insert_str(at, &format!("\"{key}\": {value}{}", if is_empty { "" } else { " ," }));
        }
        let is_compared = compare(&text);
        compared += usize::from(is_compared);
        with_documents += usize::from(is_compared && is_document);
    }
    assert!(compared > 3_000 && with_documents > 300, "{compared}, {with_documents}");
}
