//! Declarations of this crate with the comments on them, for tables that are declarations.

/// One line of a declaration, and its comment as one text.
pub(super) struct DeclaredItem {
    pub comment: String,
    pub code: String,
}

/// The variants or fields of a type, in `source`, the text of its file.
pub(super) fn items_of(source: &str, declaration: &str) -> Vec<DeclaredItem> {
    let (_, body) = source.split_once(&format!("{declaration} {{\n")).expect("the type is in its file");
    let (body, _) = body.split_once("\n}").expect("a declaration has an end");
    let (mut items, mut comment) = (Vec::new(), Vec::new());
    for line in body.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if let Some(text) = line.strip_prefix("///") {
            comment.push(text.trim());
        } else if !line.starts_with("#[") {
            let code = line.trim_end_matches(',').to_owned();
            items.push(DeclaredItem { comment: std::mem::take(&mut comment).join(" "), code });
        }
    }
    items
}

/// The first sentence of a comment.
pub(super) fn first_sentence(comment: &str) -> &str {
    comment.split_once(". ").map_or(comment, |(first, _)| &comment[..=first.len()])
}

#[test]
fn a_declaration_is_read_with_its_comments() {
    let source = "enum other {\n}\npub enum it {\n    /// One.\n    /// More of it.\n    #[x]\n    A = 0,\n\n    B,\n}\n";
    let items = items_of(source, "pub enum it");
    let read: Vec<_> = items.iter().map(|item| (item.comment.as_str(), item.code.as_str())).collect();
    assert_eq!(read, [("One. More of it.", "A = 0"), ("", "B")]);
    assert_eq!(first_sentence(&items[0].comment), "One.");
    assert_eq!(first_sentence("Only one."), "Only one.");
}
