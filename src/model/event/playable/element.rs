//! What makes a serialized element one that the player can build.

use std::borrow::Cow;

use super::fault::AN_OBJECT;
use super::names;
use crate::model::json::cursor::{Cursor, JsonKind};

/// The members of an element that the player uses.
pub(super) struct Element<'a> {
    tag_name: TagName<'a>,
    attributes: Attributes,
    is_svg: bool,
    is_custom: bool,
    is_shadow_host: bool,
}

/// An element's `tagName`. What a name is good for is asked of few.
enum TagName<'a> {
    /// Without one the player makes an `undefined`.
    None,
    /// What the player makes text of: that of a number, an object or an array is no name.
    NoText,
    Name(Cow<'a, [u8]>),
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

impl<'a> Element<'a> {
    /// One of whose members none was read yet.
    pub const NEW: Self = Self {
        tag_name: TagName::None,
        attributes: Attributes::NONE,
        is_svg: false,
        is_custom: false,
        is_shadow_host: false,
    };

    /// Goes past the value of this member.
    pub fn read_member(&mut self, name: &[u8], value: &mut Cursor<'a>) {
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
        let name = match tag_name {
            TagName::None => None,
            TagName::Name(name) if names::is_element(name) => Some(&**name),
            _ => return Some((".tagName", "the name of an element")),
        };
        let is = |rule: fn(&[u8]) -> bool| name.is_some_and(rule);
        if *is_svg && name.is_some() && !is(names::is_svg) {
            return Some((".tagName", "a name that an element of SVG can have"));
        }
        if self.is_custom && !is_svg && !is(names::is_custom) {
            return Some((".tagName", "a name that a custom element can have"));
        }
        if !attributes.are_there && is(names::is_link) {
            return Some((".attributes", AN_OBJECT));
        }
        if self.is_shadow_host && (*is_svg || !is(names::is_shadow_host)) {
            return Some((".isShadowHost", "left out: this element can't have a shadow tree"));
        }
        if attributes.are_of_media() {
            let is_media = !is_svg && is(names::is_media);
            return attributes.fault_of_media(is_media);
        }
        None
    }
}

impl<'a> TagName<'a> {
    fn read(value: &mut Cursor<'a>) -> Self {
        match value.kind() {
            JsonKind::Text => Self::Name(value.text()),
            JsonKind::Null | JsonKind::True | JsonKind::False => {
                value.skip();
                Self::None
            }
            JsonKind::Number | JsonKind::Object | JsonKind::Array => {
                value.skip();
                Self::NoText
            }
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
        if value.skip_empty() {
            return read;
        }
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

    /// Whether one of them is of what plays something, and not as each element may have it.
    fn are_of_media(&self) -> bool {
        self.has_media_state || !self.is_media_volume_possible || !self.is_media_rate_possible
    }

    fn fault_of_media(&self, is_media: bool) -> Option<(&'static str, &'static str)> {
        if self.has_media_state && !is_media {
            return Some((".attributes.rr_mediaState", "left out: this element plays nothing"));
        }
        if is_media && !self.is_media_volume_possible {
            return Some((".attributes.rr_mediaVolume", "0 to 1"));
        }
        if is_media && !self.is_media_rate_possible {
            return Some((".attributes.rr_mediaPlaybackRate", "0, or 0.0625 to 16"));
        }
        None
    }
}
