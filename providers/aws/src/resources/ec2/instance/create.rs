//! The request that starts an instance.

use aws_sdk_ec2::operation::run_instances::builders::RunInstancesFluentBuilder;
use aws_sdk_ec2::types as api;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::Instance;
use crate::prelude::*;

fn int(number: Option<i64>) -> Option<i32> {
    number.and_then(|number| i32::try_from(number).ok())
}

fn given(text: &Option<String>) -> Option<String> {
    text.clone().filter(|text| !text.is_empty())
}

/// User data as the API wants it: base64, unless it is that already.
pub(super) fn encoded(plan: &Instance) -> Option<String> {
    if let Some(encoded) = given(&plan.user_data_base64) {
        return Some(encoded);
    }
    let text = given(&plan.user_data)?;
    if STANDARD.decode(&text).is_ok() { Some(text) } else { Some(STANDARD.encode(text)) }
}

impl Instance {
    /// `root_device` is the name that the image has for the volume that it starts from.
    pub(super) fn request(
        &self,
        aws: &Aws,
        root_device: Option<String>,
    ) -> RunInstancesFluentBuilder {
        let request = aws
            .ec2
            .run_instances()
            .min_count(1)
            .max_count(1)
            .set_image_id(given(&self.ami))
            .set_instance_type(given(&self.instance_type).as_deref().map(api::InstanceType::from))
            .set_key_name(given(&self.key_name))
            .set_user_data(encoded(self))
            .set_monitoring(
                self.monitoring
                    .map(|on| api::RunInstancesMonitoringEnabled::builder().enabled(on).build()),
            )
            .set_ebs_optimized(self.ebs_optimized.filter(|on| *on))
            .set_disable_api_termination(self.disable_api_termination.filter(|on| *on))
            .set_disable_api_stop(self.disable_api_stop.filter(|on| *on))
            .set_enable_primary_ipv6(self.enable_primary_ipv6.filter(|on| *on))
            .set_instance_initiated_shutdown_behavior(
                given(&self.instance_initiated_shutdown_behavior)
                    .as_deref()
                    .map(api::ShutdownBehavior::from),
            )
            .set_iam_instance_profile(given(&self.iam_instance_profile).map(profile))
            .set_hibernation_options(
                self.hibernation
                    .filter(|on| *on)
                    .map(|on| api::HibernationOptionsRequest::builder().configured(on).build()),
            )
            .set_placement(self.placement())
            .set_block_device_mappings(self.devices(root_device));
        self.with_options(self.with_network(request))
            .set_tag_specifications(self.tag_specifications(aws))
    }

    /// Addresses and groups belong to the first interface where the request describes one.
    fn with_network(&self, request: RunInstancesFluentBuilder) -> RunInstancesFluentBuilder {
        let groups: Vec<String> = self.vpc_security_group_ids.clone().unwrap_or_default().0;
        let addresses = self.ipv6_addresses.clone().unwrap_or_default();
        let ipv6: Vec<_> = addresses
            .iter()
            .map(|address| api::InstanceIpv6Address::builder().ipv6_address(address).build())
            .collect();
        let some = |list: Vec<String>| (!list.is_empty()).then_some(list);
        if !self.network_interface.is_empty() {
            let interfaces = self.network_interface.iter().map(|interface| {
                api::InstanceNetworkInterfaceSpecification::builder()
                    .set_device_index(int(Some(interface.device_index)))
                    .set_network_card_index(int(Some(interface.network_card_index)))
                    .network_interface_id(&interface.network_interface_id)
                    .delete_on_termination(interface.delete_on_termination)
                    .build()
            });
            return request.set_network_interfaces(Some(interfaces.collect()));
        }
        let secondary = self.secondary_private_ips.clone().unwrap_or_default();
        if let Some(subnet) = given(&self.subnet_id)
            && (self.associate_public_ip_address.is_some() || !secondary.is_empty())
        {
            let private = secondary.iter().map(|address| {
                api::PrivateIpAddressSpecification::builder().private_ip_address(address).build()
            });
            let interface = api::InstanceNetworkInterfaceSpecification::builder()
                .device_index(0)
                .set_associate_public_ip_address(self.associate_public_ip_address)
                .subnet_id(subnet)
                .set_private_ip_address(given(&self.private_ip))
                .set_private_ip_addresses((!secondary.is_empty()).then(|| private.collect()))
                .set_groups(some(groups))
                .set_ipv6_address_count(int(self.ipv6_address_count).filter(|count| *count > 0))
                .set_ipv6_addresses((!ipv6.is_empty()).then_some(ipv6));
            return request.network_interfaces(interface.build());
        }
        request
            .set_subnet_id(given(&self.subnet_id))
            .set_private_ip_address(given(&self.private_ip))
            .set_security_group_ids(some(groups))
            .set_security_groups(some(self.security_groups.clone().unwrap_or_default().0))
            .set_ipv6_address_count(int(self.ipv6_address_count).filter(|count| *count > 0))
            .set_ipv6_addresses((!ipv6.is_empty()).then_some(ipv6))
    }

    fn with_options(&self, request: RunInstancesFluentBuilder) -> RunInstancesFluentBuilder {
        let cpu = self.cpu_options.as_ref();
        let cores = cpu.and_then(|cpu| cpu.core_count).or(self.cpu_core_count);
        let threads = cpu.and_then(|cpu| cpu.threads_per_core).or(self.cpu_threads_per_core);
        let sev = cpu.and_then(|cpu| given(&cpu.amd_sev_snp));
        request
            .set_cpu_options((cores.is_some() || threads.is_some() || sev.is_some()).then(|| {
                api::CpuOptionsRequest::builder()
                    .set_core_count(int(cores))
                    .set_threads_per_core(int(threads))
                    .set_amd_sev_snp(sev.as_deref().map(api::AmdSevSnpSpecification::from))
                    .build()
            }))
            .set_credit_specification(
                self.credit_specification
                    .as_ref()
                    .and_then(|credit| given(&credit.cpu_credits))
                    .map(|credits| {
                        api::CreditSpecificationRequest::builder().cpu_credits(credits).build()
                    }),
            )
            .set_enclave_options(
                self.enclave_options
                    .as_ref()
                    .and_then(|options| options.enabled)
                    .map(|enabled| api::EnclaveOptionsRequest::builder().enabled(enabled).build()),
            )
            .set_maintenance_options(
                self.maintenance_options
                    .as_ref()
                    .and_then(|options| given(&options.auto_recovery))
                    .map(|recovery| {
                        api::InstanceMaintenanceOptionsRequest::builder()
                            .auto_recovery(api::InstanceAutoRecoveryState::from(recovery.as_str()))
                            .build()
                    }),
            )
            .set_metadata_options(self.metadata_options.as_ref().map(|options| {
                api::InstanceMetadataOptionsRequest::builder()
                    .http_endpoint(api::InstanceMetadataEndpointState::from(
                        options.http_endpoint.as_str(),
                    ))
                    .http_protocol_ipv6(api::InstanceMetadataProtocolState::from(
                        options.http_protocol_ipv6.as_str(),
                    ))
                    .set_http_put_response_hop_limit(int(options.http_put_response_hop_limit))
                    .set_http_tokens(
                        given(&options.http_tokens).as_deref().map(api::HttpTokensState::from),
                    )
                    .set_instance_metadata_tags(
                        given(&options.instance_metadata_tags)
                            .as_deref()
                            .map(api::InstanceMetadataTagsState::from),
                    )
                    .build()
            }))
            .set_private_dns_name_options(self.private_dns_name_options.as_ref().map(|options| {
                api::PrivateDnsNameOptionsRequest::builder()
                    .set_hostname_type(
                        given(&options.hostname_type).as_deref().map(api::HostnameType::from),
                    )
                    .set_enable_resource_name_dns_a_record(
                        options.enable_resource_name_dns_a_record,
                    )
                    .set_enable_resource_name_dns_aaaa_record(
                        options.enable_resource_name_dns_aaaa_record,
                    )
                    .build()
            }))
            .set_capacity_reservation_specification(self.reservation())
            .set_instance_market_options(self.market())
            .set_launch_template(self.launch_template.as_ref().map(|template| {
                api::LaunchTemplateSpecification::builder()
                    .set_launch_template_id(given(&template.id))
                    .set_launch_template_name(
                        given(&template.name).filter(|_| given(&template.id).is_none()),
                    )
                    .version(&template.version)
                    .build()
            }))
    }

    fn reservation(&self) -> Option<api::CapacityReservationSpecification> {
        let wanted = self.capacity_reservation_specification.as_ref()?;
        let target = wanted.capacity_reservation_target.as_ref().map(|target| {
            api::CapacityReservationTarget::builder()
                .set_capacity_reservation_id(given(&target.capacity_reservation_id))
                .set_capacity_reservation_resource_group_arn(given(
                    &target.capacity_reservation_resource_group_arn,
                ))
                .build()
        });
        let preference = given(&wanted.capacity_reservation_preference);
        let built = api::CapacityReservationSpecification::builder()
            .set_capacity_reservation_preference(
                preference.as_deref().map(api::CapacityReservationPreference::from),
            )
            .set_capacity_reservation_target(target);
        Some(built.build())
    }

    fn market(&self) -> Option<api::InstanceMarketOptionsRequest> {
        let wanted = self.instance_market_options.as_ref()?;
        let spot = wanted.spot_options.as_ref().map(|spot| {
            let until = given(&spot.valid_until).and_then(|text| {
                aws_smithy_types::DateTime::from_str(
                    &text,
                    aws_smithy_types::date_time::Format::DateTime,
                )
                .ok()
            });
            api::SpotMarketOptions::builder()
                .set_instance_interruption_behavior(
                    given(&spot.instance_interruption_behavior)
                        .as_deref()
                        .map(api::InstanceInterruptionBehavior::from),
                )
                .set_max_price(given(&spot.max_price))
                .set_spot_instance_type(
                    given(&spot.spot_instance_type).as_deref().map(api::SpotInstanceType::from),
                )
                .set_valid_until(until)
                .build()
        });
        let kind = given(&wanted.market_type);
        let built = api::InstanceMarketOptionsRequest::builder()
            .set_market_type(kind.as_deref().map(api::MarketType::from))
            .set_spot_options(spot);
        Some(built.build())
    }

    fn placement(&self) -> Option<api::Placement> {
        let placement = api::Placement::builder()
            .set_availability_zone(given(&self.availability_zone))
            .set_tenancy(given(&self.tenancy).as_deref().map(api::Tenancy::from))
            .set_group_name(given(&self.placement_group))
            .set_partition_number(int(self.placement_partition_number).filter(|number| *number > 0))
            .set_host_id(given(&self.host_id))
            .set_host_resource_group_arn(given(&self.host_resource_group_arn))
            .build();
        (placement != api::Placement::builder().build()).then_some(placement)
    }

    fn devices(&self, root_device: Option<String>) -> Option<Vec<api::BlockDeviceMapping>> {
        let mut mappings = Vec::new();
        if let Some(root) = &self.root_block_device {
            let ebs = api::EbsBlockDevice::builder()
                .delete_on_termination(root.delete_on_termination)
                .set_encrypted(root.encrypted.filter(|on| *on))
                .set_kms_key_id(given(&root.kms_key_id))
                .set_iops(int(root.iops).filter(|number| *number > 0))
                .set_throughput(int(root.throughput).filter(|number| *number > 0))
                .set_volume_size(int(root.volume_size).filter(|number| *number > 0))
                .set_volume_type(given(&root.volume_type).as_deref().map(api::VolumeType::from));
            let mapping = api::BlockDeviceMapping::builder().set_device_name(root_device);
            mappings.push(mapping.ebs(ebs.build()).build());
        }
        for device in &self.ebs_block_device {
            let ebs = api::EbsBlockDevice::builder()
                .delete_on_termination(device.delete_on_termination)
                .set_encrypted(device.encrypted.filter(|on| *on))
                .set_kms_key_id(given(&device.kms_key_id))
                .set_snapshot_id(given(&device.snapshot_id))
                .set_iops(int(device.iops).filter(|number| *number > 0))
                .set_throughput(int(device.throughput).filter(|number| *number > 0))
                .set_volume_size(int(device.volume_size).filter(|number| *number > 0))
                .set_volume_type(given(&device.volume_type).as_deref().map(api::VolumeType::from));
            mappings.push(
                api::BlockDeviceMapping::builder()
                    .device_name(&device.device_name)
                    .ebs(ebs.build())
                    .build(),
            );
        }
        for device in &self.ephemeral_block_device {
            let mapping = api::BlockDeviceMapping::builder().device_name(&device.device_name);
            mappings.push(if device.no_device == Some(true) {
                mapping.no_device("").build()
            } else {
                mapping.virtual_name(&device.virtual_name).build()
            });
        }
        (!mappings.is_empty()).then_some(mappings)
    }

    /// Volumes get the tags of the instance's argument, or those that everything gets.
    fn tag_specifications(&self, aws: &Aws) -> Option<Vec<api::TagSpecification>> {
        let mut all =
            tags::specification(&self.tags, api::ResourceType::Instance).unwrap_or_default();
        let volumes = self.volume_tags.as_ref().unwrap_or_else(|| aws.default_tags());
        let volumes: Tags = volumes.clone().into_iter().collect();
        all.extend(tags::specification(&volumes, api::ResourceType::Volume).unwrap_or_default());
        (!all.is_empty()).then_some(all)
    }
}

fn profile(name: String) -> api::IamInstanceProfileSpecification {
    api::IamInstanceProfileSpecification::builder().name(name).build()
}
