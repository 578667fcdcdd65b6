//! Snapshot, journal and asset files to domain and back; every error names file, line, column and path.

pub mod answers;
pub mod checklist;
pub mod exports;
pub mod journal;
mod lines;
pub mod mapping;
mod place;
pub mod problem;
pub mod rulebook;
pub mod rules;
pub mod snapshot;
pub mod yaml;

use std::fs::File;
use std::io::{BufReader, Write as _};
use std::path::Path;

pub use crate::domain::text;

use self::problem::Problems;
use self::snapshot::Loaded;

/// The demo estate that is built in.
pub const DEMO: &str = include_str!("../../assets/demo.yaml");

/// The folder that a file lies in, from the root on, without links.
pub fn folder_of(file: &Path) -> Option<String> {
    let folder = file.parent()?;
    Some(mapping::lies_at(if folder.as_os_str().is_empty() { Path::new(".") } else { folder }))
}

/// Reads the demo estate.
pub fn read_demo() -> Result<Loaded, Problems> {
    snapshot::read("the demo estate", DEMO.as_bytes())
}

/// When the demo estate was captured, which is when the console starts on it.
pub fn demo_captured_at() -> chrono::DateTime<chrono::Utc> {
    let line = DEMO.lines().find_map(|line| line.strip_prefix("captured_at: "));
    line.and_then(crate::domain::time::parse).unwrap_or_default()
}

/// Reads the snapshot at `path`.
#[expect(clippy::disallowed_methods, reason = "this layer is where files are read")]
pub fn read_snapshot(path: &Path) -> Result<Loaded, Problems> {
    let name = path.display().to_string();
    let unreadable = |error: std::io::Error| Problems::unreadable(&name, format!("the file cannot be read: {}", plain(&error)));
    if waits_for_a_writer(path) {
        return Err(Problems::unreadable(&name, "this is a named pipe: save what it carries into a file and name that"));
    }
    let file = File::open(path).map_err(unreadable)?;
    let kind = file.metadata().map_err(unreadable)?;
    if kind.is_dir() {
        return Err(Problems::unreadable(&name, "this is a folder: name the snapshot file inside it"));
    }
    if kind.len() > yaml::LARGEST {
        return Err(Problems::unreadable(
            &name,
            format!("the file is over {} MiB, the largest that is read: split it by tenant", yaml::LARGEST / (1024 * 1024)),
        ));
    }
    snapshot::read(&name, BufReader::with_capacity(64 * 1024, file))
}

/// Whether opening would wait for somebody to write: a named pipe, but not the one of a running command (`/dev/fd/63`).
#[cfg(unix)]
fn waits_for_a_writer(path: &Path) -> bool {
    use std::os::unix::fs::FileTypeExt;
    !path.starts_with("/dev/") && !path.starts_with("/proc/") && path.metadata().is_ok_and(|kind| kind.file_type().is_fifo())
}

#[cfg(not(unix))]
fn waits_for_a_writer(_: &Path) -> bool {
    false
}

/// Whether the file is a journal: by its first line, or by its name where that does not say.
#[expect(clippy::disallowed_methods, reason = "this layer is where files are read")]
pub fn is_journal(path: &Path) -> bool {
    let mut start = [0; 64];
    let read = (!waits_for_a_writer(path)).then(|| File::open(path).and_then(|mut file| std::io::Read::read(&mut file, &mut start)));
    let start = String::from_utf8_lossy(start.get(..read.and_then(Result::ok).unwrap_or(0)).unwrap_or_default()).into_owned();
    match start.trim_start_matches('\u{feff}').strip_prefix("schema: envdeck") {
        Some(version) => version.starts_with("-journal/"),
        None => path.file_name().is_some_and(journal::is_name_of_a_journal),
    }
}

/// Writes a new file; one that is there already is left alone, because somebody may have worked on it. `runs` makes it one
/// that can be run, where the system knows that.
pub fn write_new(path: &Path, content: &[u8], runs: bool) -> Result<(), Problems> {
    let name = path.display().to_string();
    let refused = |error: std::io::Error| {
        let message = match error.kind() {
            std::io::ErrorKind::AlreadyExists => "there is such a file already, and it is left as it is: name another one, or move it away".to_owned(),
            std::io::ErrorKind::NotFound => "there is no such folder".to_owned(),
            _ => format!("the file cannot be written: {}", plain(&error)),
        };
        Problems::unreadable(&name, message)
    };
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(if runs { 0o777 } else { 0o666 });
    }
    #[cfg(not(unix))]
    let _ = runs;
    let mut file = options.open(path).map_err(refused)?;
    if let Err(error) = file.write_all(content).and_then(|()| file.sync_all()) {
        // Half a file would be taken for a whole one.
        let _ = std::fs::remove_file(path);
        return Err(refused(error));
    }
    Ok(())
}

/// An input-output error in plain words, without the number of the system.
pub fn plain(error: &std::io::Error) -> String {
    let said = error.to_string();
    // `tempfile` wraps what the system said and adds the name of a file that nobody knows.
    let system = said.split_once(" (os error").map(|(system, _)| system);
    if system.is_none() && error.get_ref().is_some() {
        // What we found ourselves is in plain words already.
        return said;
    }
    match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file".to_owned(),
        std::io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        std::io::ErrorKind::StorageFull => "no space is left on the device".to_owned(),
        std::io::ErrorKind::ReadOnlyFilesystem => "the file system is read-only".to_owned(),
        // What std has no name for, such as a disk that fails, only the system can say.
        _ => system.unwrap_or(&said).to_lowercase(),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_demo_estate_loads() {
        let loaded = super::read_demo().unwrap_or_else(|problems| panic!("{problems}"));
        assert_eq!(loaded.snapshot.tenants().len(), 2);
        assert!(loaded.remarks.is_empty(), "{:?}", loaded.remarks);
    }
}
