//! Where a file stands that is replaced as a whole: its folder, the lock on it, what is in it, and how new content takes the place of the old.
//!
//! A file is never written in place. The new content is written beside it, forced to the disk, and renamed over it, so
//! that whoever looks, and whatever is killed in between, finds the whole old file or the whole new one.
#![expect(clippy::disallowed_methods, reason = "this layer is where files are read and written")]

use std::ffi::{OsStr, OsString};
use std::fs::{self, File, Metadata, OpenOptions, TryLockError};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::NamedTempFile;

use crate::files::plain;
use crate::files::yaml::LARGEST;

/// So many links are followed before they are taken for a circle; Linux stops there too.
const MOST_LINKS: usize = 40;

/// What stood in a file when it was looked at: enough to see that it changed, without keeping it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Fingerprint(Option<(usize, u64)>);

impl Fingerprint {
    /// Of that content; none when there is no file. Nothing but the bytes counts: instants and numbers of files
    /// can be the same after a change, and reading is cheap beside one flush to the disk.
    pub(super) fn of(content: Option<&[u8]>) -> Self {
        Self(content.map(|bytes| {
            let mut hasher = DefaultHasher::new();
            bytes.hash(&mut hasher);
            (bytes.len(), hasher.finish())
        }))
    }
}

/// A step of a save that failed: what was tried, and what the system said.
#[derive(Debug)]
pub(super) struct Failed {
    /// What was tried, as in "writing a new file".
    pub tried: &'static str,
    /// What the system said.
    pub error: io::Error,
    /// Whether the new content stands in the file all the same.
    pub written: bool,
}

impl Failed {
    /// What the system said, and what to do about it, after which somebody may do it `again`, or on `a_copy`.
    pub fn in_words(&self, folder: &str, again: &str, a_copy: &str) -> (String, String) {
        // A file that is named without a folder stands where somebody works; that has no name that says anything.
        let folder = if folder == "." { String::new() } else { format!(" {folder}") };
        let what_to_do = match self.error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => format!("free some space, then {again}"),
            ErrorKind::PermissionDenied => format!("make the file and its folder{folder} writable for you, or work on {a_copy}"),
            ErrorKind::ReadOnlyFilesystem => format!("work on {a_copy} in another place"),
            ErrorKind::NotFound => format!("put the folder{folder} back, then {again}"),
            ErrorKind::NotADirectory => format!("put a folder at{folder} in place of what is there, then {again}"),
            ErrorKind::IsADirectory | ErrorKind::InvalidInput | ErrorKind::FileTooLarge => format!("move it away, then {again}"),
            ErrorKind::TimedOut => format!("close the other one, then {again}"),
            _ => format!("{again}, and if it fails again, look after the disk"),
        };
        let is_gone = self.error.kind() == ErrorKind::NotFound && !self.written;
        (if is_gone { "the folder is not there".to_owned() } else { plain(&self.error) }, what_to_do)
    }
}

fn failed(tried: &'static str) -> impl FnOnce(io::Error) -> Failed {
    move |error| Failed { tried, error, written: false }
}

/// The file that is read and replaced, with links followed to their end.
pub(super) struct Place {
    /// The file itself.
    file: PathBuf,
    /// The folder it stands in.
    pub folder: PathBuf,
    /// Its name in that folder.
    name: OsString,
}

impl Place {
    /// Follows `path` to the file it stands for, which need not be there.
    pub fn of(path: &Path) -> io::Result<Self> {
        let mut file = path.to_owned();
        for _ in 0..=MOST_LINKS {
            let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned();
            match fs::symlink_metadata(&file) {
                Ok(kind) if kind.is_symlink() => file = folder.join(fs::read_link(&file)?),
                Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
                Ok(_) | Err(_) => {
                    let name = file.file_name().ok_or_else(|| io::Error::new(ErrorKind::InvalidInput, "this names no file"))?.to_owned();
                    return Ok(Self { file, folder, name });
                }
            }
        }
        Err(io::Error::new(ErrorKind::InvalidInput, "its symbolic links lead in a circle"))
    }

    /// What stands in the file; none when there is no file.
    pub fn content(&self) -> io::Result<Option<Vec<u8>>> {
        let kind = match fs::metadata(&self.file) {
            Ok(kind) => kind,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        if kind.is_dir() {
            return Err(io::Error::new(ErrorKind::IsADirectory, "there is a folder of that name"));
        }
        // A pipe or a device would be waited for, or read, without end.
        if !kind.is_file() {
            return Err(io::Error::new(ErrorKind::InvalidInput, "this is not an ordinary file"));
        }
        let too_large = || io::Error::new(ErrorKind::FileTooLarge, format!("it is over {} MiB, the largest that is read", LARGEST / (1024 * 1024)));
        if kind.len() > LARGEST {
            return Err(too_large());
        }
        let mut bytes = Vec::with_capacity(usize::try_from(kind.len()).unwrap_or_default());
        File::open(&self.file)?.take(LARGEST + 1).read_to_end(&mut bytes)?;
        // It can have grown since.
        if bytes.len() as u64 > LARGEST { Err(too_large()) } else { Ok(Some(bytes)) }
    }

    /// Waits until no other envdeck saves in this folder. Where locks are not supported there is none, and only the
    /// look at the file right before it is replaced keeps two writers apart.
    pub fn lock(&self) -> Result<Lock, Failed> {
        const PAUSE: Duration = Duration::from_millis(2);
        const PAUSES: usize = 5_000;
        let Ok(held) = self.lockable() else { return Ok(Lock { held: None, folder: None }) };
        for _ in 0..PAUSES {
            match held.try_lock() {
                Ok(()) => return Ok(Lock { folder: held.try_clone().ok(), held: Some(held) }),
                Err(TryLockError::WouldBlock) => std::thread::sleep(PAUSE),
                Err(TryLockError::Error(error)) if error.kind() == ErrorKind::Interrupted => {}
                Err(TryLockError::Error(_)) => return Ok(Lock { held: None, folder: Some(held) }),
            }
        }
        Err(failed("waiting for another envdeck that saves in this folder")(io::Error::new(ErrorKind::TimedOut, "it has not finished in ten seconds")))
    }

    #[cfg(unix)]
    fn lockable(&self) -> io::Result<File> {
        File::open(&self.folder)
    }

    /// Folders cannot be locked here, and a locked snapshot could not be read: a file of our own stands for both.
    #[cfg(not(unix))]
    fn lockable(&self) -> io::Result<File> {
        let mut hasher = DefaultHasher::new();
        fs::canonicalize(&self.folder)?.hash(&mut hasher);
        let name = format!("envdeck-{:016x}.lock", hasher.finish());
        OpenOptions::new().create(true).truncate(false).write(true).open(std::env::temp_dir().join(name))
    }

    /// Replaces the content, unless the file is no longer as `seen`; says whether it did.
    pub fn replace(&self, text: &str, seen: Fingerprint, lock: &Lock) -> Result<bool, Failed> {
        let old = match fs::metadata(&self.file) {
            Ok(old) => Some(old),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Err(failed("looking at the file")(error)),
        };
        if let Some(old) = &old {
            self.may_be_written(old).map_err(failed("opening the file for writing"))?;
        }
        if lock.held.is_some() {
            self.remove_leftovers();
        }
        let mut new =
            tempfile::Builder::new().prefix(&self.beside()).suffix(".tmp").tempfile_in(&self.folder).map_err(failed("making a new file beside it"))?;
        dress(&new, old.as_ref(), self.snapshot().as_ref()).map_err(failed("giving the new file the permissions of the old"))?;
        new.write_all(text.as_bytes()).and_then(|()| new.flush()).map_err(failed("writing a new file beside it"))?;
        new.as_file().sync_all().map_err(failed("forcing the new file to the disk"))?;
        // An editor takes no lock of ours: this keeps what it wrote in the meantime.
        if Fingerprint::of(self.content().map_err(failed("reading the file again"))?.as_deref()) != seen {
            return Ok(false);
        }
        // A signal that arrives meanwhile is no reason to give up.
        const TRIES: usize = 100;
        for again in (0..TRIES).rev() {
            match new.persist(&self.file) {
                Ok(_) => break,
                Err(refused) if refused.error.kind() == ErrorKind::Interrupted && again > 0 => new = refused.file,
                Err(refused) => return Err(failed("putting the new file in its place")(refused.error)),
            }
        }
        lock.sync_folder().map_err(|error| Failed { tried: "forcing the folder to the disk", error, written: true })?;
        Ok(true)
    }

    /// Replacing a file takes no permission on the file itself, so what its owner forbade is asked for here.
    fn may_be_written(&self, old: &Metadata) -> io::Result<()> {
        if old.permissions().readonly() {
            return Err(io::Error::new(ErrorKind::PermissionDenied, "the file is read-only"));
        }
        OpenOptions::new().write(true).open(&self.file).map(drop)
    }

    /// The beginning of the names of our temporary files.
    fn beside(&self) -> OsString {
        let mut name = OsString::from(".");
        name.push(&self.name);
        name.push(".");
        name
    }

    /// Removes what a save that was killed left behind. Only under the lock: nobody else is at work then.
    fn remove_leftovers(&self) {
        let prefix = self.beside();
        let is_ours = |name: &OsStr| {
            let rest = name.as_encoded_bytes().strip_prefix(prefix.as_encoded_bytes());
            rest.and_then(|rest| rest.strip_suffix(b".tmp")).is_some_and(|mark| mark.len() == 6 && mark.iter().all(u8::is_ascii_alphanumeric))
        };
        for entry in fs::read_dir(&self.folder).into_iter().flatten().flatten().filter(|entry| is_ours(&entry.file_name())) {
            // Tidying up: if it cannot be removed now, the next save tries again.
            let _ = fs::remove_file(entry.path());
        }
    }

    /// The snapshot beside this journal, whose permissions a new journal gets.
    fn snapshot(&self) -> Option<Metadata> {
        fs::metadata(self.folder.join(super::journal::snapshot_name(&self.name)?)).ok()
    }
}

/// The lock on a folder, given back when it is dropped, or when the process ends in whatever way.
pub(super) struct Lock {
    held: Option<File>,
    folder: Option<File>,
}

impl Lock {
    /// Makes sure that the new name survives a loss of power, where the system can.
    #[cfg(unix)]
    fn sync_folder(&self) -> io::Result<()> {
        match self.folder.as_ref().map_or(Ok(()), File::sync_all) {
            Err(error) if matches!(error.kind(), ErrorKind::InvalidInput | ErrorKind::Unsupported) => Ok(()),
            done => done,
        }
    }

    #[cfg(not(unix))]
    fn sync_folder(&self) -> io::Result<()> {
        let _ = &self.folder;
        Ok(())
    }
}

/// Gives a new file the owner and the permissions of the one it replaces; the first gets those of the snapshot.
#[cfg(unix)]
fn dress(new: &NamedTempFile, old: Option<&Metadata>, snapshot: Option<&Metadata>) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};

    let file = new.as_file();
    let now = file.metadata()?;
    let mut mode = match (old, snapshot) {
        (Some(old), _) => old.mode() & 0o777,
        (None, Some(snapshot)) => snapshot.mode() & 0o666 | 0o600,
        (None, None) => return Ok(()),
    };
    if let Some(old) = old {
        // Only root can give a file away; everybody else owns what they saved, as with any editor.
        let _ = old.uid() == now.uid() || fchown(file, Some(old.uid()), None).is_ok();
        let same_group = old.gid() == now.gid() || fchown(file, None, Some(old.gid())).is_ok();
        if !same_group {
            // What the old group may do, another group may not.
            mode = mode & 0o707 | (mode & 0o007) << 3;
        }
    }
    if now.mode() & 0o777 == mode { Ok(()) } else { file.set_permissions(fs::Permissions::from_mode(mode)) }
}

#[cfg(not(unix))]
fn dress(_: &NamedTempFile, _: Option<&Metadata>, _: Option<&Metadata>) -> io::Result<()> {
    Ok(())
}
