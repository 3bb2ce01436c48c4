//! As much of JavaScript as the rules need: its values, and what it makes of one where it wants another kind.
//!
//! - [`text`]: texts of UTF-16 units; [`value`]: values, as JSON has them
//! - [`parse`]: `JSON.parse`; [`stringify`]: `JSON.stringify`
//! - [`number`]: numbers as texts, texts as numbers; [`coerce`]: `String(value)`, `Number(value)`, `<`
//! - [`property`]: `value[key]`, with what objects inherit; [`items`]: what a loop over a value sees
//! - [`budget`]: why an evaluation ends early, and how much work it may be

pub(super) mod budget;
pub(super) mod coerce;
pub(super) mod items;
pub(super) mod number;
pub(super) mod parse;
pub(super) mod property;
pub(super) mod stringify;
pub(super) mod text;
pub(super) mod value;
