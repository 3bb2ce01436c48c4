//! The host's getters: they give the analytics library's own session and device, at each event.
//!
//! A getter runs on a thread of the host, which may be cancelled in it, or end there: then it never comes back here. So
//! that it runs is noted in the thread's own memory, which is given back however the thread ends.

use std::any::Any;
use std::cell::RefCell;
use std::sync::Arc;

use super::session_id;
use crate::callback::{Call, Callback};
use crate::error::Error;
use crate::model::ids::{DeviceId, SessionId};
use crate::session::analytics_event::DeviceReading;

/// Gives the current session id, milliseconds since 1970; 0 or less: there is none.
pub type SessionGetter = Box<dyn Fn() -> i64 + Send + Sync>;

/// Gives the current device id; `None`: there is none, or it is no text in UTF-8.
pub type DeviceGetter = Box<dyn Fn() -> Option<String> + Send + Sync>;

/// The host's getters, as far as it gave them.
#[derive(Default)]
pub(crate) struct Getters {
    session: Arc<Callback<SessionGetter>>,
    device: Arc<Callback<DeviceGetter>>,
}

/// The ids that the getters gave.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct GetterIds {
    pub session: Option<SessionId>,
    /// `None`: no device getter is set, so that the event's own device counts.
    pub device: Option<DeviceReading>,
}

thread_local! {
    /// The call of a getter that this thread is inside.
    static INSIDE: RefCell<Option<Box<dyn Any>>> = const { RefCell::new(None) };
}

/// Whether this thread is inside a getter: none is called then.
pub(crate) fn is_inside() -> bool {
    INSIDE.with_borrow(Option::is_some)
}

impl Getters {
    /// A call of the session getter that is about to be made; `None` where none is set, and inside a getter: one that
    /// sends an event itself is not called again.
    pub fn session_call(&self) -> Option<GetterCall<SessionGetter>> {
        GetterCall::begin(&self.session)
    }

    /// As [`Self::session_call`].
    pub fn device_call(&self) -> Option<GetterCall<DeviceGetter>> {
        GetterCall::begin(&self.device)
    }

    /// When this returns, the getter before is not running and is not called any more.
    pub fn set_session(&self, getter: Option<SessionGetter>) -> Result<(), Error> {
        refuse_inside()?;
        self.session.set(getter);
        Ok(())
    }

    /// As [`Self::set_session`].
    pub fn set_device(&self, getter: Option<DeviceGetter>) -> Result<(), Error> {
        refuse_inside()?;
        self.device.set(getter);
        Ok(())
    }
}

fn refuse_inside() -> Result<(), Error> {
    if is_inside() {
        return Err(Error::InvalidArgument(
            "a getter can't set a getter: call this after it has returned".to_owned(),
        ));
    }
    Ok(())
}

/// A getter that counts as running, until this is gone or the thread has ended.
pub(crate) struct GetterCall<F> {
    getter: Arc<F>,
    _outside: Outside,
}

impl<F: 'static> GetterCall<F> {
    fn begin(callback: &Arc<Callback<F>>) -> Option<Self> {
        if is_inside() {
            return None;
        }
        let running = Call::begin(callback.clone())?;
        let getter = running.function()?;
        INSIDE.with_borrow_mut(|inside| *inside = Some(Box::new(running)));
        Some(Self { getter, _outside: Outside })
    }
}

impl GetterCall<SessionGetter> {
    /// Calls it. No lock is held meanwhile.
    pub fn call(self) -> Option<SessionId> {
        session_id::from_millis((self.getter)())
    }
}

impl GetterCall<DeviceGetter> {
    /// Calls it. No lock is held meanwhile.
    pub fn call(self) -> DeviceReading {
        let device = (self.getter)().filter(|device| !device.is_empty())?;
        Some(DeviceId::from_text(&device))
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

/// Calls the getters, the session's first; each call is begun by the function given for it. Inside a getter none is
/// called, and the event has no device.
pub(crate) fn call_getters(
    session_call: impl FnOnce() -> Option<GetterCall<SessionGetter>>,
    device_call: impl FnOnce() -> Option<GetterCall<DeviceGetter>>,
) -> GetterIds {
    if is_inside() {
        return GetterIds { session: None, device: Some(None) };
    }
    let session = session_call().and_then(GetterCall::<SessionGetter>::call);
    let device = device_call().map(GetterCall::<DeviceGetter>::call);
    GetterIds { session, device }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, OnceLock};

    use super::*;

    impl Getters {
        fn session(&self) -> Option<SessionId> {
            self.session_call().and_then(GetterCall::<SessionGetter>::call)
        }

        fn device(&self) -> Option<DeviceReading> {
            call_getters(|| None, || self.device_call()).device
        }
    }

    fn seven() -> Option<SessionId> {
        SessionId::from_millis(7).ok()
    }

    #[test]
    fn calls_whichever_is_set() {
        let getters = Getters::default();
        assert_eq!((getters.session(), getters.device()), (None, None));
        getters.set_session(Some(Box::new(|| 7))).unwrap();
        getters.set_device(Some(Box::new(|| Some("d".to_owned())))).unwrap();
        assert_eq!((getters.session(), getters.device()), (seven(), Some(Some(DeviceId::from_text("d")))));
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
        let (inner, results) = (getters.clone(), refused.clone());
        getters
            .set_session(Some(Box::new(move || {
                assert_eq!(inner.session(), None);
                assert_eq!(inner.device(), Some(None));
                results.get_or_init(|| (inner.set_session(None), inner.set_device(None)));
                7
            })))
            .unwrap();
        assert_eq!(getters.session(), seven());
        let (session, device) = refused.get().unwrap();
        assert!(session.is_err() && device.is_err());
        assert_eq!(getters.session(), seven(), "called again");
        getters.set_session(None).unwrap();
    }

    #[test]
    fn a_getter_whose_thread_ended_inside_it_may_be_replaced() {
        let getters = Arc::new(Getters::default());
        getters.set_session(Some(Box::new(|| 7))).unwrap();
        getters.set_device(Some(Box::new(|| None))).unwrap();
        // As on musl and macOS, where a cancelled thread runs no destructor of its stack.
        let ended = getters.clone();
        std::thread::spawn(move || std::mem::forget(ended.session_call())).join().unwrap();
        let ended = getters.clone();
        std::thread::spawn(move || std::mem::forget(ended.device_call())).join().unwrap();
        getters.set_session(None).unwrap();
        getters.set_device(None).unwrap();
    }

    #[test]
    fn a_getter_that_is_unwound_is_no_longer_running() {
        let getters = Arc::new(Getters::default());
        getters.set_session(Some(Box::new(|| panic!("no")))).unwrap();
        let call = std::panic::AssertUnwindSafe(|| getters.session());
        assert!(std::panic::catch_unwind(call).is_err());
        getters.set_session(None).unwrap();
        assert_eq!(getters.session(), None);
    }
}
