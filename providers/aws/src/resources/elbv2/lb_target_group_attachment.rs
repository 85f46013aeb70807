use aws_sdk_elasticloadbalancingv2::types as api;

use crate::prelude::*;

/// A target of a target group.
///
/// ```hcl
/// resource "aws_lb_target_group_attachment" "web" {
///   target_group_arn = aws_lb_target_group.web.arn
///   target_id        = aws_instance.web.id
/// }
/// ```
#[derive(Debug, Clone, Default, Resource)]
#[resource(name = "aws_lb_target_group_attachment")]
pub(crate) struct LbTargetGroupAttachment {
    #[attr(force_new)]
    availability_zone: Option<String>,
    #[attr(force_new)]
    port: Option<i64>,
    #[attr(force_new)]
    target_group_arn: String,
    #[attr(force_new)]
    target_id: String,
}

const GONE: &[&str] = &["TargetGroupNotFound", "InvalidTarget"];

impl LbTargetGroupAttachment {
    fn target(&self) -> api::TargetDescription {
        api::TargetDescription::builder()
            .id(&self.target_id)
            .set_port(self.port.and_then(|port| i32::try_from(port).ok()).filter(|port| *port > 0))
            .set_availability_zone(self.availability_zone.clone().filter(|zone| !zone.is_empty()))
            .build()
    }

    fn is(&self, target: &api::TargetDescription) -> bool {
        let port = target.port.map(i64::from);
        let zone = self.availability_zone.as_ref().filter(|zone| !zone.is_empty());
        target.id.as_deref() == Some(self.target_id.as_str())
            && (self.port.is_none() || self.port == Some(0) || port == self.port)
            && (zone.is_none() || target.availability_zone.as_ref() == zone)
    }
}

impl Operations for LbTargetGroupAttachment {
    type Client = Aws;

    async fn create(aws: &Aws, plan: &Self) -> Result<Id> {
        let request = aws.elbv2.register_targets().target_group_arn(&plan.target_group_arn);
        request.targets(plan.target()).send().await.explain(&format!(
            "registering ELBv2 Target Group ({}) target",
            plan.target_group_arn
        ))?;
        let text = format!("{}{:?}{:?}", plan.target_id, plan.port, plan.availability_zone);
        Ok(Id(format!("{}-{:08x}", plan.target_group_arn, names::hash(&text))))
    }

    /// One call a target group tells of all its targets.
    async fn read(aws: &Aws, known: &[Known<Self>]) -> Result<Found<Self>> {
        let mut groups: BTreeMap<&str, Vec<api::TargetHealthDescription>> = BTreeMap::new();
        for known in known {
            let arn = known.target_group_arn.as_str();
            if groups.contains_key(arn) {
                continue;
            }
            let response = aws.elbv2.describe_target_health().target_group_arn(arn).send().await;
            let found = response.found("reading ELBv2 targets", GONE)?;
            groups.insert(
                arn,
                found.and_then(|found| found.target_health_descriptions).unwrap_or_default(),
            );
        }
        let there = known.iter().filter(|known| {
            let mut targets = groups.get(known.target_group_arn.as_str()).into_iter().flatten();
            targets.any(|found| {
                let reason = found.target_health.as_ref().and_then(|health| health.reason.as_ref());
                let leaving = matches!(
                    reason,
                    Some(
                        api::TargetHealthReasonEnum::DeregistrationInProgress
                            | api::TargetHealthReasonEnum::NotRegistered
                    )
                );
                !leaving && found.target.as_ref().is_some_and(|target| known.is(target))
            })
        });
        Ok(there.map(|known| (known.id.clone(), known.state.clone())).collect())
    }

    async fn delete(aws: &Aws, prior: &Known<Self>) -> Result<()> {
        let request = aws.elbv2.deregister_targets().target_group_arn(&prior.target_group_arn);
        request.targets(prior.target()).send().await.found("deregistering ELBv2 target", GONE)?;
        Ok(())
    }
}
