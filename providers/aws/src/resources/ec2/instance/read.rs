//! What the API tells of instances.

use aws_sdk_ec2::types as api;

use super::blocks::{
    CapacityReservationSpecification, CapacityReservationTarget, CpuOptions, CreditSpecification,
    EbsBlockDevice, EnclaveOptions, MaintenanceOptions, MetadataOptions, PrivateDnsNameOptions,
    RootBlockDevice,
};
use super::{GONE, Instance, user_data_hash};
use crate::prelude::*;

/// What other calls than `DescribeInstances` tell, each asked once for all instances.
pub(super) struct Others {
    volumes: BTreeMap<String, api::Volume>,
    credits: BTreeMap<String, String>,
}

impl Others {
    pub(super) async fn read(aws: &Aws, instances: &[api::Instance]) -> Result<Self> {
        let mapped =
            instances.iter().flat_map(|instance| instance.block_device_mappings.iter().flatten());
        let wanted: Vec<String> =
            mapped.filter_map(|mapping| mapping.ebs.as_ref()?.volume_id.clone()).collect();
        let mut volumes = BTreeMap::new();
        for chunk in wanted.chunks(CHUNK) {
            let request = aws.ec2.describe_volumes().filters(filter("volume-id", chunk.to_vec()));
            let found = request.into_paginator().items().send().try_collect().await;
            for volume in found.explain("reading EBS Volumes")? {
                volumes.insert(volume.volume_id.clone().unwrap_or_default(), volume);
            }
        }
        let burstable: Vec<String> = instances
            .iter()
            .filter(|instance| {
                instance.instance_type.as_ref().is_some_and(|kind| is_burstable(kind.as_str()))
            })
            .filter_map(|instance| instance.instance_id.clone())
            .collect();
        let mut credits = BTreeMap::new();
        for chunk in burstable.chunks(CHUNK) {
            let request = aws
                .ec2
                .describe_instance_credit_specifications()
                .set_instance_ids(Some(chunk.to_vec()));
            // Not every region and emulator knows the call; an instance is there also without it.
            let unknown = &["UnsupportedOperation", "InvalidAction", "NotImplemented"];
            let Some(found) =
                request.send().await.found("reading credit specifications", unknown)?
            else {
                break;
            };
            let found = found.instance_credit_specifications.unwrap_or_default();
            credits.extend(
                found.into_iter().filter_map(|found| found.instance_id.zip(found.cpu_credits)),
            );
        }
        Ok(Self { volumes, credits })
    }
}

fn is_burstable(kind: &str) -> bool {
    ["t2.", "t3.", "t3a.", "t4g."].iter().any(|family| kind.starts_with(family))
}

/// Attributes that cost a call each: asked only where they are not known yet, or are something unusual.
async fn attribute(
    aws: &Aws,
    id: &str,
    name: api::InstanceAttributeName,
) -> Result<
    Option<aws_sdk_ec2::operation::describe_instance_attribute::DescribeInstanceAttributeOutput>,
> {
    let request = aws.ec2.describe_instance_attribute().instance_id(id).attribute(name);
    request.send().await.found("reading EC2 Instance attribute", GONE)
}

impl Instance {
    /// The attributes that `DescribeInstances` does not tell.
    pub(super) async fn with_attributes(
        mut self,
        aws: &Aws,
        id: &str,
        known: &Self,
    ) -> Result<Self> {
        use api::InstanceAttributeName as Name;
        self.disable_api_termination = match known.disable_api_termination {
            Some(false) => Some(false),
            _ => attribute(aws, id, Name::DisableApiTermination).await?.map(|found| {
                found.disable_api_termination.and_then(|flag| flag.value).unwrap_or(false)
            }),
        };
        self.disable_api_stop = match known.disable_api_stop {
            Some(false) => Some(false),
            _ => attribute(aws, id, Name::DisableApiStop)
                .await?
                .map(|found| found.disable_api_stop.and_then(|flag| flag.value).unwrap_or(false)),
        };
        let behaviour = known.instance_initiated_shutdown_behavior.as_deref();
        self.instance_initiated_shutdown_behavior = match behaviour {
            Some("stop") => Some("stop".to_owned()),
            _ => attribute(aws, id, Name::InstanceInitiatedShutdownBehavior).await?.and_then(
                |found| {
                    found.instance_initiated_shutdown_behavior.and_then(|behaviour| behaviour.value)
                },
            ),
        };
        let has_data = |data: &Option<String>| data.as_deref().is_some_and(|data| !data.is_empty());
        let asked = has_data(&known.user_data) || has_data(&known.user_data_base64);
        if asked || known.arn.is_none() {
            let data = attribute(aws, id, Name::UserData)
                .await?
                .and_then(|found| found.user_data.and_then(|data| data.value))
                .filter(|data| !data.is_empty());
            if has_data(&known.user_data_base64) {
                self.user_data_base64 = data;
            } else {
                self.user_data = data.as_deref().map(user_data_hash);
            }
        }
        Ok(self)
    }
}

/// The instance as the API tells it; what it does not tell is as it was.
pub(super) fn from_api(
    aws: &Aws,
    instance: &api::Instance,
    others: &Others,
    known: &Instance,
) -> Instance {
    let id = instance.instance_id.clone().unwrap_or_default();
    let primary = instance.network_interfaces.iter().flatten().find(|interface| {
        interface.attachment.as_ref().and_then(|attachment| attachment.device_index) == Some(0)
    });
    let owner = primary.and_then(|interface| interface.owner_id.as_deref());
    let account = aws.account_of(owner.unwrap_or_default());
    let placement = instance.placement.as_ref();
    let mut object = Instance {
        ami: instance.image_id.clone(),
        arn: aws.arn("ec2", account, &format!("instance/{id}")).into(),
        associate_public_ip_address: Some(
            primary.is_some_and(|primary| primary.association.is_some())
                || instance.public_ip_address.is_some(),
        ),
        availability_zone: placement.and_then(|placement| placement.availability_zone.clone()),
        capacity_reservation_specification: instance
            .capacity_reservation_specification
            .as_ref()
            .map(reservation),
        credit_specification: others
            .credits
            .get(&id)
            .map(|credits| CreditSpecification { cpu_credits: Some(credits.clone()) }),
        ebs_optimized: Some(instance.ebs_optimized.unwrap_or(false)),
        enclave_options: instance
            .enclave_options
            .as_ref()
            .map(|options| EnclaveOptions { enabled: options.enabled }),
        hibernation: Some(
            instance
                .hibernation_options
                .as_ref()
                .and_then(|options| options.configured)
                .unwrap_or(false),
        ),
        host_id: Some(
            placement.and_then(|placement| placement.host_id.clone()).unwrap_or_default(),
        ),
        host_resource_group_arn: placement
            .and_then(|placement| placement.host_resource_group_arn.clone()),
        iam_instance_profile: Some(
            instance
                .iam_instance_profile
                .as_ref()
                .and_then(|profile| profile.arn.as_deref()?.rsplit('/').next().map(str::to_owned))
                .unwrap_or_default(),
        ),
        instance_lifecycle: instance
            .instance_lifecycle
            .as_ref()
            .map(|kind| kind.as_str().to_owned())
            .unwrap_or_default()
            .into(),
        instance_state: instance
            .state
            .as_ref()
            .and_then(|state| state.name.as_ref())
            .map(|name| name.as_str().to_owned())
            .into(),
        instance_type: instance.instance_type.as_ref().map(|kind| kind.as_str().to_owned()),
        key_name: Some(instance.key_name.clone().unwrap_or_default()),
        maintenance_options: instance.maintenance_options.as_ref().map(|options| {
            MaintenanceOptions {
                auto_recovery: options
                    .auto_recovery
                    .as_ref()
                    .map(|recovery| recovery.as_str().to_owned()),
            }
        }),
        metadata_options: instance.metadata_options.as_ref().map(metadata),
        monitoring: Some(
            instance
                .monitoring
                .as_ref()
                .and_then(|monitoring| monitoring.state.as_ref())
                .is_some_and(|state| matches!(state.as_str(), "enabled" | "pending")),
        ),
        outpost_arn: instance.outpost_arn.clone().unwrap_or_default().into(),
        placement_group: Some(
            placement.and_then(|placement| placement.group_name.clone()).unwrap_or_default(),
        ),
        placement_partition_number: Some(
            placement.and_then(|placement| placement.partition_number).map_or(0, i64::from),
        ),
        private_dns: instance.private_dns_name.clone().into(),
        private_dns_name_options: instance.private_dns_name_options.as_ref().map(|options| {
            PrivateDnsNameOptions {
                enable_resource_name_dns_a_record: options.enable_resource_name_dns_a_record,
                enable_resource_name_dns_aaaa_record: options.enable_resource_name_dns_aaaa_record,
                hostname_type: options.hostname_type.as_ref().map(|kind| kind.as_str().to_owned()),
            }
        }),
        private_ip: instance.private_ip_address.clone(),
        public_dns: instance.public_dns_name.clone().unwrap_or_default().into(),
        public_ip: instance.public_ip_address.clone().unwrap_or_default().into(),
        source_dest_check: instance.source_dest_check.unwrap_or(true),
        spot_instance_request_id: instance
            .spot_instance_request_id
            .clone()
            .unwrap_or_default()
            .into(),
        subnet_id: instance.subnet_id.clone(),
        tags: tags::from_ec2(instance.tags.as_ref()),
        tenancy: placement
            .and_then(|placement| placement.tenancy.as_ref())
            .map(|tenancy| tenancy.as_str().to_owned()),
        ..known.clone()
    };
    object.password_data = object.password_data.0.unwrap_or_default().into();
    object.cpu(instance);
    object.network(instance, primary);
    object.groups(instance);
    object.devices_from(instance, others);
    object
}

fn reservation(
    found: &api::CapacityReservationSpecificationResponse,
) -> CapacityReservationSpecification {
    CapacityReservationSpecification {
        capacity_reservation_preference: found
            .capacity_reservation_preference
            .as_ref()
            .map(|preference| preference.as_str().to_owned()),
        capacity_reservation_target: found.capacity_reservation_target.as_ref().map(|target| {
            CapacityReservationTarget {
                capacity_reservation_id: target.capacity_reservation_id.clone(),
                capacity_reservation_resource_group_arn: target
                    .capacity_reservation_resource_group_arn
                    .clone(),
            }
        }),
    }
}

fn metadata(options: &api::InstanceMetadataOptionsResponse) -> MetadataOptions {
    MetadataOptions {
        http_endpoint: options
            .http_endpoint
            .as_ref()
            .map_or("enabled", |state| state.as_str())
            .to_owned(),
        http_protocol_ipv6: options
            .http_protocol_ipv6
            .as_ref()
            .map_or("disabled", |state| state.as_str())
            .to_owned(),
        http_put_response_hop_limit: options.http_put_response_hop_limit.map(i64::from),
        http_tokens: options.http_tokens.as_ref().map(|state| state.as_str().to_owned()),
        instance_metadata_tags: options
            .instance_metadata_tags
            .as_ref()
            .map(|state| state.as_str().to_owned()),
    }
}

impl Instance {
    fn cpu(&mut self, instance: &api::Instance) {
        let Some(options) = &instance.cpu_options else { return };
        self.cpu_core_count = options.core_count.map(i64::from);
        self.cpu_threads_per_core = options.threads_per_core.map(i64::from);
        self.cpu_options = Some(CpuOptions {
            amd_sev_snp: options.amd_sev_snp.as_ref().map(|sev| sev.as_str().to_owned()),
            core_count: options.core_count.map(i64::from),
            threads_per_core: options.threads_per_core.map(i64::from),
        });
    }

    fn network(
        &mut self,
        instance: &api::Instance,
        primary: Option<&api::InstanceNetworkInterface>,
    ) {
        self.network_interface.retain(|declared| {
            let there = instance.network_interfaces.iter().flatten();
            there
                .filter_map(|interface| interface.network_interface_id.as_deref())
                .any(|id| id == declared.network_interface_id)
        });
        let Some(primary) = primary else {
            self.ipv6_address_count.get_or_insert(0);
            self.ipv6_addresses.get_or_insert_default();
            self.secondary_private_ips.get_or_insert_default();
            return;
        };
        self.primary_network_interface_id = primary.network_interface_id.clone().into();
        let addresses: Vec<String> = primary
            .ipv6_addresses
            .iter()
            .flatten()
            .filter_map(|found| found.ipv6_address.clone())
            .collect();
        self.ipv6_address_count = Some(addresses.len() as i64);
        self.ipv6_addresses = Some(addresses);
        let secondary = primary
            .private_ip_addresses
            .iter()
            .flatten()
            .filter(|found| found.primary != Some(true));
        self.secondary_private_ips =
            Some(secondary.filter_map(|found| found.private_ip_address.clone()).collect());
    }

    fn groups(&mut self, instance: &api::Instance) {
        let groups = || instance.security_groups.iter().flatten();
        let names = groups().filter_map(|group| group.group_name.clone()).collect();
        let ids = groups().filter_map(|group| group.group_id.clone()).collect();
        // In a VPC groups are known by id, outside by name.
        let in_vpc = instance.subnet_id.is_some();
        self.security_groups = Some(if in_vpc { Set::default() } else { names });
        self.vpc_security_group_ids = Some(if in_vpc { ids } else { Set::default() });
    }

    fn devices_from(&mut self, instance: &api::Instance, others: &Others) {
        let root_name = instance.root_device_name.as_deref();
        let declared: Vec<EbsBlockDevice> = std::mem::take(&mut self.ebs_block_device);
        for mapping in instance.block_device_mappings.iter().flatten() {
            let Some(ebs) = &mapping.ebs else { continue };
            let id = ebs.volume_id.clone().unwrap_or_default();
            let Some(volume) = others.volumes.get(&id) else { continue };
            // Tags of all volumes are told by another argument.
            let own = match &self.volume_tags {
                Some(tags) if !tags.is_empty() => BTreeMap::new(),
                _ => tags::from_ec2(volume.tags.as_ref()).all().clone(),
            };
            let delete = ebs.delete_on_termination.unwrap_or(false);
            let kind = volume.volume_type.as_ref().map(|kind| kind.as_str().to_owned());
            if mapping.device_name.as_deref() == root_name {
                let of_block = self.root_block_device.as_ref().and_then(|root| root.tags.clone());
                self.root_block_device = Some(RootBlockDevice {
                    delete_on_termination: delete,
                    device_name: mapping.device_name.clone().into(),
                    encrypted: Some(volume.encrypted.unwrap_or(false)),
                    iops: Some(volume.iops.map_or(0, i64::from)),
                    kms_key_id: Some(volume.kms_key_id.clone().unwrap_or_default()),
                    tags: if self.volume_tags.is_some() { of_block } else { Some(own.clone()) },
                    tags_all: Some(if self.volume_tags.is_some() { BTreeMap::new() } else { own }),
                    throughput: Some(volume.throughput.map_or(0, i64::from)),
                    volume_id: id.into(),
                    volume_size: volume.size.map(i64::from),
                    volume_type: kind,
                });
                continue;
            }
            let before = declared
                .iter()
                .find(|device| Some(device.device_name.as_str()) == mapping.device_name.as_deref());
            self.ebs_block_device.push(EbsBlockDevice {
                delete_on_termination: delete,
                device_name: mapping.device_name.clone().unwrap_or_default(),
                encrypted: Some(volume.encrypted.unwrap_or(false)),
                iops: Some(volume.iops.map_or(0, i64::from)),
                kms_key_id: Some(volume.kms_key_id.clone().unwrap_or_default()),
                snapshot_id: Some(volume.snapshot_id.clone().unwrap_or_default()),
                tags: before.map_or_else(
                    || Some(own.clone()),
                    |device| Some(device.tags.clone().unwrap_or_default()),
                ),
                tags_all: Some(own),
                throughput: Some(volume.throughput.map_or(0, i64::from)),
                volume_id: id.into(),
                volume_size: volume.size.map(i64::from),
                volume_type: kind,
            });
        }
    }
}
