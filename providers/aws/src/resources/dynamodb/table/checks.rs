//! What the arguments must be.

use std::collections::BTreeSet;

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

/// Reports what does not go together, all at once.
pub(super) fn combinations(change: &mut Change<'_>) {
    let found: Vec<String> = [stream(change), ttl(change)]
        .into_iter()
        .flatten()
        .chain(keys(change))
        .chain(capacity(change))
        .collect();
    if !found.is_empty() {
        change.problem(Problem::error(found.join("\n"), ""));
    }
}

fn text(object: &Value, name: &str) -> Option<String> {
    object.get(name)?.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}

fn stream(change: &Change<'_>) -> Option<String> {
    let typed = change.planned("stream_view_type").as_str().is_some_and(|view| !view.is_empty());
    (change.planned("stream_enabled").as_bool() == Some(true) && !typed)
        .then(|| "stream_view_type is required when stream_enabled = true".to_owned())
}

fn ttl(change: &Change<'_>) -> Option<String> {
    let ttl = change.config().get("ttl")?.as_sequence()?.first()?;
    let name = ttl.get("attribute_name")?;
    if ttl.get("enabled")?.as_bool() != Some(true) {
        return None;
    }
    if name.is_null() {
        return Some(
            "Invalid Attribute Combination\n\nAttribute \"ttl[0].attribute_name\" must be specified when \
             \"ttl[0].enabled\" is \"true\".\n\nPath: ttl[0].enabled"
                .to_owned(),
        );
    }
    (name.as_str() == Some("")).then(|| {
        "Invalid value\n\nAttribute \"ttl[0].attribute_name\" cannot have an empty value\n\nPath: ttl[0].attribute_name"
            .to_owned()
    })
}

/// Each attribute is in a key, and each key is an attribute.
fn keys(change: &Change<'_>) -> Vec<String> {
    let attributes = change.planned("attribute");
    let indexes = ["local_secondary_index", "global_secondary_index"]
        .map(|name| change.config().get(name).cloned().unwrap_or_else(|| change.planned(name)));
    if !attributes.is_wholly_known() || indexes.iter().any(|blocks| !blocks.is_wholly_known()) {
        return Vec::new();
    }
    let blocks = |found: &Value| found.as_sequence().map(<[Value]>::to_vec).unwrap_or_default();
    let [local, global] = indexes.each_ref().map(blocks);
    let attributes = blocks(&attributes);
    let of_table = ["hash_key", "range_key"]
        .map(|name| change.planned(name).as_str().filter(|key| !key.is_empty()).map(str::to_owned));
    let of_indexes =
        global.iter().flat_map(|index| ["hash_key", "range_key"].map(|name| text(index, name)));
    let of_local = local.iter().map(|index| text(index, "range_key"));
    let keys: BTreeSet<String> =
        of_table.into_iter().chain(of_indexes).chain(of_local).flatten().collect();
    let names: BTreeSet<String> =
        attributes.iter().filter_map(|attribute| text(attribute, "name")).collect();
    let told = |what: &str, left: Vec<&String>| {
        let quoted: Vec<String> = left.iter().map(|name| format!("{name:?}")).collect();
        (!quoted.is_empty()).then(|| format!("{what}: [{}]", quoted.join(" ")))
    };
    let unused = told(
        "all attributes must be indexed. Unused attributes",
        names.difference(&keys).collect(),
    );
    let unmatched = told(
        "all indexes must match a defined attribute. Unmatched indexes",
        keys.difference(&names).collect(),
    );
    unused.into_iter().chain(unmatched).collect()
}

/// Capacity is for what is provisioned, and must be there for it.
fn capacity(change: &Change<'_>) -> Vec<String> {
    let before = change.prior().and_then(|prior| text(prior, "billing_mode"));
    let after = change.planned("billing_mode");
    let found = ["read_capacity", "write_capacity"].into_iter().filter_map(|name| {
        let set = change.config().get(name)?;
        let number =
            if set.is_null() { change.planned(name).as_i64().unwrap_or(0) } else { set.as_i64()? };
        match (before.as_deref(), after.as_str()) {
            (before, Some(mode @ "PROVISIONED"))
                if number < 1 && before != Some("PAY_PER_REQUEST") =>
            {
                Some(format!("{name} must be at least 1 when billing_mode is \"{mode}\""))
            }
            (before, Some(mode @ "PAY_PER_REQUEST"))
                if number != 0 && before != Some("PROVISIONED") =>
            {
                Some(format!("{name} can not be set when billing_mode is \"{mode}\""))
            }
            _ => None,
        }
    });
    found.collect()
}
