//! The examples, as the documentation shows them.

use std::path::Path;

use super::c::project;

/// A copy of an example, in a folder of its own, that delivers to `server`: the example itself names the viewer's usual
/// address, which may be taken here.
pub fn example(path: &str, server: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let source = std::fs::read_to_string(project().join(path)).expect("the example is there");
    assert!(source.contains("http://127.0.0.1:8787"));
    let name = Path::new(path).file_name().expect("it has a name");
    std::fs::write(folder.path().join(name), source.replace("http://127.0.0.1:8787", server))
        .expect("a copy");
    folder
}

/// The page shows this file, as it is.
pub fn assert_shown_in(page: &str, file: &str) {
    let read = |path: &str| std::fs::read_to_string(project().join(path)).expect("it is there");
    assert!(read(page).contains(&read(file)), "{page} shows {file} as it is");
}

/// The first snippet of this language that a section of the page shows.
pub fn snippet(page: &str, heading: &str, language: &str) -> String {
    let page_text = std::fs::read_to_string(project().join(page)).expect("it is there");
    let section = page_text.split_once(&format!("# {heading}\n")).map(|(_, section)| section);
    let snippet = section.and_then(|section| section.split_once(&format!("```{language}\n")));
    let end = snippet.and_then(|(_, text)| text.split_once("```"));
    let (text, _) = end.unwrap_or_else(|| panic!("{page}, \"{heading}\", shows {language}"));
    text.to_owned()
}
