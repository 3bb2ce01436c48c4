//! `bindings/shared/`: what this crate knows and TypeScript needs.

use super::options::{Row, grouped, lists, rows};
use super::statuses::statuses;
use super::text::{comment, word_list};
use super::{COMMAND, Generated, stats};
use crate::model::event::MAX_EVENT_BYTES;
use crate::model::ids::{ID_SIGNS, MAX_ID_BYTES, REPLAY_DEBUG_PROPERTY, REPLAY_ID_PROPERTY};
use crate::model::privacy::{MAX_SELECTOR_BYTES, MAX_SELECTORS};
use crate::options::field::{Field, Kind, Preset};
use crate::page_status;

pub(super) fn files() -> Vec<Generated> {
    vec![
        file("bindings/shared/choices.ts", "src/options/fields.rs", choices()),
        file("bindings/shared/ids.ts", "src/model/ids.rs", ids()),
        file("bindings/shared/options.ts", "src/options/fields.rs", options()),
        file("bindings/shared/page.ts", "src/model/event/mod.rs and src/page_status.rs", page()),
        file("bindings/shared/privacy.ts", "src/options/fields.rs and src/model/privacy.rs", privacy()),
        file("bindings/shared/stats.ts", "src/stats/members.rs", stats::typescript()),
        file("bindings/shared/status.ts", "src/ffi/status.rs", status()),
    ]
}

fn file(path: &'static str, source: &str, text: String) -> Generated {
    Generated::file(path, format!("// Generated from {source}: run `{COMMAND}`.\n{text}"))
}

fn choices() -> String {
    let mut text = "// The options that take one word of a closed list.\n".to_owned();
    for (name, words) in lists() {
        text += "\n";
        text += &word_list(name, &words);
    }
    text
}

fn ids() -> String {
    let signs: String = ID_SIGNS.chars().filter(|sign| *sign != '-').collect();
    let spaced: Vec<String> = ID_SIGNS.chars().map(String::from).collect();
    format!(
        r#"// Ids, and the event properties that lead to a replay.

/** The longest device or session id, in bytes. Their characters are ASCII, so it has as many characters. */
export const MAX_ID_BYTES = {MAX_ID_BYTES};

/** A device id, or a session id that is a text, which the library accepts; it refuses any other. */
export const ID_PATTERN = /^[A-Za-z0-9{signs}-]{{1,{MAX_ID_BYTES}}}$/;

/** The same rule in words, for messages. */
export const ID_RULE = "1 to {MAX_ID_BYTES} of a-z A-Z 0-9 {}";

/** The property that leads from an analytics event to its replay. */
export const REPLAY_ID_PROPERTY = "{REPLAY_ID_PROPERTY}";

/** The property that an event carries with the option `debugMode`. */
export const REPLAY_DEBUG_PROPERTY = "{REPLAY_DEBUG_PROPERTY}";
"#,
        spaced.join(" ")
    )
}

fn page() -> String {
    let tag = page_status::TAG;
    format!(
        r#"// What the recorder in a page has to know of the library.

/** Bytes of an event: the server takes no larger one. */
export const MAX_EVENT_BYTES = {};

/** The tag of the custom event in which the recorder tells the library what is wrong. */
export const STATUS_TAG = "{tag}";
"#,
        grouped(MAX_EVENT_BYTES, "_")
    )
}

/// The lines of an object with one member for each option that `value` has something for.
fn members_of(value: impl Fn(&Row) -> Option<String>) -> String {
    let line = |row: &Row| {
        let name = if row.parent.is_some() { format!("\"{}\"", row.path()) } else { row.path() };
        Some(format!("  {name}: {},\n", value(row)?))
    };
    rows().iter().filter_map(line).collect()
}

fn bounds(row: &Row) -> Option<String> {
    match row.field.kind {
        Kind::Integer { min, max, .. }
        | Kind::Millis { min, max, .. }
        | Kind::MillisOrOff { min, max, .. } => {
            Some(format!("[{}, {}]", grouped(min, "_"), grouped(max, "_")))
        }
        _ => None,
    }
}

fn text_lengths(row: &Row) -> Option<String> {
    match row.field.kind {
        Kind::Text { min, max, .. } | Kind::GraphicAscii { min, max, .. } => {
            Some(format!("[{min}, {}]", grouped(max as u64, "_")))
        }
        _ => None,
    }
}

fn default(row: &Row) -> Option<String> {
    match row.field.about.default {
        Preset::Number(number) => Some(grouped(number, "_")),
        _ => row.default_json(),
    }
}

fn options() -> String {
    let all = rows();
    let outer = all.iter().filter(|row| row.parent.is_none());
    let keys: String = outer.clone().map(|row| format!("  \"{}\",\n", row.field.key)).collect();
    let (bounds, lengths, defaults) = (members_of(bounds), members_of(text_lengths), members_of(default));
    let members: String = outer.map(|row| member(row, "  ")).collect();
    let imported = imported().join(", ");
    format!(
        r#"// The options of the library.
import type {{ {imported} }} from "./choices.js";
import type {{ PrivacyConfig }} from "./privacy.js";

/** Every key, in the library's order. */
export const OPTION_KEYS = [
{keys}] as const;

/** The least and the most that a number may be. A time whose default is 0, which says "off", may be 0, too. */
export const BOUNDS = {{
{bounds}}} as const;

/** The bytes that a text has at least and at most. */
export const TEXT_LENGTHS = {{
{lengths}}} as const;

/** What holds where an option is not given. Those without a single default are not here. */
export const DEFAULTS = {{
{defaults}}} as const;

/** The options as the library reads them. */
export interface LibraryOptions {{
{members}}}
"#
    )
}

/// The lists of words that options outside of `privacyConfig` are typed with.
fn imported() -> Vec<&'static str> {
    let mut names: Vec<_> =
        lists().into_iter().map(|(name, _)| name).filter(|name| *name != "MaskLevel").collect();
    names.sort_unstable();
    names
}

/// A member of an interface, with its comment.
fn member(row: &Row, indent: &str) -> String {
    let typed = match row.field.kind {
        Kind::Object { .. } if row.field.key == "privacyConfig" => "PrivacyConfig".to_owned(),
        Kind::Object { members, .. } => {
            let inner = format!("{indent}  ");
            let members = members.iter().map(|field| member(&Row { parent: Some(row.field), field }, &inner));
            format!("{{\n{}{indent}}}", members.collect::<String>())
        }
        _ => type_of(row.field),
    };
    format!("{}{indent}{}?: {typed} | undefined;\n", comment(indent, &row.told()), row.field.key)
}

fn type_of(field: &Field) -> String {
    match field.kind {
        Kind::Flag(_) => "boolean",
        Kind::SampleRate(_) | Kind::Integer { .. } | Kind::Millis { .. } | Kind::MillisOrOff { .. } => {
            "number"
        }
        Kind::Text { .. } | Kind::GraphicAscii { .. } | Kind::Url(_) | Kind::DeviceId(_) => "string",
        Kind::SessionId(_) => "number | string",
        Kind::OneOf { name, .. } => name,
        Kind::Texts { is_one_typed: true, .. } => "string | string[]",
        Kind::Texts { is_one_typed: false, .. } => "string[]",
        Kind::UrlMaskLevels(_) => "{ match: string; maskLevel: MaskLevel }[]",
        Kind::Object { .. } => "object",
    }
    .to_owned()
}

fn privacy() -> String {
    let members = rows();
    let members = members.iter().filter(|row| row.parent.is_some_and(|parent| parent.key == "privacyConfig"));
    let level = members.clone().find_map(|row| match row.field.about.default {
        Preset::Word(word) if row.field.key == "defaultMaskLevel" => Some(word),
        _ => None,
    });
    format!(
        r#"// What the recorder inside a page hides: the option `privacyConfig`.
import type {{ MaskLevel }} from "./choices.js";

export {{ MASK_LEVELS, type MaskLevel }} from "./choices.js";

export const DEFAULT_MASK_LEVEL: MaskLevel = "{}";

/** Bytes of one selector, name or pattern, in UTF-8. */
export const MAX_SELECTOR_BYTES = {};

/** Entries of one list. */
export const MAX_SELECTORS = {};

/** What the recorder inside a page hides. */
export interface PrivacyConfig {{
{}}}
"#,
        level.expect("there is a default level"),
        grouped(MAX_SELECTOR_BYTES as u64, "_"),
        grouped(MAX_SELECTORS as u64, "_"),
        members.map(|row| member(row, "  ")).collect::<String>(),
    )
}

fn status() -> String {
    let (mut values, mut errors) = (String::new(), String::new());
    for status in statuses() {
        values += &comment("  ", status.brief());
        values += &format!("  {}: {},\n", status.pascal(), status.number);
        if status.number < 0 {
            errors += &format!("  [Status.{}]: \"{}\",\n", status.pascal(), status.kebab());
        }
    }
    format!(
        r"// What the library's functions answer.

/** The values of `sr_status` in session_replay.h. */
export const Status = {{
{values}}} as const;

/** Negative where the call was refused. A later version of the library may know more of them. */
export type Status = (typeof Status)[keyof typeof Status];

/** The refusals by the names that an error's `status` has. */
export const ERROR_NAMES = {{
{errors}}} as const;
"
    )
}
