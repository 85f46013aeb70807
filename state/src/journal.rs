//! The journal: a line before each change and one after, written at once, so that a killed run loses nothing.
//!
//! It lies beside the state and is removed when the state is saved. A run that finds one takes it over. A line is with
//! the operating system before anything else is done; a thread behind forces lines to the disk, many at a time, so only
//! a machine that loses power can lose the last few.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use infra_addrs::{ProviderConfig, ResourceInstance};
use infra_value::json::read;
use serde_json::{Value as Json, json};

use crate::format::{object_from_json, object_to_json};
use crate::{ObjectState, State};

/// A journal that is being written.
pub struct Journal {
    file: Mutex<File>,
    written: Option<Sender<()>>,
    syncing: Option<JoinHandle<()>>,
}

impl Drop for Journal {
    fn drop(&mut self) {
        self.written.take();
        if let Some(syncing) = self.syncing.take() {
            let _ = syncing.join();
        }
    }
}

/// Forces to the disk what was written, whenever something was, until the sender is gone.
fn sync(file: &File, written: &Receiver<()>) {
    while written.recv().is_ok() {
        while written.try_recv().is_ok() {}
        let _ = file.sync_data();
    }
}

impl Journal {
    /// Opens the journal of a run. Lines are added to what is there.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn open(path: &Path) -> io::Result<Self> {
        if let Some(parent) = path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
            fs::create_dir_all(parent)?;
        }
        let file = File::options().append(true).create(true).open(path)?;
        let behind = file.try_clone()?;
        let (written, receiver) = channel();
        let syncing = thread::spawn(move || sync(&behind, &receiver));
        Ok(Self { file: Mutex::new(file), written: Some(written), syncing: Some(syncing) })
    }

    /// A change is about to be made.
    ///
    /// # Errors
    /// The line cannot be written: then the change must not be made.
    pub fn intent(&self, addr: &ResourceInstance, action: &str) -> io::Result<()> {
        self.line(&json!({ "intent": addr.to_string(), "action": action }))
    }

    /// An object exists and looks like this.
    ///
    /// # Errors
    /// The line cannot be written.
    pub fn saved(
        &self,
        addr: &ResourceInstance,
        provider: &ProviderConfig,
        object: &ObjectState,
    ) -> io::Result<()> {
        let object = object_to_json(object);
        self.line(&json!({ "saved": addr.to_string(), "provider": provider.to_string(), "object": object }))
    }

    /// An object was set aside to be replaced.
    ///
    /// # Errors
    /// The line cannot be written.
    pub fn deposed(
        &self,
        addr: &ResourceInstance,
        provider: &ProviderConfig,
        key: &str,
        object: &ObjectState,
    ) -> io::Result<()> {
        let object = object_to_json(object);
        let line = json!({ "deposed": addr.to_string(), "key": key, "provider": provider.to_string(), "object": object });
        self.line(&line)
    }

    /// An object is gone: the current one, or the deposed one with this key.
    ///
    /// # Errors
    /// The line cannot be written.
    pub fn removed(&self, addr: &ResourceInstance, key: Option<&str>) -> io::Result<()> {
        self.line(&json!({ "removed": addr.to_string(), "key": key }))
    }

    fn line(&self, json: &Json) -> io::Result<()> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.write_all(format!("{json}\n").as_bytes())?;
        if let Some(written) = &self.written {
            let _ = written.send(());
        }
        Ok(())
    }
}

/// What was found in a journal.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Recovered {
    /// Objects that were made or changed.
    pub saved: BTreeSet<String>,
    /// Objects that are gone.
    pub removed: BTreeSet<String>,
    /// Changes that were begun, and of which nothing more is known: address and action.
    pub unfinished: BTreeMap<String, String>,
}

impl Recovered {
    /// A line for each object, for people.
    pub fn lines(&self) -> Vec<String> {
        let saved = self.saved.iter().map(|addr| format!("{addr} was made or changed"));
        let removed = self.removed.iter().map(|addr| format!("{addr} was deleted"));
        let unfinished = self.unfinished.iter().map(|(addr, action)| match action.as_str() {
            "+" => format!("{addr} was being created when the run ended: look whether it exists"),
            "-" => format!("{addr} was being deleted when the run ended"),
            _ => format!("{addr} was being changed when the run ended"),
        });
        saved.chain(removed).chain(unfinished).collect()
    }
}

/// Takes what a journal says into a state. Nothing if there is no journal.
///
/// # Errors
/// The journal cannot be read.
pub fn replay(path: &Path, state: &mut State) -> io::Result<Option<Recovered>> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut recovered = Recovered::default();
    // The last line may have been cut off; it then tells of nothing that was done.
    for line in text.lines().filter_map(|line| read::<Json>(line.as_bytes()).ok()) {
        take(&line, state, &mut recovered);
    }
    Ok(Some(recovered))
}

fn take(line: &Json, state: &mut State, recovered: &mut Recovered) -> Option<()> {
    let text = |name: &str| line.get(name).and_then(Json::as_str);
    if let Some(addr) = text("intent") {
        let action = text("action").unwrap_or_default();
        recovered.unfinished.insert(addr.to_owned(), action.to_owned());
    } else if let Some(name) = text("saved") {
        let addr: ResourceInstance = name.parse().ok()?;
        let object = object_from_json(line.get("object")?.clone(), &addr.resource)?;
        state.set_object(&addr, &text("provider")?.parse().ok()?, object);
        recovered.unfinished.remove(name);
        recovered.saved.insert(name.to_owned());
    } else if let Some(name) = text("deposed") {
        let addr: ResourceInstance = name.parse().ok()?;
        let object = object_from_json(line.get("object")?.clone(), &addr.resource)?;
        state.remove_object(&addr);
        state.set_deposed(&addr, &text("provider")?.parse().ok()?, text("key")?, object);
    } else if let Some(name) = text("removed") {
        let addr: ResourceInstance = name.parse().ok()?;
        match text("key") {
            Some(key) => state.remove_deposed(&addr, key),
            None => state.remove_object(&addr),
        }
        recovered.unfinished.remove(name);
        recovered.saved.remove(name);
        recovered.removed.insert(name.to_owned());
    }
    Some(())
}

/// Removes a journal: the state says all that it said.
pub fn remove(path: &Path) {
    let _ = fs::remove_file(path);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Attributes;
    use infra_addrs::{ModulePath, ProviderAddr};

    fn object(id: &str) -> ObjectState {
        ObjectState {
            tainted: false,
            schema_version: 1,
            attributes: Attributes::Stored((&json!({ "id": id })).into()),
            sensitive: Vec::new(),
            private: Vec::new(),
            dependencies: Vec::new(),
            create_before_destroy: false,
            identity: None,
        }
    }

    #[test]
    fn what_a_killed_run_made_is_found_again_also_after_a_torn_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let journal = Journal::open(&path).unwrap();
        let provider = ProviderConfig {
            module: ModulePath::root(),
            provider: ProviderAddr::hashicorp("test"),
            alias: None,
            key: None,
        };
        let addr = |text: &str| text.parse::<ResourceInstance>().unwrap();
        journal.intent(&addr("test_a.one"), "+").unwrap();
        journal.saved(&addr("test_a.one"), &provider, &object("1")).unwrap();
        journal.intent(&addr("test_a.two[0]"), "+").unwrap();
        fs::OpenOptions::new()
            .append(true)
            .open(&path)
            .unwrap()
            .write_all(b"{\"saved\":\"te")
            .unwrap();
        let mut state = State::new("l".into());
        let recovered = replay(&path, &mut state).unwrap().unwrap();
        assert_eq!(state.object(&addr("test_a.one")).unwrap().id().as_deref(), Some("1"));
        assert_eq!(recovered.saved, BTreeSet::from(["test_a.one".to_owned()]));
        let unfinished = BTreeMap::from([("test_a.two[0]".to_owned(), "+".to_owned())]);
        assert_eq!(recovered.unfinished, unfinished);
    }
}
