//! What was in a request that had no answer.

use super::{Fake, due, fake, finalize_all, names, order_of};
use crate::model::in_flight::{Encoding, InFlight};
use std::time::Instant;

/// One that was in this request, at this place of so many.
fn sent(name: &'static str, batch: u64, index: u16, parts: u16) -> Fake {
    let encoding = Encoding { gzip_level: 5, merges_clicks: false };
    let in_flight = Some(InFlight { batch, from: 0, to: 1, index, parts, encoding });
    Fake { in_flight, ..fake(name, 1) }
}

#[test]
fn the_same_request_is_made_again_or_another_without_what_is_left_of_it() {
    let other_kind = Fake { kind: 1, ..fake("k", 1) };
    let other_envelope = Fake { envelope: 9, ..sent("b", 7, 1, 2) };
    let other_encoding = Encoding { gzip_level: 0, merges_clicks: false };
    let otherwise_made = Fake {
        in_flight: sent("b", 7, 1, 2).in_flight.map(|part| InFlight { encoding: other_encoding, ..part }),
        ..fake("b", 1)
    };
    for (items, again) in [
        (vec![fake("a", 1), fake("b", 1)], None),
        (vec![sent("a", 7, 0, 1), fake("b", 1)], Some(vec!["a"])),
        (vec![sent("a", 7, 0, 2), sent("b", 7, 1, 2), fake("c", 1)], Some(vec!["a", "b"])),
        (vec![sent("a", 7, 0, 2), other_kind, sent("b", 7, 1, 2)], Some(vec!["a", "b"])),
        (vec![sent("a", 7, 0, 2), other_envelope], Some(vec!["a", "b"])),
        (vec![sent("a", 7, 0, 2), fake("b", 1), sent("c", 7, 1, 2)], None),
        (vec![sent("a", 7, 0, 2), sent("b", 8, 1, 2)], None),
        (vec![sent("a", 7, 0, 3), sent("c", 7, 2, 3)], None),
        (vec![sent("a", 7, 0, 2), sent("b", 7, 1, 3)], None),
        (vec![sent("a", 7, 0, 2), otherwise_made], None),
        (vec![sent("a", 7, 0, 2)], None),
        (vec![sent("b", 7, 1, 2), fake("c", 1)], None),
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
    let mut order = order_of([sent("a", 7, 0, 2), sent("b", 7, 1, 2)]);
    order.evict_session(None);
    let first = order.all().remove(0);
    assert!(order.lease_again(&first).is_none());

    let mut order = order_of([sent("a", 7, 0, 2)]);
    order.push(sent("b", 7, 1, 2), Instant::now());
    finalize_all(&mut order);
    assert_eq!(due(&order), Some("a"));
    let first = order.first_due(&[]).unwrap();
    assert!(order.lease_again(&first).is_none(), "b is not released");
    order.release();
    assert!(order.lease_again(&first).is_some());
}

#[test]
fn what_is_sent_anew_takes_nothing_of_a_request_that_is_made_again() {
    let mut order = order_of([fake("a", 1), fake("b", 1), sent("c", 7, 0, 1), fake("d", 1)]);
    let first = order.first_due(&[]).unwrap();
    let leased = order.lease(&first, 1_000);
    assert_eq!(names(&leased), ["a", "b"]);
    order.ack(&leased, &leased);
    let first = order.first_due(&[]).unwrap();
    assert_eq!(order.lease_again(&first).as_deref().map(names), Some(vec!["c"]));
}
