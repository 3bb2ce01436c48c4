//! `privacyConfig`, in the browser SDK's words.

use super::field::{Entry, OptionsError, for_each_entry};
use crate::model::privacy::{MAX_SELECTOR_BYTES, MAX_SELECTORS, MaskLevel, PrivacyConfig, UrlMaskLevel};

pub(super) fn read(entry: &Entry) -> Result<PrivacyConfig, OptionsError> {
    const KEYS: [&str; 6] = [
        "defaultMaskLevel",
        "blockSelector",
        "maskSelector",
        "unmaskSelector",
        "maskAttributes",
        "urlMaskLevels",
    ];
    let mut config = PrivacyConfig::default();
    for_each_entry(entry.object()?, &entry.path, &KEYS, |key, entry| {
        let texts = |entry: &Entry| entry.texts(MAX_SELECTORS, 1, MAX_SELECTOR_BYTES);
        match key {
            "defaultMaskLevel" => config.default_mask_level = Some(mask_level(entry)?),
            "blockSelector" => config.block_selector = texts(entry)?,
            "maskSelector" => config.mask_selector = texts(entry)?,
            "unmaskSelector" => config.unmask_selector = texts(entry)?,
            "maskAttributes" => config.mask_attributes = texts(entry)?,
            _ => {
                let rules = entry.list(MAX_SELECTORS)?;
                config.url_mask_levels = rules.iter().map(url_mask_level).collect::<Result<_, _>>()?;
            }
        }
        Ok(())
    })?;
    Ok(config)
}

fn mask_level(entry: &Entry) -> Result<MaskLevel, OptionsError> {
    entry.one_of(&MaskLevel::NAMES)
}

fn url_mask_level(entry: &Entry) -> Result<UrlMaskLevel, OptionsError> {
    let (mut glob, mut level) = (None, None);
    for_each_entry(entry.object()?, &entry.path, &["match", "maskLevel"], |key, entry| {
        match key {
            "match" => glob = Some(entry.text(1, MAX_SELECTOR_BYTES)?.to_owned()),
            _ => level = Some(mask_level(entry)?),
        }
        Ok(())
    })?;
    match (glob, level) {
        (Some(glob), Some(mask_level)) => Ok(UrlMaskLevel { glob, mask_level }),
        _ => Err(entry.expected("an object with \"match\" and \"maskLevel\"")),
    }
}
