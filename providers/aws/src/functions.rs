//! The functions of the provider.

use infra_value::function::{Function, FunctionError, function};
use infra_value::{Type, Value};

pub(crate) const ALL: &[&Function] = &[&ARN_BUILD, &ARN_PARSE, &TRIM_IAM_ROLE_PATH];

type Result<T> = std::result::Result<T, FunctionError>;

/// The parts of an Amazon Resource Name after `arn`.
const PARTS: [&str; 5] = ["partition", "service", "region", "account_id", "resource"];

/// Builds an Amazon Resource Name from its parts.
///
/// ```console
/// > provider::aws::arn_build("aws", "iam", "", "444455556666", "role/example")
/// "arn:aws:iam::444455556666:role/example"
/// ```
#[function]
fn arn_build(
    partition: &str,
    service: &str,
    region: &str,
    account_id: &str,
    resource: &str,
) -> String {
    format!("arn:{partition}:{service}:{region}:{account_id}:{resource}")
}

/// Takes an Amazon Resource Name apart: an object of `partition`, `service`, `region`, `account_id` and `resource`.
///
/// ```console
/// > provider::aws::arn_parse("arn:aws:iam::444455556666:role/example").service
/// "iam"
/// ```
#[function(typed = |_| Ok(Type::object(PARTS.map(|part| (part, Type::String)))))]
fn arn_parse(arn: &str) -> Result<Value> {
    Ok(Value::object(PARTS.into_iter().zip(parsed(arn)?.map(Value::from))))
}

/// The Amazon Resource Name of a role without the path before the role's name.
///
/// ```console
/// > provider::aws::trim_iam_role_path("arn:aws:iam::444455556666:role/with/path/example")
/// "arn:aws:iam::444455556666:role/example"
/// ```
#[function]
fn trim_iam_role_path(arn: &str) -> Result<String> {
    let [partition, service, region, account, resource] = parsed(arn)?;
    if service != "iam" {
        return Err(FunctionError::new("service must be \"iam\""));
    }
    if !region.is_empty() {
        return Err(FunctionError::new("region must be empty"));
    }
    let Some(path) = resource.strip_prefix("role/") else {
        return Err(FunctionError::new("resource must begin with \"role/\""));
    };
    let name = path.rsplit('/').next().unwrap_or(path);
    Ok(format!("arn:{partition}:iam::{account}:role/{name}"))
}

fn parsed(arn: &str) -> Result<[&str; 5]> {
    let Some(rest) = arn.strip_prefix("arn:") else {
        return Err(FunctionError::new("arn: invalid prefix"));
    };
    let parts: Vec<&str> = rest.splitn(5, ':').collect();
    <[&str; 5]>::try_from(parts).map_err(|_| FunctionError::new("arn: not enough sections"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arn_is_taken_apart_and_put_together_again() {
        let arn = "arn:aws:s3:::bucket:x";
        assert_eq!(parsed(arn).unwrap(), ["aws", "s3", "", "", "bucket:x"]);
        let [a, b, c, d, e] = parsed(arn).unwrap();
        assert_eq!(arn_build(a, b, c, d, e), arn);
        assert!(parsed("arn:aws").is_err());
        let role = "arn:aws:iam::1:role/with/path/example";
        assert_eq!(trim_iam_role_path(role).unwrap(), "arn:aws:iam::1:role/example");
        assert!(trim_iam_role_path("arn:aws:s3:::b").is_err());
    }
}
