//! State: what exists, as far as the last run knew; where it is kept, and who holds its lock.
//!
//! The format is Terraform's version 4. Reading order: `state`, `object`, `format`, `store`, `lock`, `local`, `journal`.

mod local;
mod lock;
mod memory;
mod object;
mod state;
mod store;

pub mod format;
pub mod journal;

pub use local::LocalStore;
pub use lock::{LockError, LockInfo, lock_with_timeout};
pub use memory::MemoryStore;
pub use object::{Attributes, ObjectState, StoredJson};
pub use state::{InstanceState, OutputValue, ResourceState, State};
pub use store::{Store, StoreError};
