//! The user's opt-out, the host's pause and the idle rule: each state × each call.

use super::*;
use crate::model::capture::NotCaptured::{self, Idle, OptedOut, Paused};
use crate::session::state::Decision;

/// The states that the three make together: opted out, paused, idle.
const STATES: [[bool; 3]; 8] = [
    [false, false, false],
    [false, false, true],
    [false, true, false],
    [false, true, true],
    [true, false, false],
    [true, false, true],
    [true, true, false],
    [true, true, true],
];

fn in_state([opted_out, is_paused, is_idle]: [bool; 3]) -> SessionState {
    let mut state = in_session(7);
    (state.opted_out, state.is_paused, state.is_idle) = (opted_out, is_paused, is_idle);
    state
}

fn reason(state: &SessionState) -> Option<NotCaptured> {
    match state.decision() {
        Decision::Captured(_) => None,
        Decision::NotCaptured(reason) => Some(reason),
        other => panic!("{other:?}"),
    }
}

type Call = fn(&mut SessionState) -> bool;

/// Whether the call changed something, and why nothing is recorded then.
type Row = (bool, Option<NotCaptured>);

#[test]
fn each_call_in_each_state() {
    const OUT: Option<NotCaptured> = Some(OptedOut);
    const PAUSED: Option<NotCaptured> = Some(Paused);
    const IDLE: Option<NotCaptured> = Some(Idle);
    let calls: [(&str, Call, [Row; 8]); 8] = [
        // In the order of `STATES`: recorded, idle, paused, paused idle; then the same, opted out.
        (
            "nothing",
            |_| false,
            [None, IDLE, PAUSED, PAUSED, OUT, OUT, OUT, OUT].map(|reason| (false, reason)),
        ),
        (
            "opt out",
            |state| state.set_opt_out(true),
            [true, true, true, true, false, false, false, false].map(|changed| (changed, OUT)),
        ),
        (
            "opt in",
            |state| state.set_opt_out(false),
            [
                (false, None),
                (false, IDLE),
                (false, PAUSED),
                (false, PAUSED),
                // It ends no pause; and who has just agreed is not idle.
                (true, None),
                (true, None),
                (true, PAUSED),
                (true, PAUSED),
            ],
        ),
        (
            "pause",
            |state| state.set_paused(true),
            [
                (true, PAUSED),
                (true, PAUSED),
                (false, PAUSED),
                (false, PAUSED),
                (true, OUT),
                (true, OUT),
                (false, OUT),
                (false, OUT),
            ],
        ),
        (
            "resume",
            |state| state.set_paused(false),
            [
                (false, None),
                (false, IDLE),
                (true, None),
                (true, None),
                // It ends no opt-out.
                (false, OUT),
                (false, OUT),
                (true, OUT),
                (true, OUT),
            ],
        ),
        (
            "the user does nothing for too long",
            SessionState::become_idle,
            [
                (true, IDLE),
                (false, IDLE),
                // What is not recorded does not become idle.
                (false, PAUSED),
                (false, PAUSED),
                (false, OUT),
                (false, OUT),
                (false, OUT),
                (false, OUT),
            ],
        ),
        (
            "the user does something",
            SessionState::end_idle,
            [
                (false, None),
                (true, None),
                (false, PAUSED),
                (true, PAUSED),
                (false, OUT),
                (true, OUT),
                (false, OUT),
                (true, OUT),
            ],
        ),
        (
            "another session",
            |state| state.set_session(session(8), now()),
            [None, None, PAUSED, PAUSED, OUT, OUT, OUT, OUT].map(|reason| (true, reason)),
        ),
    ];
    for (name, call, rows) in calls {
        for (before, expected) in STATES.into_iter().zip(rows) {
            let mut state = in_state(before);
            assert_eq!((call(&mut state), reason(&state)), expected, "{name}, in {before:?}");
        }
    }
}

#[test]
fn after_opting_in_and_resuming_nothing_is_idle() {
    type Calls = [Call; 2];
    let both: [Calls; 2] = [
        [|state| state.set_opt_out(false), |state| state.set_paused(false)],
        [|state| state.set_paused(false), |state| state.set_opt_out(false)],
    ];
    for calls in both {
        let mut state = in_state([true, true, true]);
        calls.into_iter().for_each(|call| _ = call(&mut state));
        assert_eq!(reason(&state), None);
    }
}

/// Not only the current one: the browser SDK gives none while it is stopped.
#[test]
fn events_of_the_analytics_lead_to_no_replay_while_recording_is_unwanted() {
    for (opted_out, is_paused, is_idle, expected) in [
        (false, false, false, true),
        (true, false, false, false),
        (false, true, false, false),
        (false, false, true, false),
    ] {
        let state = in_state([opted_out, is_paused, is_idle]);
        assert_eq!(state.captured_replay().is_some(), expected, "{opted_out} {is_paused} {is_idle}");
    }
}
