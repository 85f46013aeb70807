//! What the API tells of a database.

use aws_sdk_rds::types as api;

use super::super::tags::from_rds;
use super::{DbInstance, ListenerEndpoint, MasterUserSecret};
use crate::prelude::*;

/// The database as the API tells it; what it does not tell is as it was.
pub(super) fn from_api(database: api::DbInstance, known: &DbInstance) -> DbInstance {
    let text = |value: Option<String>| Some(value.unwrap_or_default());
    let endpoint = database.endpoint.as_ref();
    let address = endpoint.and_then(|endpoint| endpoint.address.clone()).unwrap_or_default();
    let port = endpoint
        .and_then(|endpoint| endpoint.port)
        .or(database.db_instance_port)
        .filter(|port| *port > 0);
    let domain = database.domain_memberships.iter().flatten().next();
    let version = database.engine_version.clone().unwrap_or_default();
    // The configuration may say less than the whole version.
    let wanted = known.engine_version.clone().filter(|wanted| {
        version
            .strip_prefix(wanted.as_str())
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    });
    let identifier = database.db_instance_identifier.unwrap_or_default();
    let insights = database.performance_insights_enabled.unwrap_or(false);
    DbInstance {
        address: address.clone().into(),
        allocated_storage: database.allocated_storage.map(i64::from),
        arn: database.db_instance_arn.into(),
        auto_minor_version_upgrade: database.auto_minor_version_upgrade.unwrap_or(false),
        availability_zone: database.availability_zone,
        backup_retention_period: database.backup_retention_period.map(i64::from),
        backup_target: text(database.backup_target),
        backup_window: text(database.preferred_backup_window),
        ca_cert_identifier: text(database.ca_certificate_identifier),
        character_set_name: text(database.character_set_name),
        copy_tags_to_snapshot: database.copy_tags_to_snapshot.unwrap_or(false),
        custom_iam_instance_profile: text(database.custom_iam_instance_profile),
        customer_owned_ip_enabled: Some(database.customer_owned_ip_enabled.unwrap_or(false)),
        database_insights_mode: text(
            database.database_insights_mode.map(|mode| mode.as_str().to_owned()),
        ),
        db_name: text(database.db_name),
        db_subnet_group_name: database.db_subnet_group.and_then(|group| group.db_subnet_group_name),
        dedicated_log_volume: database.dedicated_log_volume.unwrap_or(false),
        deletion_protection: database.deletion_protection,
        domain: text(domain.and_then(|domain| domain.domain.clone())),
        domain_auth_secret_arn: text(domain.and_then(|domain| domain.auth_secret_arn.clone())),
        domain_dns_ips: Some(domain.and_then(|domain| domain.dns_ips.clone()).unwrap_or_default()),
        domain_fqdn: text(domain.and_then(|domain| domain.fqdn.clone())),
        domain_iam_role_name: text(domain.and_then(|domain| domain.iam_role_name.clone())),
        domain_ou: text(domain.and_then(|domain| domain.ou.clone())),
        enabled_cloudwatch_logs_exports: Some(Set(database
            .enabled_cloudwatch_logs_exports
            .unwrap_or_default())),
        endpoint: port.map(|port| format!("{address}:{port}")).unwrap_or_default().into(),
        engine: database.engine,
        engine_lifecycle_support: text(database.engine_lifecycle_support),
        engine_version: wanted.or_else(|| Some(version.clone())),
        engine_version_actual: version.into(),
        hosted_zone_id: endpoint
            .and_then(|endpoint| endpoint.hosted_zone_id.clone())
            .unwrap_or_default()
            .into(),
        iam_database_authentication_enabled: database.iam_database_authentication_enabled,
        identifier_prefix: Some(names::prefix_of(&identifier)),
        identifier: Some(identifier),
        instance_class: database.db_instance_class.unwrap_or_default(),
        iops: Some(database.iops.map_or(0, i64::from)),
        kms_key_id: text(database.kms_key_id),
        latest_restorable_time: database
            .latest_restorable_time
            .and_then(texts::moment)
            .unwrap_or_default()
            .into(),
        license_model: text(database.license_model),
        listener_endpoint: database
            .listener_endpoint
            .into_iter()
            .map(listener)
            .collect::<Vec<_>>()
            .into(),
        maintenance_window: text(database.preferred_maintenance_window),
        manage_master_user_password: database.master_user_secret.as_ref().map(|_| true),
        master_user_secret_kms_key_id: database
            .master_user_secret
            .as_ref()
            .and_then(|secret| secret.kms_key_id.clone()),
        master_user_secret: database
            .master_user_secret
            .into_iter()
            .map(secret)
            .collect::<Vec<_>>()
            .into(),
        max_allocated_storage: Some(database.max_allocated_storage.map_or(0, i64::from)),
        monitoring_interval: database.monitoring_interval.map_or(0, i64::from),
        monitoring_role_arn: text(database.monitoring_role_arn),
        multi_az: Some(database.multi_az.unwrap_or(false)),
        nchar_character_set_name: text(database.nchar_character_set_name),
        network_type: text(database.network_type),
        option_group_name: text(
            database
                .option_group_memberships
                .iter()
                .flatten()
                .next()
                .and_then(|group| group.option_group_name.clone()),
        ),
        parameter_group_name: text(
            database
                .db_parameter_groups
                .iter()
                .flatten()
                .next()
                .and_then(|group| group.db_parameter_group_name.clone()),
        ),
        performance_insights_enabled: insights,
        performance_insights_kms_key_id: text(database.performance_insights_kms_key_id),
        performance_insights_retention_period: Some(
            database
                .performance_insights_retention_period
                .filter(|_| insights)
                .map_or(0, i64::from),
        ),
        port: port.map(i64::from),
        publicly_accessible: database.publicly_accessible.unwrap_or(false),
        replica_mode: text(database.replica_mode.map(|mode| mode.as_str().to_owned())),
        replicas: database.read_replica_db_instance_identifiers.unwrap_or_default().into(),
        replicate_source_db: text(database.read_replica_source_db_instance_identifier),
        resource_id: database.dbi_resource_id.into(),
        status: database.db_instance_status.into(),
        storage_encrypted: Some(database.storage_encrypted.unwrap_or(false)),
        storage_throughput: Some(database.storage_throughput.map_or(0, i64::from)),
        storage_type: text(database.storage_type),
        tags: from_rds(database.tag_list),
        timezone: text(database.timezone),
        username: text(database.master_username),
        vpc_security_group_ids: Some(
            database
                .vpc_security_groups
                .into_iter()
                .flatten()
                .filter_map(|group| group.vpc_security_group_id)
                .collect(),
        ),
        ..known.clone()
    }
}

fn listener(endpoint: api::Endpoint) -> ListenerEndpoint {
    ListenerEndpoint {
        address: endpoint.address,
        hosted_zone_id: endpoint.hosted_zone_id,
        port: endpoint.port.map(i64::from),
    }
}

fn secret(secret: api::MasterUserSecret) -> MasterUserSecret {
    MasterUserSecret {
        kms_key_id: secret.kms_key_id,
        secret_arn: secret.secret_arn,
        secret_status: secret.secret_status,
    }
}
