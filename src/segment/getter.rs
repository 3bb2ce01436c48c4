//! The analytics library's own session id, asked for at each event.

use std::cell::Cell;

use crate::error::Error;
use crate::sync::Callback;

/// Tells the current session id, milliseconds since 1970; 0 or less: there is none.
pub type SessionGetter = Box<dyn Fn() -> i64 + Send + Sync>;

/// The host's getter, if it gave one.
#[derive(Default)]
pub(crate) struct Getter(Callback<SessionGetter>);

thread_local! {
    /// This thread is inside a getter.
    static INSIDE: Cell<bool> = const { Cell::new(false) };
}

impl Getter {
    /// The session id that the host's getter tells. A getter that sends an event itself is not asked again.
    pub fn ask(&self) -> Option<i64> {
        if INSIDE.replace(true) {
            return None;
        }
        let _outside = Outside;
        self.0.call(|getter| getter()).filter(|session| *session > 0)
    }

    /// When this returns, the getter before is not running and is not called any more.
    pub fn set(&self, getter: Option<SessionGetter>) -> Result<(), Error> {
        if INSIDE.get() {
            return Err(Error::InvalidArgument(
                "a session getter can't replace itself: set another after it returned".to_owned(),
            ));
        }
        self.0.set(getter);
        Ok(())
    }
}

/// Marks the thread as outside again, also when a Rust host's getter panics.
struct Outside;

impl Drop for Outside {
    fn drop(&mut self) {
        INSIDE.set(false);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, OnceLock};

    use super::*;

    #[test]
    fn asks_whoever_is_set() {
        let getter = Getter::default();
        assert_eq!(getter.ask(), None);
        getter.set(Some(Box::new(|| 7))).unwrap();
        assert_eq!(getter.ask(), Some(7));
        getter.set(Some(Box::new(|| -1))).unwrap();
        assert_eq!(getter.ask(), None);
        getter.set(None).unwrap();
        assert_eq!(getter.ask(), None);
    }

    #[test]
    fn a_getter_that_comes_back_does_no_harm() {
        let getter = Arc::new(Getter::default());
        let refused = Arc::new(OnceLock::new());
        let (inner, told) = (getter.clone(), refused.clone());
        getter
            .set(Some(Box::new(move || {
                assert_eq!(inner.ask(), None);
                told.get_or_init(|| inner.set(None));
                7
            })))
            .unwrap();
        assert_eq!(getter.ask(), Some(7));
        assert!(refused.get().unwrap().is_err());
        assert_eq!(getter.ask(), Some(7), "asked again");
        getter.set(None).unwrap();
    }
}
