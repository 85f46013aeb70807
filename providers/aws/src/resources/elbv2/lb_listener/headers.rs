//! Headers that a listener adds, and other attributes that cost a call each.

use aws_sdk_elasticloadbalancingv2::types as api;

use super::super::attributes::{Attributes, changed, put, take_some};
use super::{GONE, LbListener};
use crate::prelude::*;

/// Fields that are texts, with the attributes of the API.
macro_rules! texts {
    ($($field:ident: $key:literal,)*) => {
        fn put_texts(listener: &LbListener, all: &mut Attributes) {
            $(put(all, $key, listener.$field.as_ref());)*
        }

        fn take_texts(listener: &mut LbListener, all: &Attributes) {
            $(take_some(all, $key, &mut listener.$field);)*
        }
    };
}

texts! {
    routing_http_request_x_amzn_mtls_clientcert_header_name: "routing.http.request.x_amzn_mtls_clientcert.header_name",
    routing_http_request_x_amzn_mtls_clientcert_issuer_header_name: "routing.http.request.x_amzn_mtls_clientcert_issuer.header_name",
    routing_http_request_x_amzn_mtls_clientcert_leaf_header_name: "routing.http.request.x_amzn_mtls_clientcert_leaf.header_name",
    routing_http_request_x_amzn_mtls_clientcert_serial_number_header_name: "routing.http.request.x_amzn_mtls_clientcert_serial_number.header_name",
    routing_http_request_x_amzn_mtls_clientcert_subject_header_name: "routing.http.request.x_amzn_mtls_clientcert_subject.header_name",
    routing_http_request_x_amzn_mtls_clientcert_validity_header_name: "routing.http.request.x_amzn_mtls_clientcert_validity.header_name",
    routing_http_request_x_amzn_tls_cipher_suite_header_name: "routing.http.request.x_amzn_tls_cipher_suite.header_name",
    routing_http_request_x_amzn_tls_version_header_name: "routing.http.request.x_amzn_tls_version.header_name",
    routing_http_response_access_control_allow_credentials_header_value: "routing.http.response.access_control_allow_credentials.header_value",
    routing_http_response_access_control_allow_headers_header_value: "routing.http.response.access_control_allow_headers.header_value",
    routing_http_response_access_control_allow_methods_header_value: "routing.http.response.access_control_allow_methods.header_value",
    routing_http_response_access_control_allow_origin_header_value: "routing.http.response.access_control_allow_origin.header_value",
    routing_http_response_access_control_expose_headers_header_value: "routing.http.response.access_control_expose_headers.header_value",
    routing_http_response_access_control_max_age_header_value: "routing.http.response.access_control_max_age.header_value",
    routing_http_response_content_security_policy_header_value: "routing.http.response.content_security_policy.header_value",
    routing_http_response_strict_transport_security_header_value: "routing.http.response.strict_transport_security.header_value",
    routing_http_response_x_content_type_options_header_value: "routing.http.response.x_content_type_options.header_value",
    routing_http_response_x_frame_options_header_value: "routing.http.response.x_frame_options.header_value",
}

impl LbListener {
    fn headers(&self) -> Attributes {
        let mut all = Attributes::new();
        put_texts(self, &mut all);
        put(
            &mut all,
            "routing.http.response.server.enabled",
            self.routing_http_response_server_enabled,
        );
        put(&mut all, "tcp.idle_timeout.seconds", self.tcp_idle_timeout_seconds);
        all
    }

    pub(super) async fn set_headers(&self, aws: &Aws, arn: &str, prior: &Self) -> Result<()> {
        let wanted = changed(&self.headers(), &prior.headers());
        if wanted.is_empty() {
            return Ok(());
        }
        let list = wanted
            .iter()
            .map(|(key, value)| api::ListenerAttribute::builder().key(key).value(value).build());
        let request = aws
            .elbv2
            .modify_listener_attributes()
            .listener_arn(arn)
            .set_attributes(Some(list.collect()));
        request.send().await.explain("modifying ELBv2 Listener attributes")?;
        Ok(())
    }

    /// With what its own call tells: asked only where the state does not know it yet, or says something unusual.
    pub(super) async fn with_headers(mut self, aws: &Aws, arn: &str, known: &Self) -> Result<Self> {
        let usual = |value: &str| matches!(value, "" | "true" | "350");
        let asked = known.arn.is_none() || !known.headers().values().all(|value| usual(value));
        if asked {
            let response = aws.elbv2.describe_listener_attributes().listener_arn(arn).send().await;
            let found = response.found("reading ELBv2 Listener attributes", GONE)?;
            let pairs = found.and_then(|found| found.attributes).unwrap_or_default().into_iter();
            let all: Attributes = pairs
                .filter_map(|pair| Some((pair.key?, pair.value.unwrap_or_default())))
                .collect();
            take_texts(&mut self, &all);
            take_some(
                &all,
                "routing.http.response.server.enabled",
                &mut self.routing_http_response_server_enabled,
            );
            take_some(&all, "tcp.idle_timeout.seconds", &mut self.tcp_idle_timeout_seconds);
        }
        Ok(self)
    }
}
