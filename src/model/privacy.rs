//! What the recorder in the page is to mask and block: the host's wishes joined with the server's. The library itself
//! masks the nodes of views by its level; for pages it hands the answer to whoever records.

use serde::{Serialize, Serializer};
use serde_json::Value;

use super::json::cursor::Cursor;
use super::named::Named;

/// Of each kind there may be so many: of an option, more are refused, of the server's answer, passed over.
pub(crate) const MAX_SELECTORS: usize = 1_000;
/// Bytes of a selector, the name of an attribute or a pattern.
pub(crate) const MAX_SELECTOR_BYTES: usize = 4_096;

/// `privacyConfig` as the browser SDK has it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct PrivacyConfig {
    /// `None` where nobody said; then it is [`MaskLevel::Medium`].
    pub default_mask_level: Option<MaskLevel>,
    /// CSS selectors of what is not recorded at all.
    pub block_selector: Vec<String>,
    /// CSS selectors of what is masked.
    pub mask_selector: Vec<String>,
    /// CSS selectors of what is not masked.
    pub unmask_selector: Vec<String>,
    /// Names of attributes that are masked where the text beside them would be.
    pub mask_attributes: Vec<String>,
    /// Levels for some addresses; the first that matches counts.
    pub url_mask_levels: Vec<UrlMaskLevel>,
    /// Entries of the server's that are none, or too many.
    pub passed_over: usize,
}

/// How much is masked where no selector says otherwise; what is stricter is greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum MaskLevel {
    /// Inputs of sensitive types.
    Light,
    /// All inputs.
    Medium,
    /// All inputs and all text.
    Conservative,
}

/// The level for the addresses that a glob matches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct UrlMaskLevel {
    /// A URL with `*`, `**` and `?`.
    #[serde(rename = "match")]
    pub glob: String,
    pub mask_level: MaskLevel,
}

impl Named for MaskLevel {
    const NAMES: &'static [(&'static str, Self)] =
        &[("light", Self::Light), ("medium", Self::Medium), ("conservative", Self::Conservative)];
}

impl Serialize for MaskLevel {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl PrivacyConfig {
    /// Reads the server's `sr_privacy_config`, a JSON object, leniently: what is odd is passed over.
    pub fn from_remote(json: &str) -> Self {
        let mut config = Self::default();
        for (key, value) in Cursor::new(json).members() {
            let mut passed_over = 0;
            match &*key {
                b"defaultMaskLevel" => {
                    let level = serde_json::from_str(value).ok();
                    config.default_mask_level =
                        level.as_ref().and_then(Value::as_str).and_then(MaskLevel::from_name);
                }
                b"blockSelector" => config.block_selector = entries(value, &mut passed_over, text),
                b"maskSelector" => config.mask_selector = entries(value, &mut passed_over, text),
                b"unmaskSelector" => config.unmask_selector = entries(value, &mut passed_over, text),
                b"maskAttributes" => config.mask_attributes = entries(value, &mut passed_over, text),
                b"urlMaskLevels" => config.url_mask_levels = entries(value, &mut passed_over, url_mask_level),
                _ => {}
            }
            config.passed_over += passed_over;
        }
        config
    }

    /// `protocol.md`: the remote level wins; selectors of both are united, and where one is named twice the remote
    /// kind wins; attributes are united; remote URL levels come before local ones.
    pub fn joined_with(&self, remote: &Self) -> Self {
        let mut joined = Self {
            default_mask_level: remote.default_mask_level.or(self.default_mask_level),
            url_mask_levels: [&remote.url_mask_levels[..], &self.url_mask_levels].concat(),
            ..Self::default()
        };
        for attribute in self.mask_attributes.iter().chain(&remote.mask_attributes) {
            if !joined.mask_attributes.contains(attribute) {
                joined.mask_attributes.push(attribute.clone());
            }
        }
        let mut kinds: Vec<(&String, SelectorUse)> = Vec::new();
        for (selector, kind) in self.selectors().chain(remote.selectors()) {
            match kinds.iter_mut().find(|(known, _)| *known == selector) {
                Some((_, known)) => *known = kind,
                None => kinds.push((selector, kind)),
            }
        }
        for (selector, kind) in kinds {
            let list = match kind {
                SelectorUse::Block => &mut joined.block_selector,
                SelectorUse::Mask => &mut joined.mask_selector,
                SelectorUse::Unmask => &mut joined.unmask_selector,
            };
            list.push(selector.clone());
        }
        joined
    }

    fn selectors(&self) -> impl Iterator<Item = (&String, SelectorUse)> {
        let lists = [
            (&self.block_selector, SelectorUse::Block),
            (&self.mask_selector, SelectorUse::Mask),
            (&self.unmask_selector, SelectorUse::Unmask),
        ];
        lists.into_iter().flat_map(|(list, kind)| list.iter().map(move |selector| (selector, kind)))
    }

    /// For whoever records, every member there.
    pub fn to_json(&self) -> Value {
        serde_json::json!({
            "defaultMaskLevel": self.default_mask_level.unwrap_or(MaskLevel::Medium),
            "blockSelector": self.block_selector,
            "maskSelector": self.mask_selector,
            "unmaskSelector": self.unmask_selector,
            "maskAttributes": self.mask_attributes,
            "urlMaskLevels": self.url_mask_levels,
        })
    }
}

#[derive(Clone, Copy)]
enum SelectorUse {
    Block,
    Mask,
    Unmask,
}

/// What a list holds, or the one entry that stands in its place; at most as many as an option may have.
fn entries<T>(json: &str, passed_over: &mut usize, read: impl Fn(&Value) -> Option<T>) -> Vec<T> {
    let is_list = json.starts_with('[');
    let one = (!is_list && json != "null").then_some(json);
    let mut found = Vec::new();
    for entry in Cursor::new(json).elements().chain(one) {
        // Each on its own: one that no reader can hold must not take the others with it.
        let entry = serde_json::from_str(entry).ok().and_then(|value| read(&value));
        match entry.filter(|_| found.len() < MAX_SELECTORS) {
            Some(entry) => found.push(entry),
            None => *passed_over += 1,
        }
    }
    found
}

/// A selector, a name or a pattern, within the bounds of an option.
fn text(value: &Value) -> Option<String> {
    let text = value.as_str()?;
    let is_one = (1..=MAX_SELECTOR_BYTES).contains(&text.len()) && !text.contains('\0');
    is_one.then(|| text.to_owned())
}

fn url_mask_level(rule: &Value) -> Option<UrlMaskLevel> {
    let mask_level = MaskLevel::from_name(rule["maskLevel"].as_str()?)?;
    Some(UrlMaskLevel { glob: text(&rule["match"])?, mask_level })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn joined(local: Value, remote: Value) -> Value {
        let read = |config: Value| PrivacyConfig::from_remote(&config.to_string());
        read(local).joined_with(&read(remote)).to_json()
    }

    #[test]
    fn joins_as_the_browser_sdk_does() {
        // The browser SDK's generateJoinedConfig gave this for the same two.
        let local = json!({
            "defaultMaskLevel": "light", "blockSelector": ".a", "maskSelector": [".b", ".c"], "unmaskSelector": [".d"],
            "maskAttributes": ["title", "alt"], "urlMaskLevels": [{ "match": "https://x/*", "maskLevel": "light" }],
        });
        let remote = json!({
            "defaultMaskLevel": "conservative", "blockSelector": [".b"], "maskSelector": [".e"],
            "unmaskSelector": [".a"], "maskAttributes": ["alt", "label"],
            "urlMaskLevels": [{ "match": "https://y/*", "maskLevel": "medium" }],
        });
        assert_eq!(
            joined(local, remote),
            json!({
                "defaultMaskLevel": "conservative", "blockSelector": [".b"], "maskSelector": [".c", ".e"],
                "unmaskSelector": [".a", ".d"], "maskAttributes": ["title", "alt", "label"],
                "urlMaskLevels": [
                    { "match": "https://y/*", "maskLevel": "medium" },
                    { "match": "https://x/*", "maskLevel": "light" },
                ],
            })
        );
    }

    #[test]
    fn what_the_server_says_oddly_is_passed_over() {
        let remote = json!({
            "defaultMaskLevel": "everything", "blockSelector": [1, ".x", null], "maskSelector": {}, "urlMaskLevels": [
                1, { "match": "https://x/*" }, { "match": "https://y/*", "maskLevel": "light" },
            ],
        });
        let expected = json!({
            "defaultMaskLevel": "medium", "blockSelector": [".x"], "maskSelector": [], "unmaskSelector": [],
            "maskAttributes": [], "urlMaskLevels": [{ "match": "https://y/*", "maskLevel": "light" }],
        });
        assert_eq!(joined(json!({}), remote), expected);
        for remote in [json!(null), json!(1), json!([]), json!("x")] {
            assert_eq!(joined(json!({}), remote)["defaultMaskLevel"], "medium");
        }
    }

    #[test]
    fn what_the_server_says_is_bounded_like_an_option() {
        let long = "x".repeat(MAX_SELECTOR_BYTES + 1);
        let many: Vec<String> = (0..MAX_SELECTORS + 7).map(|number| format!(".a{number}")).collect();
        let mut rules: Vec<_> =
            many.iter().map(|glob| json!({ "match": glob, "maskLevel": "light" })).collect();
        rules.push(json!({ "match": long, "maskLevel": "light" }));
        let remote = json!({
            "blockSelector": ["", &long, "a\0b", &long[1..]], "maskSelector": &many, "unmaskSelector": long,
            "maskAttributes": many, "urlMaskLevels": rules,
        });
        let config = PrivacyConfig::from_remote(&remote.to_string());
        assert_eq!(config.block_selector, [&long[1..]]);
        assert_eq!(config.mask_selector.len(), MAX_SELECTORS);
        assert_eq!(config.unmask_selector, [""; 0]);
        assert_eq!(config.mask_attributes.len(), MAX_SELECTORS);
        assert_eq!(config.url_mask_levels.len(), MAX_SELECTORS);
        assert_eq!(config.passed_over, 3 + 7 + 1 + 7 + 8);
    }
}
