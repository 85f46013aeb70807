//! A state in a local file, as Terraform's local backend keeps it.

use std::fs::{self, File};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;

use crate::{LockError, LockInfo, State, Store, StoreError, format};

/// A state file with its backup, lock file and journal.
pub struct LocalStore {
    read_from: PathBuf,
    write_to: PathBuf,
    backup: Option<PathBuf>,
    workspaces_dir: PathBuf,
    held: Mutex<Held>,
    /// Whether anything was written yet.
    written: AtomicBool,
}

#[derive(Default)]
struct Held {
    /// The open file that holds the operating system's lock: as Terraform's, one that goes away when any handle of the
    /// same file is closed. While it is held, the file is read through this handle and no other.
    lock: Option<(String, File)>,
    backed_up: bool,
}

impl LocalStore {
    /// The state of a workspace in a folder: `terraform.tfstate`, or a file below `terraform.tfstate.d`.
    pub fn in_folder(folder: &Path, workspace: &str) -> Self {
        let workspaces_dir = folder.join("terraform.tfstate.d");
        Self::in_workspace(folder.join("terraform.tfstate"), workspaces_dir, workspace)
    }

    /// The state of a workspace where the default one has a file of its own, and the others a folder each.
    pub fn in_workspace(path: PathBuf, workspaces_dir: PathBuf, workspace: &str) -> Self {
        let path = match workspace {
            "default" => path,
            name => workspaces_dir.join(name).join("terraform.tfstate"),
        };
        Self { workspaces_dir, ..Self::at(path) }
    }

    /// The state in a file of any name.
    pub fn at(path: PathBuf) -> Self {
        let mut backup = path.clone().into_os_string();
        backup.push(".backup");
        let parent = path.parent().unwrap_or(Path::new("")).to_owned();
        Self {
            read_from: path.clone(),
            write_to: path,
            backup: Some(backup.into()),
            workspaces_dir: parent.join("terraform.tfstate.d"),
            held: Mutex::default(),
            written: AtomicBool::new(false),
        }
    }

    /// Writes to another file than the one that is read.
    #[must_use]
    pub fn writing_to(mut self, path: PathBuf) -> Self {
        let mut backup = path.clone().into_os_string();
        backup.push(".backup");
        self.backup = Some(backup.into());
        self.write_to = path;
        self
    }

    /// Keeps the state as it was before the first write of a run in `path`, or nowhere.
    #[must_use]
    pub fn with_backup(mut self, path: Option<PathBuf>) -> Self {
        self.backup = path;
        self
    }

    /// Keeps the state as it was beside it, under its name with something added.
    #[must_use]
    pub fn with_backup_suffix(self, suffix: &str) -> Self {
        let backup = self.beside("", suffix);
        self.with_backup(Some(backup))
    }

    /// The file that is locked, and beside which others are written.
    fn home(&self) -> &Path {
        if is_device(&self.write_to) { &self.read_from } else { &self.write_to }
    }

    fn beside(&self, prefix: &str, suffix: &str) -> PathBuf {
        let home = self.home();
        let name = home.file_name().map(|name| name.to_string_lossy().into_owned());
        home.with_file_name(format!("{prefix}{}{suffix}", name.unwrap_or_default()))
    }

    fn info_path(&self) -> PathBuf {
        self.beside(".", ".lock.info")
    }

    fn held(&self) -> std::sync::MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// Whether there is something at a path that is no file.
fn is_device(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir())
}

fn failed(what: &str, path: &Path, error: &io::Error) -> StoreError {
    StoreError(format!("{} could not be {what}: {error}.", path.display()))
}

/// Writes a file so that it is either as before or whole, also when the machine stops. With `locked`, the new file is
/// locked before it takes the place of the old one, and stays so as long as it is open.
fn write_whole(path: &Path, bytes: &[u8], locked: bool) -> io::Result<File> {
    if let Some(parent) = path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        fs::create_dir_all(parent)?;
    }
    // A link is followed, and a device is written to: neither is replaced by a file.
    let path = &fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if is_device(path) {
        let mut device = File::options().read(true).write(true).open(path)?;
        device.write_all(bytes)?;
        return Ok(device);
    }
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(format!(".{}.tmp", std::process::id()));
    let temporary = path.with_file_name(name);
    let written = || {
        let mut file =
            File::options().read(true).write(true).create(true).truncate(true).open(&temporary)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        if locked {
            rustix::fs::fcntl_lock(&file, EXCLUSIVE)?;
        }
        fs::rename(&temporary, path)?;
        Ok(file)
    };
    let written = written();
    if written.is_err() {
        let _ = fs::remove_file(&temporary);
    }
    written
}

const EXCLUSIVE: rustix::fs::FlockOperation = rustix::fs::FlockOperation::NonBlockingLockExclusive;

impl LocalStore {
    /// What the state file holds, if there is one.
    fn bytes(&self, path: &Path) -> Result<Option<Vec<u8>>, StoreError> {
        // A device may have no end.
        if is_device(path) {
            return Ok(None);
        }
        let held = self.held();
        let read = match &held.lock {
            Some((_, file)) if path == self.home() => {
                let mut bytes = Vec::new();
                let mut file = file;
                file.rewind().and_then(|()| file.read_to_end(&mut bytes)).map(|_| bytes)
            }
            _ => fs::read(path),
        };
        match read {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(failed("read", path, &error)),
        }
    }

    /// Keeps what was there before the first write of a run.
    fn back_up(&self, before: Option<&[u8]>) -> Result<(), StoreError> {
        if let (Some(before), Some(backup), false) = (before, &self.backup, self.held().backed_up)
            && !before.is_empty()
        {
            write_whole(backup, before, false)
                .map_err(|error| failed("written", backup, &error))?;
        }
        self.held().backed_up = true;
        Ok(())
    }

    /// Writes a state as it is.
    fn put(&self, state: &State) -> Result<(), StoreError> {
        let path = &self.write_to;
        let mut held = self.held();
        let file =
            write_whole(path, &format::write(state), held.lock.is_some() && !is_device(path))
                .map_err(|error| failed("written", path, &error))?;
        self.written.store(true, Ordering::Relaxed);
        if let Some((_, locked)) = &mut held.lock
            && !is_device(path)
        {
            *locked = file;
        }
        Ok(())
    }
}

#[async_trait]
impl Store for LocalStore {
    fn describe(&self) -> String {
        self.write_to.display().to_string()
    }

    async fn read(&self) -> Result<Option<State>, StoreError> {
        // What this run wrote to another file is the newer state from then on; what another run left there is not.
        let newer = self.written.load(Ordering::Relaxed) && !is_device(&self.write_to);
        let path = if newer { &self.write_to } else { &self.read_from };
        match self.bytes(path)? {
            Some(bytes) if !bytes.iter().all(u8::is_ascii_whitespace) => format::parse(&bytes)
                .map(Some)
                .map_err(|error| StoreError(format!("{}: {error}", path.display()))),
            _ => Ok(None),
        }
    }

    async fn write(&self, state: &State) -> Result<State, StoreError> {
        let path = &self.write_to;
        let before = self.bytes(path)?;
        let known = before.as_deref().and_then(|bytes| format::parse(bytes).ok());
        if let Some(known) = known
            && known.same_content(state)
        {
            return Ok(known);
        }
        let next = State {
            serial: state.serial + 1,
            terraform_version: State::COMPATIBLE.to_owned(),
            ..state.clone()
        };
        self.back_up(before.as_deref())?;
        self.put(&next)?;
        Ok(next)
    }

    async fn replace(&self, state: &State) -> Result<(), StoreError> {
        let before = self.bytes(&self.write_to)?;
        self.back_up(before.as_deref())?;
        self.put(state)
    }

    async fn create(&self, state: &State) -> Result<(), StoreError> {
        let path = &self.write_to;
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(|error| failed("created", folder, &error))?;
        }
        // A state of nothing needs no file: the folder is the workspace.
        if state.is_empty() { Ok(()) } else { self.put(state) }
    }

    async fn erase(&self) -> Result<(), StoreError> {
        let path = &self.write_to;
        self.back_up(self.bytes(path)?.as_deref())?;
        File::options()
            .write(true)
            .truncate(true)
            .open(path)
            .map(drop)
            .map_err(|error| failed("emptied", path, &error))
    }

    async fn delete(&self) -> Result<(), StoreError> {
        let path = &self.write_to;
        let folder = path.parent().filter(|folder| folder.starts_with(&self.workspaces_dir));
        let removed = match folder {
            Some(folder) => fs::remove_dir_all(folder),
            None => fs::remove_file(path),
        };
        match removed {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(failed("deleted", path, &error))
            }
            _ => Ok(()),
        }
    }

    async fn lock(&self, info: &LockInfo) -> Result<(), LockError> {
        let path = self.beside("", "");
        let failed =
            |error: io::Error| LockError { held: None, message: failed("locked", &path, &error).0 };
        if let Some(parent) = path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
            fs::create_dir_all(parent).map_err(failed)?;
        }
        let file =
            File::options().read(true).append(true).create(true).open(&path).map_err(failed)?;
        if rustix::fs::fcntl_lock(&file, EXCLUSIVE).is_err() {
            let held = fs::read_to_string(self.info_path())
                .ok()
                .and_then(|text| LockInfo::from_json(&text));
            let held = held.or_else(|| {
                Some(LockInfo { path: path.display().to_string(), ..LockInfo::default() })
            });
            return Err(LockError { held, message: "resource temporarily unavailable".to_owned() });
        }
        fs::write(self.info_path(), info.to_json()).map_err(failed)?;
        self.held().lock = Some((info.id.clone(), file));
        Ok(())
    }

    async fn unlock(&self, id: &str) -> Result<(), StoreError> {
        let mut held = self.held();
        match &held.lock {
            Some((ours, _)) if ours == id => {
                let _ = fs::remove_file(self.info_path());
                held.lock = None;
                // A file that was made only to be locked is not left behind.
                if fs::metadata(self.home()).is_ok_and(|file| file.is_file() && file.len() == 0) {
                    let _ = fs::remove_file(self.home());
                }
                Ok(())
            }
            _ => Err(StoreError(
                "A lock on a local state belongs to the process that took it: end that process."
                    .to_owned(),
            )),
        }
    }

    fn journal_path(&self) -> Option<PathBuf> {
        Some(self.beside(".", ".journal"))
    }

    async fn workspaces(&self) -> Result<Vec<String>, StoreError> {
        let mut names = vec!["default".to_owned()];
        if let Ok(entries) = fs::read_dir(&self.workspaces_dir) {
            let mut found: Vec<String> = entries
                .flatten()
                .filter(|entry| entry.path().is_dir())
                .map(|entry| entry.file_name().to_string_lossy().into_owned())
                .collect();
            found.sort();
            names.extend(found);
        }
        Ok(names)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_state_is_written_once_for_each_change_and_backed_up() {
        let folder = tempfile::tempdir().unwrap();
        let store = LocalStore::in_folder(folder.path(), "default");
        assert!(store.read().await.unwrap().is_none());
        let first = store.write(&State::new("l".into())).await.unwrap();
        assert_eq!(first.serial, 1);
        assert_eq!(store.write(&first).await.unwrap().serial, 1);
        let mut changed = first.clone();
        changed
            .outputs
            .insert("a".into(), crate::OutputValue { value: 1.into(), sensitive: false });
        let store = LocalStore::in_folder(folder.path(), "default");
        assert_eq!(store.write(&changed).await.unwrap().serial, 2);
        let backup = fs::read(folder.path().join("terraform.tfstate.backup")).unwrap();
        assert_eq!(format::parse(&backup).unwrap(), first);
    }

    #[tokio::test]
    async fn a_lock_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let store = LocalStore::in_folder(folder.path(), "default");
        let info = LockInfo { id: "x".into(), ..LockInfo::default() };
        store.lock(&info).await.unwrap();
        assert!(store.unlock("y").await.is_err());
        store.unlock("x").await.unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
