//! `ugcFilterRules`: what is said of an address in place of it. The rules mean what they mean in the browser SDK, which makes
//! regular expressions of their globs: `tests/fixtures/address_filter.json` has what its own code says.

use std::borrow::Cow;

use crate::model::page_config::UgcFilterRule;

/// In units of UTF-16, as pages count: a longer address is not looked at, of that its origin alone is told
/// (`bindings/web/src/privacy/address-filter.ts`).
pub(crate) const MAX_FILTERED_LENGTH: usize = 8_192;

/// The address as it may be told: the first rule that matches all of it says how. Give it whole: of a part no rule is true.
pub(crate) fn filtered<'a>(address: &'a str, rules: &[UgcFilterRule]) -> Cow<'a, str> {
    if rules.is_empty() {
        return Cow::Borrowed(address);
    }
    if address.encode_utf16().nth(MAX_FILTERED_LENGTH).is_some() {
        return Cow::Owned(origin(address));
    }
    let text: Vec<char> = address.chars().collect();
    rules
        .iter()
        .find_map(|rule| Some(replaced(address, &rule.replacement, &groups(&rule.selector, &text)?)))
        .map_or(Cow::Borrowed(address), Cow::Owned)
}

/// The scheme and the host, without the name of a user; nothing of what has none.
fn origin(address: &str) -> String {
    let is_of_scheme = |byte: u8| byte.is_ascii_alphanumeric() || b"+.-".contains(&byte);
    let Some((scheme, rest)) = address.split_once("://").filter(|(scheme, _)| {
        scheme.starts_with(|first: char| first.is_ascii_alphabetic()) && scheme.bytes().all(is_of_scheme)
    }) else {
        return String::new();
    };
    let host = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    format!("{scheme}://{}", host.rsplit('@').next().unwrap_or_default())
}

/// A part of a glob.
enum Part {
    Text(Vec<char>),
    /// `?`
    One,
    /// `*`
    Any,
    /// `/**/`: a slash, and any segments with a slash behind them, which are a group.
    Segments,
    /// `/**` at the end: nothing, or a slash and anything, which is a group.
    Below,
}

fn parts(glob: &str) -> Vec<Part> {
    let (mut rest, is_open) = match glob.strip_suffix("/**") {
        Some(rest) => (rest, true),
        None => (glob, false),
    };
    let mut parts = Vec::new();
    while let Some(first) = rest.chars().next() {
        if let Some(behind) = rest.strip_prefix("/**/") {
            parts.push(Part::Segments);
            rest = behind;
            continue;
        }
        rest = &rest[first.len_utf8()..];
        match (first, parts.last_mut()) {
            ('*', Some(Part::Any)) => {}
            ('*', _) => parts.push(Part::Any),
            ('?', _) => parts.push(Part::One),
            (_, Some(Part::Text(text))) => text.push(first),
            _ => parts.push(Part::Text(vec![first])),
        }
    }
    if is_open {
        parts.push(Part::Below);
    }
    parts
}

impl Part {
    /// At which places this part and those behind it match the rest of the text; `behind`: where those do. What may end at many
    /// places looks at one of them: to try each anew would take time in squares.
    fn matches(&self, text: &[char], behind: &[bool]) -> Vec<bool> {
        let mut matches = vec![false; text.len() + 1];
        // Whether characters that the part takes, and be it none, lead to where the rest matches: from the next place on.
        let mut is_ahead = false;
        for start in (0..=text.len()).rev() {
            let char = text.get(start);
            let takes = char.is_some_and(|char| !is_line_end(*char));
            let is_slash = char == Some(&'/');
            let is_behind = behind[start];
            matches[start] = match self {
                Self::Text(part) => text[start..].starts_with(part) && behind[start + part.len()],
                Self::One => takes && behind[start + 1],
                Self::Any => is_behind || (takes && is_ahead),
                Self::Segments => is_slash && (behind[start + 1] || is_ahead),
                Self::Below => is_behind || (is_slash && is_ahead),
            };
            is_ahead = match self {
                Self::Segments => takes && (matches[start] || is_ahead),
                _ => is_behind || (takes && is_ahead),
            };
        }
        matches
    }

    /// Where this part may end when it begins at `start`, in the order in which a regular expression tries them.
    fn ends(&self, text: &[char], start: usize) -> Box<dyn Iterator<Item = usize> + '_> {
        let rest = text.get(start..).unwrap_or_default();
        let line_end = || start + rest.iter().take_while(|char| !is_line_end(**char)).count();
        match self {
            Self::Text(part) => Box::new(rest.starts_with(part).then_some(start + part.len()).into_iter()),
            Self::One => {
                let is_there = rest.first().is_some_and(|char| !is_line_end(*char));
                Box::new(is_there.then_some(start + 1).into_iter())
            }
            Self::Any => Box::new((start..=line_end()).rev()),
            Self::Segments if rest.first() == Some(&'/') => {
                let slashes: Vec<_> =
                    (start + 1..line_end()).filter(|at| text[*at] == '/').map(|at| at + 1).collect();
                Box::new(slashes.into_iter().rev().chain([start + 1]))
            }
            Self::Segments => Box::new([].into_iter()),
            Self::Below if rest.first() == Some(&'/') => {
                Box::new((start + 1..=line_end()).rev().chain([start]))
            }
            Self::Below => Box::new([start].into_iter()),
        }
    }

    /// The group of what lies between; `None`: this part has none.
    fn group(&self, start: usize, end: usize) -> Option<(usize, usize)> {
        match self {
            Self::Segments => Some(((start + 1).min(end), end)),
            Self::Below => Some((start, end)),
            _ => None,
        }
    }
}

/// What the dot of a regular expression does not match.
fn is_line_end(char: char) -> bool {
    matches!(char, '\n' | '\r' | '\u{2028}' | '\u{2029}')
}

/// The texts of the glob's groups, if it matches the whole text.
fn groups(glob: &str, text: &[char]) -> Option<Vec<String>> {
    let parts = parts(glob);
    // From the last part on: at which places the rest of the glob matches the rest of the text.
    let mut matches = vec![vec![]; parts.len() + 1];
    matches[parts.len()] = (0..=text.len()).map(|at| at == text.len()).collect();
    for (i, part) in parts.iter().enumerate().rev() {
        matches[i] = part.matches(text, &matches[i + 1]);
    }
    if !matches[0][0] {
        return None;
    }
    let mut at = 0;
    let mut groups = Vec::new();
    for (i, part) in parts.iter().enumerate() {
        let end = part.ends(text, at).find(|end| matches[i + 1][*end])?;
        groups.extend(part.group(at, end).map(|(from, to)| text[from..to].iter().collect()));
        at = end;
    }
    (at == text.len()).then_some(groups)
}

/// `replacement`, as JavaScript's `String.replace` reads it: `$&` and `$0`… stand for parts of what was matched.
fn replaced(address: &str, replacement: &str, groups: &[String]) -> String {
    let mut told = String::with_capacity(replacement.len());
    let mut rest = replacement;
    while let Some(at) = rest.find('$') {
        told.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let (part, length) = reference(rest, address, groups);
        told.push_str(part);
        rest = &rest[length..];
    }
    told + rest
}

/// What stands for the `$` before `rest`, and how much of `rest` belongs to it.
fn reference<'a>(rest: &str, address: &'a str, groups: &'a [String]) -> (&'a str, usize) {
    let digits = rest.bytes().take(2).take_while(u8::is_ascii_digit).count();
    // Two digits, if there are that many groups; else one.
    for length in (1..=digits).rev() {
        let number: usize = rest[..length].parse().unwrap_or_default();
        if let Some(group) = number.checked_sub(1).and_then(|index| groups.get(index)) {
            return (group, length);
        }
    }
    match rest.bytes().next() {
        Some(b'$') => ("$", 1),
        Some(b'&') => (address, 1),
        // What is before and behind the match: it is the whole.
        Some(b'`' | b'\'') => ("", 1),
        _ => ("$", 0),
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Deserialize)]
    struct Case {
        href: String,
        rules: Vec<UgcFilterRule>,
        told: String,
    }

    #[test]
    fn rules_mean_what_they_mean_in_the_browser_sdk() {
        let cases = include_str!("../../tests/fixtures/address_filter.json");
        let cases: Vec<Case> = serde_json::from_str(cases).unwrap();
        assert!(cases.len() >= 300);
        for Case { href, rules, told } in cases {
            assert_eq!(filtered(&href, &rules), told, "{href} {rules:?}");
        }
    }

    #[test]
    fn of_an_address_that_is_too_long_for_rules_the_origin_alone_is_told() {
        let rules = [rule("*", "all")];
        // The same in bindings/web/test/address.test.mjs.
        for (start, expected) in [
            ("https://u:p@x.example:8080/users/jane/", "https://x.example:8080"),
            ("https://x.example?user=jane@", "https://x.example"),
            ("file:///shop/jane/", "file://"),
            ("/users/jane/", ""),
            ("data:,jane", ""),
        ] {
            let long = format!("{start}{}", "é".repeat(MAX_FILTERED_LENGTH - start.len()));
            assert_eq!(filtered(&long, &rules), "all");
            let longer = long + "é";
            assert_eq!(filtered(&longer, &rules), expected);
            assert_eq!(filtered(&longer, &[]), longer);
        }
    }

    #[test]
    fn an_address_that_was_made_to_take_time_takes_none() {
        for (part, selector) in [
            ("/", format!("https://x{}/**", "/**/a*".repeat(500))),
            ("/", "/**/".repeat(500)),
            ("a", "*a".repeat(500)),
            ("a/", format!("*{}b", "a/**/".repeat(500))),
        ] {
            let address = format!("https://x{}\n", part.repeat(4_000));
            assert_eq!(filtered(&address, &[rule(&selector, "")]), address);
        }
    }

    fn rule(selector: &str, replacement: &str) -> UgcFilterRule {
        UgcFilterRule { selector: selector.to_owned(), replacement: replacement.to_owned() }
    }
}
