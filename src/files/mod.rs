//! Snapshot, journal and asset files to domain and back; every error names file, line, column and path.

pub mod fields;
pub mod journal;
pub mod problem;
pub mod rulebook;
pub mod snapshot;
pub mod yaml;

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

pub use crate::domain::text;

use self::problem::Problems;
use self::snapshot::Loaded;

/// The demo estate that is built in.
pub const DEMO: &str = include_str!("../../assets/demo.yaml");

/// Reads the demo estate.
pub fn read_demo() -> Result<Loaded, Problems> {
    snapshot::read("the demo estate", DEMO.as_bytes())
}

/// Reads the snapshot at `path`.
#[expect(clippy::disallowed_methods, reason = "this layer is where files are read")]
pub fn read_snapshot(path: &Path) -> Result<Loaded, Problems> {
    let name = path.display().to_string();
    let unreadable = |error: std::io::Error| Problems::unreadable(&name, format!("the file cannot be read: {}", plain(&error)));
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
