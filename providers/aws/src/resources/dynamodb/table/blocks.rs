//! The nested blocks of a table.

use crate::prelude::*;

/// The type of an attribute that is part of a key: `S`, `N` or `B`.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct Attribute {
    pub(super) name: String,
    pub(super) r#type: String,
}

/// Another way to find items, with a key of its own.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct GlobalSecondaryIndex {
    pub(super) hash_key: String,
    pub(super) name: String,
    pub(super) non_key_attributes: Option<Set<String>>,
    #[block(max = 1, kept)]
    pub(super) on_demand_throughput: Option<OnDemandThroughput>,
    pub(super) projection_type: String,
    #[attr(default = "")]
    pub(super) range_key: String,
    #[attr(computed)]
    pub(super) read_capacity: Option<i64>,
    #[attr(computed)]
    pub(super) write_capacity: Option<i64>,
}

/// The most that is paid for.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct OnDemandThroughput {
    #[attr(computed)]
    pub(super) max_read_request_units: Option<i64>,
    #[attr(computed)]
    pub(super) max_write_request_units: Option<i64>,
}

/// Files that the table starts with.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct ImportTable {
    pub(super) input_compression_type: Option<String>,
    pub(super) input_format: String,
    #[block(max = 1)]
    pub(super) input_format_options: Option<InputFormatOptions>,
    #[block(min = 1, max = 1)]
    pub(super) s3_bucket_source: Option<S3BucketSource>,
}

/// How the files are to be read.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct InputFormatOptions {
    #[block(max = 1)]
    pub(super) csv: Option<Csv>,
}

/// How values are separated.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct Csv {
    pub(super) delimiter: Option<String>,
    pub(super) header_list: Option<Set<String>>,
}

/// Where the files are.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct S3BucketSource {
    pub(super) bucket: String,
    pub(super) bucket_owner: Option<String>,
    pub(super) key_prefix: Option<String>,
}

/// Another order of the items of a hash key.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct LocalSecondaryIndex {
    #[attr(force_new)]
    pub(super) name: String,
    pub(super) non_key_attributes: Option<Vec<String>>,
    pub(super) projection_type: String,
    pub(super) range_key: String,
}

/// Continuous backups.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct PointInTimeRecovery {
    pub(super) enabled: bool,
    #[attr(computed)]
    pub(super) recovery_period_in_days: Option<i64>,
}

/// A copy in another region.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct Replica {
    pub(super) arn: Computed<String>,
    #[attr(computed)]
    pub(super) kms_key_arn: Option<String>,
    #[attr(default = false)]
    pub(super) point_in_time_recovery: bool,
    #[attr(default = false)]
    pub(super) propagate_tags: bool,
    pub(super) region_name: String,
    pub(super) stream_arn: Computed<String>,
    pub(super) stream_label: Computed<String>,
}

/// With a key of the customer or of AWS.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct ServerSideEncryption {
    pub(super) enabled: bool,
    #[attr(computed)]
    pub(super) kms_key_arn: Option<String>,
}

/// Items that go away by themselves.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct Ttl {
    pub(super) attribute_name: Option<String>,
    #[attr(default = false)]
    pub(super) enabled: bool,
}
