//! Which process a run belongs to, so that another can tell whether it still lives when its lock tells nothing: a daemon
//! that closed all its descriptors has lost the lock, and records on.

use std::fs;

use once_cell::race::OnceBox;
use rapidhash::v3::rapidhash_v3;

/// A process, told from all others of this run of the machine. A number that is not known is 0.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Process {
    /// Its number.
    pub number: u64,
    /// When it began, in the system's own measure: numbers are given again.
    pub began: u64,
    /// The name space in which the number counts.
    pub namespace: u64,
    /// See [`boot`].
    pub boot: u64,
}

impl Process {
    /// This process. Asked anew each time: a child of `fork` is another.
    pub fn current() -> Self {
        let number = u64::from(std::process::id());
        Self { number, began: began(number), namespace: namespace(), boot: boot() }
    }

    /// Whether it lives and goes on with its run; no, where nothing tells that it does. Where it is this process,
    /// `goes_on_here` knows.
    pub fn lives(&self, run_name: &str, goes_on_here: impl FnOnce() -> bool) -> bool {
        let here = Self::current();
        if self.boot == 0 || self.boot != here.boot || self.namespace != here.namespace {
            return false;
        }
        match self.number == here.number && self.began == here.began {
            true => goes_on_here(),
            // One that became another program by `exec` has let go of it, too.
            false => {
                self.began != 0
                    && self.began == began(self.number)
                    && maps_file_of(self.number, &format!("{run_name}/lock")).unwrap_or(true)
            }
        }
    }
}

/// Tells this run of the machine from others; 0 where that is not known, and with it no process.
pub(super) fn boot() -> u64 {
    // Nobody waits for who is reading it: a child that is forked meanwhile would wait forever.
    static BOOT: OnceBox<u64> = OnceBox::new();
    let read = || {
        // Under Wine there is a /proc, too: its numbers are those of other processes.
        if !cfg!(any(target_os = "linux", target_os = "android")) {
            return 0;
        }
        let id = fs::read("/proc/sys/kernel/random/boot_id").unwrap_or_default();
        if id.is_empty() { 0 } else { rapidhash_v3(&id).max(1) }
    };
    *BOOT.get_or_init(|| Box::new(read()))
}

/// When the process of this number began, in ticks since the machine's start; 0 where it is not there or that is not known.
fn began(process: u64) -> u64 {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    began_in(&stat).unwrap_or(0)
}

/// The 22nd field. The second is a name, which may hold anything.
fn began_in(stat: &str) -> Option<u64> {
    let (_, behind_name) = stat.rsplit_once(')')?;
    let fields: Vec<&str> = behind_name.split_ascii_whitespace().collect();
    // One that has died and is not waited for yet holds nothing any more; but where its first thread alone has ended, it
    // looks the same, and has others.
    let threads: u64 = fields.get(17)?.parse().ok()?;
    if matches!(*fields.first()?, "Z" | "X") && threads <= 1 {
        return None;
    }
    fields.get(19)?.parse().ok()
}

/// Whether a process maps a file whose path ends like this; `None` where its maps can't be read.
fn maps_file_of(process: u64, file: &str) -> Option<bool> {
    // Of a process whose first thread has ended, another thread tells.
    let threads = fs::read_dir(format!("/proc/{process}/task")).ok()?;
    let maps = threads.flatten().find_map(|thread| {
        fs::read_to_string(thread.path().join("maps")).ok().filter(|maps| !maps.is_empty())
    })?;
    Some(maps.lines().any(|line| line.trim_end_matches(" (deleted)").ends_with(file)))
}

fn namespace() -> u64 {
    #[cfg(target_os = "linux")]
    {
        use std::os::unix::fs::MetadataExt;
        fs::metadata("/proc/self/ns/pid").map_or(0, |metadata| metadata.ino())
    }
    #[cfg(not(target_os = "linux"))]
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_beginning_behind_any_name() {
        let fields = "S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 1 18 4711 20";
        for name in ["sh", "a b", "a) (S 1 2", ""] {
            assert_eq!(began_in(&format!("7 ({name}) {fields}")), Some(4_711), "{name}");
        }
        let zombie = fields.replacen('S', "Z", 1);
        assert_eq!(began_in(&format!("7 (sh) {zombie}")), None, "dead, not waited for");
        let others_live = zombie.replacen(" 16 1 ", " 16 3 ", 1);
        assert_eq!(began_in(&format!("7 (sh) {others_live}")), Some(4_711));
        for odd in
            ["", "7 (sh)", "7 (sh) S 1 2", "7 (sh) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 x 20"]
        {
            assert_eq!(began_in(odd), None, "{odd}");
        }
    }

    #[cfg(windows)]
    #[test]
    fn no_proc_tells_of_a_process_on_windows() {
        let here = Process::current();
        assert!(here.boot == 0 && !here.lives("run", || true));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn tells_the_living_from_the_dead() {
        let elsewhere = || panic!("it is another process");
        let here = Process::current();
        assert!(here.began > 0 && here.boot > 0 && here.namespace > 0);
        assert!(here.lives("run", || true) && !here.lives("run", || false));
        let mut child = std::process::Command::new("sleep").arg("60").spawn().expect("it is there");
        let process = u64::from(child.id());
        let other = Process { number: process, began: began(process), ..here };
        // It may not have become that program yet.
        let late = std::time::Instant::now() + std::time::Duration::from_secs(10);
        while maps_file_of(process, "/sleep") != Some(true) {
            assert!(std::time::Instant::now() < late);
        }
        assert!(!other.lives("run", elsewhere), "it became another program, which maps no lock");
        for dead in [
            Process { began: other.began - 1, ..other },
            Process { boot: other.boot ^ 1, ..other },
            Process { boot: 0, ..other },
            Process { namespace: other.namespace + 1, ..other },
            Process { began: 0, ..other },
        ] {
            assert!(!dead.lives("run", elsewhere), "{dead:?}");
        }
        child.kill().expect("it lives");
        // Not waited for yet: it is dead all the same.
        let gone = std::time::Instant::now() + std::time::Duration::from_secs(10);
        while began(process) != 0 {
            assert!(std::time::Instant::now() < gone);
        }
        child.wait().expect("it ended");
    }
}
