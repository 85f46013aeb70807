//! What the arguments must be.

use crate::prelude::*;

pub(super) const CHECKS: &[Check] = &[
    one_of("billing_mode", &["PROVISIONED", "PAY_PER_REQUEST"]),
    fits("restore_date_time", shapes::moment),
    fits("restore_source_table_arn", shapes::arn),
    one_of("stream_view_type", &["NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES", "KEYS_ONLY", ""]),
    one_of("table_class", &["STANDARD", "STANDARD_INFREQUENT_ACCESS"]),
    one_of("attribute.type", &["S", "N", "B"]),
    one_of("global_secondary_index.projection_type", &["ALL", "KEYS_ONLY", "INCLUDE"]),
    one_of("import_table.input_compression_type", &["GZIP", "ZSTD", "NONE"]),
    one_of("import_table.input_format", &["DYNAMODB_JSON", "ION", "CSV"]),
    one_of("local_secondary_index.projection_type", &["ALL", "KEYS_ONLY", "INCLUDE"]),
    range("point_in_time_recovery.recovery_period_in_days", 1, 35),
    fits("replica.kms_key_arn", shapes::arn),
    fits("server_side_encryption.kms_key_arn", shapes::arn),
    conflicts("import_table", &["restore_source_name", "restore_source_table_arn"]),
    conflicts("read_capacity", &["on_demand_throughput"]),
    conflicts("restore_source_name", &["import_table", "restore_source_table_arn"]),
    conflicts("restore_source_table_arn", &["import_table", "restore_source_name"]),
    conflicts("write_capacity", &["on_demand_throughput"]),
];
