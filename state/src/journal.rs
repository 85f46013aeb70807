//! The journal: a line before each change and one after, written at once, so that a killed run loses nothing.
//!
//! It lies beside the state and is removed when the state is saved. A run that finds one takes it over.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use infra_addrs::{ProviderConfig, ResourceInstance};
use serde_json::{Value as Json, json};

use crate::format::{object_from_json, object_to_json};
use crate::{ObjectState, State};

/// A journal that is being written.
pub struct Journal {
    file: Mutex<File>,
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
        Ok(Self { file: Mutex::new(file) })
    }

    /// A change is about to be made.
    ///
    /// # Errors
    /// The line cannot be written: then the change must not be made.
    pub fn intent(&self, addr: &ResourceInstance, action: &str) -> io::Result<()> {
        self.line(&json!({ "intent": addr.to_string(), "action": action }), false)
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
        self.line(&json!({ "saved": addr.to_string(), "provider": provider.to_string(), "object": object }), true)
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
        self.line(&line, true)
    }

    /// An object is gone: the current one, or the deposed one with this key.
    ///
    /// # Errors
    /// The line cannot be written.
    pub fn removed(&self, addr: &ResourceInstance, key: Option<&str>) -> io::Result<()> {
        self.line(&json!({ "removed": addr.to_string(), "key": key }), false)
    }

    fn line(&self, json: &Json, sync: bool) -> io::Result<()> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.write_all(format!("{json}\n").as_bytes())?;
        if sync { file.sync_data() } else { Ok(()) }
    }
}

/// What was found in a journal.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Recovered {
    /// Objects that were made or changed.
    pub saved: Vec<String>,
    /// Objects that are gone.
    pub removed: Vec<String>,
    /// Changes that were begun, and of which nothing more is known: address and action.
    pub unfinished: Vec<(String, String)>,
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
    for line in text.lines().filter_map(|line| serde_json::from_str::<Json>(line).ok()) {
        take(&line, state, &mut recovered);
    }
    Ok(Some(recovered))
}

fn take(line: &Json, state: &mut State, recovered: &mut Recovered) -> Option<()> {
    let text = |name: &str| line.get(name).and_then(Json::as_str);
    let finished = |recovered: &mut Recovered, addr: &str| {
        recovered.unfinished.retain(|(other, _)| other != addr);
    };
    if let Some(addr) = text("intent") {
        recovered.unfinished.push((addr.to_owned(), text("action").unwrap_or_default().to_owned()));
    } else if let Some(name) = text("saved") {
        let addr: ResourceInstance = name.parse().ok()?;
        let object = object_from_json(line.get("object")?.clone(), &addr.resource)?;
        state.set_object(&addr, &text("provider")?.parse().ok()?, object);
        finished(recovered, name);
        if !recovered.saved.iter().any(|other| other == name) {
            recovered.saved.push(name.to_owned());
        }
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
        finished(recovered, name);
        recovered.saved.retain(|other| other != name);
        recovered.removed.push(name.to_owned());
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
            attributes: Attributes::Json(std::sync::Arc::new(json!({ "id": id }))),
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
        assert_eq!(state.object(&addr("test_a.one")).unwrap().id(), Some("1"));
        assert_eq!(recovered.saved, ["test_a.one"]);
        assert_eq!(recovered.unfinished, [("test_a.two[0]".to_owned(), "+".to_owned())]);
    }
}
