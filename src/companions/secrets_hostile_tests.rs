//! Texts that nobody wrote, and those that are written to do harm.

use super::secrets::{mask_text, mask_url};
use super::secrets_fixture::fixture;

/// What `name` says in the environment, or what is usual.
fn asked<T: std::str::FromStr>(name: &str, usual: T) -> T {
    std::env::var(name).ok().and_then(|asked| asked.parse().ok()).unwrap_or(usual)
}

#[test]
fn no_text_before_a_secret_hides_it() {
    let fixture = fixture();
    let mut random = fastrand::Rng::with_seed(asked("SR_SEED", 18));
    for _ in 0..asked("SR_TEXTS", 30_000) {
        let (before, behind) = (fixture.random_text(&mut random, 20), fixture.random_text(&mut random, 20));
        for secret in ["\npassword=hunter2 ", " password=hunter2 ", "\n{\"password\":\"hunter2\"} "] {
            let text = format!("{before}{secret}{behind}");
            let shown = mask_text(&text);
            assert!(!shown.contains("hunter2"), "{text:?} => {shown:?}");
            assert!(shown.len() <= 10 * text.len(), "{text:?}");
            assert!(mask_url(&text).len() <= 10 * text.len(), "{text:?}");
        }
    }
}

#[test]
fn pages_mask_what_is_masked_here() {
    let fixture = fixture();
    let mut random = fastrand::Rng::with_seed(19);
    let rows: Vec<String> = (0..1_500)
        .map(|at| fixture.random_text(&mut random, 2 + at / 60))
        .map(|text| serde_json::json!([text, mask_text(&text), mask_url(&text)]).to_string())
        .collect();
    let rows = format!("[\n{}\n]\n", rows.join(",\n"));
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/secrets_at_random.json");
    if std::env::var_os("SR_WRITE").is_some() {
        std::fs::write(path, &rows).unwrap();
    }
    let stored = std::fs::read_to_string(path).unwrap();
    assert!(
        rows == stored,
        "what is masked has changed: SR_WRITE=1 makes {path} anew, for `make test-web` to compare"
    );
}

#[test]
fn takes_time_in_proportion_to_the_text() {
    for piece in fixture().repeated {
        // Were it quadratic, this would take minutes.
        let text = piece.repeat(300_000 / piece.len());
        assert!(mask_text(&text).len() <= 10 * text.len(), "{piece}");
        assert!(mask_url(&text).len() <= 10 * text.len(), "{piece}");
    }
}
