//! The picture in `docs/contributing/architecture.md` is true: data goes one way, and nothing goes in circles. Read from
//! the paths in the sources, wherever they stand. (`tests/support/imports.mjs` does the same for TypeScript.)

#![allow(clippy::expect_used, clippy::panic, reason = "a test that can't go on has failed")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The rooms of `src/`, from the host to the plain values. A room knows those after it, never those before it.
const ROOMS: &[&str] = &[
    "fuzzing",
    "generated",
    "ffi",
    "recorder",
    "threads",
    "views",
    "segment",
    "remote_config",
    "session",
    "stats",
    "queue",
    "storage",
    "delivery",
    "companions",
    "pixels",
    "own_thread",
    "filter",
    "page_status",
    "page_line",
    "log",
    "callback",
    "error",
    "options",
    "model",
    "redact",
    "cancellation",
    "signals",
    "sync",
];

type Graph = BTreeMap<String, BTreeSet<String>>;

#[test]
fn a_room_of_the_core_knows_only_those_after_it() {
    for (room, known) in core_rooms() {
        let place = |room: &str| {
            ROOMS.iter().position(|known| *known == room).unwrap_or_else(|| {
                panic!("src/{room} is not among the rooms: add it where it belongs, here and in the picture")
            })
        };
        for other in known {
            assert!(place(&room) < place(&other), "src/{room} knows src/{other}, which comes before it");
        }
    }
}

#[test]
fn no_rust_files_go_in_circles() {
    for source in ["src", "viewer/src"] {
        let mut graph = Graph::new();
        for file in files(source, "rs") {
            let name = module_of(source, &file);
            let text = code_of(&file);
            let room = name.rsplit_once("::").map_or("", |(room, _)| room);
            let siblings = paths_after(&text, "super::").into_iter().map(|path| from_super(&name, &path));
            let others = paths_after(&text, "crate::").into_iter();
            let known = others.chain(siblings).filter_map(|path| module_in(source, &path));
            // What a file takes from its own folder's mod.rs is part of that folder, not another file.
            let known = known.filter(|other| *other != name && *other != room).collect();
            graph.insert(name, known);
        }
        assert!(graph.values().any(|known| !known.is_empty()), "{source}: uses are read");
        assert_no_circle(&graph);
    }
}

fn core_rooms() -> Graph {
    let mut graph = Graph::new();
    let room_of = |module: &str| module.split("::").next().unwrap_or_default().to_owned();
    for file in files("src", "rs") {
        let room = room_of(&module_of("src", &file));
        if room == "lib" {
            continue;
        }
        let known = graph.entry(room.clone()).or_default();
        let (name, code) = (module_of("src", &file), code_of(&file));
        let by_super = paths_after(&code, "super::").into_iter().map(|path| from_super(&name, &path));
        let used = paths_after(&code, "crate::").into_iter().chain(by_super);
        let used = used.filter_map(|path| module_in("src", &path)).map(|module| room_of(&module));
        known.extend(used.filter(|other| *other != room));
    }
    assert!(graph["session"].contains("queue"), "what the rooms know is read");
    graph
}

/// Panics with the path of a circle, if there is one.
fn assert_no_circle(graph: &Graph) {
    let mut done = BTreeSet::new();
    for start in graph.keys() {
        walk(graph, start, &mut Vec::new(), &mut done);
    }
}

fn walk<'g>(graph: &'g Graph, at: &'g str, path: &mut Vec<&'g str>, done: &mut BTreeSet<&'g str>) {
    if let Some(start) = path.iter().position(|before| *before == at) {
        panic!("a circle: {} → {at}", path[start..].join(" → "));
    }
    if done.contains(at) {
        return;
    }
    path.push(at);
    for next in graph.get(at).into_iter().flatten() {
        walk(graph, next, path, done);
    }
    path.pop();
    done.insert(at);
}

/// The paths that stand after this prefix, also within braces: `super::{a, b::{C, d}}` gives `a`, `b::C` and `b::d`.
fn paths_after(text: &str, prefix: &str) -> Vec<String> {
    let mut paths = Vec::new();
    for (at, _) in text.match_indices(prefix) {
        if !text[..at].ends_with(|c: char| c.is_alphanumeric() || c == ':' || c == '_') {
            read_paths(&text[at + prefix.len()..], "", &mut paths);
        }
    }
    paths
}

/// Reads a path, or a list of paths in braces, that goes on from `start`. Gives what follows.
fn read_paths<'t>(text: &'t str, start: &str, paths: &mut Vec<String>) -> &'t str {
    let text = text.trim_start();
    let Some(mut list) = text.strip_prefix('{') else {
        let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')).unwrap_or(text.len());
        let path = format!("{start}{}", &text[..end]);
        return match text[end..].starts_with('{') && path.ends_with("::") {
            true => read_paths(&text[end..], &path, paths),
            false => {
                paths.push(path);
                &text[end..]
            }
        };
    };
    loop {
        list = list.trim_start_matches([',', ' ', '\n']);
        match list.strip_prefix('}') {
            Some(rest) => return rest,
            None if list.is_empty() => return list,
            None => {
                let before = list;
                list = read_paths(list, start, paths);
                // `as name`, `self`, generics: whatever else stands in a list.
                if list.len() == before.len() || !list.starts_with([',', '}']) {
                    list = &list[list.find([',', '}']).unwrap_or(list.len())..];
                }
            }
        }
    }
}

/// What `super::` in this module leads to: `super::super::a` in `x::y::z` is `x::a`.
fn from_super(module: &str, path: &str) -> String {
    let mut room = module.rsplit_once("::").map_or("", |(room, _)| room);
    let mut path = path;
    while let Some(rest) = path.strip_prefix("super::") {
        room = room.rsplit_once("::").map_or("", |(room, _)| room);
        path = rest;
    }
    format!("{room}::{path}")
}

#[test]
fn paths_are_read_as_rust_reads_them() {
    for (text, prefix, expected) in [
        ("use crate::queue;", "crate::", vec!["queue"]),
        ("crate::a::B::new()", "crate::", vec!["a::B::new"]),
        (
            "use crate::{model::{ids::X, y}, queue::Queue};",
            "crate::",
            vec!["model::ids::X", "model::y", "queue::Queue"],
        ),
        ("use crate::{a as b, c::{self, D}};", "crate::", vec!["a", "c::self", "c::D"]),
        ("use super::super::queue::Queue;", "super::", vec!["super::queue::Queue"]),
        ("xcrate::a", "crate::", vec![]),
    ] {
        assert_eq!(paths_after(text, prefix), expected, "{text}");
    }
    assert_eq!(from_super("storage::map", "super::queue::Queue"), "::queue::Queue");
    assert_eq!(from_super("storage::fs::unix", "super::lock"), "storage::lock");
    assert_eq!(from_super("storage::fs::unix", "mod_name"), "storage::fs::mod_name");
}

/// The code of a Rust file, without comments and without its tests at the end.
fn code_of(file: &Path) -> String {
    let text = fs::read_to_string(root().join(file)).expect("a source");
    let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    code.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// `src/storage/map.rs` is `storage::map`, `src/storage/mod.rs` is `storage`.
fn module_of(source: &str, file: &Path) -> String {
    let path = file.strip_prefix(source).expect("in the source folder").with_extension("");
    let mut parts: Vec<_> = path.iter().map(|part| part.to_string_lossy().into_owned()).collect();
    parts.pop_if(|last| last == "mod");
    parts.join("::")
}

/// The deepest module that a path leads into: `storage::map::Map` into `storage::map`.
fn module_in(source: &str, path: &str) -> Option<String> {
    let mut parts: Vec<_> = path.split("::").filter(|part| !part.is_empty()).collect();
    while !parts.is_empty() {
        let file = root().join(source).join(parts.join("/"));
        if file.join("mod.rs").is_file() || file.with_extension("rs").is_file() {
            return Some(parts.join("::"));
        }
        parts.pop();
    }
    None
}

/// The files below a folder, as paths from the root.
fn files(folder: &str, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![PathBuf::from(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(root().join(&folder)).expect("a folder of the project") {
            let entry = entry.expect("an entry");
            let path = folder.join(entry.file_name());
            if entry.file_type().expect("a type").is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == extension) {
                found.push(path);
            }
        }
    }
    assert!(!found.is_empty(), "{folder} holds .{extension} files");
    found
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}
