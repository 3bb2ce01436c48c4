//! A fork while a file is opened and registered, in every order that the memory model allows. `make test-loom` runs it.
//!
//! What the child gets of the parent's table of descriptors, and of its memory, is loaded here without any order: what the
//! kernel does in a fork is not relied upon.

use std::sync::Arc;

use loom::sync::atomic::{AtomicBool, Ordering};
use loom::thread;

use super::Forks;
use crate::sync::atomic::RunCounter;

#[test]
fn loom_a_child_gets_no_file_that_it_does_not_know_unless_it_is_opened_anew() {
    let seen = RunCounter::new();
    loom::model(move || {
        let (forks, opened, registered) =
            (Arc::new(Forks::default()), Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
        let (theirs, their_opened, their_registered) = (forks.clone(), opened.clone(), registered.clone());
        let forking = thread::spawn(move || {
            theirs.begin();
            let child = (their_opened.load(Ordering::Relaxed), their_registered.load(Ordering::Relaxed));
            theirs.end();
            child
        });
        let ((), is_alone) = forks.attempt_between(|| {
            opened.store(true, Ordering::Relaxed);
            registered.store(true, Ordering::Relaxed);
        });
        let child = forking.join().unwrap();
        assert!(child != (true, false) || !is_alone, "it holds a lock that nobody takes from it");
        seen.note(usize::from(is_alone));
    });
    seen.assert_all(2);
}
