//! A state in an S3 object, locked through DynamoDB or a lock object, as Terraform's S3 backend keeps it.
//!
//! Reading order: `settings` (the arguments of the backend block), `checks` (what can be wrong with them), `role` (whose rights are used), `store`, `dynamodb` (lock item and digest).

mod checks;
mod dynamodb;
mod error;
mod role;
mod settings;
mod store;

pub use checks::{Problem, problems};
pub use settings::schema;
pub use store::S3Store;
