//! What the recorder was told to capture.

use super::super::facts::Facts;
use super::{Found, fine, problem, said, unknown};

pub(super) fn configuration_asked(facts: &Facts) -> Found {
    let Some(asked) = &facts.configuration else {
        return unknown(
            "Nobody has asked this viewer for remote configuration, as far as it remembers.",
            Some(
                "Point configServerUrl at <viewer>/config; or set enableRemoteConfig to false, and the options of the program alone decide.",
            ),
        );
    };
    let from = asked.from.as_deref().unwrap_or("an unknown address");
    let agent = asked.headers.get("user-agent").map_or(String::new(), |agent| format!(" by {agent}"));
    fine(format!("It was last asked for from {from}{agent}; such a request does not say for which device."))
        .at(asked.at)
}

pub(super) fn configuration_answered(facts: &Facts) -> Found {
    let Some(asked) = &facts.configuration else {
        return unknown("It was not asked for, so nothing was answered.", None);
    };
    let found = match (&asked.answer, &asked.fault) {
        (None, Some(fault)) => problem(
            format!(
                "A fault answered in place of the configuration ({fault}): without a stored answer nothing is captured."
            ),
            "Clear the faults: DELETE /api/faults.",
        ),
        (None, None) => problem(
            format!("It was refused ({}).", said(asked.status, &asked.problems)),
            "Ask with GET <viewer>/config/<api key>?config_group=browser.",
        ),
        (Some(answer), _) if !answer.is_for_session_replay => problem(
            "The answer has no object configs.sessionReplay, so nothing is captured.",
            "Set it with PUT /api/remote-config, or with the option --remote-config.",
        ),
        (Some(answer), _) if !answer.capture_enabled => problem(
            "The answer has capture off (sr_sampling_config.capture_enabled), so nothing is captured.",
            "Set capture_enabled to true with PUT /api/remote-config; while developing, enableRemoteConfig: false.",
        ),
        (Some(answer), _) if answer.has_targeting => unknown(
            "The answer has rules that choose sessions (sr_targeting_config), whatever the sample rate; the device decides by them.",
            Some(
                "Look at state and targeting.rule in sr_stats(); pass events and properties to sr_evaluate_targeting.",
            ),
        ),
        (Some(answer), _) => match answer.sample_rate {
            Some(rate) if rate <= 0.0 => problem(
                "The answer has the sample rate 0, so no session is captured.",
                "Set sample_rate to 1 with PUT /api/remote-config while developing.",
            ),
            Some(rate) if rate < 1.0 => unknown(
                format!(
                    "The answer has the sample rate {rate}: a hash of the session id decides which sessions are captured."
                ),
                Some("Set sample_rate to 1 with PUT /api/remote-config while developing."),
            ),
            Some(rate) => fine(format!("The answer has capture on, with the sample rate {rate}.")),
            None => fine(
                "The answer has capture on, with the sample rate that the program sets (sampleRate, 0 by default).",
            ),
        },
    };
    found.at(asked.at)
}

pub(super) fn sample_rate(facts: &Facts) -> Found {
    match facts.sample_rate {
        Some(rate) if rate < 1.0 => unknown(
            format!(
                "The first batch says that the rate is {rate}: other sessions of this device may not be captured."
            ),
            Some("Set sampleRate to 1 while developing."),
        ),
        Some(rate) => {
            fine(format!("The first batch says that the rate is {rate}: every session is captured."))
        }
        None => unknown(
            "No batch arrived that would say it (X-Client-Sample-Rate).",
            Some("sampleRate is 0 by default: set it to 1 while developing."),
        ),
    }
}
