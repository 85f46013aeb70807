//! Where a state is kept.

use std::fmt;
use std::path::PathBuf;

use async_trait::async_trait;

use crate::{LockError, LockInfo, State};

/// A place for one state.
#[async_trait]
pub trait Store: Send + Sync {
    /// Where it is, for people.
    fn describe(&self) -> String;

    /// Reads the state; nothing if there is none yet.
    async fn read(&self) -> Result<Option<State>, StoreError>;

    /// Writes a state, with the next serial if it differs from what is there. Gives what was written.
    async fn write(&self, state: &State) -> Result<State, StoreError>;

    /// Writes a state with the serial that it has, in place of whatever is there.
    async fn replace(&self, state: &State) -> Result<(), StoreError>;

    /// Writes the first state of a new workspace.
    async fn create(&self, state: &State) -> Result<(), StoreError>;

    /// Empties the state, whose content was moved elsewhere. Only local states do: what is remote is kept.
    async fn erase(&self) -> Result<(), StoreError> {
        Ok(())
    }

    /// Deletes the state, and all that was kept only for its workspace.
    async fn delete(&self) -> Result<(), StoreError>;

    /// Takes the lock.
    async fn lock(&self, info: &LockInfo) -> Result<(), LockError>;

    /// Gives the lock back that was taken with this id.
    async fn unlock(&self, id: &str) -> Result<(), StoreError>;

    /// Where the journal of changes is written; nothing if changes are not recorded.
    fn journal_path(&self) -> Option<PathBuf>;

    /// The names of all workspaces, `default` first.
    async fn workspaces(&self) -> Result<Vec<String>, StoreError>;
}

/// Why a state could not be read or written.
#[derive(Debug)]
pub struct StoreError(pub String);

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for StoreError {}
