//! Opens the folder or bucket that the configuration names.

use std::path::Path as FilePath;

use object_store::local::LocalFileSystem;
use tempfile::TempDir;
use url::Url;

use super::objects::Objects;
use crate::config::StoreLocation;

/// Why the store could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The folder can't be made.
    #[error("the folder can't be made: {0}")]
    Folder(#[from] std::io::Error),
    /// The URL is none.
    #[error("not a URL: {0}")]
    Url(#[from] url::ParseError),
    /// The store refuses.
    #[error(transparent)]
    Store(#[from] object_store::Error),
}

/// Opens it; a temporary folder is deleted when what is returned with it is dropped.
pub(super) fn open(location: &StoreLocation) -> Result<(Objects, Option<TempDir>), OpenError> {
    match location {
        StoreLocation::Temporary => {
            let folder = tempfile::Builder::new().prefix("session-replay-viewer-").tempdir()?;
            Ok((open_folder(folder.path())?, Some(folder)))
        }
        StoreLocation::Folder(folder) => Ok((open_folder(folder)?, None)),
        StoreLocation::Url { url, options } => {
            // A second call finds the provider installed, which is what we want.
            let _ = rustls::crypto::ring::default_provider().install_default();
            let (objects, prefix) = object_store::parse_url_opts(
                &Url::parse(url)?,
                from_environment().chain(options.iter().cloned()),
            )?;
            Ok((Objects::in_bucket(objects.into(), prefix), None))
        }
    }
}

fn open_folder(folder: &FilePath) -> Result<Objects, OpenError> {
    std::fs::create_dir_all(folder)?;
    // A folder's name is an id: it goes with the last object in it.
    let objects = LocalFileSystem::new_with_prefix(folder)?.with_automatic_cleanup(true);
    Ok(Objects::in_folder(objects))
}

/// The `AWS_…` variables, as options; names that the store does not know are ignored by it.
fn from_environment() -> impl Iterator<Item = (String, String)> {
    std::env::vars_os().filter_map(|(name, value)| {
        let name = name.into_string().ok()?.to_ascii_lowercase();
        let known = name.starts_with("aws_");
        known.then(|| Some((name, value.into_string().ok()?)))?
    })
}
