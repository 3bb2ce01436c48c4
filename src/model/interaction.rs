//! A click, or how far a page was scrolled: what heatmaps are made of. No rrweb event; `protocol.md`, "Interactions", has its
//! members.

use super::json;

/// Bytes of an interaction: the longest selector and address of a page that make sense, several times over.
pub(crate) const MAX_INTERACTION_BYTES: usize = 32_000;

/// An interaction that was checked, borrowed from the text it was read from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Interaction<'a> {
    /// As it was given: a JSON object.
    pub json: &'a str,
    /// A click; if not, it is a scroll depth.
    pub is_click: bool,
    /// Milliseconds since 1970.
    pub timestamp: u64,
}

/// Why a text is no interaction.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum InvalidInteraction {
    /// Not JSON at all, or not an object; the message tells the place.
    #[error("not a JSON object: {0}")]
    Syntax(String),
    /// Neither of the two.
    #[error("of no known type: its \"type\" must be \"click\" or \"scroll\"")]
    Type,
    /// A member is missing, or is something else.
    #[error("incomplete: a {kind} needs {needs} in \"{member}\"")]
    Member {
        /// `click` or `scroll`.
        kind: &'static str,
        /// The member.
        member: &'static str,
        /// What has to be in it.
        needs: &'static str,
    },
}

/// What both kinds have.
const COMMON: [&str; 4] = ["viewportWidth", "viewportHeight", "pageUrl", "timestamp"];
const CLICK: [&str; 2] = ["x", "y"];
const SCROLL: [&str; 4] = ["maxScrollX", "maxScrollY", "maxScrollWidth", "maxScrollHeight"];
/// The largest whole number up to which a double holds each.
const MAX_TIMESTAMP: f64 = 9_007_199_254_740_991.0;

impl<'a> Interaction<'a> {
    /// Reads one. What else is in it is passed on as it is.
    pub fn parse(json: &'a str) -> Result<Self, InvalidInteraction> {
        let syntax = |error: serde_json::Error| InvalidInteraction::Syntax(error.to_string());
        let [kind, selector] = json::members(json, ["type", "selector"]).map_err(syntax)?;
        let common = json::members(json, COMMON).map_err(syntax)?;
        let (kind, numbers) = match kind {
            Some(r#""click""#) => ("click", members_of(json, CLICK).map_err(syntax)?),
            Some(r#""scroll""#) => ("scroll", members_of(json, SCROLL).map_err(syntax)?),
            _ => return Err(InvalidInteraction::Type),
        };
        let needs = |member, needs| InvalidInteraction::Member { kind, member, needs };
        let [width, height, page_url, timestamp] = common;
        let numbers = numbers.into_iter().chain([(COMMON[0], width), (COMMON[1], height)]);
        for (member, value) in numbers {
            if !value.and_then(json::number).is_some_and(f64::is_finite) {
                return Err(needs(member, "a number"));
            }
        }
        if page_url.and_then(json::text).is_none() {
            return Err(needs("pageUrl", "a text"));
        }
        if selector.is_some_and(|selector| json::text(selector).is_none()) {
            return Err(needs("selector", "a text, if it is there"));
        }
        match timestamp.and_then(json::number) {
            Some(timestamp) if (0.0..=MAX_TIMESTAMP).contains(&timestamp) => {
                Ok(Self { json, is_click: kind == "click", timestamp: timestamp as u64 })
            }
            _ => Err(needs("timestamp", "milliseconds since 1970")),
        }
    }
}

/// Each of these members by its name.
fn members_of<'a, const N: usize>(
    json: &'a str,
    names: [&'static str; N],
) -> serde_json::Result<Vec<(&'static str, Option<&'a str>)>> {
    Ok(names.into_iter().zip(json::members(json, names)?).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLICK: &str = r##"{"x":10,"y":20.5,"selector":"#buy","viewportHeight":600,"viewportWidth":800,"pageUrl":"https://a.example/","timestamp":1732300000123,"type":"click"}"##;
    const SCROLL: &str = r#"{"maxScrollX":0,"maxScrollY":900,"maxScrollWidth":800,"maxScrollHeight":1500,"viewportHeight":600,"viewportWidth":800,"pageUrl":"https://a.example/","timestamp":1732300000123,"type":"scroll"}"#;

    #[test]
    fn reads_both_kinds() {
        for (json, is_click) in [(CLICK, true), (SCROLL, false)] {
            let read = Interaction::parse(json).unwrap();
            assert_eq!(read, Interaction { json, is_click, timestamp: 1_732_300_000_123 });
        }
        let without_selector = CLICK.replace(r##""selector":"#buy","##, "");
        assert!(Interaction::parse(&without_selector).is_ok());
    }

    #[test]
    fn says_which_member_is_wrong() {
        for (json, part, other, expected) in [
            (CLICK, "click", "hover", "of no known type"),
            (CLICK, r#""type":"click""#, r#""type":5"#, "of no known type"),
            (CLICK, r#""x":10"#, r#""x":null"#, r#"a click needs a number in "x""#),
            (CLICK, r#""y":20.5,"#, "", r#"a click needs a number in "y""#),
            (CLICK, r#""y":20.5"#, r#""y":1e999"#, r#"a number in "y""#),
            (CLICK, r##""#buy""##, "7", r#"a text, if it is there in "selector""#),
            (CLICK, "viewportWidth", "width", r#"a click needs a number in "viewportWidth""#),
            (CLICK, r#""https://a.example/""#, "null", r#"a click needs a text in "pageUrl""#),
            (CLICK, "1732300000123", "-1", r#"milliseconds since 1970 in "timestamp""#),
            (CLICK, "1732300000123", r#""now""#, r#"milliseconds since 1970 in "timestamp""#),
            (SCROLL, r#""maxScrollY":900,"#, "", r#"a scroll needs a number in "maxScrollY""#),
            (SCROLL, "{", "", "not a JSON object"),
            (SCROLL, "}", "", "not a JSON object"),
        ] {
            let wrong = json.replacen(part, other, 1);
            let error = Interaction::parse(&wrong).unwrap_err().to_string();
            assert!(error.contains(expected), "{wrong}: {error}");
        }
    }
}
