use aws_sdk_dynamodb::types::BackupStatus as Status;

use crate::prelude::*;

/// Makes a backup of a table, and waits until it can be used.
///
/// ```hcl
/// action "aws_dynamodb_create_backup" "jobs" {
///   config {
///     table_name = aws_dynamodb_table.jobs.name
///   }
/// }
/// ```
#[derive(Debug, Clone, Default, Resource)]
#[resource(action, name = "aws_dynamodb_create_backup", checks = CHECKS)]
pub(crate) struct CreateBackup {
    /// Name of the backup, made from that of the table if nothing is said.
    backup_name: Option<String>,
    /// Name or Amazon Resource Name of the table.
    table_name: String,
    /// Minutes to wait until the backup is there, 10 if nothing is said.
    timeout: Option<i64>,
}

impl Action for CreateBackup {
    type Client = Aws;

    async fn invoke(aws: &Aws, asked: &Self, progress: Progress<'_>) -> Result<()> {
        let table = asked.table_name.rsplit('/').next().unwrap_or_default();
        let prefix = format!("{table}-backup-");
        let name = names::name_or_new(asked.backup_name.as_ref(), Some(&prefix), 255);
        progress(&format!("Creating backup {name} of DynamoDB table {table}..."));
        let request = aws.dynamodb.create_backup().table_name(&asked.table_name).backup_name(&name);
        let answer = request.send().await.explain("creating DynamoDB Backup")?;
        let details = answer.backup_details.ok_or_else(|| Error::missing("backup"))?;
        let arn = details.backup_arn;
        let minutes = asked.timeout.and_then(|limit| u64::try_from(limit).ok()).unwrap_or(10);
        let limit = Duration::from_secs(minutes * 60);
        until(&format!("DynamoDB backup {name}"), limit, || async {
            let request = aws.dynamodb.describe_backup().backup_arn(&arn);
            let answer = request.send().await.explain("reading DynamoDB Backup")?;
            let found = answer.backup_description.and_then(|found| found.backup_details);
            match found.map(|found| found.backup_status) {
                Some(Status::Available) => Ok(Some(())),
                Some(Status::Deleted) => {
                    Err(Error::new(format!("The backup {name} was deleted while it was made.")))
                }
                _ => Ok(None),
            }
        })
        .await?;
        progress(&format!("Backup {name} is complete: {arn}"));
        Ok(())
    }
}

/// What the arguments must be.
const CHECKS: &[Check] =
    &[length("backup_name", 3, 255), length("table_name", 1, 1024), at_least("timeout", 1)];
