//! What was found for each server, remembered for a while: a script may be far away.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use ureq::Proxy;
use url::Url;

use super::haste::Haste;
use super::settings::{Settings, Ways};
use crate::delivery::send_error::SendError;

/// A script may say something else by then: the network is another one.
const ANSWER_LASTS: Duration = Duration::from_secs(300);
/// So long a script is not asked for again that could not be had. Looking for one may take seconds, with each request.
const SCRIPT_RESTS: Duration = Duration::from_secs(120);

/// What was found for each server by these settings.
#[derive(Default)]
pub(super) struct Answers {
    settings: Settings,
    known: HashMap<String, Answer>,
    script_rests_until: Option<Instant>,
}

struct Answer {
    ways: Ways,
    /// Which of them is taken.
    at: usize,
    /// `None`: all of them led nowhere.
    until: Option<Instant>,
}

impl Answers {
    /// Goes by these settings from now on. What was found by others is forgotten.
    pub fn follow(&mut self, settings: Settings) {
        if settings != self.settings {
            *self = Self { settings, ..Self::default() };
        }
    }

    /// The way to a URL; `None`: directly. `script` gives those that the script of these settings names.
    pub fn way(
        &mut self,
        url: &Url,
        now: Instant,
        haste: Haste,
        script: impl FnOnce(&Settings) -> Option<Ways>,
    ) -> Result<Option<Proxy>, SendError> {
        let server = server_of(url);
        if let Some(answer) = self.known.get(&server)
            && (haste == Haste::Closing || answer.until.is_some_and(|until| now < until))
            && let Some(way) = answer.ways.get(answer.at)
        {
            return Ok(way.clone());
        }
        let rests = self.script_rests_until.is_some_and(|until| now < until);
        let mut is_missing = rests;
        let detects = self.settings.auto_detect && haste == Haste::None;
        let settings = Settings { auto_detect: detects, ..self.settings.clone() };
        let ways = settings.ways(url, || {
            let ways = if rests { None } else { script(&settings) };
            is_missing = ways.is_none();
            ways
        })?;
        if is_missing && !rests {
            self.script_rests_until = Some(now + SCRIPT_RESTS);
        }
        let until = Some(now + if is_missing { SCRIPT_RESTS } else { ANSWER_LASTS });
        let first = ways.first().cloned().flatten();
        self.known.insert(server, Answer { ways, at: 0, until });
        Ok(first)
    }

    /// The way to this URL led nowhere. The next one is taken then; after the last one, all is found out anew, or they are tried
    /// again where there is no time for that.
    pub fn note_failure(&mut self, url: &Url) {
        let server = server_of(url);
        let Some(answer) = self.known.get_mut(&server) else { return };
        answer.at += 1;
        if answer.at >= answer.ways.len() {
            (answer.at, answer.until) = (0, None);
        }
    }
}

fn server_of(url: &Url) -> String {
    url.origin().ascii_serialization()
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::super::servers::Servers;
    use super::*;

    fn settings(list: &str) -> Settings {
        Settings {
            script: Some("http://corp/proxy.pac".to_owned()),
            servers: Servers::parse(list),
            ..Settings::default()
        }
    }

    fn port(way: Result<Option<Proxy>, SendError>) -> u16 {
        way.unwrap().map_or(0, |proxy| proxy.port())
    }

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn a_script_is_asked_once_in_a_while_for_each_server() {
        let (mut answers, asked, start) = (Answers::default(), Cell::new(0), Instant::now());
        let script = |_: &Settings| {
            asked.set(asked.get() + 1);
            Some(vec![super::super::route::parse("s:1")])
        };
        answers.follow(settings(""));
        for (seconds, address, times) in [
            (0, "https://x/a", 1),
            (299, "https://x/b", 1),
            (300, "https://x/a", 2),
            (301, "https://y/a", 3),
            (302, "http://x/a", 4),
            (303, "https://x/", 4),
        ] {
            let now = start + Duration::from_secs(seconds);
            assert_eq!(port(answers.way(&url(address), now, Haste::None, script)), 1);
            assert_eq!(asked.get(), times, "{seconds} {address}");
        }
        answers.follow(settings(""));
        answers.way(&url("https://x/"), start, Haste::None, script).unwrap();
        assert_eq!(asked.get(), 4, "the same settings");
        answers.follow(settings("m:1"));
        answers.way(&url("https://x/"), start, Haste::None, script).unwrap();
        assert_eq!(asked.get(), 5, "they have changed");
    }

    #[test]
    fn a_script_that_can_not_be_had_rests() {
        let (mut answers, asked, start) = (Answers::default(), Cell::new(0), Instant::now());
        answers.follow(settings("m:7"));
        for (seconds, address, times) in [
            (0, "https://x/", 1),
            (1, "https://y/", 1),
            (119, "https://x/", 1),
            (120, "https://x/", 2),
            (121, "https://y/", 2),
        ] {
            let now = start + Duration::from_secs(seconds);
            let script = |_: &Settings| {
                asked.set(asked.get() + 1);
                None
            };
            assert_eq!(
                port(answers.way(&url(address), now, Haste::None, script)),
                7,
                "the servers of the settings"
            );
            assert_eq!(asked.get(), times, "{seconds} {address}");
            answers.note_failure(&url(address));
        }
    }

    #[test]
    fn the_next_way_is_taken_after_a_failure_and_all_are_found_anew_after_the_last() {
        let (mut answers, asked, now) = (Answers::default(), Cell::new(0), Instant::now());
        answers.follow(settings(""));
        for (expected, times) in [(1, 1), (2, 1), (0, 1), (1, 2)] {
            let script = |_: &Settings| {
                asked.set(asked.get() + 1);
                let proxy = super::super::route::parse;
                Some(vec![proxy("s:1"), proxy("s:2"), None])
            };
            assert_eq!(port(answers.way(&url("https://x/"), now, Haste::None, script)), expected);
            assert_eq!(asked.get(), times);
            answers.note_failure(&url("https://nobody/"));
            answers.note_failure(&url("https://x/"));
        }
    }

    /// What the settings name, what is known and for how long decide whether the script is asked at a shutdown.
    #[test]
    fn a_shutdown_waits_for_no_detection() {
        const KNOWN: Option<u64> = Some(1);
        const OLD: Option<u64> = Some(400);
        let named = Some("http://corp/proxy.pac");
        for (auto_detect, script, known_since, has_failed, haste, expected, asked) in [
            // Nothing is known.
            (true, None, None, false, Haste::None, 2, "detects"),
            (true, None, None, false, Haste::Closing, 7, ""),
            (true, named, None, false, Haste::Closing, 2, "asks"),
            (false, named, None, false, Haste::Closing, 2, "asks"),
            (false, None, None, false, Haste::Closing, 7, ""),
            (true, None, KNOWN, false, Haste::Closing, 1, ""),
            (true, None, OLD, false, Haste::None, 2, "detects"),
            (true, None, OLD, false, Haste::Closing, 1, ""),
            (false, named, OLD, false, Haste::Closing, 1, ""),
            // It led nowhere: nothing is sent past it.
            (true, None, KNOWN, true, Haste::None, 2, "detects"),
            (true, None, KNOWN, true, Haste::Closing, 1, ""),
        ] {
            let row = format!("{auto_detect} {script:?} {known_since:?} {has_failed} {haste:?}");
            let (mut answers, start, url) = (Answers::default(), Instant::now(), url("https://x/"));
            let script = script.map(str::to_owned);
            let servers = Servers::parse("m:7");
            answers.follow(Settings { auto_detect, script, servers, ..Settings::default() });
            let ways = |port: u16| Some(vec![super::super::route::parse(&format!("s:{port}"))]);
            if known_since.is_some() {
                assert_eq!(port(answers.way(&url, start, Haste::None, |_| ways(1))), 1, "{row}");
            }
            if has_failed {
                answers.note_failure(&url);
            }
            let (now, found) = (start + Duration::from_secs(known_since.unwrap_or(0)), Cell::new(""));
            let way = answers.way(&url, now, haste, |settings| {
                found.set(if settings.auto_detect { "detects" } else { "asks" });
                ways(2)
            });
            assert_eq!((port(way), found.get()), (expected, asked), "{row}");
        }
    }
}
