//! What stands for a secret: a name, or the shape of a word. docs/guide/logs-and-requests.md has the table.

use std::borrow::Cow;

/// What a name that stands for a secret holds, without regard to case and to what is no letter.
pub(crate) const HOLDS: &[&str] = &[
    "accesskey",
    "apikey",
    "authenticat",
    "authkey",
    "authorisation",
    "authorization",
    "cookie",
    "connectsid",
    "credential",
    "csrf",
    "functionskey",
    "jwt",
    "passcode",
    "passphrase",
    "passw",
    "privatekey",
    "pwd",
    "secret",
    "sessid",
    "sessionid",
    "signature",
    "signingkey",
    "subscriptionkey",
    "token",
    "xsrf",
];
/// What one is.
pub(crate) const IS: &[&str] =
    &["auth", "bearer", "cvc", "cvv", "otp", "pass", "pin", "sid", "sig", "xauth", "xsession"];
/// What one is in the query of a URL alone: elsewhere it means too much else.
pub(crate) const IS_IN_QUERY: &[&str] = &["code", "key"];
/// Headers whose names sound like those of secrets, and whose values are none.
pub(crate) const OPEN_HEADERS: &[&str] = &["access-control-allow-credentials", "www-authenticate"];
/// Of a longer name the end says what it is.
const MAX_NAME_BYTES: usize = 128;
/// A shorter word is no JSON web token, and none that follows "Bearer" or "Basic".
pub(super) const MIN_TOKEN_BYTES: usize = 6;

/// Whether a value of this name is a secret.
pub(super) fn is_secret_name(name: &str) -> bool {
    let name = letters_of(name);
    IS.contains(&&*name) || HOLDS.iter().any(|part| name.contains(part))
}

/// The same of a parameter in the query of a URL.
pub(super) fn is_secret_parameter(name: &str) -> bool {
    is_secret_name(name) || IS_IN_QUERY.contains(&&*letters_of(name))
}

/// The same of a header, whose name is in small letters.
pub(super) fn is_secret_header(name: &str) -> bool {
    // Elsewhere a key is too much else.
    (is_secret_name(name) || name == "key") && !OPEN_HEADERS.contains(&name)
}

/// Its letters and digits, in lower case.
pub(super) fn letters_of(name: &str) -> String {
    let end = &name.as_bytes()[name.len().saturating_sub(MAX_NAME_BYTES)..];
    let letters = end.iter().filter(|byte| byte.is_ascii_alphanumeric());
    letters.map(|byte| char::from(byte.to_ascii_lowercase())).collect()
}

/// As the query of a URL and a form write it: `%5B`, and `+` for a blank.
pub(super) fn percent_decoded(text: &str) -> Cow<'_, str> {
    if !text.contains(['%', '+']) {
        return Cow::Borrowed(text);
    }
    let bytes = text.as_bytes();
    let (mut decoded, mut at) = (Vec::with_capacity(bytes.len()), 0);
    while let Some(byte) = bytes.get(at) {
        let hex = bytes.get(at + 1..at + 3).filter(|hex| hex.iter().all(u8::is_ascii_hexdigit));
        let hex = hex.and_then(|hex| str::from_utf8(hex).ok());
        match hex.filter(|_| *byte == b'%').and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(value) => {
                decoded.push(value);
                at += 3;
            }
            None => {
                decoded.push(if *byte == b'+' { b' ' } else { *byte });
                at += 1;
            }
        }
    }
    Cow::Owned(String::from_utf8_lossy(&decoded).into_owned())
}

/// Three parts, of which the first is JSON in base64.
pub(super) fn is_json_web_token(word: &str) -> bool {
    word.len() >= MIN_TOKEN_BYTES
        && word.starts_with("eyJ")
        && word.bytes().filter(|byte| *byte == b'.').count() >= 2
}
