//! The table of docs/guide/logs-and-requests.md: what is masked, and what is not.

use super::headers;
use super::secret_names::is_secret_name;
use super::secrets::{cut_masked, mask_text, mask_url};
use super::secrets_fixture::fixture;
use crate::model::page_config::NameLists;

#[test]
fn names_that_stand_for_a_secret() {
    for name in fixture().secret_names {
        assert!(is_secret_name(&name), "{name}");
    }
    for name in fixture().plain_names {
        assert!(!is_secret_name(&name), "{name}");
    }
}

#[test]
fn secrets_in_urls() {
    for (url, shown) in fixture().urls {
        assert_eq!(mask_url(&url), shown);
        let line = format!("GET {url}");
        assert!(!mask_text(&line).contains("hunter2"), "{line}");
    }
}

#[test]
fn secrets_in_texts() {
    for (text, shown) in fixture().texts {
        assert_eq!(mask_text(&text), shown);
        assert!(!shown.contains("hunter2"), "{text}");
    }
}

#[test]
fn secrets_in_headers() {
    for (name, value, shown) in fixture().headers {
        let read = headers::read(&format!("{name}: {value}"));
        let told = headers::kept(&read, headers::HeaderRule::Lists(&NameLists::default()));
        assert_eq!(told[&name], shown, "{name}");
    }
}

#[test]
fn a_text_is_cut_once_it_is_masked() {
    for (max, shown, is_cut) in
        [(100, "x Bearer ******** y", false), (12, "x Bearer ***", true), (2, "x ", true), (0, "", true)]
    {
        assert_eq!(cut_masked("x Bearer hunter2 y", max), (shown.to_owned(), is_cut));
    }
}

#[test]
fn a_text_of_one_long_word_or_of_many_urls_is_looked_at_whole() {
    let long = format!("{}password=hunter2", "com.example.".repeat(40));
    assert!(!mask_text(&long).contains("hunter2"));
    assert_eq!(mask_text(&"http://a?b=".repeat(3_000)).len(), 33_000);
}
