//! The processes that record: `tests/c/torture.c`.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::account::{Account, Entry};
use super::common::c::{Program, compiler};
use super::common::child;

/// The program and the shim, built.
pub struct Programs {
    host: Program,
    _folder: tempfile::TempDir,
    shim: PathBuf,
}

impl Programs {
    pub fn build() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let shim = folder.path().join("faults.so");
        let warnings = ["-shared", "-fPIC", "-O1", "-Wall", "-Wextra", "-Werror", "-o"];
        child::run(compiler("CC", "cc").args(warnings).arg(&shim).arg("tests/c/shims/faults.c"));
        let host = Program::build("CC", "cc", &["-std=c11", "-O1"], &["tests/c/torture.c"]);
        Self { host, _folder: folder, shim }
    }
}

/// A storage directory, and the accounts of who recorded into it.
pub struct Place<'a> {
    programs: &'a Programs,
    folder: tempfile::TempDir,
    accounts: Vec<Account>,
}

/// What a run of the host does.
#[derive(Debug, Clone)]
pub struct Manner {
    pub url: String,
    pub threads: u32,
    pub pause_us: u64,
    pub roll_us: u64,
    pub padding: u32,
    /// More options, as they stand in the JSON.
    pub options: String,
    /// Of a thousand storage calls so many fail, by this seed.
    pub faults: Option<(u64, u64)>,
}

impl<'a> Place<'a> {
    pub fn new(programs: &'a Programs) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("storage")).unwrap();
        std::fs::write(folder.path().join("faults"), [0; 8]).unwrap();
        Self { programs, folder, accounts: Vec::new() }
    }

    pub fn storage(&self) -> PathBuf {
        self.folder.path().canonicalize().unwrap().join("storage")
    }

    /// How many storage calls failed.
    pub fn faults(&self) -> u64 {
        let bytes = std::fs::read(self.folder.path().join("faults")).unwrap();
        u64::from_le_bytes(bytes.try_into().unwrap())
    }

    /// What was offered by now.
    pub fn entries(&self) -> Vec<Entry> {
        self.accounts.iter().flat_map(Account::read).collect()
    }

    pub fn start(&mut self, manner: &Manner) -> Host {
        let storage = self.storage();
        self.start_on(&storage, manner)
    }

    /// A host on another directory than this one's: a copy of it.
    pub fn start_on(&mut self, storage: &Path, manner: &Manner) -> Host {
        let run = self.accounts.len() as u32;
        let account = Account::create(self.folder.path(), run);
        let mut command = self.programs.host.command();
        command
            .arg(&manner.url)
            .args([storage, account.path()])
            .args([run.to_string(), manner.threads.to_string(), manner.pause_us.to_string()])
            .args([manner.roll_us.to_string(), manner.padding.to_string(), manner.options.clone()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        if let Some((rate, seed)) = manner.faults {
            command
                .env("LD_PRELOAD", &self.programs.shim)
                .env("FAULTS_DIR", storage)
                .env("FAULTS_RATE", rate.to_string())
                .env("FAULTS_SEED", seed.to_string())
                .env("FAULTS_COUNT", self.folder.path().join("faults"));
        }
        let mut child = command.spawn().unwrap();
        let (input, output) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        self.accounts.push(account);
        Host { child, input, output }
    }
}

/// A process that records.
pub struct Host {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Host {
    /// Ends it as nothing can be prepared for.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        let status = self.child.wait().unwrap();
        assert_eq!(std::os::unix::process::ExitStatusExt::signal(&status), Some(libc::SIGKILL), "{status}");
    }

    fn ask(&mut self, what: &str) -> String {
        let mut answer = String::new();
        writeln!(self.input, "{what}").unwrap();
        self.output.read_line(&mut answer).unwrap();
        assert!(!answer.is_empty(), "the host has ended: {}", self.child.wait().unwrap());
        answer
    }

    /// It records no more.
    pub fn pause(&mut self) {
        self.ask("p");
    }

    pub fn stats(&mut self) -> Value {
        serde_json::from_str(&self.ask("s")).unwrap()
    }

    /// Its numbers, once they add up: `recorded + adopted = delivered + dropped + waiting`. It records no more.
    pub fn settled(&mut self) -> Value {
        let deadline = Instant::now() + Duration::from_secs(60);
        loop {
            let stats = self.stats();
            let number = |value: &Value| value.as_u64().unwrap();
            let dropped: u64 = stats["dropped"].as_object().unwrap().values().map(number).sum();
            let accepted = number(&stats["recorded"]["events"]) + number(&stats["adopted"]);
            let explained = number(&stats["delivered"]) + dropped + number(&stats["waiting"]["events"]);
            if accepted == explained {
                return stats;
            }
            assert!(Instant::now() < deadline, "{accepted} events are explained as {explained}: {stats}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Ends it well, within this time.
    pub fn end(mut self, within_ms: u32) {
        self.ask(&format!("q {within_ms}"));
        let status = self.child.wait().unwrap();
        assert!(status.success(), "{status}");
    }

    /// Stops each of its threads where it is.
    pub fn freeze(&self) {
        self.signal(libc::SIGSTOP);
        let tasks = format!("/proc/{}/task", self.child.id());
        let is_stopped = |task: &Path| {
            // The state stands behind the name, which is in parentheses.
            std::fs::read_to_string(task.join("stat"))
                .is_ok_and(|stat| stat.rsplit(')').next().is_some_and(|rest| rest.starts_with(" T")))
        };
        super::common::wait_until("the host to stand still", || {
            std::fs::read_dir(&tasks).unwrap().all(|task| is_stopped(&task.unwrap().path()))
        });
    }

    pub fn go_on(&self) {
        self.signal(libc::SIGCONT);
    }

    fn signal(&self, signal: i32) {
        // SAFETY: it sends a signal to a child that was not waited for.
        assert_eq!(unsafe { libc::kill(self.child.id() as i32, signal) }, 0);
    }
}

/// A test that failed leaves no process behind.
impl Drop for Host {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
