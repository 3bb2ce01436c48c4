//! What a `User-Agent` says of browser and operating system, in a few words.

/// Longest answer about a program that is not known, in characters.
const MAX_CHARS: usize = 60;

/// Browsers by what names them, the more special ones first: each also says that it is one of those below.
const BROWSERS: [(&str, &str); 14] = [
    ("Electron/", "Electron"),
    ("Edg/", "Edge"),
    ("EdgA/", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Firefox/", "Firefox"),
    ("; wv)", "WebView"),
    ("HeadlessChrome/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Version/", "Safari"),
    ("AppleWebKit/", "WebKit"),
    ("Node.js/", "Node.js"),
];

/// Systems, those first that also name another one.
const SYSTEMS: [(&str, &str); 8] = [
    ("iPhone", "iOS"),
    ("iPad", "iPadOS"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
    ("X11", "Unix"),
];

/// `Chrome 140, Linux`; of our own library, `session-replay/1.2.3 (linux; x86_64)`, the system alone.
pub(crate) fn describe(user_agent: &str) -> Option<String> {
    if let Some(rest) = user_agent.strip_prefix("session-replay/") {
        return native(rest);
    }
    let find = |known: &[(&str, &'static str)]| {
        known
            .iter()
            .find(|(sign, _)| user_agent.contains(sign))
            .map(|(sign, name)| (*name, major(user_agent, sign)))
    };
    let browser = find(&BROWSERS).map(|(name, version)| match version {
        Some(version) => format!("{name} {version}"),
        None => name.to_owned(),
    });
    let system = find(&SYSTEMS).map(|(name, _)| name.to_owned());
    match (browser, system) {
        (Some(browser), Some(system)) => Some(format!("{browser}, {system}")),
        (Some(one), None) | (None, Some(one)) => Some(one),
        (None, None) => None,
    }
}

/// The number behind `Chrome/`, up to the first dot.
fn major<'a>(user_agent: &'a str, sign: &str) -> Option<&'a str> {
    let rest = user_agent.split_once(sign).filter(|_| sign.ends_with('/') && sign != "AppleWebKit/")?.1;
    let digits = rest.len() - rest.trim_start_matches(|digit: char| digit.is_ascii_digit()).len();
    (1..=5).contains(&digits).then(|| &rest[..digits])
}

/// What our own library says in brackets.
fn native(rest: &str) -> Option<String> {
    let (system, arch) = rest.split_once(" (")?.1.strip_suffix(')')?.split_once("; ")?;
    let name = match system {
        "linux" => "Linux",
        "windows" => "Windows",
        "macos" => "macOS",
        "ios" => "iOS",
        "android" => "Android",
        other => other,
    };
    Some(format!("{name}, {arch}").chars().take(MAX_CHARS).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_and_systems_are_known() {
        for (user_agent, expected) in [
            (
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
                Some("Chrome 140, Linux"),
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0",
                Some("Edge 140, Windows"),
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15",
                Some("Safari 18, macOS"),
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
                Some("Safari 18, iOS"),
            ),
            (
                "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0",
                Some("Firefox 132, Linux"),
            ),
            (
                "Mozilla/5.0 (Linux; Android 14; Pixel 8; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/140.0.0.0 Mobile Safari/537.36",
                Some("WebView, Android"),
            ),
            (
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) app/1.0 Chrome/138.0.0.0 Electron/37.2.0 Safari/537.36",
                Some("Electron 37, Linux"),
            ),
            (
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/605.1.15 (KHTML, like Gecko)",
                Some("WebKit, Linux"),
            ),
            (
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/99999999999999 Safari/537.36",
                Some("Chrome, Linux"),
            ),
            ("session-replay/0.1.0 (linux; x86_64)", Some("Linux, x86_64")),
            ("session-replay/0.1.0 (macos; aarch64)", Some("macOS, aarch64")),
            ("session-replay/0.1.0 (plan9; mips)", Some("plan9, mips")),
            ("session-replay/0.1.0", None),
            ("session-replay/0.1.0 (", None),
            ("ureq/3.1.2", None),
            ("node", None),
            ("", None),
        ] {
            assert_eq!(describe(user_agent).as_deref(), expected, "{user_agent}");
        }
        let long = format!("session-replay/1 ({}; x)", "é".repeat(500));
        assert!(describe(&long).is_some_and(|text| text.chars().count() == MAX_CHARS));
    }
}
