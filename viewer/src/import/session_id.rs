//! The id of an imported session: from the file's name, for people, and from its events, so that a file has one however often it comes.

use super::DEVICE;
use crate::replay_id::ReplayId;

/// Longest part of a file's name in an id.
const MAX_NAME: usize = 80;

/// What is left out at the end of a name, in this order.
const ENDINGS: [&str; 5] = [".gz", ".jsonl", ".ndjson", ".json", ".txt"];

pub(super) fn of_file(name: &str, hash: u64) -> Result<ReplayId, String> {
    ReplayId::new(DEVICE, &format!("{}-{hash:016x}", stem(name)))
}

/// The name without its folders and its ending, of characters that an id may have.
fn stem(name: &str) -> String {
    let mut stem = name.rsplit(['/', '\\']).next().unwrap_or_default();
    for ending in ENDINGS {
        let begin = stem.len().saturating_sub(ending.len());
        if stem.get(begin..).is_some_and(|end| end.eq_ignore_ascii_case(ending)) {
            stem = &stem[..begin];
        }
    }
    let plain = |c: char| if c.is_ascii_alphanumeric() || "_-.".contains(c) { c } else { '-' };
    let stem: String = stem.chars().take(MAX_NAME).map(plain).collect();
    if stem.is_empty() { "file".to_owned() } else { stem }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_ids_that_lead_nowhere_else() {
        for (name, id) in [
            ("shop.jsonl", "shop-00000000000000ab"),
            ("Shop 2.JSON.GZ", "Shop-2-00000000000000ab"),
            ("a.b.json", "a.b-00000000000000ab"),
            ("../../etc/passwd", "passwd-00000000000000ab"),
            ("..", "..-00000000000000ab"),
            ("C:\\files\\größe.txt", "gr--e-00000000000000ab"),
            ("", "file-00000000000000ab"),
            (".json", "file-00000000000000ab"),
            ("a%2F..%2Fb", "a-2F..-2Fb-00000000000000ab"),
        ] {
            assert_eq!(of_file(name, 0xab).unwrap().session.as_str(), id, "{name}");
        }
        assert!(of_file(&"ü".repeat(10_000), 1).is_ok());
    }
}
