//! A state in an S3 object, locked through DynamoDB or a lock object, as Terraform's S3 backend keeps it.
//!
//! Reading order: `settings` (the arguments of the backend block), `store`, `dynamodb` (lock item and digest).

mod dynamodb;
mod error;
mod settings;
mod store;

pub use settings::schema;
pub use store::S3Store;
