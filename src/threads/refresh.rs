//! Keeps the remote configuration up to date: fetches it when that is due, caches it, applies it.

use std::time::Instant;

use url::Url;

use super::context::Context;
use crate::model::capture::CaptureRule;
use crate::model::targeting::Targeting;
use crate::options::LogLevel;
use crate::remote_config::{self, Effective, Refresh, RefreshSchedule, RemoteConfig};
use crate::session::Outcome;

/// The file of the last good configuration, beside the directories of the runs.
const CACHE_FILE: &str = "remote-config.json";

/// Keeps the rule about capturing, and the schedule of the fetches that change it.
pub(super) struct ConfigRefresher {
    url: Url,
    schedule: RefreshSchedule,
    rule: CaptureRule,
    targeting: Option<Targeting>,
}

impl ConfigRefresher {
    /// Fetches the configuration for the first time, if the options ask for it, and applies it.
    pub fn start(context: &Context, url: Url) -> Self {
        let is_remote = context.options.remote_config;
        let rule = remote_config::local_rule(&context.options);
        let mut this = Self { url, schedule: RefreshSchedule::new(is_remote), rule, targeting: None };
        if is_remote {
            this.refresh(context, false);
        }
        this.apply(context);
        this
    }

    /// The rule about capturing.
    pub fn rule(&self) -> &CaptureRule {
        &self.rule
    }

    /// Fetches the configuration again, if that is due, and applies it.
    pub fn refresh_if_due(&mut self, context: &Context) {
        if self.schedule.is_due(context.sessions.sessions_started(), Instant::now()) {
            self.refresh(context, true);
            self.apply(context);
        }
    }

    /// A fetch that was cut off by the end says nothing about capturing.
    fn apply(&self, context: &Context) {
        if !context.stopping() {
            context.sessions.apply_rule(self.rule, self.targeting.clone());
            // What was not captured may be from now on, and no view may change for long.
            context.views.begin(Outcome::Done);
        }
    }

    /// `has_rule`: the rule is that of an earlier fetch, and holds on where this one fails.
    fn refresh(&mut self, context: &Context, has_rule: bool) {
        let cached = read_cache(context);
        let has_fallback = cached.is_some() || has_rule;
        // Counted before: a session that begins during the fetch makes another one due.
        let sessions_started = context.sessions.sessions_started();
        let fetched =
            remote_config::fetch(&context.http, &self.url, has_fallback, |pause| context.sleep(pause));
        self.schedule.note(sessions_started, Instant::now(), &fetched);
        let refresh = Refresh::of(fetched, cached, has_rule);
        if let Some(problem) = refresh.problem {
            context.report_failure(LogLevel::Warn, problem);
        }
        if let Some(body) = refresh.to_cache {
            write_cache(context, &body);
        }
        if let Effective::Config(config) = refresh.effective {
            self.rule = apply_remote_config(context, config.as_ref());
            self.targeting = config.and_then(|config| config.replay?.targeting);
        }
    }
}

fn read_cache(context: &Context) -> Option<RemoteConfig> {
    let config = RemoteConfig::parse(&context.storage.read_file(CACHE_FILE)?)?;
    config.replay.is_some().then_some(config)
}

fn write_cache(context: &Context, body: &[u8]) {
    if let Err(error) = context.storage.write_file(CACHE_FILE, body) {
        context.log.write(LogLevel::Warn, || format!("the remote configuration can't be cached: {error}"));
    }
}

/// Merges a configuration with the options: what to mask, and the rule about capturing, which is returned.
fn apply_remote_config(context: &Context, config: Option<&RemoteConfig>) -> CaptureRule {
    let privacy = config.and_then(|config| config.replay.as_ref()?.privacy.as_ref());
    if let Some(passed_over) = privacy.map(|privacy| privacy.passed_over).filter(|count| *count > 0) {
        context.log.write(LogLevel::Warn, || {
            format!("{passed_over} entries of the remote privacy configuration are ignored: they are malformed or too many")
        });
    }
    context.views.apply_page_config(remote_config::merge_page(&context.options, config));
    remote_config::merge(&context.options, config)
}
