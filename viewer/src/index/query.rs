//! What may be asked of the list: words, and conditions such as `device:x` or `-has:errors`.

use super::facts::Facts;
use super::problems::problems;
use super::totals::Totals;
use crate::replay_id::ReplayId;
use crate::store::IMPORT_LIBRARY;

/// Longest query, and most conditions in one.
const MAX_CHARS: usize = 1_000;
const MAX_TERMS: usize = 32;
/// A session with a batch so recent counts as live, as on the page. The SDK sends each 10 s at least while something is recorded, and a user who reads
/// records nothing for a while.
const LIVE_MS: u64 = 30_000;
const DAY_MS: f64 = 86_400_000.0;

/// Which sessions are wanted: those that meet all conditions.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Query(Vec<Term>);

/// A condition, or its opposite.
#[derive(Debug, Clone, PartialEq)]
struct Term {
    excludes: bool,
    condition: Condition,
}

#[derive(Debug, Clone, PartialEq)]
enum Condition {
    /// Any of its texts has this, in lower case.
    Word(String),
    Device(String),
    Session(String),
    /// Address or title.
    Page(String),
    App(String),
    System(String),
    /// Some of it is of this day: its beginning and its end, in milliseconds since the epoch.
    Day(f64, f64),
    Errors,
    Problems,
    Live,
    Refused,
}

impl Query {
    /// Reads a query; days begin at midnight in a zone that is so many minutes ahead of UTC. What can't be read is answered with what to write.
    pub(crate) fn parse(text: &str, utc_offset_minutes: i32) -> Result<Self, String> {
        if text.chars().count() > MAX_CHARS {
            return Err(format!("the query is longer than {MAX_CHARS} characters; leave some words out"));
        }
        let mut terms = Vec::new();
        let mut rest = text.trim_start();
        while !rest.is_empty() {
            let (excludes, after) = match rest.strip_prefix('-') {
                Some(after) => (true, after),
                None => (false, rest),
            };
            let (key, after) = key_of(after);
            let (value, after) = value_of(after)?;
            // Half of something that is being typed, such as "-" or `""`, asks for nothing.
            if key.is_some() || !value.is_empty() {
                terms.push(Term { excludes, condition: condition(key, value, utc_offset_minutes)? });
            }
            rest = after.trim_start();
        }
        match terms.len() {
            0..=MAX_TERMS => Ok(Self(terms)),
            _ => Err(format!("the query has more than {MAX_TERMS} words; leave some out")),
        }
    }

    /// Whether it is met by all.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a session meets it. `now` is in milliseconds since the epoch.
    pub(super) fn matches(&self, id: &ReplayId, totals: &Totals, facts: &Facts, now: u64) -> bool {
        self.0.iter().all(|term| term.condition.is_met(id, totals, facts, now) != term.excludes)
    }
}

/// The known keys; anything else before a colon is part of a word, such as `http://a`.
const KEYS: [&str; 8] = ["device", "session", "page", "app", "system", "day", "has", "is"];

fn key_of(text: &str) -> (Option<&'static str>, &str) {
    let found = text.split_once(':').and_then(|(name, after)| {
        let key = KEYS.into_iter().find(|key| key.eq_ignore_ascii_case(name))?;
        Some((key, after))
    });
    found.map_or((None, text), |(key, after)| (Some(key), after))
}

/// A word, or what stands in quotes, and what follows.
fn value_of(text: &str) -> Result<(&str, &str), String> {
    if let Some(quoted) = text.strip_prefix('"') {
        return quoted
            .split_once('"')
            .ok_or_else(|| format!("{text} has no closing quote; write \"two words\""));
    }
    Ok(text.split_at(text.find(char::is_whitespace).unwrap_or(text.len())))
}

fn condition(key: Option<&str>, value: &str, utc_offset_minutes: i32) -> Result<Condition, String> {
    let Some(key) = key else { return Ok(Condition::Word(value.to_lowercase())) };
    let text = |make: fn(String) -> Condition| match value {
        "" => Err(format!("{key}: has nothing behind it; write {key}:x or {key}:\"two words\"")),
        _ => Ok(make(value.to_lowercase())),
    };
    match key {
        "device" => text(Condition::Device),
        "session" => text(Condition::Session),
        "page" => text(Condition::Page),
        "app" => text(Condition::App),
        "system" => text(Condition::System),
        "day" => match day_span(value, utc_offset_minutes) {
            Some((begin, end)) => Ok(Condition::Day(begin, end)),
            None => Err(format!("day:{value} is no day; write day:2026-11-26{}", or_word("day", value))),
        },
        "has" => match value.to_ascii_lowercase().as_str() {
            "errors" | "error" => Ok(Condition::Errors),
            "problems" | "problem" => Ok(Condition::Problems),
            _ => {
                let or = or_word("has", value);
                Err(format!("has:{value} is not known; write has:errors or has:problems{or}"))
            }
        },
        _ => match value.to_ascii_lowercase().as_str() {
            "live" => Ok(Condition::Live),
            "refused" => Ok(Condition::Refused),
            _ => {
                let or = or_word("is", value);
                Err(format!("is:{value} is not known; write is:live or is:refused{or}"))
            }
        },
    }
}

/// Ids may look like conditions.
fn or_word(key: &str, value: &str) -> String {
    if value.is_empty() || value.contains('"') {
        return String::new();
    }
    format!(", or \"{key}:{value}\" with quotes where that is a word")
}

impl Condition {
    fn is_met(&self, id: &ReplayId, totals: &Totals, facts: &Facts, now: u64) -> bool {
        let any = |texts: &[&Option<String>], part: &str| {
            texts.iter().any(|text| text.as_deref().is_some_and(|text| contains(text, part)))
        };
        let (device, session) = (id.device.as_str(), id.session.as_str());
        match self {
            Self::Word(word) => {
                let texts = [&facts.told.client_url, &facts.told.title, &facts.told.app, &facts.told.system];
                contains(device, word)
                    || contains(session, word)
                    || any(&texts, word)
                    // As the page shows a session, and copies it.
                    || (word.contains('/') && contains(&format!("{device}/{session}"), word))
            }
            Self::Device(part) => contains(device, part),
            Self::Session(part) => contains(session, part),
            Self::Page(part) => any(&[&facts.told.client_url, &facts.told.title], part),
            Self::App(part) => any(&[&facts.told.app, &facts.told.library], part),
            Self::System(part) => any(&[&facts.told.system], part),
            Self::Day(begin, end) => {
                let span = totals.span();
                span.start < *end && span.end >= *begin
            }
            Self::Errors => totals.stats.errors > 0,
            Self::Problems => !problems(totals).is_empty(),
            Self::Live => {
                // They arrive at once, long after they were recorded.
                let is_import = facts.told.library.as_deref() == Some(IMPORT_LIBRARY);
                totals.batches > 0 && !is_import && now.saturating_sub(totals.last_arrival) < LIVE_MS
            }
            Self::Refused => totals.refused > 0,
        }
    }
}

/// Whether a text has a part, which is in lower case.
fn contains(text: &str, part: &str) -> bool {
    match text.is_ascii() && part.is_ascii() {
        // Most texts; a copy of each would be most of what a search takes.
        true => {
            part.is_empty()
                || text
                    .as_bytes()
                    .windows(part.len())
                    .any(|window| window.eq_ignore_ascii_case(part.as_bytes()))
        }
        false => text.to_lowercase().contains(part),
    }
}

/// From when until when a day lasts: one like `2026-11-26`, in a zone that is so many minutes ahead of UTC, or the two times themselves with `..` between
/// them. The page gives these, since it knows the zone's summers, in which days have other hours.
fn day_span(text: &str, utc_offset_minutes: i32) -> Option<(f64, f64)> {
    if let Some((begin, end)) = text.split_once("..") {
        let time = |text: &str| Some(text.parse::<i64>().ok()? as f64);
        return Some((time(begin)?, time(end)?));
    }
    let begin = day(text)? * DAY_MS - f64::from(utc_offset_minutes) * 60_000.0;
    Some((begin, begin + DAY_MS))
}

/// The number of a day like `2026-11-26` since 1970.
fn day(text: &str) -> Option<f64> {
    let mut parts = text.split('-');
    let mut next = |digits: usize| {
        let part = parts
            .next()
            .filter(|part| part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit()))?;
        part.parse::<i32>().ok()
    };
    let (year, month, day) = (next(4)?, next(2)?, next(2)?);
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let last = match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if parts.next().is_some() || !(1..=last).contains(&day) {
        return None;
    }
    // Counted in years that begin in March, so that the day which some have is their last.
    let year = if month <= 2 { year - 1 } else { year };
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    Some(f64::from(
        year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + of_year - 719_468,
    ))
}

#[cfg(test)]
mod tests {
    use super::super::facts::Told;
    use super::*;

    const NOON: f64 = 1_795_694_400_000.0; // 2026-11-26 12:00 UTC

    fn session() -> (ReplayId, Totals, Facts) {
        let text = |text: &str| Some(text.to_owned());
        let told = Told {
            client_url: text("https://Shop.example/cart"),
            title: text("Warenkörbe"),
            app: text("shop.example"),
            system: text("Firefox 132, Linux"),
            ..Told::default()
        };
        let facts = Facts { told, ..Facts::default() };
        let mut totals = Totals { batches: 1, last_arrival: NOON as u64, ..Totals::default() };
        totals.stats.add(4.0, NOON);
        totals.stats.add(2.0, NOON + 60_000.0);
        (ReplayId::new("Phone-7", "1732300000000").unwrap(), totals, facts)
    }

    #[test]
    fn each_condition_chooses_what_it_says() {
        let plain = session();
        let [mut failing, mut refused, mut imported] = [session(), session(), session()];
        failing.1.stats.errors = 2;
        (refused.1.refused, refused.1.batches) = (1, 0);
        imported.2.told.library = Some("import".to_owned());
        let day_before = NOON as u64 + 86_400_000;
        for (query, (id, totals, facts), now, expected) in [
            ("", &plain, 0, true),
            ("  - \"\" ", &plain, 0, true),
            ("phone", &plain, 0, true),
            ("phone WARENKÖRBE 17323", &plain, 0, true),
            ("phone tablet", &plain, 0, false),
            ("phone-7/1732300000000", &plain, 0, true),
            ("phone-7/9", &plain, 0, false),
            ("\"firefox 132\"", &plain, 0, true),
            ("\"132 firefox\"", &plain, 0, false),
            ("https://shop", &plain, 0, true),
            ("-tablet", &plain, 0, true),
            ("-phone", &plain, 0, false),
            ("-\"firefox 132\"", &plain, 0, false),
            ("device:phone", &plain, 0, true),
            ("DEVICE:7", &plain, 0, true),
            ("device:shop", &plain, 0, false),
            ("session:1732", &plain, 0, true),
            ("page:cart", &plain, 0, true),
            ("page:körbe", &plain, 0, true),
            ("page:phone", &plain, 0, false),
            ("app:shop", &plain, 0, true),
            ("system:\"firefox 132\"", &plain, 0, true),
            ("-system:linux", &plain, 0, false),
            ("day:2026-11-26", &plain, 0, true),
            ("day:2026-11-25", &plain, 0, false),
            ("-day:2026-11-25", &plain, 0, true),
            ("has:errors", &plain, 0, false),
            ("has:errors", &failing, 0, true),
            ("-has:errors", &failing, 0, false),
            ("has:problems", &plain, 0, false),
            ("is:live", &plain, NOON as u64 + 29_999, true),
            ("is:live", &plain, NOON as u64 + 30_000, false),
            ("is:live", &plain, day_before, false),
            ("is:live", &refused, NOON as u64, false),
            ("is:live", &imported, NOON as u64, false),
            ("has:problems", &refused, 0, true),
            ("is:refused", &plain, 0, false),
            ("is:refused", &refused, 0, true),
        ] {
            let parsed = Query::parse(query, 0).expect(query);
            assert_eq!(parsed.matches(id, totals, facts, now), expected, "{query}");
        }
    }

    #[test]
    fn days_are_those_of_the_zone() {
        let (id, totals, facts) = session();
        for (query, offset, expected) in [
            ("day:2026-11-26", 11 * 60, true),
            ("day:2026-11-26", 12 * 60, false),
            ("day:2026-11-27", 12 * 60, true),
            ("day:2026-11-26", -12 * 60, true),
            ("day:2026-11-25", -13 * 60, true),
            ("day:1795694400000..1795694400001", 12 * 60, true),
            ("day:1795694460000..1795694500000", 12 * 60, true),
            ("day:1795694460001..1795694500000", 12 * 60, false),
            ("day:1795694300000..1795694400000", 12 * 60, false),
            ("-day:-62167219200000..-62167132800000", 12 * 60, true),
        ] {
            assert_eq!(
                Query::parse(query, offset).unwrap().matches(&id, &totals, &facts, 0),
                expected,
                "{query} {offset}"
            );
        }
        for (text, number) in [
            ("1970-01-01", Some(0.0)),
            ("2000-02-29", Some(11_016.0)),
            ("2026-11-26", Some(20_783.0)),
            ("0001-01-01", Some(-719_162.0)),
            ("2026-02-29", None),
            ("2026-13-01", None),
            ("2026-00-01", None),
            ("2026-11-00", None),
            ("2026-11-26-1", None),
            ("26-11-26", None),
            ("2026-11-+6", None),
        ] {
            assert_eq!(day(text), number, "{text}");
        }
    }

    #[test]
    fn what_is_wrong_is_told_with_what_to_write() {
        for (query, says) in [
            ("\"open", "closing quote"),
            ("device:", "write device:x"),
            ("has:cake", "write has:errors or has:problems"),
            ("is:", "write is:live or is:refused"),
            ("-is:dead", "write is:live"),
            ("day:today", "write day:2026-11-26"),
            ("day:5", "or \"day:5\" with quotes"),
            ("day:1..b", "write day:2026-11-26"),
            (&"a ".repeat(33), "more than 32 words"),
            (&"a".repeat(1_001), "longer than 1000"),
        ] {
            let error = Query::parse(query, 0).expect_err(query);
            assert!(error.contains(says), "{query}: {error}");
        }
    }
}
