//! rrweb's numbers, as far as something depends on them here. They are doubles: a recorder may write any number.

/// The `type` of an event.
pub(crate) mod event_type {
    /// The document: without one nothing can be drawn.
    pub(crate) const FULL_SNAPSHOT: f64 = 2.0;
    /// What changed.
    pub(crate) const INCREMENTAL_SNAPSHOT: f64 = 3.0;
    /// Address and size, right before a full snapshot.
    pub(crate) const META: f64 = 4.0;
    /// The application's own.
    pub(crate) const CUSTOM: f64 = 5.0;
    /// A plugin's own.
    pub(crate) const PLUGIN: f64 = 6.0;
}

/// The `source` of an incremental snapshot.
pub(super) mod incremental_source {
    pub const MOUSE_MOVE: f64 = 1.0;
    pub const MOUSE_INTERACTION: f64 = 2.0;
    pub const SCROLL: f64 = 3.0;
    pub const INPUT: f64 = 5.0;
    pub const TOUCH_MOVE: f64 = 6.0;
    pub const MEDIA_INTERACTION: f64 = 7.0;
    pub const STYLE_SHEET_RULE: f64 = 8.0;
    pub const DRAG: f64 = 12.0;
    pub const STYLE_DECLARATION: f64 = 13.0;
    pub const SELECTION: f64 = 14.0;
    pub const ADOPTED_STYLE_SHEET: f64 = 15.0;
}

/// The `type` of a serialized node.
pub(super) mod node_type {
    pub const DOCUMENT: u8 = 0;
    pub const DOCUMENT_TYPE: u8 = 1;
    pub const ELEMENT: u8 = 2;
    pub const TEXT: u8 = 3;
    pub const CDATA: u8 = 4;
}
