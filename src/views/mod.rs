//! The scene.

mod ids;
pub(crate) mod page;
