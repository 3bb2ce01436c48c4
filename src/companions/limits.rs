//! How much of a request is kept, in bytes: here, and in pages, whose recorder counts the same in characters.

/// Of a URL.
pub(crate) const MAX_URL_BYTES: usize = 8_192;
/// Of one header's value.
pub(crate) const MAX_HEADER_BYTES: usize = 2_048;
/// How many headers.
pub(crate) const MAX_HEADERS: usize = 100;
/// Of the sentence that says what went wrong.
pub(crate) const MAX_ERROR_BYTES: usize = 1_024;
/// Of the method.
pub(crate) const MAX_METHOD_BYTES: usize = 32;
/// Of a body that is looked at. Of a longer one, what lists of members say can't be found out.
pub(crate) const MAX_READ_BYTES: usize = 1_048_576;
/// How deep a member of JSON may lie that lists of members keep.
pub(crate) const MAX_JSON_DEPTH: usize = 64;
/// Behind the part of a text that is kept, what is looked at, too: a secret that is cut in two is still known for one.
pub(crate) const AHEAD_BYTES: usize = 8_192;
