//! What a request passes before it is answered: is the host ours, may the page ask, is there room for one more?

pub(crate) mod hosts;
pub(crate) mod limits;
pub(crate) mod origins;
