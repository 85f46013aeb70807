//! Changing a database in place.

use aws_sdk_rds::types as api;

use super::{DbInstance, given, int};
use crate::prelude::*;

impl DbInstance {
    /// Sends what is different from `prior`; tells whether there was anything.
    pub(super) async fn modify(&self, aws: &Aws, name: &str, prior: &Self) -> Result<bool> {
        let mut changes = 0;
        /// A text of the plan, if it is given and not as it was.
        macro_rules! text {
            ($field:ident) => {{
                let new = given(&self.$field).filter(|new| prior.$field.as_ref() != Some(new));
                changes += usize::from(new.is_some());
                new
            }};
        }
        macro_rules! number {
            ($field:ident) => {{
                let new = self.$field.filter(|new| prior.$field != Some(*new));
                changes += usize::from(new.is_some());
                int(new)
            }};
        }
        macro_rules! flag {
            ($field:ident) => {{
                let new = (self.$field != prior.$field).then_some(self.$field);
                changes += usize::from(new.is_some());
                new
            }};
        }
        macro_rules! optional_flag {
            ($field:ident) => {{
                let was = prior.$field.unwrap_or(false);
                let new = Some(self.$field.unwrap_or(false)).filter(|new| *new != was);
                changes += usize::from(new.is_some());
                new
            }};
        }
        let password = {
            let changed = self.password != prior.password
                || self.password_wo_version != prior.password_wo_version;
            let new = self.secret().filter(|_| changed);
            changes += usize::from(new.is_some());
            new
        };
        let groups = self
            .vpc_security_group_ids
            .clone()
            .filter(|new| prior.vpc_security_group_ids.as_ref() != Some(new));
        changes += usize::from(groups.is_some());
        let logs = self.log_changes(prior);
        changes += usize::from(logs.is_some());
        let monitoring = (self.monitoring_interval != prior.monitoring_interval)
            .then_some(self.monitoring_interval);
        changes += usize::from(monitoring.is_some());
        let max_storage = Some(self.max_allocated_storage.unwrap_or(0))
            .filter(|new| prior.max_allocated_storage.unwrap_or(0) != *new)
            // Growing is turned off with the size that the storage has.
            .map(|new| if new == 0 { self.allocated_storage.unwrap_or(0) } else { new });
        changes += usize::from(max_storage.is_some());
        let request = aws
            .rds
            .modify_db_instance()
            .db_instance_identifier(name)
            .apply_immediately(self.apply_immediately)
            .set_allocated_storage(number!(allocated_storage))
            .set_auto_minor_version_upgrade(flag!(auto_minor_version_upgrade))
            .set_backup_retention_period(number!(backup_retention_period))
            .set_ca_certificate_identifier(text!(ca_cert_identifier))
            .set_cloudwatch_logs_export_configuration(logs)
            .set_copy_tags_to_snapshot(flag!(copy_tags_to_snapshot))
            .set_database_insights_mode(text!(database_insights_mode).as_deref().map(Into::into))
            .set_db_instance_class({
                let new =
                    Some(self.instance_class.clone()).filter(|new| *new != prior.instance_class);
                changes += usize::from(new.is_some());
                new
            })
            .set_db_parameter_group_name(text!(parameter_group_name))
            .set_db_subnet_group_name(text!(db_subnet_group_name))
            .set_dedicated_log_volume(flag!(dedicated_log_volume))
            .set_deletion_protection(optional_flag!(deletion_protection))
            .set_domain(text!(domain))
            .set_domain_iam_role_name(text!(domain_iam_role_name))
            .set_enable_customer_owned_ip(optional_flag!(customer_owned_ip_enabled))
            .set_enable_iam_database_authentication(optional_flag!(
                iam_database_authentication_enabled
            ))
            .set_enable_performance_insights(flag!(performance_insights_enabled))
            .set_engine_version(text!(engine_version))
            .set_iops(number!(iops))
            .set_license_model(text!(license_model))
            .set_manage_master_user_password(optional_flag!(manage_master_user_password))
            .set_master_user_password(password)
            .set_max_allocated_storage(int(max_storage))
            .set_monitoring_interval(int(monitoring))
            .set_monitoring_role_arn(text!(monitoring_role_arn))
            .set_multi_az(optional_flag!(multi_az))
            .set_network_type(text!(network_type))
            .set_new_db_instance_identifier(text!(identifier))
            .set_option_group_name(text!(option_group_name))
            .set_performance_insights_kms_key_id(text!(performance_insights_kms_key_id))
            .set_performance_insights_retention_period(number!(
                performance_insights_retention_period
            ))
            .set_db_port_number(number!(port))
            .set_preferred_backup_window(text!(backup_window))
            .set_preferred_maintenance_window(text!(maintenance_window))
            .set_publicly_accessible(flag!(publicly_accessible))
            .set_replica_mode(text!(replica_mode).as_deref().map(Into::into))
            .set_storage_throughput(number!(storage_throughput))
            .set_storage_type(text!(storage_type))
            .set_vpc_security_group_ids(groups.map(|groups| groups.0))
            .set_allow_major_version_upgrade(self.allow_major_version_upgrade);
        if given(&prior.replicate_source_db).is_some() && given(&self.replicate_source_db).is_none()
        {
            let request = aws.rds.promote_read_replica().db_instance_identifier(name);
            request.send().await.explain("promoting RDS DB Instance")?;
            changes += 1;
        }
        if changes == 0 {
            return Ok(false);
        }
        request.send().await.explain(&format!(
            "updating RDS DB Instance ({})",
            prior.identifier.as_deref().unwrap_or_default()
        ))?;
        Ok(true)
    }

    fn log_changes(&self, prior: &Self) -> Option<api::CloudwatchLogsExportConfiguration> {
        let of = |state: &Self| state.enabled_cloudwatch_logs_exports.clone().unwrap_or_default().0;
        let (new, old) = (of(self), of(prior));
        let without = |a: &[String], b: &[String]| -> Vec<String> {
            a.iter().filter(|log| !b.contains(log)).cloned().collect()
        };
        let (on, off) = (without(&new, &old), without(&old, &new));
        (!on.is_empty() || !off.is_empty()).then(|| {
            api::CloudwatchLogsExportConfiguration::builder()
                .set_enable_log_types(Some(on))
                .set_disable_log_types(Some(off))
                .build()
        })
    }
}
