//! Files of events as sessions: a file is read, checked and set aside whole before anything of it is stored, so that a file with a
//! mistake leaves nothing.

mod event;
mod session_id;
mod split;
mod spool;

use std::io::{BufRead, BufReader, Read};

use flate2::bufread::MultiGzDecoder;

use crate::replay_id::ReplayId;
use event::to_wire_form;
use split::Splitter;
use spool::Spooler;

pub(crate) use spool::{Spool, SpooledBatch};

/// The device of all imported sessions.
pub(crate) const DEVICE: &str = "imported";

/// Most bytes of a file, unpacked or not: more than a browser can play.
pub(crate) const MAX_FILE_BYTES: u64 = 2 << 30;

/// How much is read at once.
const BUFFER_BYTES: usize = 64 << 10;

/// Why a file is not taken, in a sentence for whoever chose it.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ImportError {
    #[error("line {line}: {problem}")]
    Line { line: u64, problem: String },
    #[error("{0}")]
    File(String),
    /// It is no fault of the file's.
    #[error("the file could not be set aside: {0}")]
    Spool(String),
}

impl ImportError {
    fn line(line: u64, problem: impl Into<String>) -> Self {
        Self::Line { line, problem: problem.into() }
    }
}

/// A file that was read to its end, and is fit to be stored.
#[derive(Debug)]
pub(crate) struct Imported {
    pub(crate) id: ReplayId,
    pub(crate) spool: Spool,
}

/// Reads a file: events as JSON Lines or as a JSON array, each an object or a string that holds one; gzip or not. `max_body_bytes` is
/// what a stored batch may have.
pub(crate) fn read(name: &str, file: impl Read, max_body_bytes: usize) -> Result<Imported, ImportError> {
    let unreadable =
        |error: std::io::Error| ImportError::File(format!("it can't be read to its end: {error}"));
    let mut file = BufReader::with_capacity(BUFFER_BYTES, file);
    let is_packed = file.fill_buf().map_err(unreadable)?.starts_with(&[0x1f, 0x8b]);
    let mut file: Box<dyn Read> =
        if is_packed { Box::new(MultiGzDecoder::new(file)) } else { Box::new(file) };
    let mut splitter = Splitter::default();
    let mut spooler = Spooler::new(max_body_bytes)?;
    let mut buffer = vec![0; BUFFER_BYTES];
    let mut total = 0;
    loop {
        let count = file.read(&mut buffer).map_err(unreadable)?;
        if count == 0 {
            break;
        }
        total += count as u64;
        if total > MAX_FILE_BYTES {
            let gigabytes = MAX_FILE_BYTES >> 30;
            return Err(ImportError::File(format!("it has more than {gigabytes} GiB when it is unpacked")));
        }
        splitter.feed(&buffer[..count], |line, value| {
            let event = to_wire_form(value).map_err(|problem| ImportError::line(line, problem))?;
            spooler.add(line, &event)
        })?;
    }
    splitter.finish()?;
    let spool = spooler.finish()?;
    let id = session_id::of_file(name, spool.hash).map_err(ImportError::File)?;
    Ok(Imported { id, spool })
}

#[cfg(test)]
mod tests {
    use super::*;

    const META: &str = r#"{"type":4,"timestamp":1,"data":{"width":1,"height":1}}"#;
    const MOVE: &str = r#"{"type":3,"timestamp":2,"data":{"source":1,"positions":[]}}"#;

    fn imported(name: &str, text: &str) -> Result<Imported, ImportError> {
        read(name, text.as_bytes(), 20_000_000)
    }

    #[test]
    fn the_same_events_are_the_same_session_however_they_are_written() {
        let lines = format!("{META}\n{MOVE}\n");
        let id = imported("shop.jsonl", &lines).unwrap().id;
        assert_eq!(id.device.as_str(), DEVICE);
        assert!(id.session.as_str().starts_with("shop-"), "{id}");
        let quoted = serde_json::to_string(MOVE).unwrap();
        let shuffled = r#"{"data":{"source":1,"positions":[]},"timestamp":2,"type":3}"#;
        for (name, text) in [
            ("shop.jsonl", format!("{META}\r\n\r\n{MOVE}")),
            ("shop.json", format!("\u{feff} [ {META} ,\n{MOVE} ] \n")),
            ("folder/shop.ndjson", format!("{META}{quoted}")),
            ("C:\\shop.json", format!("[{META},{quoted}]")),
            ("shop.json.gz", format!("[\n{META}\n,\n{shuffled}\n]")),
        ] {
            assert_eq!(imported(name, &text).unwrap().id, id, "{name}: {text}");
        }
        assert_ne!(imported("other.jsonl", &lines).unwrap().id, id);
        assert_ne!(imported("shop.jsonl", META).unwrap().id, id);
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        let id = r#"{"type":3,"timestamp":1,"data":{},"id":1}"#;
        for (text, says) in [
            (String::new(), "there are no events in it"),
            (" \n ".to_owned(), "there are no events in it"),
            ("[]".to_owned(), "there are no events in it"),
            (format!("{META}\nhello\n"), "line 2: this is no event: it begins with \"h\""),
            (format!("{META}\n{id}\n"), "line 2: the event has the key \"id\""),
            (format!("{META}\n\n{{\"type\":3}}"), "line 3: the event has no \"timestamp\""),
            (format!("{META}\n{{\"type\":3,\"data\":{{"), "line 2: the file ends in the middle of an event"),
            (format!("[{META},\n{MOVE}"), "line 2: the file ends before its list does"),
            (format!("[{META},\n,{MOVE}]"), "line 2: here should be an event"),
            (format!("[{META}\n{MOVE}]"), "line 2: there is no comma between two events"),
            (format!("[{META},\n]"), "line 2: behind a comma there is no event"),
            (format!("[{META}]\n{MOVE}"), "line 2: something follows the list"),
            (format!("{META}\n\"no event\""), "line 2: the event is not a JSON object"),
            (format!("{META}\n{{\"type\":3,]}}"), "line 2: the event is not a JSON object"),
            ("PK\u{3}\u{4}".to_owned(), "line 1: this is no event: it begins with \"P\""),
        ] {
            let error = imported("x", &text).map(|imported| imported.id).expect_err(&text).to_string();
            assert!(error.starts_with(says), "{text:?}: {error}");
        }
        let not_text = read("x", &b"{\"type\":3,\"timestamp\":1,\"data\":\"\xff\"}"[..], 1_000).unwrap_err();
        assert_eq!(not_text.to_string(), "line 1: the event is not text in UTF-8");
        let cut = read("x", &[0x1f, 0x8b, 8, 0][..], 1_000).unwrap_err().to_string();
        assert!(cut.starts_with("it can't be read to its end"), "{cut}");
        let large = read("x", MOVE.as_bytes(), 40).unwrap_err().to_string();
        assert!(large.starts_with("line 1: the event is too large"), "{large}");
    }
}
