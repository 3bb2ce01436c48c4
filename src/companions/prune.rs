//! Members of JSON that are kept, by paths as the browser SDK's `pruneJson` has them: keys between slashes, `*` for any key, `**`
//! for any number of them, `~0` and `~1` for `~` and `/`. What is kept is passed on as it is written.

use serde_json::json;

use super::limits::MAX_JSON_DEPTH;
use crate::model::json::cursor::{Cursor, JsonKind};

/// The members of this JSON that the first list names and the second does not. An object or array without any is left out; an
/// element of an array that is left out is null, so that the others keep their places. `json` has to be well-formed.
pub(super) fn pruned(json: &str, allowlist: &[String], excludelist: &[String]) -> String {
    let (allowlist, excludelist) = (paths(allowlist), paths(excludelist));
    let lists = Lists { allowlist: &allowlist, excludelist: &excludelist };
    let mut path = Vec::new();
    let kept = lists.kept(json, &mut path);
    kept.unwrap_or_else(|| match Cursor::new(json).kind() {
        JsonKind::Object => "{}".to_owned(),
        JsonKind::Array => "[]".to_owned(),
        _ => "null".to_owned(),
    })
}

type Path = Vec<String>;

struct Lists<'a> {
    allowlist: &'a [Path],
    excludelist: &'a [Path],
}

impl Lists<'_> {
    fn kept(&self, json: &str, path: &mut Path) -> Option<String> {
        if path.len() > MAX_JSON_DEPTH {
            return None;
        }
        match Cursor::new(json).kind() {
            JsonKind::Object => self.kept_members(json, path),
            JsonKind::Array => self.kept_elements(json, path),
            _ => self.names(path).then(|| json.to_owned()),
        }
    }

    fn kept_members(&self, json: &str, path: &mut Path) -> Option<String> {
        let mut kept = String::new();
        for (key, value) in Cursor::new(json).members() {
            let key = String::from_utf8_lossy(&key).into_owned();
            path.push(key);
            let value = self.kept(value, path);
            let key = path.pop().unwrap_or_default();
            if let Some(value) = value {
                kept.push(if kept.is_empty() { '{' } else { ',' });
                kept.push_str(&format!("{}:{value}", json!(key)));
            }
        }
        (!kept.is_empty()).then(|| kept + "}")
    }

    fn kept_elements(&self, json: &str, path: &mut Path) -> Option<String> {
        let (mut kept, mut has_any) = (Vec::new(), false);
        for (at, value) in Cursor::new(json).elements().enumerate() {
            path.push(at.to_string());
            let value = self.kept(value, path);
            path.pop();
            has_any |= value.is_some();
            kept.push(value.unwrap_or_else(|| "null".to_owned()));
        }
        has_any.then(|| format!("[{}]", kept.join(",")))
    }

    fn names(&self, path: &[String]) -> bool {
        let is_in = |list: &[Path]| list.iter().any(|pattern| matches(pattern, path));
        is_in(self.allowlist) && !is_in(self.excludelist)
    }
}

fn paths(list: &[String]) -> Vec<Path> {
    let keys = |path: &String| {
        let path = path.strip_prefix('/').unwrap_or(path);
        path.split('/').map(|key| key.replace("~0", "~").replace("~1", "/")).collect()
    };
    list.iter().map(keys).collect()
}

/// Whether the pattern names this path. In proportion to the product of both lengths, whatever the pattern is.
fn matches(pattern: &[String], path: &[String]) -> bool {
    // Which of the pattern's beginnings match the keys so far.
    let mut reached = vec![false; pattern.len() + 1];
    reached[0] = true;
    let skip = |reached: &mut [bool]| {
        for (at, key) in pattern.iter().enumerate() {
            reached[at + 1] |= reached[at] && key == "**";
        }
    };
    skip(&mut reached);
    for key in path {
        let mut next = vec![false; pattern.len() + 1];
        for (at, expected) in pattern.iter().enumerate().filter(|(at, _)| reached[*at]) {
            match expected.as_str() {
                "**" => next[at] = true,
                "*" => next[at + 1] = true,
                expected => next[at + 1] |= expected == key,
            }
        }
        skip(&mut next);
        reached = next;
    }
    reached[pattern.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    const JSON: &str = r#"{"user":{"name":"ann","mail":"a@b","tags":["x",{"id":1}]},"a/b":{"c~d":1.0},"items":[{"id":1,"pin":2},{"pin":3}],"n":1e400,"e":{}}"#;

    /// What the browser SDK's `pruneJson` (@amplitude/analytics-core 2.61.0) left of each; of a number that JavaScript has none
    /// for, null.
    #[test]
    fn keeps_what_the_browser_sdk_keeps() {
        let list = |paths: &[&str]| paths.iter().map(|path| (*path).to_owned()).collect::<Vec<_>>();
        for (allowlist, excludelist, expected) in TABLE {
            assert_eq!(
                pruned(JSON, &list(allowlist), &list(excludelist)),
                *expected,
                "{allowlist:?} {excludelist:?}"
            );
        }
    }

    type Row = (&'static [&'static str], &'static [&'static str], &'static str);

    const TABLE: &[Row] = &[
        (
            &["/**"],
            &[],
            r#"{"user":{"name":"ann","mail":"a@b","tags":["x",{"id":1}]},"a/b":{"c~d":1.0},"items":[{"id":1,"pin":2},{"pin":3}],"n":1e400}"#,
        ),
        (
            &["**"],
            &["user/mail"],
            r#"{"user":{"name":"ann","tags":["x",{"id":1}]},"a/b":{"c~d":1.0},"items":[{"id":1,"pin":2},{"pin":3}],"n":1e400}"#,
        ),
        (&["/user/*"], &[], r#"{"user":{"name":"ann","mail":"a@b"}}"#),
        (&["user/**"], &["/user/tags/0"], r#"{"user":{"name":"ann","mail":"a@b","tags":[null,{"id":1}]}}"#),
        (&["**/id"], &[], r#"{"user":{"tags":[null,{"id":1}]},"items":[{"id":1},null]}"#),
        (&["items/*/id", "n"], &[], r#"{"items":[{"id":1},null],"n":1e400}"#),
        (&["/a~1b/c~0d"], &[], r#"{"a/b":{"c~d":1.0}}"#),
        (
            &["**"],
            &["**/pin"],
            r#"{"user":{"name":"ann","mail":"a@b","tags":["x",{"id":1}]},"a/b":{"c~d":1.0},"items":[{"id":1},null],"n":1e400}"#,
        ),
        (&["nothing"], &[], r#"{}"#),
        (&["user"], &[], r#"{}"#),
        (&["**/tags/*/id"], &[], r#"{"user":{"tags":[null,{"id":1}]}}"#),
        (
            &["**"],
            &["items/**"],
            r#"{"user":{"name":"ann","mail":"a@b","tags":["x",{"id":1}]},"a/b":{"c~d":1.0},"n":1e400}"#,
        ),
        (&[""], &[], r#"{}"#),
    ];

    #[test]
    fn deep_json_and_patterns_that_would_backtrack_take_no_longer() {
        let all = ["**".to_owned()];
        let deep = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(pruned(&deep, &all, &[]), "[]");
        let wild = [format!("{}z", "**/a/".repeat(30))];
        let nested = format!("{}1{}", r#"{"a":"#.repeat(60), "}".repeat(60));
        assert_eq!(pruned(&nested, &wild, &[]), "{}");
        assert_eq!(pruned("7", &all, &[]), "7");
        assert_eq!(pruned("7", &["a".to_owned()], &[]), "null");
    }
}
