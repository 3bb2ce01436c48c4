//! A chunk that is deleted while it is being sent, in every order that the memory model allows. `make test-loom` runs it.

use std::sync::Arc;

use loom::thread;

use super::sealed::SealedChunk;
use super::small_chunk;

#[test]
fn loom_what_is_deleted_while_it_is_delivered_stays_deleted() {
    loom::model(|| {
        let chunk = Arc::new(small_chunk(64));
        let sealed = Arc::new(SealedChunk::seal(chunk.clone()));
        let sender = {
            let sealed = sealed.clone();
            thread::spawn(move || sealed.note_delivered(1))
        };
        sealed.condemn();
        sender.join().unwrap();
        assert!(chunk.is_condemned(), "a later run would send the rest");
    });
}
