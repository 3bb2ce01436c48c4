//! The page of the documentation for each check.

/// Where the documentation is read.
const DOCS: &str = concat!(env!("CARGO_PKG_REPOSITORY"), "/blob/main/");

/// For each check the page and the section, in the repository.
const PAGES: [(&str, &str); 15] = [
    ("ids", "docs/reference/protocol.md#identity"),
    ("other_ids", "docs/reference/protocol.md#identity"),
    ("recorder", "docs/guide/troubleshooting.md#why-is-there-no-replay"),
    ("configuration_asked", "docs/guide/delivery.md#remote-configuration"),
    ("configuration_answered", "docs/reference/protocol.md#remote-configuration"),
    ("sample_rate", "docs/guide/sampling.md#the-sample"),
    ("armed_faults", "viewer/README.md#faults"),
    ("refused", "docs/reference/protocol.md#track-request"),
    ("skipped", "docs/reference/protocol.md#replies"),
    ("failed", "docs/guide/delivery.md#responses"),
    ("accepted", "docs/guide/delivery.md#when"),
    ("snapshot", "docs/guide/c-api.md#being-asked-for-a-full-snapshot"),
    ("meta", "docs/guide/c-api.md#what-an-event-must-be"),
    ("clocks", "docs/guide/c-api.md#what-an-event-must-be"),
    ("picture", "docs/guide/web-views.md#options-of-ours"),
];

/// The address of the page about a check.
pub(super) fn docs(code: &str) -> String {
    let page = PAGES.iter().find(|(known, _)| *known == code).map_or("docs/README.md", |(_, page)| page);
    format!("{DOCS}{page}")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    /// A heading's anchor, as GitHub makes it.
    fn anchor(heading: &str) -> String {
        let plain = heading.trim_start_matches('#').trim().to_lowercase().replace(' ', "-");
        plain.chars().filter(|c| c.is_alphanumeric() || "-_".contains(*c)).collect()
    }

    #[test]
    fn every_page_and_section_is_there() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        for (code, page) in PAGES {
            let (file, section) = page.split_once('#').unwrap();
            let text = std::fs::read_to_string(root.join(file)).unwrap();
            let headings = text.lines().filter(|line| line.starts_with('#'));
            assert!(headings.map(anchor).any(|heading| heading == section), "{code}: {page}");
        }
    }

    #[test]
    fn an_unknown_check_leads_to_the_contents() {
        assert!(docs("no such check").ends_with("/docs/README.md"));
        assert!(Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/README.md").exists());
    }
}
