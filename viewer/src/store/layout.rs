//! Where what stands in a store. Stores outlive the program: what is written here is read by later versions.
//!
//! ```text
//! v1/sequences/<device>/<session>/<name>     one accepted batch: a line of JSON about it, then its body as decoded
//! v1/interactions/<device>/<session>/<name>  the same, of interactions
//! v1/sessions/<device>/<session>/first       made by whichever viewer took the first batch of the session
//! v1/refused/<device>/<session>/<name>       one refused request
//! v1/changes/<name>                          what one process stored and deleted in about a second
//! v1/index/snapshot                          the index of all sessions, as it was a while ago; replaced as a whole
//! ```

use object_store::path::{Path, PathPart};

use super::folders::{from_folders, to_folders};
use crate::replay_id::ReplayId;

/// What an object holds.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    Batch,
    Interactions,
    Marker,
    Refused,
}

/// The name of a session's marker.
pub(super) const MARKER: &str = "first";

impl Kind {
    fn folder(self) -> &'static str {
        match self {
            Self::Batch => "sequences",
            Self::Interactions => "interactions",
            Self::Marker => "sessions",
            Self::Refused => "refused",
        }
    }

    /// The folder of all objects of this kind, below the store's own prefix.
    pub(super) fn root(self, prefix: &Path) -> Path {
        below(prefix, ["v1", self.folder()])
    }

    /// The folder of a replay's objects of this kind.
    pub(super) fn of(self, prefix: &Path, id: &ReplayId) -> Path {
        below(&self.root(prefix), to_folders(id).split('/'))
    }

    /// One object of a replay.
    pub(super) fn object(self, prefix: &Path, id: &ReplayId, name: &str) -> Path {
        below(&self.of(prefix, id), [name])
    }
}

/// A folder of objects that belong to no replay.
pub(super) fn folder(prefix: &Path, name: &str) -> Path {
    below(prefix, ["v1", name])
}

/// An object in such a folder.
pub(super) fn file(prefix: &Path, folder: &str, name: &str) -> Path {
    below(prefix, ["v1", folder, name])
}

/// The replay that an object belongs to, and the object's name; `None` for a file that is not ours.
pub(super) fn locate(location: &Path) -> Option<(ReplayId, String)> {
    let parts: Vec<_> = location.parts().collect();
    let (name, folders) = parts.split_last()?;
    Some((from_folders(folders)?, name.as_ref().to_owned()))
}

fn below<'a>(path: &Path, parts: impl IntoIterator<Item = &'a str>) -> Path {
    let parts = parts.into_iter().map(|part| PathPart::from(part.to_owned()));
    path.parts().chain(parts).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_stand_where_earlier_versions_put_them() {
        let prefix = Path::from("some/prefix");
        let id = ReplayId::new("a|b", "1.2").unwrap();
        for (kind, path) in [
            (Kind::Batch, "some/prefix/v1/sequences/a=7Cb/1=2E2/name"),
            (Kind::Interactions, "some/prefix/v1/interactions/a=7Cb/1=2E2/name"),
            (Kind::Marker, "some/prefix/v1/sessions/a=7Cb/1=2E2/name"),
            (Kind::Refused, "some/prefix/v1/refused/a=7Cb/1=2E2/name"),
        ] {
            let object = kind.object(&prefix, &id, "name");
            assert_eq!(object.as_ref(), path);
            assert!(object.prefix_matches(&kind.of(&prefix, &id)));
            assert!(object.prefix_matches(&kind.root(&prefix)));
            assert_eq!(locate(&object), Some((id.clone(), "name".to_owned())));
        }
    }
}
