//! Systems that have settings of proxies for all programs. They are asked for with each request, since people change them
//! while programs run.

#[cfg(target_os = "macos")]
use super::macos as functions;
#[cfg(windows)]
use super::windows as functions;

use std::time::Instant;

use url::Url;

use crate::delivery::proxy::answers::Answers;
use crate::delivery::proxy::haste::Haste;
use crate::delivery::proxy::route::Route;
use crate::delivery::send_error::SendError;
use crate::sync::Mutex;

/// The proxies of the system's settings.
#[derive(Default)]
pub(in crate::delivery::proxy) struct System {
    answers: Mutex<Answers>,
}

impl System {
    /// The way to this URL. It takes some seconds, every few minutes, where a script has to be fetched that does not come, and
    /// nothing cuts that off.
    pub fn route(&self, url: &Url, haste: Haste) -> Result<Route, SendError> {
        let Some(settings) = functions::settings() else { return Ok(Route::default()) };
        let mut answers = self.answers.lock();
        answers.follow(settings);
        let way = answers.way(url, Instant::now(), haste, |settings| functions::run_script(settings, url))?;
        Ok(Route::of_system(way))
    }

    /// The way to this URL led nowhere.
    pub fn note_failure(&self, url: &Url) {
        self.answers.lock().note_failure(url);
    }
}
