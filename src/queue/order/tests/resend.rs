//! What was in a request that had no answer.

use super::{Fake, due, fake, finalize_all, names, order_of};
use crate::model::in_flight::{Encoding, InFlight};
use std::time::Instant;

/// One that is in flight in this request, at this place.
fn sent(name: &'static str, request: u64, index: u16) -> Fake {
    let encoding = Encoding { gzip_level: 5, merges_clicks: false };
    let in_flight = Some(InFlight { request, from: 0, to: 1, until: 1, index, encoding });
    Fake { in_flight, ..fake(name, 1) }
}

/// One of a request that was refused.
fn refused(name: &'static str, request: u64, index: u16) -> Fake {
    Fake { in_flight: sent(name, request, index).in_flight.map(InFlight::refused), ..fake(name, 1) }
}

#[test]
fn what_belongs_to_a_request_goes_in_it_again_and_nothing_else() {
    let other_kind = Fake { kind: 1, ..fake("k", 1) };
    let other_envelope = Fake { envelope: 9, ..sent("b", 7, 1) };
    for (items, again) in [
        (vec![fake("a", 1), fake("b", 1)], None),
        (vec![sent("a", 7, 0), fake("b", 1)], Some(vec!["a"])),
        (vec![sent("a", 7, 0), sent("b", 7, 1), fake("c", 1)], Some(vec!["a", "b"])),
        (vec![sent("a", 7, 0), other_kind, sent("b", 7, 1)], Some(vec!["a", "b"])),
        (vec![sent("a", 7, 0), other_envelope], Some(vec!["a", "b"])),
        // As they stood in it, whatever lies between them.
        (vec![sent("b", 7, 1), fake("c", 1), sent("a", 7, 0)], Some(vec!["a", "b"])),
        (vec![sent("a", 7, 0), sent("b", 8, 1)], Some(vec!["a"])),
        (vec![sent("a", 7, 0), sent("b", 7, 1), sent("a'", 7, 0), sent("b'", 7, 1)], Some(vec!["a", "b"])),
        // A note is damaged: what stands behind it is not sent before it.
        (vec![sent("a", 7, 0), fake("b", 1), sent("c", 7, 2)], Some(vec!["a"])),
        // A file is gone.
        (vec![sent("b", 7, 1), fake("c", 1)], Some(vec!["b"])),
        // It was refused, and the first part of it is in flight, or nothing is.
        (vec![sent("a", 7, 0), sent("b", 7, 1), refused("c", 7, 2)], Some(vec!["a", "b"])),
        (vec![refused("a", 7, 0), refused("b", 7, 1), fake("c", 1)], Some(vec!["a", "b"])),
        (vec![refused("a", 7, 0), sent("b", 7, 1)], Some(vec!["a", "b"])),
    ] {
        let of: Vec<_> = items.iter().map(|item| (item.name, item.in_flight)).collect();
        let mut order = order_of(items);
        let first = order.first_due(&[]).unwrap();
        let leased = order.lease_again(&first);
        assert_eq!(leased.as_deref().map(names), again, "{of:?}");
        assert!(leased.is_some() || !order.lease(&first, 1_000).is_empty(), "it is sent all the same");
    }
}

#[test]
fn what_is_evicted_or_not_released_is_not_sent_again() {
    let mut order = order_of([sent("a", 7, 0), sent("b", 7, 1)]);
    order.evict_session(None);
    let first = order.all().remove(0);
    assert!(order.lease_again(&first).is_none());

    let mut order = order_of([sent("a", 7, 0)]);
    order.push(sent("b", 7, 1), Instant::now());
    finalize_all(&mut order);
    assert_eq!(due(&order), Some("a"));
    let first = order.first_due(&[]).unwrap();
    assert_eq!(order.lease_again(&first).as_deref().map(names), Some(vec!["a"]), "b is not released");
    order.release();
    assert_eq!(order.lease_again(&first).as_deref().map(names), Some(vec!["a", "b"]));
}

#[test]
fn what_is_sent_anew_takes_nothing_of_a_request_that_is_made_again() {
    let mut order = order_of([fake("a", 1), fake("b", 1), sent("c", 7, 0), fake("d", 1)]);
    let first = order.first_due(&[]).unwrap();
    let leased = order.lease(&first, 1_000);
    assert_eq!(names(&leased), ["a", "b"]);
    order.ack(&leased, &leased);
    let first = order.first_due(&[]).unwrap();
    assert_eq!(order.lease_again(&first).as_deref().map(names), Some(vec!["c"]));
}
