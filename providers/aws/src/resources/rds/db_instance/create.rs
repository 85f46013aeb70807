//! The requests that make a database: new, or from something that there is.

use aws_sdk_rds::primitives::{DateTime, DateTimeFormat};
use aws_sdk_rds::types as api;

use super::super::tags::tag_list;
use super::{DbInstance, given, int};
use crate::prelude::*;

/// What every request that makes a database has.
macro_rules! common {
    ($request:expr, $plan:expr) => {
        $request
            .db_instance_class(&$plan.instance_class)
            .auto_minor_version_upgrade($plan.auto_minor_version_upgrade)
            .copy_tags_to_snapshot($plan.copy_tags_to_snapshot)
            .publicly_accessible($plan.publicly_accessible)
            .dedicated_log_volume($plan.dedicated_log_volume)
            .set_deletion_protection($plan.deletion_protection)
            .set_db_subnet_group_name(given(&$plan.db_subnet_group_name))
            .set_enable_iam_database_authentication($plan.iam_database_authentication_enabled)
            .set_enable_cloudwatch_logs_exports($plan.log_exports())
            .set_iops(int($plan.iops).filter(|iops| *iops > 0))
            .set_multi_az($plan.multi_az)
            .set_network_type(given(&$plan.network_type))
            .set_option_group_name(given(&$plan.option_group_name))
            .set_port(int($plan.port).filter(|port| *port > 0))
            .set_storage_throughput(int($plan.storage_throughput).filter(|rate| *rate > 0))
            .set_storage_type(given(&$plan.storage_type))
            .set_tags(tag_list(&$plan.tags))
            .set_vpc_security_group_ids($plan.groups())
    };
}

impl DbInstance {
    /// Whether it starts empty.
    pub(super) fn is_fresh(&self) -> bool {
        given(&self.replicate_source_db).is_none()
            && given(&self.snapshot_identifier).is_none()
            && self.restore_to_point_in_time.is_none()
            && self.s3_import.is_none()
    }

    fn log_exports(&self) -> Option<Vec<String>> {
        self.enabled_cloudwatch_logs_exports
            .clone()
            .map(|logs| logs.0)
            .filter(|logs| !logs.is_empty())
    }

    fn groups(&self) -> Option<Vec<String>> {
        self.vpc_security_group_ids
            .clone()
            .map(|groups| groups.0)
            .filter(|groups| !groups.is_empty())
    }

    fn name(&self) -> String {
        names::name_or_new(self.identifier.as_ref(), self.identifier_prefix.as_ref(), 63)
    }

    pub(super) async fn make(&self, aws: &Aws) -> Result<Option<api::DbInstance>> {
        let name = self.name();
        if let Some(source) = given(&self.replicate_source_db) {
            let request = common!(aws.rds.create_db_instance_read_replica(), self)
                .db_instance_identifier(name)
                .source_db_instance_identifier(source)
                .set_availability_zone(given(&self.availability_zone))
                .set_kms_key_id(given(&self.kms_key_id))
                .set_db_parameter_group_name(given(&self.parameter_group_name))
                .set_replica_mode(given(&self.replica_mode).as_deref().map(Into::into));
            return Ok(request
                .send()
                .await
                .explain("creating RDS DB Instance (read replica)")?
                .db_instance);
        }
        if let Some(snapshot) = given(&self.snapshot_identifier) {
            let request = common!(aws.rds.restore_db_instance_from_db_snapshot(), self)
                .db_instance_identifier(name)
                .db_snapshot_identifier(snapshot)
                .set_availability_zone(given(&self.availability_zone))
                .set_engine(given(&self.engine))
                .set_license_model(given(&self.license_model))
                .set_db_name(given(&self.db_name))
                .set_db_parameter_group_name(given(&self.parameter_group_name));
            let response = request.send().await;
            return Ok(response
                .explain("creating RDS DB Instance (restore from snapshot)")?
                .db_instance);
        }
        if let Some(point) = &self.restore_to_point_in_time {
            let time = given(&point.restore_time)
                .map(|text| DateTime::from_str(&text, DateTimeFormat::DateTime))
                .transpose()
                .map_err(|error| {
                    Error::new(format!("restore_time is no time of RFC 3339: {error}."))
                })?;
            let request = common!(aws.rds.restore_db_instance_to_point_in_time(), self)
                .target_db_instance_identifier(name)
                .set_availability_zone(given(&self.availability_zone))
                .set_engine(given(&self.engine))
                .set_license_model(given(&self.license_model))
                .set_db_name(given(&self.db_name))
                .set_db_parameter_group_name(given(&self.parameter_group_name))
                .set_restore_time(time)
                .set_use_latest_restorable_time(point.use_latest_restorable_time)
                .set_source_db_instance_identifier(given(&point.source_db_instance_identifier))
                .set_source_dbi_resource_id(given(&point.source_dbi_resource_id))
                .set_source_db_instance_automated_backups_arn(given(
                    &point.source_db_instance_automated_backups_arn,
                ));
            let response = request.send().await;
            return Ok(response
                .explain("creating RDS DB Instance (restore to point in time)")?
                .db_instance);
        }
        if let Some(backup) = &self.s3_import {
            let request = common!(aws.rds.restore_db_instance_from_s3(), self)
                .db_instance_identifier(name)
                .s3_bucket_name(&backup.bucket_name)
                .set_s3_prefix(given(&backup.bucket_prefix))
                .s3_ingestion_role_arn(&backup.ingestion_role)
                .source_engine(&backup.source_engine)
                .source_engine_version(&backup.source_engine_version)
                .set_allocated_storage(int(self.allocated_storage))
                .set_engine(given(&self.engine))
                .set_engine_version(given(&self.engine_version))
                .set_db_name(given(&self.db_name))
                .set_master_username(given(&self.username))
                .set_master_user_password(self.secret())
                .set_db_parameter_group_name(given(&self.parameter_group_name));
            return Ok(request
                .send()
                .await
                .explain("creating RDS DB Instance (restore from S3)")?
                .db_instance);
        }
        let unset = [
            ("allocated_storage", self.allocated_storage.is_none_or(|size| size == 0)),
            ("engine", given(&self.engine).is_none()),
            ("username", given(&self.username).is_none()),
        ];
        let unset = unset.into_iter().filter(|(_, unset)| *unset).map(|(name, _)| {
            Error::new("").summary(format!("\"{name}\": required field is not set"))
        });
        if let Some(error) = Error::all(unset) {
            return Err(error);
        }
        let request = common!(aws.rds.create_db_instance(), self)
            .db_instance_identifier(&name)
            .set_allocated_storage(int(self.allocated_storage).filter(|size| *size > 0))
            .set_max_allocated_storage(int(self.max_allocated_storage).filter(|size| *size > 0))
            .set_availability_zone(given(&self.availability_zone))
            // The API itself would keep backups for a day.
            .backup_retention_period(int(self.backup_retention_period).unwrap_or(0))
            .set_backup_target(given(&self.backup_target))
            .set_ca_certificate_identifier(given(&self.ca_cert_identifier))
            .set_character_set_name(given(&self.character_set_name))
            .set_custom_iam_instance_profile(given(&self.custom_iam_instance_profile))
            .set_database_insights_mode(
                given(&self.database_insights_mode).as_deref().map(Into::into),
            )
            .set_db_name(given(&self.db_name))
            .set_db_parameter_group_name(given(&self.parameter_group_name))
            .set_domain(given(&self.domain))
            .set_domain_auth_secret_arn(given(&self.domain_auth_secret_arn))
            .set_domain_dns_ips(self.domain_dns_ips.clone().filter(|ips| !ips.is_empty()))
            .set_domain_fqdn(given(&self.domain_fqdn))
            .set_domain_iam_role_name(given(&self.domain_iam_role_name))
            .set_domain_ou(given(&self.domain_ou))
            .set_enable_customer_owned_ip(self.customer_owned_ip_enabled)
            .set_engine(given(&self.engine))
            .set_engine_lifecycle_support(given(&self.engine_lifecycle_support))
            .set_engine_version(given(&self.engine_version))
            .set_kms_key_id(given(&self.kms_key_id))
            .set_license_model(given(&self.license_model))
            .set_manage_master_user_password(
                self.manage_master_user_password.filter(|manage| *manage),
            )
            .set_master_user_password(self.secret())
            .set_master_user_secret_kms_key_id(given(&self.master_user_secret_kms_key_id))
            .set_master_username(given(&self.username))
            .set_monitoring_interval(
                int(Some(self.monitoring_interval)).filter(|seconds| *seconds > 0),
            )
            .set_monitoring_role_arn(given(&self.monitoring_role_arn))
            .set_nchar_character_set_name(given(&self.nchar_character_set_name))
            .set_enable_performance_insights(self.performance_insights_enabled.then_some(true))
            .set_performance_insights_kms_key_id(given(&self.performance_insights_kms_key_id))
            .set_performance_insights_retention_period(
                int(self.performance_insights_retention_period).filter(|days| *days > 0),
            )
            .set_preferred_backup_window(given(&self.backup_window))
            .set_preferred_maintenance_window(given(&self.maintenance_window))
            .set_storage_encrypted(self.storage_encrypted)
            .set_timezone(given(&self.timezone));
        let made = request.send().await;
        Ok(made.explain(&format!("creating RDS DB Instance ({name})"))?.db_instance)
    }

    /// The password, whichever argument has it.
    pub(super) fn secret(&self) -> Option<String> {
        given(&self.password_wo).or_else(|| given(&self.password))
    }
}
