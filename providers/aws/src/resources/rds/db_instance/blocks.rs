//! The nested blocks of a database, and the objects that it tells of.

use crate::prelude::*;

/// Whether changes are made on a copy first.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct BlueGreenUpdate {
    pub(super) enabled: Option<bool>,
}

/// Where SQL Server availability groups listen.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct ListenerEndpoint {
    pub(super) address: Option<String>,
    pub(super) hosted_zone_id: Option<String>,
    pub(super) port: Option<i64>,
}

/// The secret that holds the password.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct MasterUserSecret {
    pub(super) kms_key_id: Option<String>,
    pub(super) secret_arn: Option<String>,
    pub(super) secret_status: Option<String>,
}

/// The state of another database that it starts with.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct RestoreToPointInTime {
    pub(super) restore_time: Option<String>,
    pub(super) source_db_instance_automated_backups_arn: Option<String>,
    pub(super) source_db_instance_identifier: Option<String>,
    pub(super) source_dbi_resource_id: Option<String>,
    pub(super) use_latest_restorable_time: Option<bool>,
}

/// A backup of MySQL that it starts with.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct S3Import {
    #[attr(force_new)]
    pub(super) bucket_name: String,
    #[attr(force_new)]
    pub(super) bucket_prefix: Option<String>,
    #[attr(force_new)]
    pub(super) ingestion_role: String,
    #[attr(force_new)]
    pub(super) source_engine: String,
    #[attr(force_new)]
    pub(super) source_engine_version: String,
}
