//! The names that a browser takes when the player builds a node: of elements, and of doctypes.

/// What `createElement` takes in every browser. rrweb tells of an element with another name as a `div`.
pub(super) fn is_element(name: &[u8]) -> bool {
    let follows = |byte: &u8| begins(byte) || byte.is_ascii_digit() || matches!(byte, b'-' | b'.');
    name.first().is_some_and(begins) && name.iter().all(follows)
}

/// Whether `createElementNS` takes this name of an element for SVG: `xml` and `xmlns` have namespaces of their own.
pub(super) fn is_svg(name: &[u8]) -> bool {
    let Some(colon) = name.iter().position(|byte| *byte == b':') else { return name != b"xmlns" };
    let (prefix, local) = (&name[..colon], &name[colon + 1..]);
    !matches!(prefix, b"" | b"xml" | b"xmlns") && local.first().is_some_and(begins)
}

/// Whether `customElements.define` takes this name of an element.
pub(super) fn is_custom(name: &[u8]) -> bool {
    const TAKEN: [&[u8]; 8] = [
        b"annotation-xml",
        b"color-profile",
        b"font-face",
        b"font-face-src",
        b"font-face-uri",
        b"font-face-format",
        b"font-face-name",
        b"missing-glyph",
    ];
    name.first().is_some_and(u8::is_ascii_lowercase)
        && name.contains(&b'-')
        && !name.iter().any(u8::is_ascii_uppercase)
        && !TAKEN.contains(&name)
}

/// Whether `attachShadow` takes an element of HTML with this name.
pub(super) fn is_shadow_host(name: &[u8]) -> bool {
    const HOSTS: [&[u8]; 18] = [
        b"article",
        b"aside",
        b"blockquote",
        b"body",
        b"div",
        b"footer",
        b"h1",
        b"h2",
        b"h3",
        b"h4",
        b"h5",
        b"h6",
        b"header",
        b"main",
        b"nav",
        b"p",
        b"section",
        b"span",
    ];
    let name = name.to_ascii_lowercase();
    HOSTS.contains(&name.as_slice()) || is_custom(&name)
}

/// Whether this is the name of a link, whose attributes the player asks for without more ado.
pub(super) fn is_link(name: &[u8]) -> bool {
    name.eq_ignore_ascii_case(b"link")
}

/// Whether an element of HTML with this name plays something.
pub(super) fn is_media(name: &[u8]) -> bool {
    name.eq_ignore_ascii_case(b"video") || name.eq_ignore_ascii_case(b"audio")
}

/// Whether `createDocumentType` takes this name. For an empty one the player takes another.
pub(super) fn is_doctype(name: &[u8]) -> bool {
    !name.iter().any(|byte| matches!(byte, b'\0' | b'\t' | b'\n' | b'\x0c' | b'\r' | b' ' | b'>'))
}

fn begins(byte: &u8) -> bool {
    byte.is_ascii_alphabetic() || matches!(byte, b'_' | b':') || !byte.is_ascii()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each name by what Chromium answered to it.
    #[test]
    fn names_are_taken_as_a_browser_takes_them() {
        type Rule = fn(&[u8]) -> bool;
        let rules: [(&str, Rule, &[&str], &[&str]); 6] = [
            ("element", is_element, &["a", "x-y.z:1", "é", ":a", "a:", "_"], &["", "1", "-a", "a b", "a<"]),
            (
                "svg",
                is_svg,
                &["g", "a:b", "a:b:c", "a:_", "a:é", "é", "_:a", "a:xmlns", "xml", "XML:a", "font-face"],
                &["xmlns", "xml:foo", "xmlns:a", "a:", ":a", "a:1", "a:-", "::", ":"],
            ),
            (
                "custom",
                is_custom,
                &["x-y", "a-", "x--", "x-é", "x-×y", "x-a.b", "x-1:b", "x_-"],
                &["", "a", "X-Y", "x-yZ", "3-x", "-x", "é-x", "_-a", ":x-a", "font-face", "annotation-xml"],
            ),
            (
                "host",
                is_shadow_host,
                &["div", "DIV", "body", "h6", "x-y", "X-Y", "x-×"],
                &["", "img", "a", "html", "h7", "search", "form", "font-face", "g"],
            ),
            ("media", is_media, &["video", "AUDIO"], &["", "div", "source", "object"]),
            (
                "doctype",
                is_doctype,
                &["html", "", "a<", "1", "a:b:c", "a\"b", "a/b", "\u{a0}"],
                &["a b", "a>", "a\tb", "a\nb", "a\x0cb", "a\rb", "a\0b"],
            ),
        ];
        for (rule, takes, taken, refused) in rules {
            for name in taken {
                assert!(takes(name.as_bytes()), "{rule} {name}");
            }
            for name in refused {
                assert!(!takes(name.as_bytes()), "{rule} {name}");
            }
        }
    }
}
