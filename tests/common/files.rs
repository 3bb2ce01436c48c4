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

/// The directories of runs below a storage directory.
pub fn runs(dir: &Path) -> Vec<PathBuf> {
    let directories = |dir: &Path| {
        let entries = std::fs::read_dir(dir).expect("a directory");
        entries.map(|entry| entry.expect("an entry").path()).filter(|path| path.is_dir())
    };
    directories(dir).flat_map(|key| directories(&key)).collect()
}

/// Moves the runs of dead processes from one storage directory into another, which is on the same disk.
pub fn move_runs(from: &Path, to: &Path) {
    let entries = |dir: &Path| -> Vec<PathBuf> {
        std::fs::read_dir(dir).expect("a directory").flatten().map(|entry| entry.path()).collect()
    };
    for key in entries(from) {
        let home = to.join(key.file_name().expect("a name"));
        std::fs::create_dir_all(&home).expect("it can be made");
        for run in entries(&key).into_iter().filter(|path| path.is_dir()) {
            std::fs::rename(&run, home.join(run.file_name().expect("a name"))).expect("it is dead");
        }
    }
}
