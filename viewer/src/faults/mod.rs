//! Misbehaviour on request: a queue of faults that answer instead of the honest viewer.

mod answer;
mod queue;
mod reply;
mod spec;

pub(crate) use queue::{Fault, Faults};
pub(crate) use spec::{Cut, FaultSpec, Target};
