//! Work on a thread that may wait for a disk: all of it in one go, where a hand-over to the next thread would cost more than what it is for.

use std::cell::Cell;
use std::task::{Context, Poll, Waker};

use tokio::task::JoinHandle;

thread_local! {
    static IS_ALLOWED: Cell<bool> = const { Cell::new(false) };
}

/// Whether whoever asks may wait for a disk here. On a thread that serves connections nobody may: a disk that hangs would stop all of them.
#[cfg(any(unix, test))]
pub(crate) fn is_allowed() -> bool {
    IS_ALLOWED.get()
}

/// How far work has come.
#[derive(Debug)]
pub(crate) enum Progress<T> {
    Done(T),
    /// It goes on by itself, whether or not somebody waits for it.
    Task(JoinHandle<T>),
}

/// Does work on this thread, one of those that may wait for a disk, as far as it comes without waiting for anything else. The rest goes on as a task.
pub(crate) fn run<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> Progress<T> {
    let mut work = Box::pin(work);
    let _allowed = Allowed::new();
    // Whoever takes over asks again before it waits: nobody has to be woken for this look.
    match work.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(done) => Progress::Done(done),
        Poll::Pending => Progress::Task(tokio::spawn(work)),
    }
}

/// Also taken back by a panic: the thread is used again.
struct Allowed;

impl Allowed {
    fn new() -> Self {
        IS_ALLOWED.set(true);
        Self
    }
}

impl Drop for Allowed {
    fn drop(&mut self) {
        IS_ALLOWED.set(false);
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::oneshot;
    use tokio::task::spawn_blocking;

    use super::*;

    #[tokio::test]
    async fn what_waits_goes_on_as_a_task_that_may_not_wait_for_a_disk() {
        let (go, gone) = oneshot::channel();
        let work = async move {
            let before = is_allowed();
            let _ = gone.await;
            (before, is_allowed())
        };
        let (progress, after) = spawn_blocking(move || (run(work), is_allowed())).await.unwrap();
        let Progress::Task(task) = progress else { panic!("it did not wait") };
        assert!(!after, "the thread is used again");
        go.send(()).unwrap();
        assert_eq!(task.await.unwrap(), (true, false));
    }

    #[tokio::test]
    async fn what_does_not_wait_is_done_on_the_thread_itself() {
        let progress = spawn_blocking(|| {
            let here = std::thread::current().id();
            run(async move { (is_allowed(), std::thread::current().id() == here) })
        });
        assert!(matches!(progress.await.unwrap(), Progress::Done((true, true))));
    }
}
