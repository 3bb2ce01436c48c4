//! A list of nodes: what an app shows, as the host tells it, made into elements of the scene's document.
//!
//! - [`kind`]: what a node is, and its states; [`node`]: one as it is kept, with its bounds
//! - [`mask`]: what of its text is kept
//! - [`join`]: which nodes are one element
//! - [`draw`]: how it looks as an element; [`palette`]: what all of them inherit; [`css`], [`style`]: the CSS
//! - [`moves`]: which of them move together
//! - [`list`]: the list of a view, and what changes from one to the next

mod css;
mod draw;
mod join;
mod kind;
mod list;
mod mask;
mod moves;
mod node;
mod palette;
pub(super) mod style;
mod units;

pub use kind::{NodeFlag, NodeKind};
pub(super) use list::{NodeList, fingerprint};
pub(super) use mask::mask;
pub use node::NodeInfo;
pub(super) use node::{Size, prepare, shorten};
pub(super) use units::{colour, number};
