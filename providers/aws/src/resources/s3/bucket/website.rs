//! A bucket as a web site.

use aws_sdk_s3::types as api;
use serde::{Deserialize, Serialize};

use super::blocks::Website;
use super::given;
use crate::prelude::*;

/// One of `routing_rules`, as the JSON in the configuration has it.
/// Source: `RoutingRule` of the Amazon S3 API reference.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct RoutingRule {
    #[serde(skip_serializing_if = "Option::is_none")]
    condition: Option<Condition>,
    redirect: Redirect,
}

/// When a rule holds.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Condition {
    #[serde(skip_serializing_if = "Option::is_none")]
    http_error_code_returned_equals: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    key_prefix_equals: Option<String>,
}

/// Where a request goes instead.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Redirect {
    #[serde(skip_serializing_if = "Option::is_none")]
    host_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    http_redirect_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    protocol: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    replace_key_prefix_with: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    replace_key_with: Option<String>,
}

pub(super) async fn read(
    aws: &Aws,
    bucket: &str,
    known: Option<&Website>,
) -> Result<Option<Website>> {
    let response = aws.s3.get_bucket_website().bucket(bucket).send().await;
    let none = &["NoSuchWebsiteConfiguration", "NoSuchBucket"];
    let Some(found) = response.said("reading web site of S3 Bucket", none, |_| None)? else {
        return Ok(None);
    };
    let redirect = found.redirect_all_requests_to.map(|redirect| match redirect.protocol {
        Some(protocol) => format!("{}://{}", protocol.as_str(), redirect.host_name),
        None => redirect.host_name,
    });
    let rules = found.routing_rules.unwrap_or_default();
    Ok(Some(Website {
        error_document: Some(found.error_document.map(|it| it.key).unwrap_or_default()),
        index_document: Some(found.index_document.map(|it| it.suffix).unwrap_or_default()),
        redirect_all_requests_to: Some(redirect.unwrap_or_default()),
        routing_rules: written(rules, known.and_then(|known| known.routing_rules.as_deref()))
            .or_else(|| Some(String::new())),
    }))
}

/// The first regions, whose web sites have a hyphen where others have a dot.
const HYPHENATED: [&str; 9] = [
    "ap-northeast-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "eu-west-1",
    "sa-east-1",
    "us-east-1",
    "us-gov-west-1",
    "us-west-1",
    "us-west-2",
];

/// The domain of all web sites in a region.
pub(super) fn domain(region: &str, suffix: &str) -> String {
    let between = if HYPHENATED.contains(&region) { '-' } else { '.' };
    format!("s3-website{between}{region}.{suffix}")
}

pub(super) async fn put(aws: &Aws, bucket: &str, wanted: &Website) -> Result<()> {
    let index = given(&wanted.index_document)
        .map(|suffix| built(api::IndexDocument::builder().suffix(suffix).build()))
        .transpose()?;
    let error = given(&wanted.error_document)
        .map(|key| built(api::ErrorDocument::builder().key(key).build()))
        .transpose()?;
    let redirect = given(&wanted.redirect_all_requests_to).map(|to| {
        let (protocol, host) = match to.split_once("://") {
            Some((protocol, host)) => (Some(protocol.into()), host.to_owned()),
            None => (None, to.clone()),
        };
        built(api::RedirectAllRequestsTo::builder().host_name(host).set_protocol(protocol).build())
    });
    let rules = given(&wanted.routing_rules).map(|text| parsed(&text)).transpose()?;
    let configuration = api::WebsiteConfiguration::builder()
        .set_index_document(index)
        .set_error_document(error)
        .set_redirect_all_requests_to(redirect.transpose()?)
        .set_routing_rules(rules.map(|rules| rules.into_iter().map(RoutingRule::request).collect()))
        .build();
    let request = aws.s3.put_bucket_website().bucket(bucket).website_configuration(configuration);
    request.send().await.explain("putting web site of S3 Bucket")?;
    Ok(())
}

fn parsed(text: &str) -> Result<Vec<RoutingRule>> {
    serde_json::from_str(text).map_err(|error| {
        Error::new(format!("routing_rules is no JSON list of routing rules: {error}."))
            .at("website")
    })
}

/// The rules as JSON; the text that is known stays while it means the same.
fn written(rules: Vec<api::RoutingRule>, known: Option<&str>) -> Option<String> {
    if rules.is_empty() {
        return known.filter(|known| known.is_empty()).map(str::to_owned);
    }
    let rules: Vec<RoutingRule> = rules.into_iter().map(RoutingRule::from_api).collect();
    let now = serde_json::to_value(&rules).ok()?;
    let same = known.is_some_and(|known| {
        parsed(known).ok().and_then(|known| serde_json::to_value(known).ok()).as_ref() == Some(&now)
    });
    if same { known.map(str::to_owned) } else { Some(now.to_string()) }
}

impl RoutingRule {
    fn request(self) -> api::RoutingRule {
        let condition = self.condition.map(|condition| {
            api::Condition::builder()
                .set_http_error_code_returned_equals(condition.http_error_code_returned_equals)
                .set_key_prefix_equals(condition.key_prefix_equals)
                .build()
        });
        let redirect = api::Redirect::builder()
            .set_host_name(self.redirect.host_name)
            .set_http_redirect_code(self.redirect.http_redirect_code)
            .set_protocol(self.redirect.protocol.as_deref().map(Into::into))
            .set_replace_key_prefix_with(self.redirect.replace_key_prefix_with)
            .set_replace_key_with(self.redirect.replace_key_with)
            .build();
        api::RoutingRule::builder().set_condition(condition).redirect(redirect).build()
    }

    fn from_api(rule: api::RoutingRule) -> Self {
        let redirect = rule.redirect;
        Self {
            condition: rule.condition.map(|condition| Condition {
                http_error_code_returned_equals: condition.http_error_code_returned_equals,
                key_prefix_equals: condition.key_prefix_equals,
            }),
            redirect: Redirect {
                host_name: redirect.as_ref().and_then(|to| to.host_name.clone()),
                http_redirect_code: redirect.as_ref().and_then(|to| to.http_redirect_code.clone()),
                protocol: redirect
                    .as_ref()
                    .and_then(|to| to.protocol.as_ref())
                    .map(|protocol| protocol.as_str().to_owned()),
                replace_key_prefix_with: redirect
                    .as_ref()
                    .and_then(|to| to.replace_key_prefix_with.clone()),
                replace_key_with: redirect.and_then(|to| to.replace_key_with),
            },
        }
    }
}
