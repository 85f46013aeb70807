//! The nested blocks of a bucket. Each has a resource type of its own, which newer configurations use.

use crate::prelude::*;

/// What pages of other sites may do.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct CorsRule {
    pub(super) allowed_headers: Option<Vec<String>>,
    pub(super) allowed_methods: Vec<String>,
    pub(super) allowed_origins: Vec<String>,
    pub(super) expose_headers: Option<Vec<String>>,
    pub(super) max_age_seconds: Option<i64>,
}

/// Who may do what.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct Grant {
    #[attr(default = "")]
    pub(super) id: String,
    pub(super) permissions: Set<String>,
    pub(super) r#type: String,
    #[attr(default = "")]
    pub(super) uri: String,
}

/// When objects move or go away.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct LifecycleRule {
    pub(super) abort_incomplete_multipart_upload_days: Option<i64>,
    pub(super) enabled: bool,
    #[block(max = 1)]
    pub(super) expiration: Option<Expiration>,
    #[attr(computed)]
    pub(super) id: Option<String>,
    #[block(max = 1)]
    pub(super) noncurrent_version_expiration: Option<NoncurrentVersionExpiration>,
    #[block(set)]
    pub(super) noncurrent_version_transition: Vec<NoncurrentVersionTransition>,
    pub(super) prefix: Option<String>,
    pub(super) tags: Option<BTreeMap<String, String>>,
    #[block(set)]
    pub(super) transition: Vec<Transition>,
}

/// When objects go away.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct Expiration {
    pub(super) date: Option<String>,
    pub(super) days: Option<i64>,
    pub(super) expired_object_delete_marker: Option<bool>,
}

/// When old versions go away.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct NoncurrentVersionExpiration {
    pub(super) days: Option<i64>,
}

/// When old versions move.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct NoncurrentVersionTransition {
    pub(super) days: Option<i64>,
    pub(super) storage_class: String,
}

/// When objects move to another storage class.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct Transition {
    pub(super) date: Option<String>,
    pub(super) days: Option<i64>,
    pub(super) storage_class: String,
}

/// Where access is logged.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct Logging {
    pub(super) target_bucket: String,
    pub(super) target_prefix: Option<String>,
}

/// For how long objects cannot be deleted.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct ObjectLockConfiguration {
    #[attr(force_new, deprecated = "Use the argument object_lock_enabled of the bucket instead.")]
    pub(super) object_lock_enabled: Option<String>,
    #[block(
        max = 1,
        deprecated = "Use the resource aws_s3_bucket_object_lock_configuration instead."
    )]
    pub(super) rule: Option<Rule>,
}

/// What holds for new objects.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct Rule {
    #[block(min = 1, max = 1)]
    pub(super) default_retention: Option<DefaultRetention>,
}

/// For how long.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct DefaultRetention {
    pub(super) days: Option<i64>,
    pub(super) mode: String,
    pub(super) years: Option<i64>,
}

/// Copies in other buckets.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct ReplicationConfiguration {
    pub(super) role: String,
    #[block(set, min = 1)]
    pub(super) rules: Vec<Rules>,
}

/// Which objects are copied, and where to.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct Rules {
    pub(super) delete_marker_replication_status: Option<String>,
    #[block(min = 1, max = 1)]
    pub(super) destination: Option<Destination>,
    #[block(max = 1)]
    pub(super) filter: Option<Filter>,
    pub(super) id: Option<String>,
    pub(super) prefix: Option<String>,
    pub(super) priority: Option<i64>,
    #[block(max = 1)]
    pub(super) source_selection_criteria: Option<SourceSelectionCriteria>,
    pub(super) status: String,
}

/// Where copies go.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct Destination {
    #[block(max = 1)]
    pub(super) access_control_translation: Option<AccessControlTranslation>,
    pub(super) account_id: Option<String>,
    pub(super) bucket: String,
    #[block(max = 1)]
    pub(super) metrics: Option<Metrics>,
    pub(super) replica_kms_key_id: Option<String>,
    #[block(max = 1)]
    pub(super) replication_time: Option<ReplicationTime>,
    pub(super) storage_class: Option<String>,
}

/// Who owns the copies.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct AccessControlTranslation {
    #[attr(required)]
    pub(super) owner: Option<String>,
}

/// Whether copying is measured.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct Metrics {
    pub(super) minutes: Option<i64>,
    pub(super) status: Option<String>,
}

/// How soon copies are there.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct ReplicationTime {
    pub(super) minutes: Option<i64>,
    pub(super) status: Option<String>,
}

/// Which objects.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct Filter {
    pub(super) prefix: Option<String>,
    pub(super) tags: Option<BTreeMap<String, String>>,
}

/// Which encrypted objects.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct SourceSelectionCriteria {
    #[block(max = 1)]
    pub(super) sse_kms_encrypted_objects: Option<SseKmsEncryptedObjects>,
}

/// Whether objects encrypted with KMS are copied.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct SseKmsEncryptedObjects {
    #[attr(required)]
    pub(super) enabled: Option<bool>,
}

/// How objects are encrypted.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct ServerSideEncryptionConfiguration {
    #[block(min = 1, max = 1)]
    pub(super) rule: Option<ServerSideEncryptionConfigurationRule>,
}

/// What holds for new objects.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct ServerSideEncryptionConfigurationRule {
    #[block(min = 1, max = 1)]
    pub(super) apply_server_side_encryption_by_default: Option<ApplyServerSideEncryptionByDefault>,
    pub(super) bucket_key_enabled: Option<bool>,
}

/// Algorithm and key.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct ApplyServerSideEncryptionByDefault {
    pub(super) kms_master_key_id: Option<String>,
    pub(super) sse_algorithm: String,
}

/// Whether old versions are kept.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct Versioning {
    #[attr(default = false)]
    pub(super) enabled: bool,
    #[attr(default = false)]
    pub(super) mfa_delete: bool,
}

/// Whether it is a web site.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct Website {
    pub(super) error_document: Option<String>,
    pub(super) index_document: Option<String>,
    pub(super) redirect_all_requests_to: Option<String>,
    pub(super) routing_rules: Option<String>,
}
