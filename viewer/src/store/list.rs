//! Lists sequences by their names alone.

use futures_util::TryStreamExt;

use super::name::SequenceName;
use super::{Store, StoreError, place};
use crate::identity::Identity;

/// A stored sequence, as far as its name tells.
#[derive(Debug, Clone)]
pub(crate) struct Stored {
    pub(crate) name: String,
    pub(crate) says: SequenceName,
}

impl Store {
    /// The sequences of a session in the order of their arrival, all of them or those with a name above `after`.
    pub(crate) async fn sequences(
        &self,
        identity: &Identity,
        after: Option<&str>,
    ) -> Result<Vec<Stored>, StoreError> {
        let prefix = self.path("sequences", &identity.path());
        let mut objects = match after {
            Some(name) => self.objects.list_with_offset(Some(&prefix), &prefix.clone().join(name)),
            None => self.objects.list(Some(&prefix)),
        };
        let mut found = Vec::new();
        while let Some(object) = objects.try_next().await? {
            let name = object.location.filename().unwrap_or_default();
            found.extend(stored(name));
        }
        found.sort_unstable_by(|a, b| a.name.cmp(&b.name));
        Ok(found)
    }

    /// Every sequence there is with its session, in no order.
    pub(crate) async fn all_sequences(&self) -> Result<Vec<(Identity, Stored)>, StoreError> {
        let prefix = self.path("sequences", "");
        let mut objects = self.objects.list(Some(&prefix));
        let mut found = Vec::new();
        while let Some(object) = objects.try_next().await? {
            let Some((identity, name)) = place(&object.location) else {
                continue;
            };
            found.extend(stored(&name).map(|stored| (identity, stored)));
        }
        Ok(found)
    }
}

fn stored(name: &str) -> Option<Stored> {
    Some(Stored { name: name.to_owned(), says: SequenceName::parse(name)? })
}
