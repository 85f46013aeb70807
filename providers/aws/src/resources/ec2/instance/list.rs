use aws_sdk_ec2::types as api;

use super::Instance;
use crate::listing;
use crate::prelude::*;

/// Which instances a list finds.
#[derive(Debug, Clone, Default, Block)]
pub(crate) struct Wanted {
    #[block]
    filter: Vec<listing::Filter>,
    /// Whether those of Auto Scaling groups are among them.
    include_auto_scaled: Option<bool>,
    /// The region of the provider configuration.
    region: Option<String>,
}

/// The states of instances that are there, and stay.
const THERE: [&str; 4] = ["pending", "running", "stopping", "stopped"];

const STATE: &str = "instance-state-name";

impl List for Instance {
    type Config = Wanted;

    async fn list(aws: &Aws, wanted: &Wanted, page: Page) -> Result<Results> {
        let there = THERE.map(str::to_owned);
        let asked = wanted.filter.iter().any(|filter| filter.name == STATE);
        let state = [(STATE, (!asked).then_some(&there[..]))];
        let Some(filters) = listing::wanted(aws, wanted.region.as_ref(), &wanted.filter, &state)?
        else {
            return Ok(Results::default());
        };
        let request = aws.ec2.describe_instances().set_filters(Some(filters));
        let request = request.max_results(page.size(5, 1000)).set_next_token(page.token);
        let answer = request.send().await.explain("listing EC2 Instances")?;
        let reservations = answer.reservations.unwrap_or_default().into_iter();
        let instances = reservations.flat_map(|found| found.instances.unwrap_or_default());
        let all = wanted.include_auto_scaled == Some(true);
        let found = instances
            .filter(|instance| all || !is_auto_scaled(instance))
            .map(|instance| listing::named(instance.instance_id, instance.tags.as_ref()));
        Ok(Results::new(found, answer.next_token))
    }
}

/// Whether an Auto Scaling group looks after an instance.
fn is_auto_scaled(instance: &api::Instance) -> bool {
    let mut tags = instance.tags.iter().flatten();
    tags.any(|tag| tag.key.as_deref() == Some("aws:autoscaling:groupName"))
}
