//! The clients of a provider configuration: one for each service.

use std::collections::BTreeMap;
use std::error::Error as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use aws_config::{Region, SdkConfig};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::{
    BeforeTransmitInterceptorContextRef, Error, FinalizerInterceptorContextMut,
};
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::orchestrator::{Metadata, OrchestratorError};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::retries::RequestAttempts;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_runtime_api::http::Response;
use aws_smithy_types::config_bag::{ConfigBag, Storable, StoreReplace};
use aws_smithy_types::error::ErrorMetadata;
use infra_provider::{Answer, Call, Calls};
use infra_provider_sdk::Client;

use crate::error::{Explain as _, Unreachable, chain};

/// What makes API calls for one provider configuration.
pub(crate) struct Aws {
    pub(crate) ec2: aws_sdk_ec2::Client,
    pub(crate) rds: aws_sdk_rds::Client,
    pub(crate) elbv2: aws_sdk_elasticloadbalancingv2::Client,
    pub(crate) s3: aws_sdk_s3::Client,
    pub(crate) dynamodb: aws_sdk_dynamodb::Client,
    pub(crate) secretsmanager: aws_sdk_secretsmanager::Client,
    pub(crate) ssm: aws_sdk_ssm::Client,
    pub(crate) sts: aws_sdk_sts::Client,
    /// The region.
    pub(crate) region: String,
    account: tokio::sync::OnceCell<String>,
    settings: Settings,
    requests: Watch,
}

/// What holds for everything that a provider configuration looks after.
#[derive(Clone, Default)]
pub(crate) struct Settings {
    pub(crate) default_tags: BTreeMap<String, String>,
    pub(crate) ignored_keys: Vec<String>,
    pub(crate) ignored_prefixes: Vec<String>,
    pub(crate) skip_account_id: bool,
    pub(crate) s3_path_style: bool,
    /// Endpoints of single services, by the name of the service.
    pub(crate) endpoints: BTreeMap<String, String>,
    pub(crate) sts: Sts,
}

/// Where STS is, which is asked also before there is anything else.
#[derive(Clone, Default)]
pub(crate) struct Sts {
    pub(crate) endpoint: Option<String>,
    pub(crate) region: Option<String>,
}

impl Sts {
    /// What a client of it is made from.
    pub(crate) fn config(&self, sdk: &SdkConfig) -> aws_sdk_sts::config::Builder {
        let mut config = aws_sdk_sts::config::Builder::from(sdk);
        if let Some(endpoint) = &self.endpoint {
            config.set_endpoint_url(Some(endpoint.clone()));
        }
        if let Some(region) = &self.region {
            config.set_region(Some(Region::new(region.clone())));
        }
        config
    }
}

/// Counts and tells requests, retries included, and says of an endpoint that cannot be reached which one it is.
#[derive(Clone, Debug)]
struct Watch {
    sent: Arc<AtomicU64>,
    region: Arc<str>,
    calls: Calls,
}

/// What is known of the request of an attempt once it is sent.
#[derive(Debug)]
struct Sent {
    endpoint: String,
    since: Instant,
}

impl Storable for Sent {
    type Storer = StoreReplace<Self>;
}

impl Watch {
    /// Tells what is asked, and the answer if there is one.
    fn tell(&self, config: &ConfigBag, answer: Option<Answer<'_>>) {
        let Some(asked) = config.load::<Metadata>() else { return };
        let attempt = config.load::<RequestAttempts>().map_or(1, RequestAttempts::attempts);
        let (service, operation) = (asked.service(), asked.name());
        self.calls.tell(&Call { service, operation, region: &self.region, attempt, answer });
    }
}

#[dyn_dispatch_hint]
impl Intercept for Watch {
    fn name(&self) -> &'static str {
        "watch requests"
    }

    fn read_before_transmit(
        &self,
        context: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        self.sent.fetch_add(1, Ordering::Relaxed);
        self.tell(config, None);
        let endpoint = endpoint(context.request().uri());
        config.interceptor_state().store_put(Sent { endpoint, since: Instant::now() });
        Ok(())
    }

    fn modify_before_attempt_completion(
        &self,
        context: &mut FinalizerInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let Some(sent) = config.load::<Sent>() else { return Ok(()) };
        let failure = context.output_or_error().and_then(Result::err);
        self.tell(
            config,
            Some(Answer {
                took: sent.since.elapsed(),
                status: context.response().map(|response| response.status().as_u16()),
                request_id: context.response().and_then(request_id),
                error: failure.map(error_code).as_deref(),
            }),
        );
        let endpoint = sent.endpoint.clone();
        if let Some(outcome) = context.output_or_error_mut()
            && let Err(error) = outcome
            && let Some(failure) = error.as_connector_error()
        {
            let named: BoxError = Box::new(Unreachable { endpoint, reason: chain(failure) });
            // Whether it is tried again depends on the kind of the failure, which stays.
            let failure = if failure.is_timeout() {
                ConnectorError::timeout(named)
            } else if failure.is_io() {
                ConnectorError::io(named)
            } else {
                ConnectorError::other(named, None)
            };
            *outcome = Err(OrchestratorError::connector(failure));
        }
        Ok(())
    }
}

/// What the service calls a request.
fn request_id(response: &Response) -> Option<&str> {
    ["x-amzn-requestid", "x-amz-request-id"].iter().find_map(|name| response.headers().get(name))
}

/// The code of an error; what sort of failure it was where there is none.
fn error_code(error: &OrchestratorError<Error>) -> String {
    let Some(error) = error.as_operation_error() else { return "no answer".to_owned() };
    let mut cause = error.source();
    while let Some(inner) = cause {
        if let Some(code) = inner.downcast_ref::<ErrorMetadata>().and_then(ErrorMetadata::code) {
            return code.to_owned();
        }
        cause = inner.source();
    }
    // An error of its own in the model of the service is printed with its name first.
    let text = error.to_string();
    text.split(':').next().unwrap_or_default().to_owned()
}

/// Scheme, host and port of a URL.
fn endpoint(url: &str) -> String {
    let after_scheme = url.find("://").map_or(0, |at| at + 3);
    let end = url[after_scheme..].find('/').map_or(url.len(), |at| after_scheme + at);
    url[..end].to_owned()
}

macro_rules! client {
    ($crate_name:ident, $service:literal, $sdk:expr, $settings:expr, $counter:expr) => {{
        let mut config = $crate_name::config::Builder::from($sdk).interceptor($counter.clone());
        if let Some(endpoint) = $settings.endpoints.get($service) {
            config.set_endpoint_url(Some(endpoint.clone()));
        }
        config
    }};
}

impl Aws {
    pub(crate) fn new(sdk: &SdkConfig, settings: Settings, calls: Calls) -> Self {
        let region = sdk.region().map(ToString::to_string).unwrap_or_default();
        let requests = Watch { sent: Arc::default(), region: region.as_str().into(), calls };
        let s3 = client!(aws_sdk_s3, "s3", sdk, settings, requests)
            .force_path_style(settings.s3_path_style);
        Self {
            ec2: aws_sdk_ec2::Client::from_conf(
                client!(aws_sdk_ec2, "ec2", sdk, settings, requests).build(),
            ),
            rds: aws_sdk_rds::Client::from_conf(
                client!(aws_sdk_rds, "rds", sdk, settings, requests).build(),
            ),
            elbv2: aws_sdk_elasticloadbalancingv2::Client::from_conf(
                client!(aws_sdk_elasticloadbalancingv2, "elbv2", sdk, settings, requests).build(),
            ),
            s3: aws_sdk_s3::Client::from_conf(s3.build()),
            dynamodb: aws_sdk_dynamodb::Client::from_conf(
                client!(aws_sdk_dynamodb, "dynamodb", sdk, settings, requests).build(),
            ),
            secretsmanager: aws_sdk_secretsmanager::Client::from_conf(
                client!(aws_sdk_secretsmanager, "secretsmanager", sdk, settings, requests).build(),
            ),
            ssm: aws_sdk_ssm::Client::from_conf(
                client!(aws_sdk_ssm, "ssm", sdk, settings, requests).build(),
            ),
            sts: aws_sdk_sts::Client::from_conf(
                settings.sts.config(sdk).interceptor(requests.clone()).build(),
            ),
            region,
            account: tokio::sync::OnceCell::new(),
            settings,
            requests,
        }
    }

    /// The account of the credentials; empty if the configuration says not to ask.
    pub(crate) async fn account(&self) -> infra_provider_sdk::Result<&str> {
        let ask = || async {
            if self.settings.skip_account_id {
                return Ok(String::new());
            }
            let identity = self
                .sts
                .get_caller_identity()
                .send()
                .await
                .explain("retrieving AWS account details")?;
            Ok(identity.account.unwrap_or_default())
        };
        self.account.get_or_try_init(ask).await.map(String::as_str)
    }

    /// The account that objects of this configuration have in their ARNs: the owner that the API told; empty if the
    /// configuration says not to ask.
    pub(crate) fn account_of<'o>(&self, owner: &'o str) -> &'o str {
        if self.settings.skip_account_id { "" } else { owner }
    }

    /// The partition of the region: `aws`, `aws-cn`, `aws-us-gov`.
    pub(crate) fn partition(&self) -> &'static str {
        crate::regions::partition(&self.region).0
    }

    /// An Amazon Resource Name in the region of this configuration.
    pub(crate) fn arn(&self, service: &str, account: &str, resource: &str) -> String {
        format!("arn:{}:{service}:{}:{account}:{resource}", self.partition(), self.region)
    }
}

impl Client for Aws {
    fn legacy(&self) -> bool {
        true
    }

    fn default_tags(&self) -> &BTreeMap<String, String> {
        &self.settings.default_tags
    }

    fn is_ignored_tag(&self, key: &str) -> bool {
        self.settings.ignored_keys.iter().any(|ignored| ignored == key)
            || self.settings.ignored_prefixes.iter().any(|prefix| key.starts_with(prefix.as_str()))
    }

    fn requests(&self) -> u64 {
        self.requests.sent.load(Ordering::Relaxed)
    }
}
