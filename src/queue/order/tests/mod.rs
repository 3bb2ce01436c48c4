//! The order, with items that are nothing but their properties, and time that is handed in.

mod compaction;
mod eviction;
mod resend;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::finalization::Finalized;
use super::{Item, Order, Queued};
use crate::model::ids::{DeviceId, ReplayId, SessionId};
use crate::model::in_flight::InFlight;
use crate::storage::Counts;

/// An item of 100 bytes of one session, called by its name.
#[derive(Clone)]
struct Fake {
    name: &'static str,
    session: i64,
    /// 0 where it shares no envelope with others of its session.
    envelope: i64,
    kind: u8,
    bytes: usize,
    events: u64,
    delivered: Arc<AtomicU64>,
    sealed_at_ms: u64,
    can_be_compacted: bool,
    in_flight: Option<InFlight>,
}

fn fake(name: &'static str, session: i64) -> Fake {
    Fake {
        name,
        session,
        envelope: session,
        kind: 0,
        bytes: 100,
        events: 1,
        delivered: Arc::default(),
        sealed_at_ms: 0,
        can_be_compacted: true,
        in_flight: None,
    }
}

fn replay(session: i64) -> ReplayId {
    ReplayId {
        device: DeviceId::from_text("device").unwrap(),
        session: SessionId::from_millis(session).unwrap(),
    }
}

impl Item for Fake {
    fn replay_id(&self) -> ReplayId {
        replay(self.session)
    }

    fn bytes(&self) -> usize {
        self.bytes
    }

    fn counts(&self) -> Counts {
        Counts { events: self.events, bytes: self.bytes as u64 }
    }

    fn waiting(&self) -> u64 {
        self.events - self.delivered.load(Ordering::Relaxed)
    }

    fn sealed_at_ms(&self) -> u64 {
        self.sealed_at_ms
    }

    fn shares_envelope(&self, other: &Self) -> bool {
        self.envelope == other.envelope
    }

    fn is_of_another_kind(&self, other: &Self) -> bool {
        self.kind != other.kind
    }

    fn is_same_recording(&self, other: &Self) -> bool {
        self.session == other.session
    }

    fn can_be_compacted(&self) -> bool {
        self.can_be_compacted
    }

    fn in_flight(&self) -> Option<InFlight> {
        self.in_flight
    }
}

fn names(items: &[Queued<Fake>]) -> Vec<&'static str> {
    items.iter().map(|queued| queued.name).collect()
}

fn finalize_all(order: &mut Order<Fake>) {
    for (queued, _) in order.unfinalized(Instant::now()) {
        let counts = queued.counts();
        order.finalize(&queued, counts);
    }
}

/// These, finalized and released.
fn order_of(items: impl IntoIterator<Item = Fake>) -> Order<Fake> {
    let mut order = Order::default();
    items.into_iter().for_each(|item| order.push(item, Instant::now()));
    finalize_all(&mut order);
    order.release();
    order
}

fn due(order: &Order<Fake>) -> Option<&'static str> {
    order.first_due(&[]).map(|queued| queued.name)
}

#[test]
fn what_is_sent_is_released_and_finalized_and_in_order() {
    for (finalized, released, first) in
        [(false, false, None), (true, false, None), (false, true, None), (true, true, Some("a"))]
    {
        let mut order = Order::default();
        order.push(fake("a", 1), Instant::now());
        order.push(fake("b", 1), Instant::now());
        if finalized {
            finalize_all(&mut order);
        }
        if released {
            assert_eq!(order.release(), 2);
        }
        assert_eq!(due(&order), first, "{finalized} {released}");
        assert_eq!(order.unreleased_bytes(), if released { 0 } else { 200 });
        assert_eq!((order.waiting_events(), order.len()), (2, 2), "{finalized} {released}");
    }
    // What comes after a release waits for the next, and nothing overtakes what is not finalized.
    let mut order = order_of([fake("a", 1)]);
    order.push(fake("b", 1), Instant::now());
    assert_eq!(order.unreleased_bytes(), 100);
    let first = order.first_due(&[]).unwrap();
    assert_eq!(names(&order.lease(&first, 1_000)), ["a"]);
    let mut order = order_of([]);
    order.push(fake("a", 1), Instant::now());
    order.push(fake("b", 2), Instant::now());
    order.release();
    let b = order.all()[1].clone();
    order.finalize(&b, b.counts());
    assert_eq!(due(&order), None, "a is first, and not finalized");
}

#[test]
fn a_lease_takes_what_one_request_can() {
    let other_envelope = Fake { envelope: 0, ..fake("x", 1) };
    let other_kind = |name| Fake { envelope: -1, kind: 1, ..fake(name, 1) };
    for (items, limit, leased) in [
        (vec![fake("a", 1), fake("b", 1), fake("c", 1)], 1_000, vec!["a", "b", "c"]),
        (vec![fake("a", 1), fake("b", 1), fake("c", 1)], 101, vec!["a", "b"]),
        (vec![fake("a", 1), fake("b", 1)], 100, vec!["a"]),
        (vec![fake("a", 1), fake("b", 1)], 1, vec!["a"]),
        (vec![fake("a", 1), fake("b", 2), fake("c", 1)], 1_000, vec!["a"]),
        (vec![fake("a", 1), other_envelope], 1_000, vec!["a"]),
        (vec![fake("a", 1), other_kind("x"), fake("b", 1)], 1_000, vec!["a", "b"]),
        (vec![other_kind("x"), fake("a", 1), other_kind("y")], 1_000, vec!["x", "y"]),
    ] {
        let mut order = order_of(items);
        let first = order.first_due(&[]).unwrap();
        assert_eq!(names(&order.lease(&first, limit)), leased, "{limit}");
    }
}

#[test]
fn an_ack_ends_the_lease_what_is_done_goes_and_the_rest_waits_again() {
    for (done, left) in [(0, vec!["a", "b"]), (1, vec!["b"]), (2, vec![])] {
        let mut order = order_of([fake("a", 1), fake("b", 1)]);
        let first = order.first_due(&[]).unwrap();
        let leased = order.lease(&first, 1_000);
        assert!(order.compactable(1, 1_000).is_none_or(|group| group.is_empty()), "leased");
        order.ack(&leased, &leased[..done]);
        assert_eq!(names(&order.all()), left);
        assert_eq!(order.waiting_events(), left.len() as u64);
        assert_eq!(order.is_drained(2), left.is_empty());
        assert!(order.lease(&first, 1_000).is_empty() == (done > 0), "what is done can't be leased");
        order.ack(&leased, &leased);
        assert_eq!(order.len(), 0);
    }
    // What was delivered of it meanwhile waits no more.
    let mut order = order_of([Fake { events: 5, ..fake("a", 1) }]);
    let first = order.first_due(&[]).unwrap();
    let leased = order.lease(&first, 1_000);
    leased[0].delivered.store(3, Ordering::Relaxed);
    order.ack(&leased, &[]);
    assert_eq!(order.waiting_events(), 2);
    // A sender that failed inside gives all leases back.
    order.lease(&first, 1_000);
    order.evict_session(None);
    assert!(order.take_evicted().0.is_empty());
    order.end_leases();
    assert_eq!(names(&order.take_evicted().0), ["a"]);
}

#[test]
fn a_session_that_waits_holds_up_no_other() {
    for (waiting, first) in [
        (vec![], Some("a")),
        (vec![1], Some("c")),
        (vec![2], Some("a")),
        (vec![1, 2], Some("d")),
        (vec![1, 2, 3], None),
    ] {
        let order = order_of([fake("a", 1), fake("b", 1), fake("c", 2), fake("d", 3), fake("e", 1)]);
        let waiting: Vec<_> = waiting.into_iter().map(replay).collect();
        assert_eq!(order.first_due(&waiting).map(|queued| queued.name), first, "{waiting:?}");
    }
}

#[test]
fn what_earlier_runs_left_comes_first_in_its_order() {
    let mut order = Order::default();
    order.await_recovery();
    order.push(fake("c", 3), Instant::now());
    finalize_all(&mut order);
    assert!(order.awaits_recovery() && !order.is_drained(0), "nothing is drained before it is here");
    order.push_recovered(vec![fake("a", 1), fake("b", 2)]);
    assert!(!order.awaits_recovery());
    assert_eq!(names(&order.all()), ["a", "b", "c"]);
    assert_eq!(due(&order), Some("a"), "released from the start");
    assert_eq!(order.waiting_events(), 3);
    // Of a second look.
    order.push_recovered(vec![fake("0", 4)]);
    assert_eq!(names(&order.all()), ["0", "a", "b", "c"]);
    for _ in 0..3 {
        assert!(!order.is_drained(0));
        let first = order.first_due(&[]).unwrap();
        let leased = order.lease(&first, 1);
        order.ack(&leased, &leased);
    }
    assert!(order.is_drained(0) && !order.is_drained(1), "c is not released");
    assert_eq!(order.recorded().events, 1, "this run recorded c alone");
}

#[test]
fn what_is_forgotten_is_not_drained() {
    for (items, is_drained) in [(vec![], true), (vec![fake("a", 1)], false)] {
        let mut order = order_of(items);
        let before = order.clear();
        assert_eq!(order.has_abandoned(), !is_drained);
        assert_eq!(order.is_drained(9), is_drained);
        assert!(order.is_past(9), "nobody has to wait");
        assert_eq!((order.len(), order.waiting_events()), (0, 0));
        assert_eq!(order.recorded(), before.recorded(), "it was recorded all the same");
        assert_eq!(order.clear().len(), 0);
        assert_eq!(order.has_abandoned(), !is_drained, "once for all");
        // What comes now has a place of its own.
        order.push(fake("b", 1), Instant::now());
        assert_eq!(names(&order.all()), ["b"]);
    }
}

#[test]
fn a_chunk_is_finalized_once_and_an_empty_one_goes() {
    let start = Instant::now();
    let mut order = Order::default();
    order.push(Fake { events: 0, bytes: 0, ..fake("empty", 1) }, start);
    order.push(fake("a", 1), start + Duration::from_secs(1));
    order.release();
    order.push(fake("b", 1), start + Duration::from_secs(2));
    let new = order.unfinalized(start + Duration::from_secs(3));
    let since: Vec<_> = new.iter().map(|(queued, since)| (queued.name, since.as_secs())).collect();
    assert_eq!(since, [("empty", 3), ("a", 2), ("b", 1)]);
    for ((queued, _), expected) in new.iter().zip([
        Finalized { is_released: true, is_empty: true },
        Finalized { is_released: true, is_empty: false },
        Finalized { is_released: false, is_empty: false },
    ]) {
        let counts = queued.counts();
        assert_eq!(order.finalize(queued, counts), Some(expected), "{}", queued.name);
        assert_eq!(order.finalize(queued, counts), None, "{}: once", queued.name);
    }
    assert_eq!(names(&order.all()), ["a", "b"]);
    assert_eq!(order.recorded(), Counts { events: 2, bytes: 200 });
}

#[test]
fn late_events_are_looked_for_until_none_can_come() {
    let start = Instant::now();
    let mut order = order_of([fake("a", 1), fake("b", 1)]);
    let all = order.all();
    order.add_salvaged(&all[0], start);
    order.add_salvaged(&all[1], start + Duration::from_secs(5));
    let since: Vec<_> =
        order.since_salvaged(start + Duration::from_secs(6)).map(|since| since.as_secs()).collect();
    assert_eq!(since, [6, 1]);
    order.forget_salvaged(&all[..1]);
    assert_eq!(names(&order.salvaged()), ["b"]);
    // One that was delivered meanwhile may get them too.
    order.ack(&all, &all);
    assert_eq!(names(&order.salvaged()), ["b"]);
}

#[test]
fn a_session_ended_when_the_last_of_its_chunks_was_sealed() {
    let sealed = |name, session, sealed_at_ms| Fake { sealed_at_ms, ..fake(name, session) };
    let mut order = order_of([sealed("a", 1, 7), sealed("b", 2, 9), sealed("c", 1, 5)]);
    assert_eq!(order.last_seal_of(&fake("x", 1)), 7);
    assert_eq!(order.last_seal_of(&fake("x", 2)), 9);
    assert_eq!(order.last_seal_of(&fake("x", 3)), 0);
    let first = order.all()[0].clone();
    order.ack(&[], &[first]);
    assert_eq!(order.last_seal_of(&fake("x", 1)), 5);
}

#[test]
fn what_is_taken_out_was_never_recorded_and_what_an_earlier_run_left_never_counted() {
    let mut order = order_of([fake("new", 1)]);
    order.push_recovered(vec![fake("left", 1), fake("other", 2)]);
    order.push(fake("newest", 1), Instant::now());
    assert_eq!(order.recorded().events, 2);
    assert_eq!(names(&order.take_out(|item| item.session == 1)), ["left", "new", "newest"]);
    assert_eq!((order.recorded().events, order.waiting_events()), (0, 1));
    assert_eq!(names(&order.all()), ["other"]);
}
