//! The analytics library's own session and device, asked for at each event.

use std::borrow::Cow;
use std::cell::Cell;

use super::session_id;
use crate::error::Error;
use crate::sync::Callback;

/// Tells the current session id, milliseconds since 1970; 0 or less: there is none.
pub type SessionGetter = Box<dyn Fn() -> i64 + Send + Sync>;

/// Tells the current device id; `None`: there is none, or it is no text in UTF-8.
pub type DeviceGetter = Box<dyn Fn() -> Option<String> + Send + Sync>;

/// The host's getters, as far as it gave them.
#[derive(Default)]
pub(crate) struct Getters {
    session: Callback<SessionGetter>,
    device: Callback<DeviceGetter>,
}

thread_local! {
    /// This thread is inside a getter.
    static INSIDE: Cell<bool> = const { Cell::new(false) };
}

impl Getters {
    /// The session that the analytics are in. A getter that sends an event itself is not asked again.
    pub fn session(&self) -> Option<i64> {
        let _outside = enter()?;
        self.session.call(|getter| getter()).and_then(session_id::told)
    }

    /// The device that the analytics go by, if they have one; the outer `None`: there is nobody to ask.
    pub fn device(&self) -> Option<Option<Cow<'static, str>>> {
        let Some(_outside) = enter() else { return Some(None) };
        let told = self.device.call(|getter| getter())?;
        Some(told.filter(|device| !device.is_empty()).map(Cow::from))
    }

    /// When this returns, the getter before is not running and is not called any more.
    pub fn set_session(&self, getter: Option<SessionGetter>) -> Result<(), Error> {
        refuse_inside("session")?;
        self.session.set(getter);
        Ok(())
    }

    /// As [`Self::set_session`].
    pub fn set_device(&self, getter: Option<DeviceGetter>) -> Result<(), Error> {
        refuse_inside("device")?;
        self.device.set(getter);
        Ok(())
    }
}

fn enter() -> Option<Outside> {
    (!INSIDE.replace(true)).then(|| Outside)
}

fn refuse_inside(what: &str) -> Result<(), Error> {
    if INSIDE.get() {
        return Err(Error::InvalidArgument(format!(
            "a {what} getter can't replace itself: set another after it returned"
        )));
    }
    Ok(())
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
        let getters = Getters::default();
        assert_eq!((getters.session(), getters.device()), (None, None));
        getters.set_session(Some(Box::new(|| 7))).unwrap();
        getters.set_device(Some(Box::new(|| Some("d".to_owned())))).unwrap();
        assert_eq!((getters.session(), getters.device()), (Some(7), Some(Some("d".into()))));
        getters.set_session(Some(Box::new(|| -1))).unwrap();
        getters.set_device(Some(Box::new(|| None))).unwrap();
        assert_eq!((getters.session(), getters.device()), (None, Some(None)));
        getters.set_session(None).unwrap();
        getters.set_device(None).unwrap();
        assert_eq!((getters.session(), getters.device()), (None, None));
    }

    #[test]
    fn a_getter_that_comes_back_does_no_harm() {
        let getters = Arc::new(Getters::default());
        let refused = Arc::new(OnceLock::new());
        let (inner, told) = (getters.clone(), refused.clone());
        getters
            .set_session(Some(Box::new(move || {
                assert_eq!(inner.session(), None);
                assert_eq!(inner.device(), Some(None));
                told.get_or_init(|| (inner.set_session(None), inner.set_device(None)));
                7
            })))
            .unwrap();
        assert_eq!(getters.session(), Some(7));
        let (session, device) = refused.get().unwrap();
        assert!(session.is_err() && device.is_err());
        assert_eq!(getters.session(), Some(7), "asked again");
        getters.set_session(None).unwrap();
    }
}
