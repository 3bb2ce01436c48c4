//! What was released keeps its meaning: tests/fixtures/abi holds the header of each released version, and a program
//! written for it. docs/reference/abi.md has the promise.

#![allow(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod common;

use std::collections::BTreeMap;
use std::path::PathBuf;

use common::c::{Program, exported_symbols, pointer_bits, project};

/// The folders of the released versions.
fn released() -> Vec<PathBuf> {
    let folders = std::fs::read_dir(project().join("tests/fixtures/abi")).unwrap();
    let folders: Vec<_> = folders.map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect();
    assert!(!folders.is_empty());
    folders
}

/// What a header declares: by name, the text of a function or type; for an enum or a struct the list of its members.
#[derive(Debug, Default)]
struct Declarations {
    texts: BTreeMap<String, String>,
    enums: BTreeMap<String, Vec<String>>,
    structs: BTreeMap<String, Vec<String>>,
}

fn declarations(header: &str) -> Declarations {
    let mut code = String::new();
    let mut rest = header;
    while let Some((before, comment)) = rest.split_once("/*") {
        code.push_str(before);
        rest = comment.split_once("*/").unwrap().1;
    }
    code.push_str(rest);
    let kept = code.lines().filter(|line| !line.starts_with('#') && !line.contains("extern \"C\""));
    let code = kept.collect::<Vec<_>>().join(" ");

    let mut found = Declarations::default();
    let mut rest = &*code;
    while let Some(end) = rest.find([';', '{']) {
        let (head, body) = rest.split_at(end);
        let head = words(head);
        // They change neither what is called nor how: one warns, the others are what Windows takes for granted.
        let head = head.replace("SR_NODISCARD ", "").replace("SR_API ", "").replace("SR_CALL ", "");
        if let Some(after) = body.strip_prefix(';') {
            let name = head.split('(').next().unwrap().rsplit([' ', '*']).next().unwrap().to_owned();
            // "typedef void (*sr_log_callback)(…)" has no name before its first bracket.
            let name = if head.contains("(*") { head.clone() } else { name };
            found.texts.insert(name, head);
            rest = after;
            continue;
        }
        let (members, after) = body[1..].split_once('}').unwrap();
        let (tail, after) = after.split_once(';').unwrap();
        let separator = if head.contains("enum") { ',' } else { ';' };
        let members = members.split(separator).map(words).filter(|member| !member.is_empty()).collect();
        match head.split(' ').nth(1) {
            Some(name) if head.starts_with("enum") => found.enums.insert(name.to_owned(), members),
            _ => found.structs.insert(words(tail), members),
        };
        rest = after;
    }
    found
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn current() -> Declarations {
    declarations(&std::fs::read_to_string(project().join("include/session_replay.h")).unwrap())
}

#[test]
fn every_declaration_that_was_released_is_still_there_and_the_same() {
    let now = current();
    for folder in released() {
        let version = folder.display();
        let then = declarations(&std::fs::read_to_string(folder.join("session_replay.h")).unwrap());
        assert!(then.texts.len() > 15 && then.enums.len() == 2 && then.structs.len() == 1, "{then:?}");
        for (name, text) in &then.texts {
            assert_eq!(now.texts.get(name), Some(text), "{version}: {name} was released so");
        }
        for (name, values) in &then.enums {
            for value in values {
                assert!(now.enums[name].contains(value), "{version}: {name} had {value}");
            }
        }
        for (name, members) in &then.structs {
            // New members go to the end.
            assert!(now.structs[name].starts_with(members), "{version}: {name} began with {members:?}");
        }
    }
}

#[test]
fn every_function_that_was_released_is_still_exported() {
    let exported = exported_symbols();
    for folder in released() {
        let then = declarations(&std::fs::read_to_string(folder.join("session_replay.h")).unwrap());
        for function in then.texts.keys().filter(|name| name.starts_with("sr_") && !name.contains(' ')) {
            let is_type = then.texts[function].starts_with("typedef");
            assert!(is_type || exported.contains(function), "{function} is not exported any more");
        }
    }
}

#[test]
fn values_and_layouts_are_the_released_ones() {
    let printed = Program::c(&["tests/c/layout.c"]).run::<&str>(&[]);
    let layout = format!("layout-{}.txt", pointer_bits());
    for folder in released() {
        let then = std::fs::read_to_string(folder.join(&layout)).unwrap();
        let printed: Vec<&str> = printed.lines().collect();
        for line in then.lines() {
            assert!(printed.contains(&line), "{}: {line}", folder.display());
        }
    }
}

#[test]
fn every_value_of_the_header_is_among_those_that_are_compared() {
    let source = std::fs::read_to_string(project().join("tests/c/layout.c")).unwrap();
    let now = current();
    for value in now.enums.values().flatten() {
        let name = value.split(' ').next().unwrap();
        assert!(source.contains(&format!("VALUE({name});")), "tests/c/layout.c lacks {name}");
    }
    for (name, members) in &now.structs {
        for member in members {
            let member = member.rsplit([' ', '*']).next().unwrap();
            assert!(
                source.contains(&format!("MEMBER({name}, {member});")),
                "tests/c/layout.c lacks {member}"
            );
        }
    }
}

#[test]
fn a_program_built_with_a_released_header_runs_with_this_library() {
    for folder in released() {
        let (headers, program) = (folder.to_str().unwrap(), folder.join("program.c"));
        let program = program.to_str().unwrap();
        for (variable, usual, arguments) in [("CC", "cc", "-std=c99"), ("CXX", "c++", "-std=c++11")] {
            let language = if variable == "CXX" { ["-x", "c++"] } else { ["-x", "c"] };
            let sources = [language[0], language[1], program, "-x", "none"];
            let program = Program::build_against(headers, variable, usual, &[arguments], &sources);
            assert_eq!(program.run::<&str>(&[]).trim(), "as before");
        }
    }
}

#[test]
fn a_program_in_cpp_that_was_written_for_a_released_header_compiles_with_this_one() {
    for folder in released() {
        let program = Program::cpp(&[folder.join("program.cpp").to_str().unwrap()]);
        assert_eq!(program.run::<&str>(&[]).trim(), "as before");
    }
}
