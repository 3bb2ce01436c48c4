//! Opens the store that the configuration names.

use std::collections::HashMap;
use std::path::Path as FilePath;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use object_store::ObjectStore;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use parking_lot::Mutex;
use url::Url;

use super::Store;
use crate::clock::ArrivalClock;
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

impl Store {
    pub(crate) fn open(location: &StoreLocation) -> Result<Self, OpenError> {
        match location {
            StoreLocation::Temporary => {
                let folder = tempfile::Builder::new().prefix("session-replay-viewer-").tempdir()?;
                let objects = open_folder(folder.path())?;
                Ok(Self::new(objects, Path::default(), Some(folder)))
            }
            StoreLocation::Folder(folder) => Ok(Self::new(open_folder(folder)?, Path::default(), None)),
            StoreLocation::Url { url, options } => {
                // A second call finds the provider installed, which is what we want.
                let _ = rustls::crypto::ring::default_provider().install_default();
                let (objects, prefix) = object_store::parse_url_opts(
                    &Url::parse(url)?,
                    from_environment().chain(options.iter().cloned()),
                )?;
                Ok(Self::new(objects.into(), prefix, None))
            }
        }
    }

    fn new(objects: Arc<dyn ObjectStore>, prefix: Path, folder: Option<tempfile::TempDir>) -> Self {
        Self {
            objects,
            prefix,
            process: fastrand::u64(..),
            clock: ArrivalClock::default(),
            markers: Mutex::new(HashMap::new()),
            refused_kept: AtomicU64::new(0),
            _folder: folder,
        }
    }
}

fn open_folder(folder: &FilePath) -> Result<Arc<dyn ObjectStore>, OpenError> {
    std::fs::create_dir_all(folder)?;
    Ok(Arc::new(LocalFileSystem::new_with_prefix(folder)?))
}

/// The `AWS_…` variables, as options; names that the store does not know are ignored by it.
fn from_environment() -> impl Iterator<Item = (String, String)> {
    std::env::vars_os().filter_map(|(name, value)| {
        let name = name.into_string().ok()?.to_ascii_lowercase();
        let known = name.starts_with("aws_");
        known.then(|| Some((name, value.into_string().ok()?)))?
    })
}
