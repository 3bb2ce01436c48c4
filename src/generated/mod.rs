//! What people and other languages are told of the tables in this crate: written from them, checked in, and compared by
//! the tests here. To write it anew:
//!
//! ```text
//! SR_GENERATED=write cargo test --lib generated
//! ```
//!
//! - [`options`], [`statuses`], [`stats`]: the tables, read for what is written of them
//! - [`typescript`]: `bindings/shared/`; [`cpp`]: parts of the C++ headers; [`markdown`]: tables of the documentation
//! - [`text`]: pieces of text that several of them are made of
//! - [`source`]: declarations with their comments, where these are the table

mod cpp;
mod markdown;
mod options;
mod source;
mod stats;
mod statuses;
mod text;
mod typescript;

use std::fs;
use std::path::{Path, PathBuf};

const COMMAND: &str = "SR_GENERATED=write cargo test --lib generated";

/// A file that is generated whole, or the part of one between two lines.
struct Generated {
    path: &'static str,
    /// The part's name, which the line before it holds; `None`: the whole file.
    part: Option<&'static str>,
    text: String,
}

/// What the line behind a part holds.
const END: &str = "end of what is generated";

impl Generated {
    fn file(path: &'static str, text: String) -> Self {
        Self { path, part: None, text }
    }

    fn part(path: &'static str, part: &'static str, text: String) -> Self {
        Self { path, part: Some(part), text }
    }

    /// The file as it has to be, given how it is.
    fn put_into(&self, current: &str) -> String {
        let Some(part) = self.part else { return self.text.clone() };
        let begin = format!("generated from src: {part} ");
        let mut text = String::new();
        let (mut is_inside, mut count) = (false, 0);
        for line in current.split_inclusive('\n') {
            if line.contains(&begin) {
                text += line;
                text += &self.text;
                (is_inside, count) = (true, count + 1);
                continue;
            }
            is_inside &= !line.contains(END);
            if !is_inside {
                text += line;
            }
        }
        assert!(count == 1 && !is_inside, "{} has the part \"{part}\" once, and its end", self.path);
        text
    }
}

fn everything() -> Vec<Generated> {
    [typescript::files(), cpp::parts(), markdown::parts()].into_iter().flatten().collect()
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &Path) -> String {
    // A checkout on Windows may have other ends of lines.
    fs::read_to_string(path).unwrap_or_default().replace("\r\n", "\n")
}

#[test]
fn what_is_generated_is_current() {
    let is_written = std::env::var("SR_GENERATED").is_ok_and(|wish| wish == "write");
    for generated in everything() {
        let path = root().join(generated.path);
        let current = read(&path);
        let expected = generated.put_into(&current);
        if is_written && current != expected {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, &expected).unwrap();
        } else {
            let line = expected.lines().zip(current.lines()).find(|(expected, current)| expected != current);
            assert!(
                current == expected,
                "{} is not what src gives: run `{COMMAND}` and commit it. First difference: {line:?}",
                generated.path
            );
        }
    }
}

#[test]
fn nothing_else_is_in_the_folder_of_generated_files() {
    let expected = everything();
    for entry in fs::read_dir(root().join("bindings/shared")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let path = format!("bindings/shared/{name}");
        assert!(name == "README.md" || expected.iter().any(|it| it.path == path), "{path} is not generated");
    }
}
