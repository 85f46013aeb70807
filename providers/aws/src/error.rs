//! What went wrong in a call, in words.

use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_runtime_api::http::Response;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use infra_provider_sdk::{Error, Result};

/// Turns the result of a call into one of ours.
pub(crate) trait Explain<T> {
    /// `doing` says what was tried: `creating EC2 VPC`.
    fn explain(self, doing: &str) -> Result<T>;
    /// Nothing if the error has one of these codes.
    fn found(self, doing: &str, codes: &[&str]) -> Result<Option<T>>;
    /// As `found`, with a last resort for an answer that is a success and yet cannot be read. Emulators of S3 give some
    /// answers another root than the model of S3 has, which most SDKs do not look at; this one does.
    fn said(
        self,
        doing: &str,
        codes: &[&str],
        otherwise: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>>;
    /// For `until`, about a deletion: something if the object is gone, nothing while something else still uses it.
    fn deleted(self, doing: &str, gone: &[&str]) -> Result<Option<()>>;
}

/// Error codes of something that is still in use by what is about to go away.
const BUSY: &[&str] = &["DependencyViolation", "ResourceInUse", "InvalidDBSubnetGroupStateFault"];

impl<T, E> Explain<T> for std::result::Result<T, SdkError<E, Response>>
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
{
    fn explain(self, doing: &str) -> Result<T> {
        self.map_err(|error| worded(&error, doing))
    }

    fn found(self, doing: &str, codes: &[&str]) -> Result<Option<T>> {
        match self {
            Ok(value) => Ok(Some(value)),
            Err(error)
                if code(&error)
                    .is_some_and(|code| codes.iter().any(|known| code.starts_with(known))) =>
            {
                Ok(None)
            }
            Err(error) => Err(worded(&error, doing)),
        }
    }

    fn said(
        self,
        doing: &str,
        codes: &[&str],
        otherwise: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>> {
        let answer = self.as_ref().err().filter(|error| code(error).is_none());
        let answer = answer.and_then(|error| error.raw_response());
        match answer.filter(|answer| answer.status().is_success()) {
            Some(answer) => {
                let body = answer.body().bytes().unwrap_or_default();
                Ok(otherwise(&String::from_utf8_lossy(body)))
            }
            None => self.found(doing, codes),
        }
    }

    fn deleted(self, doing: &str, gone: &[&str]) -> Result<Option<()>> {
        if self.as_ref().err().and_then(code).is_some_and(|code| BUSY.contains(&code)) {
            return Ok(None);
        }
        self.found(doing, gone).map(|_| Some(()))
    }
}

/// The error code of the service.
pub(crate) fn code<E: ProvideErrorMetadata>(error: &SdkError<E, Response>) -> Option<&str> {
    error.as_service_error().and_then(ProvideErrorMetadata::code)
}

fn worded<E>(error: &SdkError<E, Response>, doing: &str) -> Error
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
{
    if let Some(service) = error.as_service_error() {
        let Some(code) = service.code() else { return unreadable(error, doing) };
        let hint = match code {
            "AuthFailure"
            | "InvalidClientTokenId"
            | "UnrecognizedClientException"
            | "SignatureDoesNotMatch"
            | "ExpiredToken"
            | "ExpiredTokenException" => {
                "Check the credentials: the provider block, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE."
            }
            "UnauthorizedOperation" | "AccessDenied" | "AccessDeniedException" => {
                "The credentials are valid, but do not permit this."
            }
            _ => "",
        };
        return Error::new(hint).summary(format!("{doing}: {}", refusal(error, service, code)));
    }
    let causes = chain(error);
    if causes.contains("credential") {
        return Error::new(format!(
            "{doing}: no valid credentials were found. Set them in the provider block, as AWS_ACCESS_KEY_ID and \
             AWS_SECRET_ACCESS_KEY, or choose a profile with AWS_PROFILE. ({causes})"
        ))
        .summary("No valid credential sources found");
    }
    if let Some(Unreachable { endpoint, reason }) = unreachable(error) {
        return Error::new(format!(
            "{doing}: the endpoint {endpoint} could not be reached: {reason}. Check the network, and whether this is the \
             right endpoint: it is set in the block endpoints of the provider, or as AWS_ENDPOINT_URL, or follows from \
             the region."
        ))
        .summary("AWS endpoint unreachable");
    }
    Error::new(format!("{doing}: {causes}."))
}

/// What a service refused, in the words of the SDK that Terraform's provider uses: people and their tools look for them.
fn refusal<E>(error: &SdkError<E, Response>, service: &E, code: &str) -> String
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
{
    let (api, operation) = operation::<E>();
    let status = error.raw_response().map_or(0, |answer| answer.status().as_u16());
    let said = |name: &'static str| service.meta().extra(name).unwrap_or_default();
    let host = match said("s3_extended_request_id") {
        "" if api != "S3" => String::new(),
        host => format!("HostID: {host}, "),
    };
    // Only errors that the service did not announce in its description are marked as what the API says.
    let unannounced = service.to_string().starts_with("unhandled error");
    let from = if unannounced { "api error " } else { "" };
    let message = service.message().unwrap_or_default();
    format!(
        "operation error {api}: {operation}, https response error StatusCode: {status}, RequestID: {}, {host}{from}{code}: \
         {message}",
        said("aws_request_id")
    )
}

/// The service and the operation that a type of errors belongs to: nothing else of an error knows them.
fn operation<E>() -> (&'static str, &'static str) {
    let name = std::any::type_name::<E>();
    let service = match name.split("::").next().unwrap_or_default() {
        "aws_sdk_dynamodb" => "DynamoDB",
        "aws_sdk_ec2" => "EC2",
        "aws_sdk_elasticloadbalancingv2" => "Elastic Load Balancing v2",
        "aws_sdk_rds" => "RDS",
        "aws_sdk_s3" => "S3",
        "aws_sdk_secretsmanager" => "Secrets Manager",
        "aws_sdk_ssm" => "SSM",
        "aws_sdk_sts" => "STS",
        other => other,
    };
    let last = name.rsplit("::").next().unwrap_or_default();
    (service, last.strip_suffix("Error").unwrap_or(last))
}

/// An answer that the SDK could not make sense of: the first of what it said.
fn unreadable<E>(error: &SdkError<E, Response>, doing: &str) -> Error
where
    E: std::error::Error + Send + Sync + 'static,
{
    let answer = error.raw_response();
    let status = answer.map_or(0, |answer| answer.status().as_u16());
    let body = answer.and_then(|answer| answer.body().bytes()).unwrap_or_default();
    let body: String = String::from_utf8_lossy(body).chars().take(300).collect();
    Error::new(format!(
        "The service answered {status} with something else than was expected: {body:?}."
    ))
    .summary(format!("{doing}: unreadable answer"))
}

/// An endpoint that could not be reached.
#[derive(Debug)]
pub(crate) struct Unreachable {
    pub(crate) endpoint: String,
    pub(crate) reason: String,
}

impl std::fmt::Display for Unreachable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.endpoint, self.reason)
    }
}

impl std::error::Error for Unreachable {}

fn unreachable<'e>(error: &'e (dyn std::error::Error + 'static)) -> Option<&'e Unreachable> {
    std::iter::successors(Some(error), |error| error.source())
        .find_map(|error| error.downcast_ref())
}

/// An error and what caused it.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut next = Some(error);
    while let Some(error) = next {
        let text = error.to_string();
        if parts.last() != Some(&text) {
            parts.push(text);
        }
        next = error.source();
    }
    parts.join(": ")
}

/// A part of a request, of which something required may be missing.
pub(crate) fn built<T>(
    part: std::result::Result<T, aws_smithy_types::error::operation::BuildError>,
) -> Result<T> {
    part.map_err(|error| Error::new(format!("The request cannot be made: {error}.")))
}
