//! The analytics library's own session and device, asked for at each event.
//!
//! A getter runs on a thread of the host, which may be cancelled in it, or end there: then it never comes back here. So
//! that it runs is noted in the thread's own memory, which is given back however the thread ends.

use std::any::Any;
use std::cell::RefCell;
use std::sync::Arc;

use super::session_id;
use crate::callback::{Call, Callback};
use crate::error::Error;

/// Tells the current session id, milliseconds since 1970; 0 or less: there is none.
pub type SessionGetter = Box<dyn Fn() -> i64 + Send + Sync>;

/// Tells the current device id; `None`: there is none, or it is no text in UTF-8.
pub type DeviceGetter = Box<dyn Fn() -> Option<String> + Send + Sync>;

/// The host's getters, as far as it gave them.
#[derive(Default)]
pub(crate) struct Getters {
    session: Arc<Callback<SessionGetter>>,
    device: Arc<Callback<DeviceGetter>>,
}

/// What the getters told. The outer `None` of the device: there is nobody to ask.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Answers {
    pub session: Option<i64>,
    pub device: Option<Option<String>>,
}

thread_local! {
    /// The call of a getter that this thread is inside.
    static INSIDE: RefCell<Option<Box<dyn Any>>> = const { RefCell::new(None) };
}

/// Whether this thread is inside a getter, which is not asked again then.
pub(crate) fn is_inside() -> bool {
    INSIDE.with_borrow(Option::is_some)
}

impl Getters {
    /// A call of the getter that is about to be made. A getter that sends an event itself is not asked again.
    pub fn session_question(&self) -> Option<Question<SessionGetter>> {
        Question::of(&self.session)
    }

    /// As [`Self::session_question`].
    pub fn device_question(&self) -> Option<Question<DeviceGetter>> {
        Question::of(&self.device)
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

fn refuse_inside(what: &str) -> Result<(), Error> {
    if is_inside() {
        return Err(Error::InvalidArgument(format!(
            "a {what} getter can't replace itself: set another after it returned"
        )));
    }
    Ok(())
}

/// A getter that counts as running, until this is gone or the thread has ended.
pub(crate) struct Question<F> {
    getter: Arc<F>,
    _outside: Outside,
}

impl<F: 'static> Question<F> {
    fn of(callback: &Arc<Callback<F>>) -> Option<Self> {
        if is_inside() {
            return None;
        }
        let running = Call::begin(callback.clone())?;
        let getter = running.function()?;
        INSIDE.with_borrow_mut(|inside| *inside = Some(Box::new(running)));
        Some(Self { getter, _outside: Outside })
    }
}

impl Question<SessionGetter> {
    /// Calls it. No lock is held meanwhile.
    pub fn ask(self) -> Option<i64> {
        session_id::told((self.getter)())
    }
}

impl Question<DeviceGetter> {
    /// Calls it. No lock is held meanwhile.
    pub fn ask(self) -> Option<String> {
        (self.getter)().filter(|device| !device.is_empty())
    }
}

/// Marks the thread as outside again, also when the getter is unwound.
struct Outside;

impl Drop for Outside {
    fn drop(&mut self) {
        let running =
            INSIDE.try_with(|inside| inside.try_borrow_mut().ok().and_then(|mut inside| inside.take()));
        drop(running);
    }
}

/// Asks both, through these ways to their questions: inside a getter nobody, and the device is not known.
pub(crate) fn ask(
    session: impl FnOnce() -> Option<Question<SessionGetter>>,
    device: impl FnOnce() -> Option<Question<DeviceGetter>>,
) -> Answers {
    if is_inside() {
        return Answers { session: None, device: Some(None) };
    }
    let session = session().and_then(Question::<SessionGetter>::ask);
    let device = device().map(Question::<DeviceGetter>::ask);
    Answers { session, device }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, OnceLock};

    use super::*;

    impl Getters {
        fn session(&self) -> Option<i64> {
            self.session_question().and_then(Question::<SessionGetter>::ask)
        }

        fn device(&self) -> Option<Option<String>> {
            ask(|| None, || self.device_question()).device
        }
    }

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

    #[test]
    fn a_getter_whose_thread_ended_inside_it_may_be_replaced() {
        let getters = Arc::new(Getters::default());
        getters.set_session(Some(Box::new(|| 7))).unwrap();
        getters.set_device(Some(Box::new(|| None))).unwrap();
        // As on musl and macOS, where a cancelled thread runs no destructor of its stack.
        let ended = getters.clone();
        std::thread::spawn(move || std::mem::forget(ended.session_question())).join().unwrap();
        let ended = getters.clone();
        std::thread::spawn(move || std::mem::forget(ended.device_question())).join().unwrap();
        getters.set_session(None).unwrap();
        getters.set_device(None).unwrap();
    }

    #[test]
    fn a_getter_that_is_unwound_is_no_longer_running() {
        let getters = Arc::new(Getters::default());
        getters.set_session(Some(Box::new(|| panic!("no")))).unwrap();
        let ask = std::panic::AssertUnwindSafe(|| getters.session());
        assert!(std::panic::catch_unwind(ask).is_err());
        getters.set_session(None).unwrap();
        assert_eq!(getters.session(), None);
    }
}
