//! The connections there are, and which of them is evicted when there are too many.
//!
//! Whoever comes is let in: clients that open connections and hold them must not lock out those that want something.
//! So the connection goes that has been idle for the longest time.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::task::AbortHandle;

use super::state::{Activity, Connection};

/// A connection that is as young as this may have its request on the way.
const GRACE: Duration = Duration::from_secs(1);

/// All connections with the tasks that serve them, oldest first.
#[derive(Debug, Default)]
pub(crate) struct ConnectionTable(Vec<(Arc<Connection>, AbortHandle)>);

impl ConnectionTable {
    pub(crate) fn add(&mut self, connection: Arc<Connection>, task: AbortHandle) {
        self.0.push((connection, task));
    }

    /// Forgets those that have ended, and returns how many there are.
    pub(crate) fn count(&mut self) -> usize {
        self.0.retain(|(_, task)| !task.is_finished());
        self.0.len()
    }

    /// Ends the one that has to go; `false` when none can.
    pub(crate) fn evict_one(&mut self) -> bool {
        let now = Instant::now();
        let activities: Vec<Activity> = self.0.iter().map(|(connection, _)| connection.activity()).collect();
        let Some(index) = candidate(&activities, now) else {
            return false;
        };
        self.0.remove(index).1.abort();
        true
    }
}

/// The one that is idle for the longest time, if that is a while; otherwise the one whose request takes longest.
fn candidate(activities: &[Activity], now: Instant) -> Option<usize> {
    let idle =
        |activity: &Activity| !activity.in_flight && now.saturating_duration_since(activity.since) >= GRACE;
    let candidates = activities.iter().enumerate().filter(|(_, activity)| !activity.protected);
    candidates.min_by_key(|(_, activity)| (!idle(activity), activity.since)).map(|(index, _)| index)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_connection_that_is_idle_for_longest_is_evicted() {
        let now = Instant::now() + Duration::from_secs(100);
        let activity = |in_flight, protected, age| Activity {
            in_flight,
            protected,
            since: now - Duration::from_millis(age),
        };
        for (activities, evicted) in [
            (vec![], None),
            (vec![activity(true, true, 90_000), activity(false, true, 90_000)], None),
            // Idle for longest.
            (
                vec![
                    activity(false, false, 2_000),
                    activity(false, false, 3_000),
                    activity(true, false, 9_000),
                ],
                Some(1),
            ),
            // One that has just come is given the time to say what it wants.
            (
                vec![activity(true, false, 2_000), activity(true, false, 3_000), activity(false, false, 900)],
                Some(1),
            ),
            (
                vec![activity(true, false, 20), activity(false, false, 30), activity(false, true, 90_000)],
                Some(1),
            ),
        ] {
            assert_eq!(candidate(&activities, now), evicted, "{activities:?}");
        }
    }
}
