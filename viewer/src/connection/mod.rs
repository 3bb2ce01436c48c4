//! One client's connection: what it is doing, how fast it has to read, and when it has to go.

mod eviction;
mod marks;
mod min_data_rate;
mod state;

pub(crate) use eviction::ConnectionTable;
pub(crate) use marks::{CutConnection, LocalAddress, PeerAddress, cut};
pub(crate) use min_data_rate::MinDataRate;
pub(crate) use state::{Connection, InFlightBody};
