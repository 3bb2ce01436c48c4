//! Any bytes as a stored file, and as a patch of a real one.
#![no_main]

use std::collections::HashSet;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use session_replay::fuzzing::read_stored;
use session_replay::{Options, SessionReplay};

/// A real file and the events in it.
struct Real {
    bytes: Vec<u8>,
    events: HashSet<Vec<u8>>,
}

/// Real files: a chunk and a packed one, left behind by a run without a server.
static FILES: LazyLock<Vec<Real>> = LazyLock::new(|| {
    let dir = std::env::temp_dir().join(format!("session-replay-fuzz-{}", std::process::id()));
    let options = format!(
        r#"{{"deviceId":"d","sessionId":1,"sampleRate":1,"enableRemoteConfig":false,"flushMaxRetries":1,
            "trackServerUrl":"http://127.0.0.1:9/","storageDir":{:?}}}"#,
        dir.to_str().expect("a path in UTF-8")
    );
    let replay =
        SessionReplay::start("key", Options::from_json(&options).expect("good options"), Default::default()).expect("it starts");
    for number in 0..400 {
        let event = format!(r#"{{"type":3,"timestamp":{number},"data":"{}"}}"#, "x".repeat(1_000));
        replay.record(event.as_bytes()).expect("it is taken");
    }
    let _ = replay.flush(200);
    std::thread::sleep(std::time::Duration::from_secs(1));
    for number in 0..20 {
        let event = format!(r#"{{"type":3,"timestamp":{number},"data":{number}}}"#);
        replay.record(event.as_bytes()).expect("it is taken");
    }
    drop(replay);
    let mut files = Vec::new();
    for home in std::fs::read_dir(&dir).expect("the directory is there").flatten() {
        for run in std::fs::read_dir(home.path()).into_iter().flatten().flatten() {
            for file in std::fs::read_dir(run.path()).into_iter().flatten().flatten() {
                let mut bytes = std::fs::read(file.path()).unwrap_or_default();
                bytes.truncate(20_000);
                files.push(bytes);
            }
        }
    }
    let _ = std::fs::remove_dir_all(dir);
    let with_events = |bytes: Vec<u8>| Real { events: read_stored(bytes.clone()).0.into_iter().collect(), bytes };
    let mut files: Vec<_> = files.into_iter().map(with_events).collect();
    files.retain(|file| !file.events.is_empty());
    assert!(files.len() >= 2, "a chunk and a packed file");
    files
});

fuzz_target!(|data: &[u8]| {
    read_stored(data.to_vec());
    // The same bytes as a patch of a real file: where, then what.
    if let [which, high, low, patch @ ..] = data {
        let real = &FILES[usize::from(*which) % FILES.len()];
        let mut file = real.bytes.clone();
        let at = usize::from(u16::from_be_bytes([*high, *low])) % file.len();
        let end = file.len().min(at + patch.len());
        file[at..end].copy_from_slice(&patch[..end - at]);
        let (events, _) = read_stored(file);
        // What comes out went in: a record is never made up of others' bytes.
        assert!(events.iter().all(|event| real.events.contains(event)));
    }
});
