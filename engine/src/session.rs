//! A state that is held: read, locked, saved.

use std::sync::Arc;
use std::time::Duration;

use infra_diag::{Diagnostic, Diagnostics};
use infra_state::journal::{self, Journal};
use infra_state::{LockInfo, State, Store};

/// A state that was read from a store, with its lock if one was taken. Call [`Session::close`] in the end.
pub struct Session {
    /// Where the state is kept.
    pub store: Arc<dyn Store>,
    /// The state as it was read or saved last.
    pub state: State,
    lock: Option<LockInfo>,
}

impl Session {
    /// Takes the lock, if one is asked for, and reads the state. What a killed run left in its journal is taken over
    /// and reported.
    ///
    /// # Errors
    /// Why the lock could not be taken or the state could not be read.
    pub async fn open(
        store: Arc<dyn Store>,
        lock: Option<LockInfo>,
        timeout: Duration,
        lineage: String,
    ) -> Result<(Self, Diagnostics), Diagnostics> {
        if let Some(lock) = &lock {
            infra_state::lock_with_timeout(&*store, lock, timeout)
                .await
                .map_err(|error| not_locked(&error))?;
        }
        let locked = lock.is_some();
        let mut session = Self { store, state: State::new(lineage), lock };
        let mut found = Diagnostics::new();
        match session.store.read().await {
            Ok(Some(state)) => session.state = state,
            Ok(None) => {}
            Err(error) => {
                let mut found = Diagnostics::from(not_read(&error));
                found.extend(session.close().await);
                return Err(found);
            }
        }
        if locked {
            found.extend(session.recover().await);
        }
        Ok((session, found))
    }

    /// A session that holds a state in memory only.
    pub fn of(store: Arc<dyn Store>, state: State) -> Self {
        Self { store, state, lock: None }
    }

    /// Takes over what a run left in its journal, and saves it.
    pub async fn recover(&mut self) -> Diagnostics {
        let Some(path) = self.store.journal_path() else { return Diagnostics::new() };
        match journal::replay(&path, &mut self.state) {
            Ok(Some(recovered)) => {
                let mut found = Diagnostics::from(recovered_from(&recovered));
                let state = self.state.clone();
                found.extend(self.save(state).await);
                found
            }
            Ok(None) => Diagnostics::new(),
            Err(error) => Diagnostic::error("Failed to read the journal")
                .detail(format!("{} could not be read: {error}.", path.display()))
                .into(),
        }
    }

    /// The journal of this session's changes; nothing if the store has no place for one.
    pub(crate) fn journal(&self) -> Result<Option<Journal>, Diagnostic> {
        let Some(path) = self.store.journal_path() else { return Ok(None) };
        Journal::open(&path).map(Some).map_err(|error| {
            Diagnostic::error("Failed to write the journal").detail(format!(
                "Changes are recorded in {} before they are made. It could not be opened: {error}. Nothing was changed.",
                path.display()
            ))
        })
    }

    /// Saves a state, and then removes the journal, which says nothing more than the state does.
    pub async fn save(&mut self, state: State) -> Diagnostics {
        let written = self.store.write(&state).await;
        match written {
            Ok(written) => {
                self.state = written;
                if let Some(path) = self.store.journal_path() {
                    journal::remove(&path);
                }
                Diagnostics::new()
            }
            Err(error) => {
                self.state = state;
                let kept = self.store.journal_path().map_or(String::new(), |path| {
                    format!(
                        " All that was changed is recorded in {}; the next run takes it over.",
                        path.display()
                    )
                });
                Diagnostic::error("Failed to save state").detail(format!("{error}{kept}")).into()
            }
        }
    }

    /// Gives the lock back.
    pub async fn close(&mut self) -> Diagnostics {
        let Some(lock) = self.lock.take() else { return Diagnostics::new() };
        match self.store.unlock(&lock.id).await {
            Ok(()) => Diagnostics::new(),
            Err(error) => Diagnostic::error("Error releasing the state lock")
                .detail(format!(
                    "{error}\n\nIf nobody else is working, release it with: infra force-unlock {}",
                    lock.id
                ))
                .into(),
        }
    }
}

fn not_locked(error: &infra_state::LockError) -> Diagnostics {
    let diagnostic = Diagnostic::error("Error acquiring the state lock");
    if error.held.is_none() {
        return diagnostic.detail(error.to_string()).into();
    }
    diagnostic
        .detail(format!(
            "{error}\n\nThe state is locked so that two people do not change it at the same time. Wait until the other \
             is done, or wait here with -lock-timeout=5m."
        ))
        .into()
}

fn not_read(error: &infra_state::StoreError) -> Diagnostic {
    Diagnostic::error("Failed to read state").detail(error.to_string())
}

fn recovered_from(recovered: &journal::Recovered) -> Diagnostic {
    let mut detail = String::from(
        "An earlier run ended before it could save the state. Its journal was taken over.",
    );
    for line in recovered.lines() {
        detail.push_str(&format!("\n  - {line}"));
    }
    Diagnostic::warning("Recovered an unfinished run").detail(detail)
}
