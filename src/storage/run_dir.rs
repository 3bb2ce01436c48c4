//! The directory of one run: locked while its process lives, recovered by a later one when it is dead.
//!
//! ```text
//! <storageDir>/<fingerprint of the API key>/
//!     state.json                       the session to go on with
//!     remote-config.json               the server's last answer
//!     opted-out                        there if the user opted out, and that is to be remembered
//!     run-<start>-<process>-<random>/  one run
//!         lock                         held by the process that writes here: see run_page/
//!         …                            what holds events: see file_names.rs
//! ```

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use super::api_key_dir::ApiKeyDir;
use super::clock::{ClockStamp, MAX_AGE, age};
use super::file_names;
use super::fs::{self, Dir, FileKind, is_temporary, patiently};
use super::lock::{LOCK, RunLock};
use super::quota::QuotaReservation;
use super::removals::{Removals, still_counts};
use super::run_page::{Crash, PageContent, RunPage};
use crate::model::ids::unix_millis;

const PREFIX: &str = "run-";

/// A run's directory, ours as long as this lives. Dropped, it goes when it is empty, and is left to the next
/// start otherwise.
pub(super) struct RunDir {
    parent: Arc<ApiKeyDir>,
    name: String,
    /// There until it is let go of, right before the directory is removed.
    lock: Option<RunLock>,
    /// What its page said when it was taken from a dead process.
    content: Option<PageContent>,
    /// What is to be removed from it and can't be yet.
    removals: Removals,
}

/// A file that holds events.
pub(super) struct EventFile {
    pub name: String,
    /// What it takes on disk.
    pub bytes: u64,
}

/// What became of an attempt to take a run's directory.
pub(super) enum Take {
    /// It is dead, and ours now.
    Dead(Box<RunDir>),
    /// Its process lives, or it could not be looked at now: there may be more later.
    Later,
    /// There is nothing to take.
    Nothing,
}

impl RunDir {
    /// The directory of a new run.
    pub fn create(parent: &Arc<ApiKeyDir>) -> io::Result<Self> {
        let name = format!(
            "{PREFIX}{:014}-{}-{:08x}",
            unix_millis(SystemTime::now()),
            std::process::id(),
            fastrand::u32(..)
        );
        let lock = RunLock::create(&parent.create()?, &name)?;
        Ok(Self::of(parent, name, lock, None))
    }

    fn of(parent: &Arc<ApiKeyDir>, name: String, lock: RunLock, content: Option<PageContent>) -> Self {
        Self { parent: parent.clone(), name, lock: Some(lock), content, removals: Removals::default() }
    }

    /// The names of all runs' directories, newest first.
    pub fn names(parent: &Dir) -> io::Result<Vec<String>> {
        let mut names = parent.names()?;
        sweep(parent, &names);
        names.retain(|name| name.starts_with(PREFIX));
        names.sort_by(|one, other| other.cmp(one));
        Ok(names)
    }

    /// Takes a dead run's directory. `opened` is `parent`, open.
    pub fn take(parent: &Arc<ApiKeyDir>, opened: &Dir, name: &str) -> Take {
        let dir = match opened.open_private(name) {
            Ok(dir) => dir,
            Err(error) if fs::may_pass(&error) => return Take::Later,
            // Somebody else took it over meanwhile; or a file, or another user's.
            Err(_) => return Take::Nothing,
        };
        match RunLock::take(&dir, name) {
            Ok((lock, content)) => {
                // A file that was to get its name when the process was killed. Nobody else writes here now.
                dir.remove_where(is_temporary);
                Take::Dead(Box::new(Self::of(parent, name.to_owned(), lock, content)))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                without_lock(opened, &dir, name);
                Take::Nothing
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock || fs::may_pass(&error) => Take::Later,
            Err(_) => Take::Nothing,
        }
    }

    /// The directory itself.
    pub fn dir(&self) -> io::Result<Dir> {
        self.parent.open()?.open_private(&self.name)
    }

    /// What it is called.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The files in it that hold events.
    pub fn event_files(&self) -> io::Result<Vec<EventFile>> {
        let dir = self.dir()?;
        let mut files = Vec::new();
        for name in dir.names()? {
            if file_names::is_event_file(&name) {
                // What can't be looked at is looked at again when it is read.
                let bytes = dir.facts(&name).map_or(0, |facts| facts.allocated);
                files.push(EventFile { name, bytes });
            }
        }
        Ok(files)
    }

    /// How the clocks stood when its process looked at them last.
    pub fn clock(&self) -> Option<ClockStamp> {
        self.content.map(|content| content.clock)
    }

    /// That its process crashed, as far as it was told of that.
    pub fn crash(&self) -> Option<Crash> {
        self.content.and_then(|content| content.crash)
    }

    /// Whether it is a dead process's, which ended without having ended the recording. Where no page tells, it is not.
    pub fn is_of_death(&self) -> bool {
        self.content.is_some_and(|content| !content.is_ended)
    }

    /// Its page, if it is a run of this process.
    fn page(&self) -> Option<&RunPage> {
        self.lock.as_ref()?.page()
    }

    /// Notes how the clocks stand now, for a later process.
    pub fn stamp(&self) {
        if let (Some(page), Some(clock)) = (self.page(), ClockStamp::now()) {
            page.stamp(clock);
        }
    }

    /// Notes that the host has ended the recording: a later process sends nothing of what is held.
    pub fn note_end(&self) {
        if let Some(page) = self.page() {
            page.note_end();
        }
    }

    /// Has a crash that the host tells of noted here.
    pub fn take_crash_marks(&self) {
        if let Some(page) = self.page() {
            page.take_crash_marks();
        }
    }

    /// Tells of that crash no more.
    pub fn forget_crash(&self) {
        if let Some(lock) = &self.lock {
            lock.forget_crash();
        }
    }

    /// The run that wrote a file in here: this one, or another, whose files this one took in.
    pub fn origin_of<'a>(&'a self, file: &'a str) -> &'a str {
        file_names::origin_in(file).unwrap_or(&self.name)
    }

    /// Removes a file that holds events, of which nothing is to be delivered any more. Where it can't be removed now it is
    /// removed later. Whether it counts until then: see [`still_counts`].
    pub fn remove(&self, file: &str, reservation: QuotaReservation) {
        let Err(error) = self.try_to_remove(file) else { return };
        if !still_counts(fs::is_in_use(&error), fs::may_be_forbidden(&error), Duration::ZERO) {
            reservation.shrink_to(0);
        }
        self.removals.add(file, reservation);
    }

    /// The same; `false` where it can't be removed now.
    pub fn remove_now(&self, file: &str) -> bool {
        self.try_to_remove(file).is_ok()
    }

    fn try_to_remove(&self, file: &str) -> io::Result<()> {
        use io::ErrorKind::{NotADirectory, NotFound};
        match self.dir().and_then(|dir| dir.remove_file(file)) {
            Err(error) if matches!(error.kind(), NotFound | NotADirectory) => Ok(()),
            result => result,
        }
    }

    /// Whether something is to be removed later.
    pub fn awaits_removal(&self) -> bool {
        !self.removals.is_empty()
    }

    /// Removes what could not be removed before, as far as it is time to try again. How soon that is, if something is left.
    pub fn remove_waiting(&self) -> Option<Duration> {
        self.removals.retry(Instant::now(), |file| self.try_to_remove(file))
    }

    /// Moves a file of `from` in here, which `origin` wrote. Its new name, which may tell that this one died.
    pub fn take_in(&self, from: &Self, file: &str, origin: &str, tells_of_death: bool) -> io::Result<String> {
        let name =
            file_names::with_origin(file, origin, tells_of_death).ok_or(io::ErrorKind::InvalidInput)?;
        from.dir()?.rename(file, &self.dir()?, &name)?;
        Ok(name)
    }
}

impl Drop for RunDir {
    fn drop(&mut self) {
        self.removals.retry_all(|file| self.try_to_remove(file));
        let Ok(dir) = self.dir() else { return };
        // What could not be removed when it did not get its name.
        dir.remove_where(is_temporary);
        let is_empty = dir.names().is_ok_and(|names| names.iter().all(|name| name == LOCK));
        // Windows removes neither a file that is mapped nor a directory with an open one in it. Who takes the lock meanwhile
        // finds nothing, and removes the same.
        drop(self.lock.take());
        // A directory that still holds something keeps its lock file too: the next start recovers it.
        if is_empty && let Ok(parent) = self.parent.open() {
            let _ = patiently(|| dir.remove_file(LOCK));
            drop(dir);
            let _ = patiently(|| parent.remove_dir(&self.name));
        }
    }
}

/// A process that was killed on its way may still get there within this time.
const ON_ITS_WAY: Duration = Duration::from_secs(60 * 60);

/// A run's directory whose lock is not there: its owner is on the way to making it, and makes it again, or to removing it,
/// or was killed there. Or somebody took the lock away; then nobody can tell whether its owner lives, so what is in it stays
/// until it is too old for anybody.
fn without_lock(parent: &Dir, dir: &Dir, name: &str) {
    dir.remove_where(|file| is_older(dir, file, MAX_AGE));
    let _ = parent.remove_dir(name);
}

/// Removes what processes that were killed while they wrote a file left behind.
fn sweep(parent: &Dir, names: &[String]) {
    for name in names {
        if is_temporary(name) && is_older(parent, name, ON_ITS_WAY) {
            let _ = parent.remove_file(name);
        }
    }
}

fn is_older(dir: &Dir, name: &str, limit: Duration) -> bool {
    dir.facts(name).is_ok_and(|facts| facts.kind != FileKind::Other && age(facts.modified, None) > limit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ids::ApiKey;
    use std::fs::{self, File};
    use std::path::{Path, PathBuf};

    struct Fixture {
        dir: tempfile::TempDir,
        parent: Arc<ApiKeyDir>,
    }

    impl Fixture {
        fn new() -> Self {
            let dir = tempfile::tempdir().unwrap();
            let parent = Arc::new(ApiKeyDir::of(dir.path(), &ApiKey::from_text("key").unwrap()));
            parent.create().unwrap();
            Self { dir, parent }
        }

        fn path(&self) -> PathBuf {
            fs::read_dir(self.dir.path()).unwrap().next().unwrap().unwrap().path()
        }

        /// What can be taken, and whether there may be more later.
        fn take(&self) -> (Vec<RunDir>, bool) {
            let opened = self.parent.open().unwrap();
            let (mut dead, mut later) = (Vec::new(), false);
            for name in RunDir::names(&opened).unwrap() {
                match RunDir::take(&self.parent, &opened, &name) {
                    Take::Dead(run) => dead.push(*run),
                    Take::Later => later = true,
                    Take::Nothing => {}
                }
            }
            (dead, later)
        }

        fn left(&self) -> Vec<String> {
            let names = fs::read_dir(self.path()).unwrap().map(|entry| entry.unwrap().file_name());
            names.map(|name| name.into_string().unwrap()).collect()
        }
    }

    fn set_age(path: &Path, age: Duration) {
        File::open(path).unwrap().set_modified(SystemTime::now() - age).unwrap();
    }

    #[test]
    fn a_run_is_taken_once_it_has_ended_and_no_sooner() {
        let fixture = Fixture::new();
        let run = RunDir::create(&fixture.parent).unwrap();
        drop(run.dir().unwrap().new_file(&file_names::chunk_name(1)).unwrap());
        let (dead, later) = fixture.take();
        assert!(dead.is_empty() && later, "its lock is held");
        drop(run);
        let (dead, later) = fixture.take();
        assert!(!later);
        assert_eq!(dead.len(), 1);
        let files = dead[0].event_files().unwrap();
        assert_eq!(files.len(), 1);
        dead[0].dir().unwrap().remove_file(&files[0].name).unwrap();
        drop(dead);
        assert_eq!(fixture.left().len(), 0, "an empty run leaves nothing behind");
    }

    /// A directory in the place of the file stands for what keeps it from being removed. Windows says of that what it says
    /// while somebody uses the file.
    #[cfg(unix)]
    #[test]
    fn what_can_not_be_removed_at_all_counts_no_more() {
        let fixture = Fixture::new();
        let run = RunDir::create(&fixture.parent).unwrap();
        let path = fixture.path().join(&run.name).join(file_names::chunk_name(1));
        fs::create_dir(&path).unwrap();
        let quota = Arc::default();
        run.remove(&file_names::chunk_name(1), QuotaReservation::of_existing(&quota, 100));
        assert_eq!(quota.all(), 0);
        assert!(run.awaits_removal(), "it goes once it can");
    }

    #[test]
    fn a_copy_of_a_living_runs_directory_is_dead() {
        let fixture = Fixture::new();
        let run = RunDir::create(&fixture.parent).unwrap();
        let copy = fixture.path().join("run-00000000000001-1-00000000");
        fs::create_dir(&copy).unwrap();
        fs::copy(fixture.path().join(&run.name).join(LOCK), copy.join(LOCK)).unwrap();
        let (dead, later) = fixture.take();
        assert!(later);
        assert_eq!(dead.len(), 1);
    }

    /// Windows lets nobody take away the lock of a run that lives.
    #[cfg(unix)]
    #[test]
    fn without_its_lock_a_run_is_nobodys_until_it_is_too_old() {
        let fixture = Fixture::new();
        let run = RunDir::create(&fixture.parent).unwrap();
        let path = fixture.path().join(&run.name);
        let chunk = path.join(file_names::chunk_name(1));
        fs::write(&chunk, b"x").unwrap();
        fs::remove_file(path.join(LOCK)).unwrap();
        assert!(fixture.take().0.is_empty());
        assert!(chunk.exists(), "its owner may live");
        set_age(&chunk, MAX_AGE + Duration::from_secs(60));
        assert!(fixture.take().0.is_empty());
        assert_eq!(fixture.left().len(), 0);
    }

    #[test]
    fn what_a_killed_process_left_half_made_goes() {
        let fixture = Fixture::new();
        let run = RunDir::create(&fixture.parent).unwrap();
        fs::write(fixture.path().join(&run.name).join("7-8.tmp-01"), b"half").unwrap();
        drop(run);
        for name in ["state.tmp-01", "state.tmp-02", "lock.tmp-01"] {
            fs::write(fixture.path().join(name), b"half").unwrap();
        }
        fs::create_dir(fixture.path().join("run-00000000000001-1-00000000")).unwrap();
        drop(fixture.take());
        assert_eq!(fixture.left().len(), 3, "they may still be on their way");
        set_age(&fixture.path().join("state.tmp-01"), ON_ITS_WAY * 2);
        set_age(&fixture.path().join("lock.tmp-01"), ON_ITS_WAY * 2);
        drop(fixture.take());
        assert_eq!(fixture.left(), ["state.tmp-02"], "this one may still be on its way");
    }
}
