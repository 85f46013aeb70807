//! A store whose use is written to the log.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use async_trait::async_trait;
use infra_engine::state::{LockError, LockInfo, State, Store, StoreError};

use crate::log::Log;

/// A store, and the log that is told what is done with it.
pub(super) struct Logged {
    pub(super) store: Arc<dyn Store>,
    pub(super) log: Arc<Log>,
}

impl Logged {
    /// Tells what was done, how long it took, and why it failed if it did.
    fn tell(&self, since: Instant, what: &str, problem: Option<String>) {
        let (store, took) = (self.store.describe(), since.elapsed().as_millis());
        match problem {
            None => self.log.line("DEBUG", &format!("{store}: {what} in {took} ms")),
            Some(problem) => self.log.line("ERROR", &format!("{store}: not {what}: {problem}")),
        }
    }
}

/// Which version of a state it is, and how much it holds.
fn version(state: &State) -> String {
    let objects: usize = state.resources.values().map(|found| found.instances.len()).sum();
    format!("serial {}, lineage {}, {objects} instances", state.serial, state.lineage)
}

fn problem<T, E: ToString>(done: &Result<T, E>) -> Option<String> {
    done.as_ref().err().map(ToString::to_string)
}

#[async_trait]
impl Store for Logged {
    fn describe(&self) -> String {
        self.store.describe()
    }

    async fn read(&self) -> Result<Option<State>, StoreError> {
        let since = Instant::now();
        let done = self.store.read().await;
        let found = match &done {
            Ok(Some(state)) => format!("state read ({})", version(state)),
            _ => "state read (there is none)".to_owned(),
        };
        self.tell(since, &found, problem(&done));
        done
    }

    async fn write(&self, state: &State) -> Result<State, StoreError> {
        let since = Instant::now();
        let done = self.store.write(state).await;
        let written = done.as_ref().unwrap_or(state);
        self.tell(since, &format!("state saved ({})", version(written)), problem(&done));
        done
    }

    async fn replace(&self, state: &State) -> Result<(), StoreError> {
        let since = Instant::now();
        let done = self.store.replace(state).await;
        self.tell(since, &format!("state replaced ({})", version(state)), problem(&done));
        done
    }

    async fn create(&self, state: &State) -> Result<(), StoreError> {
        let since = Instant::now();
        let done = self.store.create(state).await;
        self.tell(since, &format!("state created ({})", version(state)), problem(&done));
        done
    }

    async fn erase(&self) -> Result<(), StoreError> {
        self.store.erase().await
    }

    async fn delete(&self) -> Result<(), StoreError> {
        let since = Instant::now();
        let done = self.store.delete().await;
        self.tell(since, "state deleted", problem(&done));
        done
    }

    async fn lock(&self, info: &LockInfo) -> Result<(), LockError> {
        let since = Instant::now();
        let done = self.store.lock(info).await;
        self.tell(since, &format!("locked ({}, {})", info.id, info.operation), problem(&done));
        done
    }

    async fn unlock(&self, id: &str) -> Result<(), StoreError> {
        let since = Instant::now();
        let done = self.store.unlock(id).await;
        self.tell(since, &format!("unlocked ({id})"), problem(&done));
        done
    }

    fn journal_path(&self) -> Option<PathBuf> {
        self.store.journal_path()
    }

    async fn workspaces(&self) -> Result<Vec<String>, StoreError> {
        self.store.workspaces().await
    }
}
