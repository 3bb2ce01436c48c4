//! What is compacted, and what takes its place.

use std::sync::Arc;
use std::time::Instant;

use super::{Fake, Order, Queued, fake, finalize_all, names, order_of, replay};

#[test]
fn neighbours_of_one_envelope_are_compacted_where_it_is_worth_it() {
    let small = |name, bytes| Fake { bytes, ..fake(name, 1) };
    let other_kind = |name| Fake { kind: 1, envelope: -1, can_be_compacted: false, ..fake(name, 1) };
    let fixed = |name| Fake { can_be_compacted: false, ..fake(name, 1) };
    // At least 200 bytes, at most 300.
    for (what, items, group) in [
        ("nothing", vec![], None),
        ("too little", vec![fake("a", 1)], None),
        ("enough", vec![fake("a", 1), fake("b", 1)], Some(vec!["a", "b"])),
        (
            "no more than fits",
            vec![fake("a", 1), fake("b", 1), fake("c", 1), fake("d", 1)],
            Some(vec!["a", "b", "c"]),
        ),
        ("one that is large is as good as many", vec![small("a", 250)], Some(vec!["a"])),
        ("another envelope", vec![fake("a", 1), fake("b", 2)], None),
        ("another envelope first", vec![fake("a", 2), fake("b", 1), fake("c", 1)], Some(vec!["b", "c"])),
        ("what can't be in between", vec![fake("a", 1), fixed("b"), fake("c", 1)], None),
        (
            "another kind in between",
            vec![other_kind("x"), fake("a", 1), other_kind("y"), fake("b", 1), other_kind("z")],
            Some(vec!["a", "b"]),
        ),
        ("too large for the rest", vec![fake("a", 1), small("b", 290), fake("c", 1)], Some(vec!["b"])),
    ] {
        let mut order = order_of(items);
        let found = order.compactable(200, 300);
        assert_eq!(found.as_deref().map(names), group, "{what}");
    }
}

#[test]
fn what_is_not_ready_to_be_compacted_is_once_it_is() {
    let mut order = order_of([fake("a", 1)]);
    assert!(order.compactable(200, 1_000).is_none());
    order.push(fake("b", 1), Instant::now());
    assert!(order.compactable(200, 1_000).is_none(), "b is not finalized");
    finalize_all(&mut order);
    assert_eq!(order.compactable(200, 1_000).as_deref().map(names), Some(vec!["a", "b"]));
    let first = order.all()[0].clone();
    order.release();
    let leased = order.lease(&first, 1_000);
    assert!(order.compactable(200, 1_000).is_none(), "both are leased");
    order.ack(&leased, &[]);
    assert_eq!(order.compactable(200, 1_000).as_deref().map(names), Some(vec!["a", "b"]));
}

#[test]
fn what_was_passed_is_not_looked_at_again() {
    let seen = Fake { can_be_compacted: false, ..fake("a", 1) };
    let mut order = order_of([seen.clone(), Fake { name: "b", ..seen }]);
    assert!(order.compactable(200, 1_000).is_none());
    assert_eq!(order.compact_from, 3, "behind both");
}

#[test]
fn the_compacted_takes_the_place_of_all() {
    let items = [fake("a", 2), fake("b", 1), fake("c", 1), fake("d", 1)];
    let compacted = Arc::new(Fake { can_be_compacted: false, events: 2, bytes: 20, ..fake("bc", 1) });
    let mut order = order_of(items.clone());
    let group = order.compactable(200, 200).unwrap();
    assert_eq!(names(&group), ["b", "c"]);
    assert!(order.replace(&group, &compacted));
    assert_eq!(names(&order.all()), ["a", "bc", "d"]);
    assert_eq!(order.waiting_events(), 4);
    assert!(!order.replace(&group, &compacted), "they are not there any more");
    // It is found where they were.
    let place = order.all()[1].clone();
    assert_eq!(names(&order.lease(&place, 1_000)), ["bc", "d"]);

    // What is of another kind stays between them.
    let between = Fake { kind: 1, envelope: -1, can_be_compacted: false, ..fake("x", 1) };
    let mut order = order_of([fake("b", 1), between, fake("c", 1)]);
    let group = order.compactable(200, 200).unwrap();
    assert!(order.replace(&group, &compacted));
    assert_eq!(names(&order.all()), ["bc", "x"]);

    type Meanwhile = fn(&mut Order<Fake>, &[Queued<Fake>]);
    let meanwhile: [(&str, Meanwhile); 3] = [
        ("leased", |order, group| drop(order.lease(&group[1], 1))),
        ("evicted", |order, _| drop(order.evict_session(Some(&replay(2))))),
        ("gone", |order, group| order.ack(group, &group[1..])),
    ];
    for (what, happens) in meanwhile {
        let mut order = order_of(items.clone());
        let group = order.compactable(200, 200).unwrap();
        happens(&mut order, &group);
        let before = order.len();
        assert!(!order.replace(&group, &compacted), "{what}");
        assert_eq!(order.len(), before, "{what}");
    }
}
