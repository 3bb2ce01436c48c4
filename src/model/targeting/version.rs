//! Semantic versions, as the engine reads them.

use std::cmp::Ordering;

use super::javascript::number;
use super::javascript::text::Text;

/// `1.2`, `1.2.3` or `1.2.3-beta.1`. Parts may have any number of digits.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Version {
    numbers: [f64; 3],
    /// With its hyphen; empty where there is none.
    pre_release: String,
}

impl Version {
    /// The engine's pattern: `^(\d+)\.(\d+)(\.(\d+)(-(([-\w]+\.?)*))?)?$`. It takes exponential time there, and one pass here.
    pub fn parse(text: &Text) -> Option<Self> {
        let text = text.to_string();
        let (major, rest) = digits(&text)?;
        let (minor, rest) = digits(rest.strip_prefix('.')?)?;
        let (patch, rest) = match rest {
            "" => ("", ""),
            _ => digits(rest.strip_prefix('.')?)?,
        };
        let numbers = [major, minor, patch].map(|digits| number::from_text(&digits.into()));
        is_pre_release(rest).then(|| Self { numbers, pre_release: rest.to_owned() })
    }

    pub fn compare(&self, other: &Self) -> Option<Ordering> {
        let numbers = self.numbers.partial_cmp(&other.numbers)?;
        Some(numbers.then_with(|| match (self.pre_release.is_empty(), other.pre_release.is_empty()) {
            (false, true) => Ordering::Less,
            (true, false) => Ordering::Greater,
            _ => self.pre_release.cmp(&other.pre_release),
        }))
    }
}

/// The digits that this text begins with, at least one, and what follows.
fn digits(text: &str) -> Option<(&str, &str)> {
    let end = text.bytes().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    (end > 0).then(|| text.split_at(end))
}

/// Nothing; or a hyphen and words, each with a dot behind it or none.
fn is_pre_release(text: &str) -> bool {
    let Some(words) = text.strip_prefix('-') else { return text.is_empty() };
    let is_of_words = words.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    is_of_words && !words.starts_with('.') && !words.contains("..")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(text: &str) -> Option<Version> {
        Version::parse(&text.into())
    }

    #[test]
    fn versions_are_what_the_engines_pattern_takes() {
        for text in ["1.2", "01.002", "1.2.3", "1.2.3-", "1.2.3-a", "1.2.3-a.b-c.", "1.2.3--_", "9.9.9-0"] {
            assert!(version(text).is_some(), "{text}");
        }
        for text in [
            "",
            "1",
            "1.",
            ".1",
            "1.2.",
            "1.2.3.4",
            "v1.2",
            "1.2-a",
            "1.2.3-.a",
            "1.2.3-a..b",
            "1.2.3-ä",
            "1.2.3 ",
            "1.2\n",
        ] {
            assert_eq!(version(text), None, "{text}");
        }
        // Exponential for JavaScript.
        assert_eq!(version(&format!("1.2.3-{}!", "a".repeat(100_000))), None);
    }

    #[test]
    fn versions_are_compared() {
        let ordered =
            ["0.9.9", "1.2.3-", "1.2.3-1", "1.2.3-a", "1.2.3-a.b", "1.2.3", "1.10", "2.0.0-x", "2.0"];
        for pair in ordered.windows(2) {
            let [low, high] = [version(pair[0]).unwrap(), version(pair[1]).unwrap()];
            assert_eq!(
                (low.compare(&high), high.compare(&low)),
                (Some(Ordering::Less), Some(Ordering::Greater))
            );
        }
        assert_eq!(version("1.2").unwrap().compare(&version("01.2.0").unwrap()), Some(Ordering::Equal));
    }
}
