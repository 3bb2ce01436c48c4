//! Bundles the page into the build's output folder, so that the program carries it and loads nothing at run time.

use std::path::Path;
use std::process::Command;
use std::{env, fs, io};

/// What the bundle is made from, beside `web/src`.
const FILES: [&str; 3] = ["package.json", "package-lock.json", "index.html"];

fn main() {
    if let Err(problem) = bundle() {
        println!("cargo::error=The viewer's page can't be bundled: {problem}");
        std::process::exit(1);
    }
}

fn bundle() -> Result<(), String> {
    let web = Path::new("web");
    // npm works on a copy: the sources stay as they are, whatever it writes.
    let out = Path::new(&env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?).join("web");
    for file in FILES {
        println!("cargo::rerun-if-changed=web/{file}");
        copy(&web.join(file), &out.join(file))?;
    }
    println!("cargo::rerun-if-changed=web/src");
    let _ = fs::remove_dir_all(out.join("src"));
    copy_folder(&web.join("src"), &out.join("src"))?;
    install(&out)?;
    npm(&out, &["run", "--silent", "build", "--", "--outdir=dist", "--log-level=warning"])
}

fn copy_folder(from: &Path, to: &Path) -> Result<(), String> {
    let failed = |error: io::Error| format!("can't read {}: {error}", from.display());
    for entry in fs::read_dir(from).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() { copy_folder(&from, &to)? } else { copy(&from, &to)? }
    }
    Ok(())
}

fn copy(from: &Path, to: &Path) -> Result<(), String> {
    let parent = to.parent().unwrap_or(to);
    fs::create_dir_all(parent)
        .and_then(|()| fs::copy(from, to))
        .map(|_| ())
        .map_err(|error| format!("can't copy {}: {error}", from.display()))
}

/// Installs what the lock file names, unless that is what is installed.
fn install(out: &Path) -> Result<(), String> {
    let read = |file: &str| fs::read(out.join(file)).unwrap_or_default();
    let wanted = read("package-lock.json");
    if read("installed") == wanted {
        return Ok(());
    }
    npm(out, &["ci", "--omit=dev", "--no-audit", "--no-fund", "--loglevel=error"])?;
    fs::write(out.join("installed"), wanted).map_err(|error| error.to_string())
}

fn npm(folder: &Path, arguments: &[&str]) -> Result<(), String> {
    let program = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let output = Command::new(program).args(arguments).current_dir(folder).output().map_err(|error| {
        match error.kind() {
            io::ErrorKind::NotFound => {
                "npm is not on the PATH. Install Node.js 20 or later, which brings it.".to_owned()
            }
            _ => format!("npm can't be started: {error}"),
        }
    })?;
    if output.status.success() {
        return Ok(());
    }
    // One line, because cargo shows only one.
    let said = String::from_utf8_lossy(&output.stderr).replace('\n', " | ");
    Err(format!("`npm {}` failed: {said}", arguments.join(" ")))
}
