use aws_sdk_ec2::types as api;

use super::filters::{Filter, conditions, only};
use crate::prelude::*;

/// An image that instances start from.
///
/// ```hcl
/// data "aws_ami" "linux" {
///   most_recent = true
///   owners      = ["amazon"]
///   filter {
///     name   = "name"
///     values = ["al2023-ami-2023.*-x86_64"]
///   }
/// }
/// ```
#[derive(Debug, Clone, Default, Resource)]
#[resource(data, name = "aws_ami")]
pub(crate) struct Ami {
    architecture: Computed<String>,
    /// Amazon Resource Name.
    arn: Computed<String>,
    block_device_mappings: Computed<Set<BlockDeviceMapping>>,
    boot_mode: Computed<String>,
    creation_date: Computed<String>,
    deprecation_time: Computed<String>,
    description: Computed<String>,
    ena_support: Computed<bool>,
    /// Only images that these may start.
    executable_users: Option<Vec<String>>,
    #[block(set)]
    filter: Vec<Filter>,
    hypervisor: Computed<String>,
    #[attr(computed)]
    id: Option<String>,
    image_id: Computed<String>,
    image_location: Computed<String>,
    image_owner_alias: Computed<String>,
    image_type: Computed<String>,
    imds_support: Computed<String>,
    include_deprecated: Option<bool>,
    kernel_id: Computed<String>,
    last_launched_time: Computed<String>,
    /// Whether to take the newest of several.
    most_recent: Option<bool>,
    name: Computed<String>,
    /// A regular expression that the name fits; checked here, after everything else.
    name_regex: Option<String>,
    owner_id: Computed<String>,
    /// Only images of these accounts; `self` and `amazon` are such names.
    owners: Option<Vec<String>>,
    platform: Computed<String>,
    platform_details: Computed<String>,
    product_codes: Computed<Set<ProductCode>>,
    public: Computed<bool>,
    ramdisk_id: Computed<String>,
    root_device_name: Computed<String>,
    root_device_type: Computed<String>,
    root_snapshot_id: Computed<String>,
    sriov_net_support: Computed<String>,
    state: Computed<String>,
    state_reason: Computed<BTreeMap<String, String>>,
    #[attr(computed)]
    tags: Option<BTreeMap<String, String>>,
    #[timeouts(read)]
    timeouts: Timeouts,
    tpm_support: Computed<String>,
    uefi_data: Option<String>,
    usage_operation: Computed<String>,
    virtualization_type: Computed<String>,
}

/// A device that an instance of the image has.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct BlockDeviceMapping {
    device_name: Option<String>,
    ebs: Option<BTreeMap<String, String>>,
    no_device: Option<String>,
    virtual_name: Option<String>,
}

/// A product on the image that is paid for.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct ProductCode {
    product_code_id: Option<String>,
    product_code_type: Option<String>,
}

impl Query for Ami {
    type Client = Aws;

    async fn read(aws: &Aws, query: &Self) -> Result<Self> {
        let request = aws
            .ec2
            .describe_images()
            .set_executable_users(query.executable_users.clone())
            .set_owners(query.owners.clone())
            .set_include_deprecated(query.include_deprecated)
            .set_filters(conditions(&query.filter, None, &[]));
        let found = request.into_paginator().items().send().try_collect().await;
        let mut images: Vec<api::Image> = found.explain("reading EC2 AMIs")?;
        if let Some(pattern) = &query.name_regex {
            let pattern = regex::Regex::new(pattern).map_err(|error| {
                Error::new(format!("This is no regular expression: {error}.")).at("name_regex")
            })?;
            images.retain(|image| image.name.as_deref().is_some_and(|name| pattern.is_match(name)));
        }
        if query.most_recent == Some(true) {
            images.sort_by(|a, b| b.creation_date.cmp(&a.creation_date));
            images.truncate(1);
        }
        let title = match images.is_empty() {
            true => {
                "Your query returned no results. Please change your search criteria and try again."
            }
            false => {
                "Your query returned more than one result. Please try a more specific search criteria, or set \
                 `most_recent` attribute to true."
            }
        };
        let image = only(images, "EC2 AMI").map_err(|error| error.summary(title))?;
        Ok(query.with(aws, image))
    }
}

impl Ami {
    fn with(&self, aws: &Aws, image: api::Image) -> Self {
        let text = |value: Option<&str>| Computed::from(value.unwrap_or_default());
        let id = image.image_id.clone().unwrap_or_default();
        let root_snapshot = image
            .block_device_mappings
            .iter()
            .flatten()
            .find(|mapping| mapping.device_name == image.root_device_name)
            .and_then(|mapping| mapping.ebs.as_ref()?.snapshot_id.as_deref());
        let reason = image.state_reason.as_ref();
        let unset = || "UNSET".to_owned();
        let reason = BTreeMap::from([
            (
                "code".to_owned(),
                reason.and_then(|reason| reason.code.clone()).unwrap_or_else(unset),
            ),
            (
                "message".to_owned(),
                reason.and_then(|reason| reason.message.clone()).unwrap_or_else(unset),
            ),
        ]);
        let products = image.product_codes.iter().flatten().map(|code| ProductCode {
            product_code_id: code.product_code_id.clone(),
            product_code_type: code.product_code_type.as_ref().map(|kind| kind.as_str().to_owned()),
        });
        Self {
            architecture: text(image.architecture.as_ref().map(api::ArchitectureValues::as_str)),
            arn: aws.arn("ec2", "", &format!("image/{id}")).into(),
            block_device_mappings: Set(image
                .block_device_mappings
                .iter()
                .flatten()
                .map(device)
                .collect())
            .into(),
            boot_mode: text(image.boot_mode.as_ref().map(api::BootModeValues::as_str)),
            creation_date: image.creation_date.clone().into(),
            deprecation_time: text(image.deprecation_time.as_deref()),
            description: text(image.description.as_deref()),
            ena_support: image.ena_support.unwrap_or(false).into(),
            hypervisor: text(image.hypervisor.as_ref().map(api::HypervisorType::as_str)),
            image_location: text(image.image_location.as_deref()),
            image_owner_alias: text(image.image_owner_alias.as_deref()),
            image_type: text(image.image_type.as_ref().map(api::ImageTypeValues::as_str)),
            imds_support: text(image.imds_support.as_ref().map(api::ImdsSupportValues::as_str)),
            kernel_id: text(image.kernel_id.as_deref()),
            last_launched_time: text(image.last_launched_time.as_deref()),
            name: text(image.name.as_deref()),
            owner_id: text(image.owner_id.as_deref()),
            platform: text(image.platform.as_ref().map(api::PlatformValues::as_str)),
            platform_details: text(image.platform_details.as_deref()),
            product_codes: Set(products.collect()).into(),
            public: image.public.unwrap_or(false).into(),
            ramdisk_id: text(image.ramdisk_id.as_deref()),
            root_device_name: text(image.root_device_name.as_deref()),
            root_device_type: text(image.root_device_type.as_ref().map(api::DeviceType::as_str)),
            root_snapshot_id: text(root_snapshot),
            sriov_net_support: text(image.sriov_net_support.as_deref()),
            state: text(image.state.as_ref().map(api::ImageState::as_str)),
            state_reason: reason.into(),
            tags: Some(tags::from_ec2(image.tags.as_ref()).all().clone()),
            tpm_support: text(image.tpm_support.as_ref().map(api::TpmSupportValues::as_str)),
            usage_operation: text(image.usage_operation.as_deref()),
            virtualization_type: text(
                image.virtualization_type.as_ref().map(api::VirtualizationType::as_str),
            ),
            image_id: id.clone().into(),
            id: Some(id),
            include_deprecated: Some(self.include_deprecated.unwrap_or(false)),
            ..self.clone()
        }
    }
}

fn device(mapping: &api::BlockDeviceMapping) -> BlockDeviceMapping {
    let ebs = mapping.ebs.as_ref().map(|ebs| {
        let number = |number: Option<i32>| number.unwrap_or(0).to_string();
        let flag = |flag: Option<bool>| flag.unwrap_or(false).to_string();
        BTreeMap::from([
            ("delete_on_termination".to_owned(), flag(ebs.delete_on_termination)),
            ("encrypted".to_owned(), flag(ebs.encrypted)),
            ("iops".to_owned(), number(ebs.iops)),
            ("snapshot_id".to_owned(), ebs.snapshot_id.clone().unwrap_or_default()),
            ("throughput".to_owned(), number(ebs.throughput)),
            // The SDK does not tell it yet.
            ("volume_initialization_rate".to_owned(), number(None)),
            ("volume_size".to_owned(), number(ebs.volume_size)),
            (
                "volume_type".to_owned(),
                ebs.volume_type.as_ref().map_or("", |kind| kind.as_str()).to_owned(),
            ),
        ])
    });
    BlockDeviceMapping {
        device_name: Some(mapping.device_name.clone().unwrap_or_default()),
        ebs: Some(ebs.unwrap_or_default()),
        no_device: Some(mapping.no_device.clone().unwrap_or_default()),
        virtual_name: Some(mapping.virtual_name.clone().unwrap_or_default()),
    }
}
