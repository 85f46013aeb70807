//! What the arguments must be.

use crate::prelude::*;

/// The storage classes that objects may be moved to.
const TRANSITIONS: &[&str] =
    &["GLACIER", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "DEEP_ARCHIVE", "GLACIER_IR"];

pub(super) const CHECKS: &[Check] = &[
    one_of("acceleration_status", &["Enabled", "Suspended"]),
    one_of(
        "acl",
        &[
            "private",
            "public-read",
            "public-read-write",
            "authenticated-read",
            "aws-exec-read",
            "log-delivery-write",
        ],
    ),
    length("bucket", 0, 63),
    length("bucket_prefix", 0, 37),
    fits("policy", shapes::json),
    one_of("request_payer", &["Requester", "BucketOwner"]),
    one_of("grant.permissions", &["FULL_CONTROL", "WRITE", "WRITE_ACP", "READ", "READ_ACP"]),
    one_of("grant.type", &["CanonicalUser", "Group"]).in_block(),
    length("lifecycle_rule.id", 0, 255),
    fits("lifecycle_rule.expiration.date", shapes::timestamp),
    at_least("lifecycle_rule.expiration.days", 0),
    at_least("lifecycle_rule.noncurrent_version_expiration.days", 1),
    at_least("lifecycle_rule.noncurrent_version_transition.days", 0),
    one_of("lifecycle_rule.noncurrent_version_transition.storage_class", TRANSITIONS),
    fits("lifecycle_rule.transition.date", shapes::timestamp),
    at_least("lifecycle_rule.transition.days", 0),
    one_of("lifecycle_rule.transition.storage_class", TRANSITIONS),
    one_of("object_lock_configuration.object_lock_enabled", &["Enabled"]),
    at_least("object_lock_configuration.rule.default_retention.days", 1),
    one_of("object_lock_configuration.rule.default_retention.mode", &["GOVERNANCE", "COMPLIANCE"]),
    at_least("object_lock_configuration.rule.default_retention.years", 1),
    one_of("replication_configuration.rules.delete_marker_replication_status", &["Enabled"])
        .in_block(),
    length("replication_configuration.rules.id", 0, 255),
    one_of("replication_configuration.rules.status", &["Enabled", "Disabled"]),
    fits("replication_configuration.rules.destination.account_id", shapes::account),
    fits("replication_configuration.rules.destination.bucket", shapes::arn),
    one_of(
        "replication_configuration.rules.destination.storage_class",
        &[
            "STANDARD",
            "REDUCED_REDUNDANCY",
            "STANDARD_IA",
            "ONEZONE_IA",
            "INTELLIGENT_TIERING",
            "GLACIER",
            "DEEP_ARCHIVE",
            "OUTPOSTS",
            "GLACIER_IR",
            "SNOW",
            "EXPRESS_ONEZONE",
        ],
    ),
    one_of(
        "replication_configuration.rules.destination.access_control_translation.owner",
        &["Destination"],
    ),
    range("replication_configuration.rules.destination.metrics.minutes", 10, 15),
    one_of("replication_configuration.rules.destination.metrics.status", &["Enabled", "Disabled"]),
    range("replication_configuration.rules.destination.replication_time.minutes", 15, 15),
    one_of(
        "replication_configuration.rules.destination.replication_time.status",
        &["Enabled", "Disabled"],
    ),
    one_of(
        "server_side_encryption_configuration.rule.apply_server_side_encryption_by_default.sse_algorithm",
        &["AES256", "aws:kms", "aws:kms:dsse"],
    ),
    fits("website.routing_rules", shapes::json),
    exactly_one(&["website.index_document", "website.redirect_all_requests_to"]),
    conflicts("acl", &["grant"]),
    conflicts("bucket", &["bucket_prefix"]),
    conflicts("bucket_prefix", &["bucket"]),
    conflicts("grant", &["acl"]),
    conflicts("object_lock_enabled", &["object_lock_configuration"]),
];
