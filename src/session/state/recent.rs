//! What is remembered up to a bound.

use std::collections::VecDeque;

/// `protocol.md` asks for the last 256 rejected sessions; there is no reason for another bound elsewhere.
pub(super) const MAX_REMEMBERED: usize = 256;

/// The newest of some ids, each once; the oldest is forgotten when there are too many.
pub(super) struct Recent<T>(VecDeque<T>);

impl<T> Default for Recent<T> {
    fn default() -> Self {
        Self(VecDeque::new())
    }
}

impl<T: PartialEq> Recent<T> {
    /// Remembers it as the newest.
    pub fn push(&mut self, id: T) {
        self.forget(&id);
        if self.0.len() == MAX_REMEMBERED {
            self.0.pop_front();
        }
        self.0.push_back(id);
    }

    pub fn contains(&self, id: &T) -> bool {
        self.0.contains(id)
    }

    pub fn forget(&mut self, id: &T) {
        self.0.retain(|known| known != id);
    }

    pub fn clear(&mut self) {
        self.0.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_is_forgotten_first() {
        let mut recent = Recent::default();
        (0..MAX_REMEMBERED).for_each(|id| recent.push(id));
        // Remembered again, it is not the oldest any more, and takes no second place.
        recent.push(0);
        recent.push(3);
        assert!(recent.contains(&1));
        recent.push(MAX_REMEMBERED);
        assert!(recent.contains(&0) && !recent.contains(&1) && recent.contains(&MAX_REMEMBERED));
        recent.forget(&0);
        assert!(!recent.contains(&0));
        recent.clear();
        assert!(!recent.contains(&2));
    }
}
