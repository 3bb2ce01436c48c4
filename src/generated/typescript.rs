//! `bindings/shared/`, and a file of the viewer's page: what this crate knows and TypeScript needs.

use super::options::{Row, grouped, lists, rows};
use super::statuses::statuses;
use super::text::{comment, word_list};
use super::{COMMAND, Generated, stats};
use crate::companions::{CONSOLE_PLUGIN, REQUEST_TAG, limits, secret_names};
use crate::model::event::{INTERACTION_TAG, MAX_EVENT_BYTES};
use crate::model::ids::{ID_SIGNS, MAX_ID_BYTES, REPLAY_DEBUG_PROPERTY, REPLAY_ID_PROPERTY};
use crate::model::page_config::{DEFAULT_BODY_BYTES, MAX_BODY_BYTES};
use crate::model::privacy::{MAX_SELECTOR_BYTES, MAX_SELECTORS};
use crate::options::field::{Field, Kind, Preset};
use crate::page_line::{STATUS_TAG, UNHANDLED_ERROR_TAG};

pub(super) fn files() -> Vec<Generated> {
    vec![
        file("bindings/shared/choices.ts", "src/options/fields.rs", choices()),
        file("bindings/shared/ids.ts", "src/model/ids.rs", ids()),
        file("bindings/shared/options.ts", "src/options/fields.rs", options()),
        file("bindings/shared/page-config.ts", "src/model/page_config/", page_config()),
        file(
            "bindings/shared/page.ts",
            "src/model/event/mod.rs, src/page_line.rs and src/companions/",
            page(),
        ),
        file("bindings/shared/privacy.ts", "src/options/fields.rs and src/model/privacy.rs", privacy()),
        file("bindings/shared/request-limits.ts", "src/companions/limits.rs", request_limits()),
        file("bindings/shared/secret-names.ts", "src/companions/secret_names.rs", secret_names()),
        file("bindings/shared/stats.ts", "src/stats/members.rs", stats::typescript()),
        file("bindings/shared/status.ts", "src/ffi/status.rs", status()),
        // Its bundle is made of what is in its own folder.
        file("viewer/web/src/model/event-names.ts", "src/companions/", event_names()),
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
    format!(
        r#"// What the recorder in a page has to know of the library.

/** Bytes of an event: the server takes no larger one. */
export const MAX_EVENT_BYTES = {};

/** The tag of the custom event in which the recorder tells the library what is wrong. */
export const STATUS_TAG = "{STATUS_TAG}";

/** The tag of the custom event in which a page tells an interaction: the library takes it out of the replay. */
export const INTERACTION_TAG = "{INTERACTION_TAG}";

/** The tag of the custom event in which a page tells that it did not handle an error: the library stores nothing of it. */
export const UNHANDLED_ERROR_TAG = "{UNHANDLED_ERROR_TAG}";

{}"#,
        grouped(MAX_EVENT_BYTES, "_"),
        event_names()
    )
}

fn event_names() -> String {
    format!(
        r#"/** The name of rrweb's console plugin: what a page or a program logs is an event of it. */
export const CONSOLE_PLUGIN = "{CONSOLE_PLUGIN}";

/** The tag of the custom event that tells of a request. */
export const REQUEST_TAG = "{REQUEST_TAG}";
"#
    )
}

fn request_limits() -> String {
    let limits = [
        ("MAX_URL_LENGTH", limits::MAX_URL_BYTES, "Of a URL."),
        ("MAX_HEADER_LENGTH", limits::MAX_HEADER_BYTES, "Of one header's value."),
        ("MAX_HEADERS", limits::MAX_HEADERS, "How many headers."),
        ("MAX_ERROR_LENGTH", limits::MAX_ERROR_BYTES, "Of the sentence that says what went wrong."),
        ("MAX_METHOD_LENGTH", limits::MAX_METHOD_BYTES, "Of the method."),
        ("MAX_READ_BYTES", limits::MAX_READ_BYTES, "Bytes of a body that are looked at."),
        (
            "MAX_JSON_DEPTH",
            limits::MAX_JSON_DEPTH,
            "How deep a member of JSON may lie that lists of members keep.",
        ),
        (
            "AHEAD_LENGTH",
            limits::AHEAD_BYTES,
            "Looked at, too, behind what is kept: for secrets that are cut in two.",
        ),
    ];
    let line = |(name, value, comment): (&str, usize, &str)| {
        format!("\n/** {comment} */\nexport const {name} = {};\n", grouped(value as u64, "_"))
    };
    let lines: String = limits.into_iter().map(line).collect();
    format!("// How much of a request is kept: the library counts bytes, pages count characters.\n{lines}")
}

fn secret_names() -> String {
    let list = |names: &[&str]| names.iter().map(|name| format!("  \"{name}\",\n")).collect::<String>();
    format!(
        r#"// Names that stand for a secret: of a header, of a parameter, of a member of JSON. In small letters, without signs.

/** What such a name holds. */
export const SECRET_NAME_PARTS = [
{}] as const;

/** What one is: short words, which others hold by chance. */
export const SECRET_NAMES = [
{}] as const;

/** What one is in the query of a URL alone. */
export const SECRET_PARAMETERS = [
{}] as const;

/** Headers whose names sound like those of secrets, and whose values are none. */
export const OPEN_HEADERS = [
{}] as const;
"#,
        list(secret_names::HOLDS),
        list(secret_names::IS),
        list(secret_names::IS_IN_QUERY),
        list(secret_names::OPEN_HEADERS)
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
import type {{ InteractionConfig, LoggingConfig }} from "./page-config.js";
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
        Kind::Text { .. }
        | Kind::GraphicAscii { .. }
        | Kind::Url(_)
        | Kind::Proxy(_)
        | Kind::ReplayUrl { .. }
        | Kind::DeviceId(_) => "string",
        Kind::SessionId(_) => "number | string",
        Kind::OneOf { name, .. } | Kind::Shape { name, .. } => name,
        Kind::Texts { is_one_typed: true, .. } => "string | string[]",
        Kind::Texts { is_one_typed: false, .. } => "string[]",
        Kind::Properties(_) => "{ [key: string]: unknown }",
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

fn page_config() -> String {
    format!(
        r#"// What the recorder inside a page records beside the document: the options `loggingConfig` and `interactionConfig`.
import type {{ PrivacyConfig }} from "./privacy.js";

/** Bytes of a body that are kept where nobody says how many. */
export const DEFAULT_BODY_BYTES = {};

/** More of a body is never kept. */
export const MAX_BODY_BYTES = {};

export const CONSOLE_LEVELS = ["info", "log", "warn", "error"] as const;
export type ConsoleLevel = (typeof CONSOLE_LEVELS)[number];

/** The names of headers, in any case; `*` is any. If `allowlist` is not empty, no other header is kept. */
export interface NameLists {{
  allowlist?: string[] | undefined;
  excludelist?: string[] | undefined;
}}

/** Which members of JSON in bodies are kept: paths as `/user/**`. `blocklist` is an old name of `excludelist`. */
export interface BodyRule {{
  enabled?: boolean | undefined;
  allowlist?: string[] | undefined;
  excludelist?: string[] | undefined;
  blocklist?: string[] | undefined;
}}

/** What is recorded of the console, of requests and of errors. What is not there is off. */
export interface LoggingConfig {{
  /** Default of `levels`: all. */
  console?: {{ enabled: boolean; levels?: ConsoleLevel[] | undefined }} | undefined;
  network?: {{
    enabled: boolean;
    /** Secrets are masked in any case. */
    headers?: NameLists | undefined;
    /** Without it no bodies are kept. */
    body?: {{
      request?: boolean | BodyRule | undefined;
      response?: boolean | BodyRule | undefined;
      /** Bytes of UTF-8; the rest is cut off. */
      maxBodySizeBytes?: number | undefined;
    }} | undefined;
  }} | undefined;
  /** Uncaught errors and unhandled rejections. */
  errors?: {{ enabled: boolean }} | undefined;
}}

/** An address that the glob `selector` matches is told as `replacement`; the first rule that matches counts. */
export interface UgcFilterRule {{
  selector: string;
  replacement: string;
}}

/** Clicks and scroll depth for heatmaps, and how addresses are told. */
export interface InteractionConfig {{
  enabled?: boolean | undefined;
  /** Equal clicks within an hour are sent as one, with their count. */
  batch?: boolean | undefined;
  /** Milliseconds between two batches at first. */
  trackEveryNms?: number | undefined;
  ugcFilterRules?: UgcFilterRule[] | undefined;
}}

/** All that the recorder in a page is told: `sr_get_page_config()`. */
export interface PageConfig {{
  privacyConfig?: PrivacyConfig | undefined;
  loggingConfig?: LoggingConfig | undefined;
  interactionConfig?: InteractionConfig | undefined;
}}
"#,
        grouped(DEFAULT_BODY_BYTES, "_"),
        grouped(MAX_BODY_BYTES, "_"),
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
