//! The table of options as one list, and what is said in every language of an option's default.

use crate::options::Options;
use crate::options::field::{Field, Kind, Preset};
use crate::options::fields::FIELDS;

/// An option, or a member of one, with the object that it is in.
#[derive(Clone, Copy)]
pub(super) struct Row {
    pub parent: Option<&'static Field>,
    pub field: &'static Field,
}

impl Row {
    /// `segment.mode`.
    pub fn path(&self) -> String {
        self.parent
            .map_or_else(|| self.field.key.to_owned(), |parent| format!("{}.{}", parent.key, self.field.key))
    }

    /// As JSON writes it; `None` where no single value is the default.
    pub fn default_json(&self) -> Option<String> {
        match self.field.about.default {
            Preset::Flag(is_on) => Some(is_on.to_string()),
            Preset::Number(number) => Some(number.to_string()),
            Preset::Word(word) => Some(format!("\"{word}\"")),
            Preset::Otherwise(_) => None,
        }
    }
}

impl Row {
    /// What it does, its bounds and its default, for a comment in a program.
    pub fn told(&self) -> String {
        let default = match self.field.about.default {
            Preset::Flag(is_on) => format!("default {is_on}"),
            Preset::Number(number) => format!("default {}", grouped(number, ",")),
            Preset::Word(word) => format!("default \"{word}\""),
            Preset::Otherwise("") => String::new(),
            Preset::Otherwise(words) => format!("default: {words}"),
        };
        let told: Vec<String> = [self.bounds(), default].into_iter().filter(|it| !it.is_empty()).collect();
        match told.is_empty() {
            true => self.field.about.brief.to_owned(),
            false => format!("{} {}.", self.field.about.brief, capitalized(&told.join("; "))),
        }
    }

    /// How far a number or a text may go.
    pub fn bounds(&self) -> String {
        match self.field.kind {
            Kind::SampleRate(_) => "0 to 1".to_owned(),
            Kind::Integer { min, max, .. } | Kind::Millis { min, max, .. } => range(min, max),
            Kind::MillisOrOff { min, max, .. } => format!("0, or {}", range(min, max)),
            Kind::Text { min: 0, max, .. } => format!("up to {} bytes", grouped(max as u64, ",")),
            Kind::Text { min, max, .. } => format!("{} bytes", range(min as u64, max as u64)),
            Kind::GraphicAscii { min, max, .. } => {
                format!("{} characters of printable ASCII, no spaces", range(min as u64, max as u64))
            }
            _ => String::new(),
        }
    }
}

fn range(min: u64, max: u64) -> String {
    format!("{} to {}", grouped(min, ","), grouped(max, ","))
}

fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Every option, each followed by its members.
pub(super) fn rows() -> Vec<Row> {
    let with_members = |field: &'static Field| {
        let members = match field.kind {
            Kind::Object { members, .. } => members,
            _ => &[],
        };
        let members = members.iter().map(move |member| Row { parent: Some(field), field: member });
        std::iter::once(Row { parent: None, field }).chain(members)
    };
    FIELDS.iter().flat_map(with_members).collect()
}

/// The closed lists of words with their names, each once.
pub(super) fn lists() -> Vec<(&'static str, Vec<&'static str>)> {
    let mut lists = Vec::new();
    for row in rows() {
        if let Kind::OneOf { name, words, .. } = row.field.kind
            && lists.iter().all(|(known, _)| *known != name)
        {
            lists.push((name, words()));
        }
    }
    lists
}

/// `9_000_000`, or with another sign between.
pub(super) fn grouped(number: u64, between: &str) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text += between;
        }
        text.push(digit);
    }
    text
}

#[test]
fn the_defaults_of_the_table_are_those_of_the_options() {
    for row in rows() {
        let Some(default) = row.default_json() else { continue };
        let member = format!("{{\"{}\":{default}}}", row.field.key);
        let json =
            row.parent.map_or_else(|| member.clone(), |parent| format!("{{\"{}\":{member}}}", parent.key));
        let mut options = Options::from_json(&json).unwrap();
        if row.path() == "privacyConfig.defaultMaskLevel" {
            // Not given, it is left to the remote configuration first.
            assert_eq!(options.privacy.to_json(), Options::default().privacy.to_json());
            options.privacy = Options::default().privacy;
        }
        if row.parent.is_some_and(|parent| parent.key == "segment") {
            options.library = Options::default().library;
        }
        assert_eq!(options, Options::default(), "{json}");
    }
}

#[test]
fn every_option_is_explained_in_sentences() {
    for row in rows() {
        let about = &row.field.about;
        assert!(about.brief.ends_with('.'), "{}: {}", row.path(), about.brief);
        assert!(about.more.is_empty() || about.more.ends_with('.'), "{}: {}", row.path(), about.more);
        assert!(row.parent.is_none_or(|parent| parent.about.group == about.group), "{}", row.path());
    }
}
