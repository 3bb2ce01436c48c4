//! What patterns match, as Node.js says; `tests/targeting` compares many more.

use super::*;

fn is_match(pattern: &str, text: &str) -> Result<bool, Unusable> {
    let regex = Regex::compile(&pattern.into())?;
    Ok(regex.is_match(&text.into(), &mut Budget::new()).unwrap())
}

#[test]
fn patterns_match_as_in_javascript() {
    for (pattern, text, matches) in [
        ("^https://(www\\.)?a\\.com/", "https://a.com/x", true),
        ("^..$", "😀", true),
        ("^.$", "\u{2028}", false),
        ("a{2,3}", "a", false),
        ("a{,2}", "a{,2}", true),
        ("x{", "x{", true),
        ("]", "]", true),
        ("(?=b)b", "ab", true),
        ("(?<=a)b", "ab", true),
        ("(?<!a)b", "ab", false),
        ("^(?:a|ab)(?:c|bcd)(d*)$", "abcd", true),
        ("(a)\\1", "aa", true),
        ("(a)\\2", "a\u{2}", true),
        ("\\1(a)", "a", true),
        ("(?<n>.)\\k<n>", "xaa", true),
        ("\\k<n>", "k<n>", true),
        ("(?:a*)*$", "b", true),
        ("^(?:(a)|b)*\\1$", "ab", true),
        ("^(?:(a)|b)*\\1$", "aba", false),
        ("(?<=(\\d+)(\\d+))x\\1", "1053x1", true),
        ("(?=(a+))a*b\\1", "baaabac", true),
        ("^(?:(a){0}b)*\\1$", "bb", true),
        ("^(?:b(?:(a)(?<=(c))){0})+\\2$", "bb", true),
        ("(?!(a))\\1b", "b", true),
        ("\\u{3}", "uuu", true),
        ("\\c", "\\c", true),
        ("[\\c1]", "\u{11}", true),
        ("[\\w-a]", "-", true),
        ("[]", "a", false),
        ("[^]", "\n", true),
        ("\\0", "\0", true),
        ("\\101\\8", "A8", true),
        ("(?=a)*", "", true),
        ("\\bfoo\\B", "a food", true),
        ("", "", true),
    ] {
        assert_eq!(is_match(pattern, text), Ok(matches), "{pattern} {text}");
    }
}

#[test]
fn what_javascript_refuses_is_invalid() {
    for pattern in [
        "(",
        ")",
        "[",
        "a**",
        "*",
        "{1}",
        "a{2,1}",
        "(?a)",
        "(?<a",
        "(?<a>)(?<a>)",
        "(?<a>)\\k",
        "[z-a]",
        "\\",
        "^*",
        "(?<=a)*",
        "(?<1>a)",
        "\\b+",
        "(?i:a)",
    ] {
        assert_eq!(Regex::compile(&pattern.into()).err(), Some(Unusable::Invalid), "{pattern}");
    }
}

#[test]
fn no_pattern_takes_long() {
    let text: Text = format!("{}!", "a".repeat(5_000)).as_str().into();
    for pattern in ["^(a+)+$", "^(a|a)*$", "(.*)(.*)(.*)(.*)x", "^(?:a?){20}(?:a){20}b"] {
        assert_eq!(is_match(pattern, &text.to_string()), Ok(false), "{pattern}");
    }
    // With a back-reference there is no such way: it is given up.
    let regex = Regex::compile(&"^(a+)+\\1$".into()).unwrap();
    assert_eq!(regex.is_match(&text, &mut Budget::new()), Err(Stop::TooCostly));
    let empty = format!("(?:{}){{8000}}", "(?:)".repeat(1_020));
    for pattern in [
        &empty,
        "(a{1000}){1000}",
        "(?:(?:){1000}){1000}",
        &"(".repeat(5_000),
        &"(?:a".repeat(100),
        "a{99999999999}",
    ] {
        assert_eq!(Regex::compile(&(*pattern).into()).err(), Some(Unusable::TooLarge), "{}", pattern.len());
    }
}

#[test]
fn what_is_repeated_is_held_once() {
    let Regex(program) = Regex::compile(&"[acegikmoqsuwy]{8000}".into()).unwrap();
    let places: std::collections::HashSet<_> = program
        .instructions
        .iter()
        .filter_map(|instruction| match instruction {
            program::Instruction::Set(class) => Some(class.ranges().as_ptr()),
            _ => None,
        })
        .collect();
    assert_eq!((program.instructions.len(), places.len()), (8_001, 1));
}
