//! Whether there is time to look for a way.

/// Whether a request may wait for the system to look for a script, which can take seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Haste {
    None,
    /// The library shuts down: what was found counts, however old it is. The network is not asked for a script (WPAD); one that
    /// has an address is, since somebody named it.
    Closing,
}
