//! session-replay
