//! What makes a serialized element one that the player can build.

use super::fault::AN_OBJECT;
use super::names;
use crate::model::json::cursor::{Cursor, JsonKind};

/// The members of an element that the player uses.
pub(super) struct Element {
    tag_name: TagName,
    attributes: Attributes,
    is_svg: bool,
    is_custom: bool,
    is_shadow_host: bool,
}

/// What an element's `tagName` is good for. Without one the player makes an `undefined`.
#[derive(Clone, Copy)]
struct TagName {
    is_name: bool,
    is_link: bool,
    is_svg: bool,
    is_custom: bool,
    is_shadow_host: bool,
    is_media: bool,
}

/// What is known of an element's `attributes`.
#[derive(Clone, Copy)]
struct Attributes {
    are_there: bool,
    /// An object, or an array: what can be asked for a member.
    have_members: bool,
    has_media_state: bool,
    is_media_volume_possible: bool,
    is_media_rate_possible: bool,
}

impl Element {
    /// One of whose members none was read yet.
    pub const NEW: Self = Self {
        tag_name: TagName::NONE,
        attributes: Attributes::NONE,
        is_svg: false,
        is_custom: false,
        is_shadow_host: false,
    };

    /// Goes past the value of this member.
    pub fn read_member(&mut self, name: &[u8], value: &mut Cursor) {
        match name {
            b"tagName" => self.tag_name = TagName::read(value),
            b"attributes" => self.attributes = Attributes::read(value),
            b"isSVG" => self.is_svg = value.is_truthy(),
            b"isCustom" => self.is_custom = value.is_truthy(),
            b"isShadowHost" => self.is_shadow_host = value.is_truthy(),
            _ => value.skip(),
        }
    }

    /// Whether the player can ask its attributes for one.
    pub fn has_attributes(&self) -> bool {
        self.attributes.have_members
    }

    /// The member that the player can't use, and what it must be.
    pub fn fault(&self) -> Option<(&'static str, &'static str)> {
        let Self { tag_name, attributes, is_svg, .. } = self;
        if !tag_name.is_name {
            return Some((".tagName", "the name of an element"));
        }
        if *is_svg && !tag_name.is_svg {
            return Some((".tagName", "a name that an element of SVG can have"));
        }
        if self.is_custom && !is_svg && !tag_name.is_custom {
            return Some((".tagName", "a name that a custom element can have"));
        }
        if tag_name.is_link && !attributes.are_there {
            return Some((".attributes", AN_OBJECT));
        }
        if self.is_shadow_host && (*is_svg || !tag_name.is_shadow_host) {
            return Some((".isShadowHost", "left out: this element can't have a shadow tree"));
        }
        let is_media = tag_name.is_media && !is_svg;
        if attributes.has_media_state && !is_media {
            return Some((".attributes.rr_mediaState", "left out: this element plays nothing"));
        }
        if is_media && !attributes.is_media_volume_possible {
            return Some((".attributes.rr_mediaVolume", "0 to 1"));
        }
        if is_media && !attributes.is_media_rate_possible {
            return Some((".attributes.rr_mediaPlaybackRate", "0, or 0.0625 to 16"));
        }
        None
    }
}

impl TagName {
    const NONE: Self = Self {
        is_name: true,
        is_link: false,
        is_svg: true,
        is_custom: false,
        is_shadow_host: false,
        is_media: false,
    };

    fn read(value: &mut Cursor) -> Self {
        match value.kind() {
            JsonKind::Text => {}
            // The player makes text of it: that of a number, an object or an array is no name.
            kind => {
                value.skip();
                return Self {
                    is_name: matches!(kind, JsonKind::Null | JsonKind::True | JsonKind::False),
                    ..Self::NONE
                };
            }
        }
        let name = &*value.text();
        Self {
            is_name: names::is_element(name),
            is_link: name.eq_ignore_ascii_case(b"link"),
            is_svg: names::is_svg(name),
            is_custom: names::is_custom(name),
            is_shadow_host: names::is_shadow_host(name),
            is_media: names::is_media(name),
        }
    }
}

impl Attributes {
    const NONE: Self = Self {
        are_there: false,
        have_members: false,
        has_media_state: false,
        is_media_volume_possible: true,
        is_media_rate_possible: true,
    };

    fn read(value: &mut Cursor) -> Self {
        let kind = value.kind();
        let have_members = matches!(kind, JsonKind::Object | JsonKind::Array);
        let mut read = Self { are_there: kind != JsonKind::Null, have_members, ..Self::NONE };
        if kind != JsonKind::Object {
            value.skip();
            return read;
        }
        value.enter();
        while let Some(name) = value.next_member() {
            match &*name {
                b"rr_mediaState" if value.kind() == JsonKind::Text => {
                    read.has_media_state = matches!(&*value.text(), b"played" | b"paused");
                }
                // What is no number is passed over.
                b"rr_mediaVolume" => {
                    let is_possible = |volume| (0.0..=1.0).contains(&volume);
                    read.is_media_volume_possible = value.number_or_skip().is_none_or(is_possible);
                }
                b"rr_mediaPlaybackRate" => {
                    let is_possible = |rate: f64| rate == 0.0 || (0.0625..=16.0).contains(&rate);
                    read.is_media_rate_possible = value.number_or_skip().is_none_or(is_possible);
                }
                _ => value.skip(),
            }
        }
        read
    }
}
