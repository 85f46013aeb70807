//! The files that configurations and functions see.

use std::collections::BTreeMap;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// A view of files. Paths are relative to the working folder, or absolute.
pub trait Files: Send + Sync + std::fmt::Debug {
    /// The bytes of a file.
    ///
    /// # Errors
    /// There is no such file, or it cannot be read.
    fn read(&self, path: &str) -> io::Result<Arc<[u8]>>;

    /// The names in a folder, sorted; those of folders end in a slash.
    ///
    /// # Errors
    /// There is no such folder, or it cannot be read.
    fn list(&self, folder: &str) -> io::Result<Vec<String>>;

    /// The path from the root of the file system.
    fn absolute(&self, path: &str) -> String;

    /// The user's home.
    fn home(&self) -> Option<String>;
}

/// The files on disk.
#[derive(Debug)]
pub struct Disk {
    /// The folder from which relative paths start.
    pub working_dir: PathBuf,
    /// The user's home.
    pub home: Option<PathBuf>,
}

impl Files for Disk {
    fn read(&self, path: &str) -> io::Result<Arc<[u8]>> {
        std::fs::read(self.working_dir.join(path)).map(Into::into)
    }

    fn list(&self, folder: &str) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in std::fs::read_dir(self.working_dir.join(folder))? {
            let entry = entry?;
            let mut name = entry.file_name().to_string_lossy().into_owned();
            if entry.path().is_dir() {
                name.push('/');
            }
            names.push(name);
        }
        names.sort();
        Ok(names)
    }

    fn absolute(&self, path: &str) -> String {
        clean(&self.working_dir.join(path)).to_string_lossy().into_owned()
    }

    fn home(&self) -> Option<String> {
        self.home.as_ref().map(|home| home.to_string_lossy().into_owned())
    }
}

/// The path without `.` and `..`.
pub fn clean(path: &Path) -> PathBuf {
    let mut cleaned = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir
                if matches!(cleaned.components().next_back(), Some(Component::Normal(_))) =>
            {
                cleaned.pop();
            }
            // There is nothing above the root.
            Component::ParentDir if cleaned.has_root() => {}
            part => cleaned.push(part),
        }
    }
    cleaned
}

/// The path with single slashes, without `.` and, where that is possible, without `..`; `.` if nothing is left.
pub(crate) fn clean_slashes(path: &str) -> String {
    let cleaned = clean(Path::new(path)).to_string_lossy().into_owned();
    if cleaned.is_empty() { ".".to_owned() } else { cleaned }
}

/// Remembers all that is read.
#[derive(Debug)]
pub struct Recorder {
    files: Arc<dyn Files>,
    taken: Mutex<BTreeMap<String, Arc<[u8]>>>,
}

impl Recorder {
    /// A recorder of what is read from `files`.
    pub fn new(files: Arc<dyn Files>) -> Self {
        Self { files, taken: Mutex::default() }
    }

    /// Everything that was read.
    pub fn taken(&self) -> BTreeMap<String, Arc<[u8]>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Files for Recorder {
    fn read(&self, path: &str) -> io::Result<Arc<[u8]>> {
        let bytes = self.files.read(path)?;
        self.taken
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(path.to_owned(), bytes.clone());
        Ok(bytes)
    }

    fn list(&self, folder: &str) -> io::Result<Vec<String>> {
        self.files.list(folder)
    }

    fn absolute(&self, path: &str) -> String {
        self.files.absolute(path)
    }

    fn home(&self) -> Option<String> {
        self.files.home()
    }
}

/// Files that are held in memory: those of a saved plan, or of a test.
#[derive(Clone, Default, Debug)]
pub struct Snapshot {
    /// Bytes by path.
    pub files: BTreeMap<String, Arc<[u8]>>,
    /// What `path.cwd` and `abspath` start from.
    pub working_dir: String,
}

impl Snapshot {
    /// Of texts by path.
    pub fn of<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let files = files
            .into_iter()
            .map(|(path, text)| (path.to_owned(), text.as_bytes().into()))
            .collect();
        Self { files, working_dir: "/work".to_owned() }
    }
}

impl Files for Snapshot {
    fn read(&self, path: &str) -> io::Result<Arc<[u8]>> {
        let cleaned = clean(Path::new(path));
        let found = self.files.get(path).or_else(|| self.files.get(&*cleaned.to_string_lossy()));
        found.cloned().ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn list(&self, folder: &str) -> io::Result<Vec<String>> {
        let folder = clean(Path::new(folder)).to_string_lossy().into_owned();
        let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let mut names: Vec<String> = self
            .files
            .keys()
            .filter_map(|path| path.strip_prefix(&prefix))
            .map(|rest| match rest.split_once('/') {
                Some((first, _)) => format!("{first}/"),
                None => rest.to_owned(),
            })
            .collect();
        names.dedup();
        if names.is_empty() { Err(io::ErrorKind::NotFound.into()) } else { Ok(names) }
    }

    fn absolute(&self, path: &str) -> String {
        clean(&Path::new(&self.working_dir).join(path)).to_string_lossy().into_owned()
    }

    fn home(&self) -> Option<String> {
        None
    }
}
