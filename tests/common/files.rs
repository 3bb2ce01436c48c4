//! What stands in a storage directory.

use std::path::{Path, PathBuf};

/// How many files with this extension lie below a directory.
pub fn files_below(dir: &Path, extension: &str) -> usize {
    list_below(dir, extension).len()
}

/// The same files, in the order of their names.
pub fn list_below(dir: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for path in std::fs::read_dir(dir).into_iter().flatten().flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            found.extend(list_below(&path, extension));
        } else if path.extension().is_some_and(|found| found == extension) {
            found.push(path);
        }
    }
    found.sort();
    found
}
