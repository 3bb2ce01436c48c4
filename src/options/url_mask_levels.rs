//! `privacyConfig.urlMaskLevels`, in the browser SDK's words.

use super::error::OptionsError;
use super::given::Given;
use crate::model::named::Named;
use crate::model::privacy::{MAX_SELECTOR_BYTES, MAX_SELECTORS, MaskLevel, UrlMaskLevel};

pub(super) fn read(given: &Given) -> Result<Vec<UrlMaskLevel>, OptionsError> {
    given.list(MAX_SELECTORS)?.iter().map(url_mask_level).collect()
}

fn url_mask_level(given: &Given) -> Result<UrlMaskLevel, OptionsError> {
    let (mut glob, mut level) = (None, None);
    given.for_each_member(|key, member| {
        match key {
            "match" | "maskLevel" if member.value.is_null() => {}
            "match" => glob = Some(member.text(1, MAX_SELECTOR_BYTES)?.to_owned()),
            "maskLevel" => level = Some(member.one_of(&MaskLevel::names(), MaskLevel::from_name)?),
            _ => return Err(OptionsError::unknown(key, &member.path, ["match", "maskLevel"])),
        }
        Ok(())
    })?;
    match (glob, level) {
        (Some(glob), Some(mask_level)) => Ok(UrlMaskLevel { glob, mask_level }),
        _ => Err(given.expected("an object with \"match\" and \"maskLevel\"")),
    }
}
