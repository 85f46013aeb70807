mod blocks;
mod checks;
mod create;
mod list;
mod read;

use aws_sdk_ec2::types as api;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha1::{Digest as _, Sha1};

use self::blocks::*;
use self::checks::CHECKS;
use crate::prelude::*;

/// A virtual machine.
///
/// ```hcl
/// resource "aws_instance" "web" {
///   ami           = data.aws_ami.linux.id
///   instance_type = "t3.micro"
///   subnet_id     = aws_subnet.a.id
/// }
/// ```
#[derive(Debug, Clone, Default, Resource)]
#[resource(name = "aws_instance", version = 1, checks = CHECKS)]
pub(crate) struct Instance {
    /// The image.
    #[attr(computed, force_new)]
    ami: Option<String>,
    /// Amazon Resource Name.
    arn: Computed<String>,
    /// Whether it gets a public address; by default as its subnet says.
    #[attr(computed, force_new)]
    associate_public_ip_address: Option<bool>,
    #[attr(computed, force_new)]
    availability_zone: Option<String>,
    #[block(max = 1, computed)]
    capacity_reservation_specification: Option<CapacityReservationSpecification>,
    #[attr(computed, force_new, deprecated = "Use cpu_options.core_count instead.")]
    cpu_core_count: Option<i64>,
    #[block(max = 1, computed)]
    cpu_options: Option<CpuOptions>,
    #[attr(computed, force_new, deprecated = "Use cpu_options.threads_per_core instead.")]
    cpu_threads_per_core: Option<i64>,
    #[block(max = 1, kept)]
    credit_specification: Option<CreditSpecification>,
    /// Whether stopping it is refused.
    #[attr(computed)]
    disable_api_stop: Option<bool>,
    /// Whether terminating it is refused.
    #[attr(computed)]
    disable_api_termination: Option<bool>,
    /// More volumes.
    #[block(set, computed, key = "device_name")]
    ebs_block_device: Vec<EbsBlockDevice>,
    #[attr(computed, force_new)]
    ebs_optimized: Option<bool>,
    #[attr(computed)]
    enable_primary_ipv6: Option<bool>,
    #[block(max = 1, computed)]
    enclave_options: Option<EnclaveOptions>,
    #[block(set, computed)]
    ephemeral_block_device: Vec<EphemeralBlockDevice>,
    /// Whether to read the password of the administrator of Windows.
    #[attr(default = false)]
    get_password_data: bool,
    #[attr(force_new)]
    hibernation: Option<bool>,
    #[attr(computed, force_new)]
    host_id: Option<String>,
    #[attr(computed)]
    host_resource_group_arn: Option<String>,
    #[attr(computed)]
    iam_instance_profile: Option<String>,
    #[attr(computed)]
    instance_initiated_shutdown_behavior: Option<String>,
    instance_lifecycle: Computed<String>,
    #[block(max = 1, computed)]
    instance_market_options: Option<InstanceMarketOptions>,
    instance_state: Computed<String>,
    /// Size of the machine.
    #[attr(computed)]
    instance_type: Option<String>,
    #[attr(computed)]
    ipv6_address_count: Option<i64>,
    #[attr(computed, force_new)]
    ipv6_addresses: Option<Vec<String>>,
    /// The key pair that it lets in.
    #[attr(computed, force_new)]
    key_name: Option<String>,
    #[block(max = 1)]
    launch_template: Option<LaunchTemplate>,
    #[block(max = 1, computed)]
    maintenance_options: Option<MaintenanceOptions>,
    #[block(max = 1, computed)]
    metadata_options: Option<MetadataOptions>,
    #[attr(computed)]
    monitoring: Option<bool>,
    #[block(set, computed)]
    network_interface: Vec<NetworkInterface>,
    outpost_arn: Computed<String>,
    password_data: Computed<String>,
    #[attr(computed, force_new)]
    placement_group: Option<String>,
    #[attr(computed, force_new)]
    placement_partition_number: Option<i64>,
    primary_network_interface_id: Computed<String>,
    private_dns: Computed<String>,
    #[block(max = 1, computed)]
    private_dns_name_options: Option<PrivateDnsNameOptions>,
    #[attr(computed, force_new)]
    private_ip: Option<String>,
    public_dns: Computed<String>,
    public_ip: Computed<String>,
    /// The volume that it starts from.
    #[block(max = 1, computed)]
    root_block_device: Option<RootBlockDevice>,
    #[attr(computed)]
    secondary_private_ips: Option<Set<String>>,
    /// Names of security groups, outside a VPC.
    #[attr(computed, force_new)]
    security_groups: Option<Set<String>>,
    /// Whether it drops traffic that is not for itself.
    #[attr(default = true)]
    source_dest_check: bool,
    spot_instance_request_id: Computed<String>,
    /// The subnet, which decides VPC and zone.
    #[attr(computed, force_new)]
    subnet_id: Option<String>,
    tags: Tags,
    /// Whether it shares its hardware.
    #[attr(computed, force_new)]
    tenancy: Option<String>,
    #[timeouts(create = 600, delete = 1200, read = 900, update = 600)]
    timeouts: Timeouts,
    /// What the instance runs at its first start; the state holds its SHA-1 hash.
    #[attr(computed, stored = user_data_hash)]
    user_data: Option<String>,
    #[attr(computed)]
    user_data_base64: Option<String>,
    /// Whether other user data needs a new instance.
    #[attr(default = false, unreadable)]
    user_data_replace_on_change: bool,
    /// Tags of the volumes made with it.
    volume_tags: Option<BTreeMap<String, String>>,
    /// The security groups.
    #[attr(computed)]
    vpc_security_group_ids: Option<Set<String>>,
}

const GONE: &[&str] = &["InvalidInstanceID.NotFound"];

/// The SHA-1 hash of user data, whether it is text or base64.
fn user_data_hash(text: &str) -> String {
    let data = STANDARD.decode(text).unwrap_or_else(|_| text.as_bytes().to_vec());
    Sha1::digest(data).iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(crate) async fn describe(aws: &Aws, wanted: Vec<String>) -> Result<Vec<api::Instance>> {
    let request = aws.ec2.describe_instances().filters(filter("instance-id", wanted));
    let reservations = request.into_paginator().items().send().try_collect().await;
    let instances = reservations.explain("reading EC2 Instances")?;
    Ok(instances
        .into_iter()
        .flat_map(|reservation| reservation.instances.unwrap_or_default())
        .collect())
}

pub(crate) fn state(instance: &api::Instance) -> Option<&api::InstanceStateName> {
    instance.state.as_ref().and_then(|state| state.name.as_ref())
}

/// The name under which an image has the volume that it starts from.
async fn root_device(aws: &Aws, image: &str) -> Result<Option<String>> {
    let response = aws.ec2.describe_images().image_ids(image).send().await;
    let images = response.explain("reading EC2 AMI")?.images.unwrap_or_default();
    Ok(images.into_iter().next().and_then(|image| image.root_device_name))
}

async fn wait(aws: &Aws, id: &str, limit: Duration, wanted: api::InstanceStateName) -> Result<()> {
    use api::InstanceStateName as Name;
    until(&format!("the instance to be {wanted}"), limit, || async {
        let found = describe(aws, vec![id.to_owned()]).await?;
        let Some(instance) = found.first() else {
            return Ok((wanted == Name::Terminated).then_some(()));
        };
        let now = state(instance);
        if wanted == Name::Running && matches!(now, Some(Name::Terminated | Name::ShuttingDown)) {
            let reason =
                instance.state_reason.as_ref().and_then(|reason| reason.message.as_deref());
            let reason = reason.unwrap_or("no reason was given");
            return Err(Error::new(format!(
                "The instance {id} stopped while it was starting: {reason}."
            )));
        }
        Ok((now == Some(&wanted)).then_some(()))
    })
    .await
}

async fn stop(aws: &Aws, id: &str, limit: Duration) -> Result<()> {
    aws.ec2.stop_instances().instance_ids(id).send().await.explain("stopping EC2 Instance")?;
    wait(aws, id, limit, api::InstanceStateName::Stopped).await
}

async fn start(aws: &Aws, id: &str, limit: Duration) -> Result<()> {
    aws.ec2.start_instances().instance_ids(id).send().await.explain("starting EC2 Instance")?;
    wait(aws, id, limit, api::InstanceStateName::Running).await
}

fn flag(value: bool) -> api::AttributeBooleanValue {
    api::AttributeBooleanValue::builder().value(value).build()
}

fn text(value: &str) -> api::AttributeValue {
    api::AttributeValue::builder().value(value).build()
}

impl Operations for Instance {
    type Client = Aws;

    async fn create(aws: &Aws, plan: &Self) -> Result<Id> {
        let root_device = match (&plan.root_block_device, &plan.ami) {
            (Some(_), Some(image)) => root_device(aws, image).await?,
            _ => None,
        };
        let response =
            plan.request(aws, root_device).send().await.explain("creating EC2 Instance")?;
        let instance = response.instances.unwrap_or_default().into_iter().next();
        instance
            .and_then(|instance| instance.instance_id)
            .map(Id)
            .ok_or_else(|| Error::missing("id"))
    }

    async fn configure(aws: &Aws, plan: &Known<Self>) -> Result<()> {
        let limit = plan.timeouts.of("create", Duration::from_secs(600));
        wait(aws, &plan.id, limit, api::InstanceStateName::Running).await?;
        if !plan.source_dest_check {
            let request = aws.ec2.modify_instance_attribute().instance_id(&*plan.id);
            let request = request.source_dest_check(flag(false));
            request.send().await.explain("modifying EC2 Instance")?;
        }
        plan.tag_volumes(aws, &plan.id, &Self::default()).await
    }

    async fn read(aws: &Aws, known: &[Known<Self>]) -> Result<Found<Self>> {
        use api::InstanceStateName as Name;
        let mut found = Found::new();
        for chunk in known.chunks(CHUNK) {
            let states: BTreeMap<&str, &Self> =
                chunk.iter().map(|known| (&*known.id, &known.state)).collect();
            let mut instances = describe(aws, ids(chunk)).await?;
            instances.retain(|instance| {
                !matches!(state(instance), Some(Name::Terminated | Name::ShuttingDown))
            });
            let others = read::Others::read(aws, &instances).await?;
            let mut reads = Vec::new();
            for instance in &instances {
                let id = instance.instance_id.clone().unwrap_or_default();
                let known =
                    states.get(id.as_str()).map(|state| (*state).clone()).unwrap_or_default();
                let object = read::from_api(aws, instance, &others, &known);
                reads.push(async move {
                    object.with_attributes(aws, &id, &known).await.map(|object| (id, object))
                });
            }
            for (id, object) in futures::future::try_join_all(reads).await? {
                found.insert(id, object);
            }
        }
        Ok(found)
    }

    async fn update(aws: &Aws, prior: &Known<Self>, plan: &Self) -> Result<()> {
        let id = &*prior.id;
        let limit = plan.timeouts.of("update", Duration::from_secs(600));
        plan.modify(aws, id, prior).await?;
        plan.modify_options(aws, id, prior).await?;
        let kind =
            plan.instance_type.as_ref().filter(|kind| prior.instance_type.as_ref() != Some(kind));
        let data = plan.user_data.as_deref().map(user_data_hash)
            != prior.user_data.clone().filter(|hash| !hash.is_empty())
            && plan.user_data != prior.user_data
            || plan.user_data_base64 != prior.user_data_base64;
        if kind.is_some() || data {
            let running = prior.instance_state.as_deref() != Some("stopped");
            if running {
                stop(aws, id, limit).await?;
            }
            let request = || aws.ec2.modify_instance_attribute().instance_id(id);
            if let Some(kind) = kind {
                request()
                    .instance_type(text(kind))
                    .send()
                    .await
                    .explain("modifying EC2 Instance")?;
            }
            if data {
                let encoded = create::encoded(plan).unwrap_or_default();
                let blob = aws_sdk_ec2::primitives::Blob::new(
                    STANDARD.decode(&encoded).unwrap_or_default(),
                );
                let value = api::SecureBlobAttributeValue::builder().value(blob).build();
                request().user_data(value).send().await.explain("modifying EC2 Instance")?;
            }
            if running {
                start(aws, id, limit).await?;
            }
        }
        plan.tag_volumes(aws, id, prior).await?;
        tags::update_ec2(aws, id, &prior.tags, &plan.tags).await
    }

    async fn delete(aws: &Aws, prior: &Known<Self>) -> Result<()> {
        let request = || aws.ec2.terminate_instances().instance_ids(&*prior.id);
        let mut response = request().send().await;
        // Who destroys means it: the state need not know that the instance is protected.
        if response.as_ref().err().and_then(crate::error::code) == Some("OperationNotPermitted") {
            let off = api::AttributeBooleanValue::builder().value(false).build();
            let allow = aws.ec2.modify_instance_attribute().instance_id(&*prior.id);
            allow.disable_api_termination(off).send().await.explain("modifying EC2 Instance")?;
            response = request().send().await;
        }
        if response.found("terminating EC2 Instance", GONE)?.is_none() {
            return Ok(());
        }
        let limit = prior.timeouts.of("delete", Duration::from_secs(1200));
        wait(aws, &prior.id, limit, api::InstanceStateName::Terminated).await
    }

    fn customise(change: &mut Change<'_>) {
        let data = change.changed("user_data") || change.changed("user_data_base64");
        if data && change.planned("user_data_replace_on_change").as_bool() == Some(true) {
            change.replace(if change.changed("user_data") {
                "user_data"
            } else {
                "user_data_base64"
            });
        }
        // The instance is stopped and started for these: its public address changes.
        if !change.is_create() && (data || change.changed("instance_type")) {
            for name in ["public_dns", "public_ip"] {
                let before = change.prior().and_then(|prior| prior.get(name)?.as_str());
                if before.is_some_and(|before| !before.is_empty()) {
                    change.set_unknown(name);
                }
            }
        }
    }
}

impl Instance {
    /// What can change while the instance runs: one call each.
    async fn modify(&self, aws: &Aws, id: &str, prior: &Self) -> Result<()> {
        let request = || aws.ec2.modify_instance_attribute().instance_id(id);
        let mut requests = Vec::new();
        if let Some(on) =
            self.disable_api_termination.filter(|on| prior.disable_api_termination != Some(*on))
        {
            requests.push(request().disable_api_termination(flag(on)));
        }
        if let Some(on) = self.disable_api_stop.filter(|on| prior.disable_api_stop != Some(*on)) {
            requests.push(request().disable_api_stop(flag(on)));
        }
        if self.source_dest_check != prior.source_dest_check {
            requests.push(request().source_dest_check(flag(self.source_dest_check)));
        }
        let behaviour = &self.instance_initiated_shutdown_behavior;
        if let Some(behaviour) = behaviour
            .as_deref()
            .filter(|_| *behaviour != prior.instance_initiated_shutdown_behavior)
        {
            requests.push(request().instance_initiated_shutdown_behavior(text(behaviour)));
        }
        if self.vpc_security_group_ids != prior.vpc_security_group_ids
            && let Some(groups) = &self.vpc_security_group_ids
        {
            requests.push(request().set_groups(Some(groups.to_vec())));
        }
        for request in requests {
            request.send().await.explain("modifying EC2 Instance")?;
        }
        if let Some(on) = self.monitoring.filter(|on| prior.monitoring != Some(*on)) {
            if on {
                aws.ec2
                    .monitor_instances()
                    .instance_ids(id)
                    .send()
                    .await
                    .explain("monitoring EC2 Instance")?;
            } else {
                let request = aws.ec2.unmonitor_instances().instance_ids(id);
                request.send().await.explain("unmonitoring EC2 Instance")?;
            }
        }
        self.modify_volumes(aws, prior).await
    }

    async fn modify_options(&self, aws: &Aws, id: &str, prior: &Self) -> Result<()> {
        if let Some(options) = self
            .metadata_options
            .as_ref()
            .filter(|new| prior.metadata_options.as_ref() != Some(new))
        {
            let limit =
                options.http_put_response_hop_limit.and_then(|limit| i32::try_from(limit).ok());
            let request = aws
                .ec2
                .modify_instance_metadata_options()
                .instance_id(id)
                .http_endpoint(options.http_endpoint.as_str().into())
                .http_protocol_ipv6(options.http_protocol_ipv6.as_str().into())
                .set_http_put_response_hop_limit(limit)
                .set_http_tokens(options.http_tokens.as_deref().map(Into::into))
                .set_instance_metadata_tags(
                    options.instance_metadata_tags.as_deref().map(Into::into),
                );
            request.send().await.explain("modifying EC2 Instance metadata options")?;
        }
        if let Some(credits) = self
            .credit_specification
            .as_ref()
            .filter(|new| prior.credit_specification.as_ref() != Some(new))
        {
            let specification = api::InstanceCreditSpecificationRequest::builder()
                .instance_id(id)
                .set_cpu_credits(credits.cpu_credits.clone())
                .build();
            let request = aws
                .ec2
                .modify_instance_credit_specification()
                .instance_credit_specifications(specification);
            request.send().await.explain("modifying EC2 Instance credit specification")?;
        }
        let profile = self.iam_instance_profile.clone().unwrap_or_default();
        if profile != prior.iam_instance_profile.clone().unwrap_or_default() {
            set_profile(aws, id, &profile).await?;
        }
        Ok(())
    }

    async fn modify_volumes(&self, aws: &Aws, prior: &Self) -> Result<()> {
        let int = |number: Option<i64>| number.and_then(|number| i32::try_from(number).ok());
        if let (Some(new), Some(old)) = (&self.root_block_device, &prior.root_block_device)
            && let Some(volume) = old.volume_id.as_deref()
            && (new.volume_size, &new.volume_type, new.iops, new.throughput)
                != (old.volume_size, &old.volume_type, old.iops, old.throughput)
        {
            let changed = |new: Option<i64>, old: Option<i64>| int(new.filter(|_| new != old));
            let request = aws
                .ec2
                .modify_volume()
                .volume_id(volume)
                .set_size(changed(new.volume_size, old.volume_size))
                .set_volume_type(new.volume_type.as_deref().map(Into::into))
                .set_iops(changed(new.iops, old.iops))
                .set_throughput(changed(new.throughput, old.throughput));
            request.send().await.explain("modifying EBS Volume")?;
        }
        Ok(())
    }

    /// Tags of the volumes, where the configuration has some.
    async fn tag_volumes(&self, aws: &Aws, id: &str, prior: &Self) -> Result<()> {
        let of = |tags: Option<&BTreeMap<String, String>>| -> Tags {
            tags.cloned().unwrap_or_default().into_iter().collect()
        };
        let root =
            |state: &Self| of(state.root_block_device.as_ref().and_then(|root| root.tags.as_ref()));
        let (root_new, all_new) = (root(self), of(self.volume_tags.as_ref()));
        let (root_old, all_old) = (root(prior), of(prior.volume_tags.as_ref()));
        if (&root_new, &all_new) == (&root_old, &all_old) {
            return Ok(());
        }
        let instances = describe(aws, vec![id.to_owned()]).await?;
        for instance in &instances {
            for mapping in instance.block_device_mappings.iter().flatten() {
                let Some(volume) = mapping.ebs.as_ref().and_then(|ebs| ebs.volume_id.as_deref())
                else {
                    continue;
                };
                tags::update_ec2(aws, volume, &all_old, &all_new).await?;
                if mapping.device_name == instance.root_device_name {
                    tags::update_ec2(aws, volume, &root_old, &root_new).await?;
                }
            }
        }
        Ok(())
    }
}

/// Gives the instance another profile, or none.
async fn set_profile(aws: &Aws, id: &str, name: &str) -> Result<()> {
    let request =
        aws.ec2.describe_iam_instance_profile_associations().filters(filter("instance-id", [id]));
    let found = request.into_paginator().items().send().try_collect().await;
    for association in found.explain("reading instance profile")? {
        let Some(association) = association.association_id else { continue };
        let request = aws.ec2.disassociate_iam_instance_profile().association_id(association);
        request.send().await.explain("removing the instance profile")?;
    }
    if !name.is_empty() {
        let profile = api::IamInstanceProfileSpecification::builder().name(name).build();
        let request =
            aws.ec2.associate_iam_instance_profile().instance_id(id).iam_instance_profile(profile);
        request.send().await.explain("setting the instance profile")?;
    }
    Ok(())
}
