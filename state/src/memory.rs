//! A state in memory only.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;

use crate::{LockError, LockInfo, State, Store, StoreError};

/// A state that is gone when the process ends: for tests of configurations.
#[derive(Default)]
pub struct MemoryStore(Mutex<Option<State>>);

impl MemoryStore {
    fn put(&self, state: State) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(state);
    }
}

#[async_trait]
impl Store for MemoryStore {
    fn describe(&self) -> String {
        "memory".to_owned()
    }

    async fn read(&self) -> Result<Option<State>, StoreError> {
        Ok(self.0.lock().unwrap_or_else(PoisonError::into_inner).clone())
    }

    async fn write(&self, state: &State) -> Result<State, StoreError> {
        let next = State { serial: state.serial + 1, ..state.clone() };
        self.put(next.clone());
        Ok(next)
    }

    async fn replace(&self, state: &State) -> Result<(), StoreError> {
        self.put(state.clone());
        Ok(())
    }

    async fn create(&self, state: &State) -> Result<(), StoreError> {
        self.replace(state).await
    }

    async fn delete(&self) -> Result<(), StoreError> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
        Ok(())
    }

    async fn lock(&self, _: &LockInfo) -> Result<(), LockError> {
        Ok(())
    }

    async fn unlock(&self, _: &str) -> Result<(), StoreError> {
        Ok(())
    }

    fn journal_path(&self) -> Option<PathBuf> {
        None
    }

    async fn workspaces(&self) -> Result<Vec<String>, StoreError> {
        Ok(vec!["default".to_owned()])
    }
}
