//! Whole sessions that are evicted.

use std::time::Instant;

use super::{Fake, due, fake, finalize_all, names, order_of, replay};

#[test]
fn eviction_takes_the_oldest_session_whole_but_never_the_current_one() {
    for (current, evicted, taken, left) in [
        (None, Some(1), vec!["a", "c"], vec!["b", "d"]),
        (Some(2), Some(1), vec!["a", "c"], vec!["b", "d"]),
        (Some(1), Some(2), vec!["b"], vec!["a", "c", "d"]),
    ] {
        let mut order = order_of([fake("a", 1), fake("b", 2), fake("c", 1), fake("d", 3)]);
        let current = current.map(replay);
        assert_eq!(order.evict_session(current.as_ref()), evicted.map(replay));
        assert_ne!(due(&order), Some(taken[0]), "what is evicted is not sent");
        let (gone, deleted) = order.take_evicted();
        assert_eq!((names(&gone), deleted.len()), (taken, 0));
        assert_eq!(names(&order.all()), left);
        assert_eq!(order.waiting_events(), left.len() as u64);
        assert!(order.take_evicted().0.is_empty());
    }
    let mut order = order_of([fake("a", 1)]);
    assert_eq!(order.evict_session(Some(&replay(1))), None, "the current one is all there is");
    assert!(order.evict_session(None).is_some());
    assert_eq!(order.evict_session(None), None, "it is evicted already");
}

#[test]
fn what_is_deleted_while_it_is_leased_or_unfinalized_waits_for_nobody() {
    let mut order = order_of([fake("a", 1)]);
    let first = order.first_due(&[]).unwrap();
    let leased = order.lease(&first, 1_000);
    order.push(fake("b", 1), Instant::now());
    assert_eq!(order.undeleted_events(), 2);
    order.delete_all();
    assert_eq!((order.waiting_events(), order.undeleted_events()), (2, 0));
    order.push(fake("c", 1), Instant::now());
    assert_eq!(order.undeleted_events(), 1);
    order.ack(&leased, &[]);
    finalize_all(&mut order);
    assert_eq!(order.take_evicted().1.len(), 2);
    assert_eq!((order.waiting_events(), order.undeleted_events()), (1, 1));
}

#[test]
fn what_is_leased_or_unfinalized_goes_once_it_is_not() {
    let mut order = order_of([fake("a", 1), Fake { envelope: 0, ..fake("b", 1) }]);
    let first = order.first_due(&[]).unwrap();
    let leased = order.lease(&first, 1_000);
    order.push(fake("c", 1), Instant::now());
    order.evict_session(None);
    assert_eq!(names(&order.take_evicted().0), ["b"]);
    finalize_all(&mut order);
    assert_eq!(names(&order.take_evicted().0), ["c"]);
    order.ack(&leased, &[]);
    assert_eq!(names(&order.take_evicted().0), ["a"]);
    assert_eq!((order.len(), order.waiting_events()), (0, 0));
}

#[test]
fn deletion_takes_everything_that_is_here_and_nothing_that_comes_after() {
    let mut order = order_of([fake("a", 1), fake("b", 2), Fake { envelope: 0, ..fake("c", 1) }]);
    order.evict_session(Some(&replay(1)));
    let first = order.first_due(&[]).unwrap();
    let leased = order.lease(&first, 1_000);
    assert_eq!(names(&leased), ["a"]);
    assert_eq!(names(&order.delete_all()), ["a", "b", "c"]);
    assert_eq!((order.is_deleted(&leased[0]), due(&order)), (true, None));
    order.push(fake("d", 1), Instant::now());
    finalize_all(&mut order);
    order.release();
    assert_eq!(due(&order), Some("d"));
    let (evicted, deleted) = order.take_evicted();
    assert_eq!((names(&evicted), names(&deleted)), (vec!["b"], vec!["c"]), "each for its own reason");
    // The server did not take it: it does not wait again.
    order.ack(&leased, &[]);
    assert_eq!(due(&order), Some("d"));
    assert_eq!(names(&order.take_evicted().1), ["a"]);
    assert_eq!(names(&order.all()), ["d"]);
}

#[test]
fn what_was_sent_before_it_could_be_deleted_is_delivered() {
    let mut order = order_of([fake("a", 1)]);
    let first = order.first_due(&[]).unwrap();
    let leased = order.lease(&first, 1_000);
    order.delete_all();
    order.ack(&leased, &leased);
    assert!(order.take_evicted().1.is_empty());
}

/// Earlier runs are found late, and their session may be the current one.
#[test]
fn nothing_that_was_deleted_travels_with_what_was_found_later() {
    let mut order = order_of([fake("a", 1)]);
    order.delete_all();
    order.push_recovered(vec![fake("earlier", 1)]);
    let first = order.first_due(&[]).unwrap();
    assert_eq!(names(&order.lease(&first, 1_000)), ["earlier"]);
}
