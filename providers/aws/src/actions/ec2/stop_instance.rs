use std::sync::{Mutex, PoisonError};

use aws_sdk_ec2::types::InstanceStateName as State;

use crate::prelude::*;
use crate::resources::ec2::instance::{describe, state};

/// Stops an instance, and waits until it is stopped.
///
/// ```hcl
/// action "aws_ec2_stop_instance" "web" {
///   config {
///     instance_id = aws_instance.web.id
///   }
/// }
/// ```
#[derive(Debug, Clone, Default, Resource)]
#[resource(action, name = "aws_ec2_stop_instance", checks = CHECKS)]
pub(crate) struct StopInstance {
    /// Whether it is stopped without the chance to flush its caches.
    force: Option<bool>,
    /// Id of the instance.
    instance_id: String,
    /// Seconds to wait until it is stopped, 600 if nothing is said.
    timeout: Option<i64>,
}

impl Action for StopInstance {
    type Client = Aws;

    async fn invoke(aws: &Aws, asked: &Self, progress: Progress<'_>) -> Result<()> {
        let id = &*asked.instance_id;
        match found(aws, id).await? {
            State::Stopped => {
                progress(&format!("EC2 instance {id} is already stopped"));
                return Ok(());
            }
            gone @ (State::Terminated | State::ShuttingDown) => return Err(cannot_stop(id, &gone)),
            // It stops by itself.
            State::Stopping => {}
            _ => {
                progress(&format!("Stopping EC2 instance {id}..."));
                let request = aws.ec2.stop_instances().instance_ids(id).set_force(asked.force);
                request.send().await.explain("stopping EC2 Instance")?;
            }
        }
        let limit = asked.timeout.and_then(|limit| u64::try_from(limit).ok()).unwrap_or(600);
        let told = Mutex::new(None);
        until(&format!("EC2 instance {id} to stop"), Duration::from_secs(limit), || async {
            let now = found(aws, id).await?;
            let before = told.lock().unwrap_or_else(PoisonError::into_inner).replace(now.clone());
            match &now {
                State::Stopped => return Ok(Some(())),
                State::Terminated | State::ShuttingDown => return Err(cannot_stop(id, &now)),
                now if before.as_ref() != Some(now) => {
                    progress(&format!("EC2 instance {id} is {now}, waiting until it is stopped"));
                }
                _ => {}
            }
            Ok(None)
        })
        .await?;
        progress(&format!("EC2 instance {id} has been stopped"));
        Ok(())
    }
}

/// The state of an instance that must be there.
async fn found(aws: &Aws, id: &str) -> Result<State> {
    let instances = describe(aws, vec![id.to_owned()]).await?;
    let found = instances.first().and_then(state).cloned();
    found.ok_or_else(|| {
        let missing = Error::new(format!("There is no EC2 instance {id}."));
        missing.summary("Instance Not Found").at("instance_id")
    })
}

fn cannot_stop(id: &str, state: &State) -> Error {
    let wrong = Error::new(format!("EC2 instance {id} is {state}: it cannot be stopped any more."));
    wrong.summary("Cannot Stop Instance").at("instance_id")
}

fn instance_id(name: &str, text: &str) -> Vec<String> {
    let hexadecimal = |digit: char| matches!(digit, '0'..='9' | 'a'..='f');
    let fits = text
        .strip_prefix("i-")
        .is_some_and(|rest| (8..=17).contains(&rest.len()) && rest.chars().all(hexadecimal));
    match fits {
        true => Vec::new(),
        false => {
            vec![format!("{name:?} must be a valid EC2 instance ID (e.g., i-1234567890abcdef0)")]
        }
    }
}

/// What the arguments must be.
const CHECKS: &[Check] = &[fits("instance_id", instance_id), range("timeout", 30, 3600)];
