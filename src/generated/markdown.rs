//! Tables of the documentation: options, statuses, and the members of `sr_stats`.

use super::options::{Row, grouped, rows};
use super::statuses::statuses;
use super::text::line;
use super::{Generated, stats};
use crate::model::ids::{ID_SIGNS, MAX_ID_BYTES};
use crate::model::privacy::{MAX_SELECTOR_BYTES, MAX_SELECTORS};
use crate::options::field::{Field, Group, Kind, Preset};
use crate::options::{MAX_PROPERTIES, PROXY_SCHEMES};

const OPTIONS: &str = "docs/guide/options.md";
const C_API: &str = "docs/guide/c-api.md";

pub(super) fn parts() -> Vec<Generated> {
    let options = |part, group| Generated::part(OPTIONS, part, table(group));
    vec![
        options("options, who and whether", Group::WhoAndWhether),
        options("options, where to", Group::WhereTo),
        options("options, how", Group::How),
        options("options, while developing", Group::Developing),
        Generated::part(C_API, "statuses", status_table()),
        Generated::part(C_API, "statistics", stats::table()),
    ]
}

fn table(group: Group) -> String {
    let mut text =
        "\n| key | type, bounds | default | what it does |\n| --- | --- | --- | --- |\n".to_owned();
    for row in rows().iter().filter(|row| row.field.about.group == group) {
        let about = &row.field.about;
        let dash = if row.parent.is_some() { "– " } else { "" };
        let told = [about.brief, about.more].join(" ");
        let (kind, default) = (kind_of(row), default_of(row.field));
        text += &line(&[&format!("{dash}`{}`", row.field.key), &kind, &default, told.trim()]);
    }
    text + "\n"
}

fn kind_of(row: &Row) -> String {
    let bounds = row.bounds();
    match row.field.kind {
        Kind::Flag(_) => "boolean".to_owned(),
        Kind::SampleRate(_) => format!("number, {bounds}"),
        Kind::Integer { .. } | Kind::Millis { .. } => format!("whole number, {bounds}"),
        Kind::MillisOrOff { min, max, .. } => {
            format!("0, or whole number, {} to {}", grouped(min, ","), grouped(max, ","))
        }
        Kind::Text { .. } => format!("text, {bounds}"),
        Kind::GraphicAscii { .. } => bounds,
        Kind::Url(_) => "http or https URL".to_owned(),
        Kind::Proxy(_) => {
            let schemes = PROXY_SCHEMES.map(|scheme| format!("`{scheme}://`"));
            format!("`\"system\"`, `\"none\"`, or a URL: {}", schemes.join(", "))
        }
        Kind::ReplayUrl { max, .. } => {
            format!("http or https URL with placeholders, at most {} bytes", grouped(max as u64, ","))
        }
        Kind::DeviceId(_) => {
            let signs: Vec<String> = ID_SIGNS.chars().map(String::from).collect();
            format!("text, 1 to {MAX_ID_BYTES} of `a-z A-Z 0-9 {}`", signs.join(" "))
        }
        Kind::SessionId(_) => {
            "whole number greater than 0 (milliseconds since 1970), or a text like a device id".to_owned()
        }
        Kind::OneOf { words, .. } => {
            let words: Vec<String> = words().iter().map(|word| format!("`\"{word}\"`")).collect();
            words.join(", ")
        }
        Kind::Texts { item, .. } => format!(
            "{item}, or a list of at most {}, each 1 to {} bytes",
            grouped(MAX_SELECTORS as u64, ","),
            grouped(MAX_SELECTOR_BYTES as u64, ",")
        ),
        Kind::Shape { name, .. } => format!("object, a `{name}`"),
        Kind::Properties(_) => format!("object, at most {} members", grouped(MAX_PROPERTIES as u64, ",")),
        Kind::UrlMaskLevels(_) => format!(
            "list of `{{ \"match\": glob, \"maskLevel\": level }}`, at most {}",
            grouped(MAX_SELECTORS as u64, ",")
        ),
        Kind::Object { .. } => "object".to_owned(),
    }
}

fn default_of(field: &Field) -> String {
    match field.about.default {
        Preset::Flag(is_on) => is_on.to_string(),
        Preset::Number(number) => grouped(number, ","),
        Preset::Word(word) => format!("`\"{word}\"`"),
        Preset::Otherwise(words) => words.to_owned(),
    }
}

fn status_table() -> String {
    let mut text = "\n| value | name | meaning |\n| --- | --- | --- |\n".to_owned();
    for status in statuses() {
        let number = status.number.to_string().replace('-', "−");
        text += &line(&[&number, &format!("`{}`", status.name), &with_code(status.brief())]);
    }
    text + "\n"
}

/// The text with what is code marked as such: names of C, and keys of options.
fn with_code(text: &str) -> String {
    let is_code = |word: &str| {
        // What looks like an English word is one.
        let is_key = || word.contains(char::is_uppercase) && rows().iter().any(|row| row.field.key == word);
        word.starts_with("sr_") || word.starts_with("SR_") || word == "record.takeFullSnapshot()" || is_key()
    };
    let marked = |word: &str| {
        let core = word.trim_start_matches('(').trim_end_matches([',', '.', ':', ';']);
        let core = if core.ends_with("())") { &core[..core.len() - 1] } else { core };
        if is_code(core) { word.replacen(core, &format!("`{core}`"), 1) } else { word.to_owned() }
    };
    text.split(' ').map(marked).collect::<Vec<_>>().join(" ")
}

#[test]
fn names_in_a_meaning_are_marked_as_code() {
    let marked = with_code(
        "Done, but storageDir (\"a\" in sr_stats() says why): call sr_init, or (with rrweb: record.takeFullSnapshot()). A library.",
    );
    assert_eq!(
        marked,
        "Done, but `storageDir` (\"a\" in `sr_stats()` says why): call `sr_init`, or (with rrweb: `record.takeFullSnapshot()`). A library."
    );
}
