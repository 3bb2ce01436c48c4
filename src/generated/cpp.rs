//! Parts of the C++ headers: the options, and the values of `sr_status`.

use super::Generated;
use super::options::{Row, lists, rows};
use super::statuses::statuses;
use super::text::wrap;
use crate::options::field::{Field, Kind};

const OPTIONS: &str = "include/session_replay/options.hpp";
const RESULT: &str = "include/session_replay/result.hpp";

pub(super) fn parts() -> Vec<Generated> {
    let is_privacy = |row: &Row| row.parent.is_some_and(|parent| parent.key == "privacyConfig");
    let (privacy, options): (Vec<Row>, Vec<Row>) = rows().into_iter().partition(is_privacy);
    vec![
        Generated::part(OPTIONS, "members of PrivacyConfig", privacy.iter().map(member).collect()),
        Generated::part(OPTIONS, "members of Options", options.iter().map(member).collect()),
        Generated::part(OPTIONS, "words", words()),
        Generated::part(OPTIONS, "Options to JSON", to_json()),
        Generated::part(RESULT, "values of Status", values_of_status()),
        Generated::part(RESULT, "names of Status", names_of_status()),
    ]
}

/// `maxIntervalMs` → `max_interval`: the unit is in the type.
fn snake(key: &str) -> String {
    let mut text = String::new();
    for letter in key.strip_suffix("Ms").unwrap_or(key).chars() {
        if letter.is_ascii_uppercase() {
            text.push('_');
        }
        text.push(letter.to_ascii_lowercase());
    }
    text
}

/// The member's name. The members of small objects stand beside the other options.
fn name(row: &Row) -> String {
    match row.parent.map(|parent| parent.key) {
        None | Some("privacyConfig" | "flushIntervalConfig") => snake(row.field.key),
        Some(parent) => format!("{}_{}", snake(parent), snake(row.field.key)),
    }
}

/// `None`: an object, whose members stand beside the other options.
fn type_of(field: &Field) -> Option<String> {
    let optional = |of: &str| Some(format!("std::optional<{of}>"));
    match field.kind {
        Kind::Flag(_) => optional("bool"),
        Kind::SampleRate(_) => optional("double"),
        Kind::Integer { .. } => optional("std::uint64_t"),
        Kind::Millis { .. } | Kind::MillisOrOff { .. } => optional("std::chrono::milliseconds"),
        Kind::SessionId(_) => optional("SessionId"),
        Kind::OneOf { name, .. } if is_enum(name) => optional(name),
        Kind::Text { .. } if field.key == "storageDir" => optional("Path"),
        Kind::Text { .. }
        | Kind::GraphicAscii { .. }
        | Kind::Url(_)
        | Kind::Proxy(_)
        | Kind::ReplayUrl { .. }
        | Kind::DeviceId(_)
        | Kind::OneOf { .. } => optional("std::string"),
        Kind::Texts { .. } => Some("std::vector<std::string>".to_owned()),
        Kind::Shape { .. } | Kind::Properties(_) => optional("Json"),
        Kind::UrlMaskLevels(_) => Some("std::vector<UrlMaskLevel>".to_owned()),
        Kind::Object { .. } if field.key == "privacyConfig" => Some("PrivacyConfig".to_owned()),
        Kind::Object { .. } => None,
    }
}

/// What brought the library in is a text in C++: a wrapper of tomorrow needs no new header.
fn is_enum(list: &str) -> bool {
    list != "LibraryType"
}

fn member(row: &Row) -> String {
    let Some(kind) = type_of(row.field) else { return String::new() };
    let comment = wrap(&format!("{}: {}", row.path(), row.told()), 110);
    let comment: String = comment.iter().map(|line| format!("    /// {line}\n")).collect();
    format!("{comment}    {kind} {}{{}};\n", name(row))
}

fn words() -> String {
    let list = |(name, words): (&str, Vec<&str>)| {
        let words: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
        format!(
            "    void add(const char *key, std::optional<{name}> value) {{\n        named(key, value, {{{}}});\n    }}\n",
            words.join(", ")
        )
    };
    lists().into_iter().filter(|(name, _)| is_enum(name)).map(list).collect()
}

fn to_json() -> String {
    let mut text = "    detail::JsonObject json;\n".to_owned();
    for row in rows().iter().filter(|row| row.parent.is_none()) {
        let key = row.field.key;
        let Kind::Object { members, .. } = row.field.kind else {
            text += &format!("    json.add(\"{key}\", {});\n", name(row));
            continue;
        };
        let object = format!("{}_json", snake(key));
        text += &format!("    detail::JsonObject {object};\n");
        for member in members {
            let inside = if key == "privacyConfig" { "privacy_config." } else { "" };
            let name = name(&Row { parent: Some(row.field), field: member });
            text += &format!("    {object}.add(\"{}\", {inside}{name});\n", member.key);
        }
        text += &format!("    json.add(\"{key}\", {object});\n");
    }
    text + "    return json.text();\n"
}

fn values_of_status() -> String {
    let value = |status: &super::statuses::Status| {
        let comment = wrap(status.brief(), 110);
        let comment: String = comment.iter().map(|line| format!("        /// {line}\n")).collect();
        format!("{comment}        {} = {},\n", status.snake(), status.name)
    };
    statuses().iter().map(value).collect()
}

fn names_of_status() -> String {
    let case = |status: &super::statuses::Status| {
        format!("        case {}: return \"{}\";\n", status.snake(), status.name)
    };
    statuses().iter().map(case).collect()
}

/// The enums themselves are written by hand, with a comment on each value.
#[test]
fn the_enums_of_cpp_have_the_words_in_their_order() {
    let header = super::read(&super::root().join(OPTIONS));
    for (name, words) in lists().into_iter().filter(|(name, _)| is_enum(name)) {
        let (_, body) = header.split_once(&format!("enum class {name} ")).expect("it is in the header");
        let (body, _) = body.split_once("};").unwrap();
        let body = body.split_once('{').unwrap().1;
        let body: Vec<&str> = body.lines().map(|line| line.split("//").next().unwrap_or_default()).collect();
        let values = body.join(" ");
        let values = values.split(',').map(|value| value.split('=').next().unwrap_or_default().trim());
        let values: Vec<&str> = values.filter(|value| !value.is_empty()).collect();
        let expected: Vec<String> = words.iter().map(|word| word.to_lowercase().replace('-', "_")).collect();
        assert_eq!(values, expected, "enum class {name} in {OPTIONS}");
    }
}
