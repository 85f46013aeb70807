//! The cloud: objects by name, and how many calls were made.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use infra_provider_sdk::{Client, Error, Result};
use serde::{Deserialize, Serialize};

/// What the cloud knows of an object.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Stored {
    pub(crate) value: Option<String>,
    pub(crate) kind: Option<String>,
    pub(crate) secret: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) secret_wo: Option<String>,
    pub(crate) size: i64,
    pub(crate) tags: BTreeMap<String, String>,
    /// How often it was written.
    pub(crate) revision: i64,
}

/// A cloud. Everyone who holds it sees the same objects.
#[derive(Debug, Default)]
pub struct Cloud {
    objects: Mutex<BTreeMap<String, Stored>>,
    file: Option<PathBuf>,
    calls: AtomicU64,
}

impl Cloud {
    /// A cloud that is kept in a JSON file.
    pub fn in_file(file: PathBuf) -> Self {
        Self { file: Some(file), ..Self::default() }
    }

    /// The names of all objects.
    pub fn names(&self) -> Vec<String> {
        self.read(|objects| objects.keys().cloned().collect())
    }

    /// How many calls were made: a call that reads many objects counts once.
    pub fn calls(&self) -> u64 {
        self.calls.load(Ordering::Relaxed)
    }

    /// Removes an object behind the back of whoever made it.
    pub fn lose(&self, name: &str) {
        self.write(|objects| objects.remove(name));
    }

    pub(crate) fn called(&self) {
        self.calls.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn read<T>(&self, look: impl FnOnce(&BTreeMap<String, Stored>) -> T) -> T {
        let mut objects = self.objects.lock().unwrap_or_else(PoisonError::into_inner);
        self.load(&mut objects);
        look(&objects)
    }

    pub(crate) fn write<T>(&self, change: impl FnOnce(&mut BTreeMap<String, Stored>) -> T) -> T {
        let mut objects = self.objects.lock().unwrap_or_else(PoisonError::into_inner);
        self.load(&mut objects);
        let result = change(&mut objects);
        if let Some(file) = &self.file
            && let Ok(text) = serde_json::to_string_pretty(&*objects)
        {
            let _ = std::fs::write(file, text);
        }
        result
    }

    fn load(&self, objects: &mut BTreeMap<String, Stored>) {
        let text = self.file.as_ref().and_then(|file| std::fs::read_to_string(file).ok());
        if let Some(stored) = text.and_then(|text| serde_json::from_str(&text).ok()) {
            *objects = stored;
        }
    }
}

/// A configured connection to a cloud.
pub(crate) struct Account(pub(crate) Arc<Cloud>);

impl Client for Account {
    fn requests(&self) -> u64 {
        self.0.calls()
    }
}

/// What a call says that was made to fail.
pub(crate) fn fault(verb: &str, name: &str) -> Error {
    Error::new(format!("The call {verb} for {name:?} fails, as its argument fail says."))
}

/// Fails if the verb is among those that shall fail.
pub(crate) fn check(verb: &str, name: &str, fail: Option<&[String]>) -> Result<()> {
    if fail.unwrap_or_default().iter().any(|failing| failing == verb) {
        return Err(fault(verb, name));
    }
    Ok(())
}
