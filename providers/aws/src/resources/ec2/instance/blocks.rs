//! The nested blocks of an instance.

use crate::prelude::*;

/// Which reserved capacity it may use.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct CapacityReservationSpecification {
    pub(super) capacity_reservation_preference: Option<String>,
    #[block(max = 1)]
    pub(super) capacity_reservation_target: Option<CapacityReservationTarget>,
}

/// One reservation, or a group of them.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct CapacityReservationTarget {
    pub(super) capacity_reservation_id: Option<String>,
    pub(super) capacity_reservation_resource_group_arn: Option<String>,
}

/// How many cores and threads it has.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct CpuOptions {
    #[attr(computed, force_new)]
    pub(super) amd_sev_snp: Option<String>,
    #[attr(computed, force_new)]
    pub(super) core_count: Option<i64>,
    #[attr(computed, force_new)]
    pub(super) threads_per_core: Option<i64>,
}

/// How long a burstable instance may burst.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct CreditSpecification {
    pub(super) cpu_credits: Option<String>,
}

/// A volume besides the one that it starts from.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct EbsBlockDevice {
    #[attr(default = true)]
    pub(super) delete_on_termination: bool,
    #[attr(force_new)]
    pub(super) device_name: String,
    #[attr(computed)]
    pub(super) encrypted: Option<bool>,
    #[attr(computed)]
    pub(super) iops: Option<i64>,
    #[attr(computed)]
    pub(super) kms_key_id: Option<String>,
    #[attr(computed, force_new)]
    pub(super) snapshot_id: Option<String>,
    pub(super) tags: Option<BTreeMap<String, String>>,
    #[attr(computed)]
    pub(super) tags_all: Option<BTreeMap<String, String>>,
    #[attr(computed)]
    pub(super) throughput: Option<i64>,
    pub(super) volume_id: Computed<String>,
    #[attr(computed)]
    pub(super) volume_size: Option<i64>,
    #[attr(computed)]
    pub(super) volume_type: Option<String>,
}

/// Whether it can run Nitro enclaves.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct EnclaveOptions {
    #[attr(computed, force_new)]
    pub(super) enabled: Option<bool>,
}

/// A disk that lives as long as the instance.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct EphemeralBlockDevice {
    pub(super) device_name: String,
    pub(super) no_device: Option<bool>,
    #[attr(default = "")]
    pub(super) virtual_name: String,
}

/// Spare capacity at a lower price.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct InstanceMarketOptions {
    #[attr(computed, force_new)]
    pub(super) market_type: Option<String>,
    #[block(max = 1)]
    pub(super) spot_options: Option<SpotOptions>,
}

/// Terms of a spot instance.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct SpotOptions {
    #[attr(computed, force_new)]
    pub(super) instance_interruption_behavior: Option<String>,
    #[attr(computed, force_new)]
    pub(super) max_price: Option<String>,
    #[attr(computed, force_new)]
    pub(super) spot_instance_type: Option<String>,
    #[attr(computed, force_new)]
    pub(super) valid_until: Option<String>,
}

/// The template that fills in what is not set.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct LaunchTemplate {
    #[attr(computed, force_new)]
    pub(super) id: Option<String>,
    #[attr(computed, force_new)]
    pub(super) name: Option<String>,
    #[attr(default = "$Default", force_new)]
    pub(super) version: String,
}

/// What happens when its hardware fails.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct MaintenanceOptions {
    #[attr(computed)]
    pub(super) auto_recovery: Option<String>,
}

/// Who can read its metadata, and how.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct MetadataOptions {
    #[attr(default = "enabled")]
    pub(super) http_endpoint: String,
    #[attr(default = "disabled")]
    pub(super) http_protocol_ipv6: String,
    #[attr(computed)]
    pub(super) http_put_response_hop_limit: Option<i64>,
    #[attr(computed)]
    pub(super) http_tokens: Option<String>,
    #[attr(computed)]
    pub(super) instance_metadata_tags: Option<String>,
}

/// A network interface made beforehand.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct NetworkInterface {
    #[attr(default = false, force_new)]
    pub(super) delete_on_termination: bool,
    #[attr(force_new)]
    pub(super) device_index: i64,
    #[attr(default = 0, force_new)]
    pub(super) network_card_index: i64,
    #[attr(force_new)]
    pub(super) network_interface_id: String,
}

/// What its private DNS names are made from.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct PrivateDnsNameOptions {
    #[attr(computed)]
    pub(super) enable_resource_name_dns_a_record: Option<bool>,
    #[attr(computed)]
    pub(super) enable_resource_name_dns_aaaa_record: Option<bool>,
    #[attr(computed)]
    pub(super) hostname_type: Option<String>,
}

/// The volume that it starts from.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct RootBlockDevice {
    #[attr(default = true)]
    pub(super) delete_on_termination: bool,
    pub(super) device_name: Computed<String>,
    #[attr(computed, force_new)]
    pub(super) encrypted: Option<bool>,
    #[attr(computed)]
    pub(super) iops: Option<i64>,
    #[attr(computed, force_new)]
    pub(super) kms_key_id: Option<String>,
    pub(super) tags: Option<BTreeMap<String, String>>,
    #[attr(computed)]
    pub(super) tags_all: Option<BTreeMap<String, String>>,
    #[attr(computed)]
    pub(super) throughput: Option<i64>,
    pub(super) volume_id: Computed<String>,
    #[attr(computed)]
    pub(super) volume_size: Option<i64>,
    #[attr(computed)]
    pub(super) volume_type: Option<String>,
}
