//! The URL of a request as it may be told.

use super::limits::{AHEAD_BYTES, MAX_URL_BYTES};
use super::secrets::mask_url;
use super::{MASK, cut};
use crate::model::address_filter;
use crate::model::page_config::UgcFilterRule;

/// Bytes of the kind that a `data:` URL says it is of.
const MAX_KIND_BYTES: usize = 100;

/// A URL by `ugcFilterRules`, with secrets masked. It is cut last: of a part no rule is true.
pub(super) fn filtered(url: &str, rules: &[UgcFilterRule]) -> String {
    if let Some(kind) = kind_of_data(url) {
        // What it holds is no address.
        return format!("data:{kind},{MASK}");
    }
    let filtered = address_filter::filtered(url, rules);
    let masked = mask_url(cut(&filtered, MAX_URL_BYTES + AHEAD_BYTES).0);
    match cut(&masked, MAX_URL_BYTES) {
        (all, false) => all.to_owned(),
        (beginning, true) => format!("{beginning}…"),
    }
}

/// Of a `data:` URL the kind of what it holds, as `text/plain`.
fn kind_of_data(url: &str) -> Option<String> {
    let url = url.trim_start();
    url.get(..5).filter(|scheme| scheme.eq_ignore_ascii_case("data:"))?;
    let kind = url[5..].split([',', ';']).next().unwrap_or_default();
    Some(cut(kind, MAX_KIND_BYTES).0.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_rule_that_matches_says_the_url() {
        let rule = |(selector, replacement): (&str, &str)| UgcFilterRule {
            selector: selector.to_owned(),
            replacement: replacement.to_owned(),
        };
        let rules =
            [("https://x/users/*", "https://x/users/{id}"), ("https://x/**", "https://x/?token=a")].map(rule);
        for (url, expected) in [
            ("https://x/users/7?token=a", "https://x/users/{id}"),
            ("https://x/other", "https://x/?token=********"),
            ("https://y/users/7?token=a", "https://y/users/7?token=********"),
            ("data:text/plain;base64,c2VjcmV0", "data:text/plain,********"),
            (" \tDATA:Text/Plain,c2VjcmV0", "data:text/plain,********"),
            ("Data:,c2VjcmV0", "data:,********"),
            ("data", "data"),
        ] {
            assert_eq!(filtered(url, &rules), expected);
        }
        let long = filtered(&format!("https://x{}", "é".repeat(9_000)), &[]);
        assert!(long.len() <= MAX_URL_BYTES + '…'.len_utf8() && long.ends_with("é…"), "{}", long.len());
    }

    #[test]
    fn rules_are_true_of_the_whole_url() {
        let rules = [UgcFilterRule {
            selector: "https://x/users/*/orders".to_owned(),
            replacement: "https://x/users/{id}/orders".to_owned(),
        }];
        for (id, expected) in
            [("é".repeat(5_000), "https://x/users/{id}/orders"), ("é".repeat(9_000), "https://x")]
        {
            assert_eq!(filtered(&format!("https://x/users/{id}/orders"), &rules), expected);
        }
    }
}
