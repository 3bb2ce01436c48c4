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
        assert_eq!(names(&order.take_evicted()), taken);
        assert_eq!(names(&order.all()), left);
        assert_eq!(order.waiting_events(), left.len() as u64);
        assert!(order.take_evicted().is_empty());
    }
    let mut order = order_of([fake("a", 1)]);
    assert_eq!(order.evict_session(Some(&replay(1))), None, "the current one is all there is");
    assert!(order.evict_session(None).is_some());
    assert_eq!(order.evict_session(None), None, "it is evicted already");
}

#[test]
fn what_is_leased_or_unfinalized_goes_once_it_is_not() {
    let mut order = order_of([fake("a", 1), Fake { envelope: 0, ..fake("b", 1) }]);
    let first = order.first_due(&[]).unwrap();
    let leased = order.lease(&first, 1_000);
    order.push(fake("c", 1), Instant::now());
    order.evict_session(None);
    assert_eq!(names(&order.take_evicted()), ["b"]);
    finalize_all(&mut order);
    assert_eq!(names(&order.take_evicted()), ["c"]);
    order.ack(&leased, &[]);
    assert_eq!(names(&order.take_evicted()), ["a"]);
    assert_eq!((order.len(), order.waiting_events()), (0, 0));
}
