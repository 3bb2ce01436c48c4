//! The pages read as they were meant.

#![allow(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use std::path::{Path, PathBuf};

fn pages(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        let name = entry.file_name().unwrap().to_str().unwrap().to_owned();
        if entry.is_dir() {
            let is_ours =
                !name.starts_with('.') && !["node_modules", "target", "build", "dist"].contains(&&*name);
            found.extend(is_ours.then(|| pages(&entry)).into_iter().flatten());
        } else if name.ends_with(".md") {
            found.push(entry);
        }
    }
    found
}

/// The cells of a table's line. A bar with a backslash before it is text.
fn cells(line: &str) -> usize {
    line.replace("\\|", "").trim().trim_start_matches('|').trim_end_matches('|').split('|').count()
}

/// The line under a table's head.
fn is_rule(line: &str) -> bool {
    let line = line.trim();
    line.contains('-') && line.contains('|') && line.chars().all(|c| "|-: ".contains(c))
}

/// What is wrong with the tables of a page.
fn faults(page: &str) -> Vec<String> {
    let (mut faults, mut is_code, mut columns) = (Vec::new(), false, None);
    let lines: Vec<&str> = page.lines().collect();
    for (index, &line) in lines.iter().enumerate() {
        let is_fence = line.trim_start().starts_with("```");
        is_code ^= is_fence;
        if is_code || is_fence || !line.trim_start().starts_with('|') {
            columns = None;
            continue;
        }
        let has_rule = lines.get(index + 1).is_some_and(|next| is_rule(next));
        match columns {
            None if !has_rule => faults.push(format!("line {}: a row without a head above it", index + 1)),
            None => columns = Some(cells(line)),
            Some(columns) if cells(line) != columns => {
                faults.push(format!("line {}: {} cells, the head has {columns}", index + 1, cells(line)));
            }
            Some(_) => {}
        }
    }
    faults
}

#[test]
fn the_tables_of_every_page_are_tables() {
    let pages = pages(Path::new(env!("CARGO_MANIFEST_DIR")));
    assert!(pages.len() > 15, "{pages:?}");
    for page in pages {
        let faults = faults(&std::fs::read_to_string(&page).unwrap());
        assert!(faults.is_empty(), "{}: {faults:?}", page.display());
    }
}

#[test]
fn a_table_that_is_cut_is_found() {
    let table = "| a | b |\n| --- | --- |\n| `x \\| y` | 2 |\n";
    assert!(faults(table).is_empty());
    assert_eq!(faults(&format!("{table}\n| 3 | 4 |\n")), ["line 5: a row without a head above it"]);
    assert_eq!(faults(&format!("{table}| 3 |\n")), ["line 4: 1 cells, the head has 2"]);
    assert!(faults("```sh\n| sort\n```\n").is_empty());
}
