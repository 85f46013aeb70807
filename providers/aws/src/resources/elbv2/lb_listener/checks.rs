//! What the arguments must be.

use crate::prelude::*;

pub(super) const CHECKS: &[Check] = &[
    one_of("alpn_policy", &["HTTP1Only", "HTTP2Only", "HTTP2Optional", "HTTP2Preferred", "None"])
        .any_case(),
    fits("certificate_arn", shapes::arn),
    fits("load_balancer_arn", shapes::arn),
    counts("port", shapes::port),
    one_of("protocol", &["HTTP", "HTTPS", "TCP", "TLS", "UDP", "TCP_UDP", "GENEVE"]).any_case(),
    range("tcp_idle_timeout_seconds", 60, 6_000),
    range("default_action.order", 1, 50_000),
    fits("default_action.target_group_arn", shapes::arn),
    one_of(
        "default_action.type",
        &["forward", "authenticate-oidc", "authenticate-cognito", "redirect", "fixed-response"],
    )
    .any_case(),
    one_of(
        "default_action.authenticate_cognito.on_unauthenticated_request",
        &["deny", "allow", "authenticate"],
    )
    .any_case(),
    fits("default_action.authenticate_cognito.user_pool_arn", shapes::arn),
    one_of(
        "default_action.authenticate_oidc.on_unauthenticated_request",
        &["deny", "allow", "authenticate"],
    )
    .any_case(),
    one_of(
        "default_action.fixed_response.content_type",
        &["text/plain", "text/css", "text/html", "application/javascript", "application/json"],
    )
    .in_block(),
    fits("default_action.fixed_response.status_code", shapes::status),
    range("default_action.forward.stickiness.duration", 1, 604_800),
    fits("default_action.forward.target_group.arn", shapes::arn),
    range("default_action.forward.target_group.weight", 0, 999),
    length("default_action.redirect.host", 1, 128),
    length("default_action.redirect.path", 1, 128),
    one_of("default_action.redirect.protocol", &["#{protocol}", "HTTP", "HTTPS"]).in_block(),
    length("default_action.redirect.query", 0, 128),
    one_of("default_action.redirect.status_code", &["HTTP_301", "HTTP_302"]),
    one_of("mutual_authentication.advertise_trust_store_ca_names", &["on", "off"]),
    one_of("mutual_authentication.mode", &["off", "verify", "passthrough"]).in_block().any_case(),
    fits("mutual_authentication.trust_store_arn", shapes::arn),
];
