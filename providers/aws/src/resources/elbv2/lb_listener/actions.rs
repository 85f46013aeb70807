//! What a listener does with requests.

use aws_sdk_elasticloadbalancingv2::types as api;

use super::given;
use crate::prelude::*;

/// What happens to a request that no rule takes.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct DefaultAction {
    #[block(max = 1)]
    pub(super) authenticate_cognito: Option<AuthenticateCognito>,
    #[block(max = 1)]
    pub(super) authenticate_oidc: Option<AuthenticateOidc>,
    #[block(max = 1)]
    pub(super) fixed_response: Option<FixedResponse>,
    #[block(max = 1)]
    pub(super) forward: Option<Forward>,
    #[attr(computed)]
    pub(super) order: Option<i64>,
    #[block(max = 1)]
    pub(super) redirect: Option<Redirect>,
    pub(super) target_group_arn: Option<String>,
    pub(super) r#type: String,
}

/// Sign-in with Amazon Cognito.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct AuthenticateCognito {
    pub(super) authentication_request_extra_params: Option<BTreeMap<String, String>>,
    #[attr(computed)]
    pub(super) on_unauthenticated_request: Option<String>,
    #[attr(computed)]
    pub(super) scope: Option<String>,
    #[attr(computed)]
    pub(super) session_cookie_name: Option<String>,
    #[attr(computed)]
    pub(super) session_timeout: Option<i64>,
    pub(super) user_pool_arn: String,
    pub(super) user_pool_client_id: String,
    pub(super) user_pool_domain: String,
}

/// Sign-in with OpenID Connect.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct AuthenticateOidc {
    pub(super) authentication_request_extra_params: Option<BTreeMap<String, String>>,
    pub(super) authorization_endpoint: String,
    pub(super) client_id: String,
    #[attr(sensitive)]
    pub(super) client_secret: String,
    pub(super) issuer: String,
    #[attr(computed)]
    pub(super) on_unauthenticated_request: Option<String>,
    #[attr(computed)]
    pub(super) scope: Option<String>,
    #[attr(computed)]
    pub(super) session_cookie_name: Option<String>,
    #[attr(computed)]
    pub(super) session_timeout: Option<i64>,
    pub(super) token_endpoint: String,
    pub(super) user_info_endpoint: String,
}

/// An answer of the load balancer itself.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct FixedResponse {
    pub(super) content_type: String,
    pub(super) message_body: Option<String>,
    #[attr(computed)]
    pub(super) status_code: Option<String>,
}

/// Several target groups, with weights.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct Forward {
    #[block(max = 1, kept)]
    pub(super) stickiness: Option<Stickiness>,
    #[block(set, min = 1, max = 5)]
    pub(super) target_group: Vec<TargetGroup>,
}

/// Whether a client keeps its target group.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct Stickiness {
    pub(super) duration: i64,
    pub(super) enabled: Option<bool>,
}

/// One of the target groups.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct TargetGroup {
    pub(super) arn: String,
    pub(super) weight: Option<i64>,
}

/// Where else to go.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct Redirect {
    #[attr(default = "#{host}")]
    pub(super) host: String,
    #[attr(default = "/#{path}")]
    pub(super) path: String,
    #[attr(default = "#{port}")]
    pub(super) port: String,
    #[attr(default = "#{protocol}")]
    pub(super) protocol: String,
    #[attr(default = "#{query}")]
    pub(super) query: String,
    pub(super) status_code: String,
}

fn int(number: Option<i64>) -> Option<i32> {
    number.and_then(|number| i32::try_from(number).ok())
}

/// The actions as a request has them, numbered from one unless their order is given.
pub(super) fn request(actions: &[DefaultAction]) -> Vec<api::Action> {
    let numbered = actions.iter().zip(1..);
    numbered.map(|(action, place)| action.request(place)).collect()
}

impl DefaultAction {
    fn request(&self, place: i32) -> api::Action {
        let order = int(self.order).filter(|order| *order > 0).unwrap_or(place);
        // What an action of another kind left behind is not sent.
        let is = |kind: &str| self.r#type == kind;
        let built = api::Action::builder()
            .r#type(self.r#type.as_str().into())
            .order(order)
            .set_authenticate_cognito_config(
                self.authenticate_cognito
                    .as_ref()
                    .filter(|_| is("authenticate-cognito"))
                    .map(AuthenticateCognito::request),
            )
            .set_authenticate_oidc_config(
                self.authenticate_oidc
                    .as_ref()
                    .filter(|_| is("authenticate-oidc"))
                    .map(AuthenticateOidc::request),
            )
            .set_fixed_response_config(
                self.fixed_response.as_ref().filter(|_| is("fixed-response")).map(|fixed| {
                    api::FixedResponseActionConfig::builder()
                        .content_type(&fixed.content_type)
                        .set_message_body(given(&fixed.message_body))
                        .set_status_code(given(&fixed.status_code))
                        .build()
                }),
            )
            .set_redirect_config(
                self.redirect.as_ref().filter(|_| is("redirect")).map(Redirect::request),
            );
        match &self.forward {
            _ if !is("forward") => built.build(),
            Some(forward) => built.forward_config(forward.request()).build(),
            None => built.set_target_group_arn(given(&self.target_group_arn)).build(),
        }
    }
}

/// What belongs to one kind of action.
const OF_KINDS: &[(&str, &str)] = &[
    ("authenticate_cognito", "authenticate-cognito"),
    ("authenticate_oidc", "authenticate-oidc"),
    ("fixed_response", "fixed-response"),
    ("forward", "forward"),
    ("redirect", "redirect"),
    ("target_group_arn", "forward"),
];

/// The actions as they are planned: what is for another kind of action stays as it is.
pub(super) fn planned(actions: &Value, before: Option<&Value>) -> Option<Value> {
    let before = before.and_then(Value::as_sequence).unwrap_or_default();
    let items = actions.as_sequence().filter(|_| actions.is_known())?.iter().enumerate();
    let items = items.map(|(at, action)| {
        let kind = action.get("type").and_then(Value::as_str);
        let foreign = OF_KINDS.iter().filter(|(_, own)| kind.is_some_and(|kind| kind != *own));
        foreign.fold(action.clone(), |action, (name, _)| {
            let was = before.get(at).and_then(|before| before.get(name)).cloned();
            let ty = action.get(name).map_or(Type::Any, Value::ty);
            let nothing = || match &ty {
                Type::List(element) => Value::list((**element).clone(), []),
                ty => Value::null(ty.clone()),
            };
            action.with(name, was.unwrap_or_else(nothing))
        })
    });
    let items: Vec<Value> = items.collect();
    Some(Value::list(items.first()?.ty(), items))
}

impl AuthenticateCognito {
    fn request(&self) -> api::AuthenticateCognitoActionConfig {
        let parameters = self.authentication_request_extra_params.clone().unwrap_or_default();
        api::AuthenticateCognitoActionConfig::builder()
            .user_pool_arn(&self.user_pool_arn)
            .user_pool_client_id(&self.user_pool_client_id)
            .user_pool_domain(&self.user_pool_domain)
            .set_scope(given(&self.scope))
            .set_session_cookie_name(given(&self.session_cookie_name))
            .set_session_timeout(self.session_timeout.filter(|seconds| *seconds > 0))
            .set_on_unauthenticated_request(
                given(&self.on_unauthenticated_request).as_deref().map(Into::into),
            )
            .set_authentication_request_extra_params(Some(parameters.into_iter().collect()))
            .build()
    }

    fn from_api(found: &api::AuthenticateCognitoActionConfig) -> Self {
        let parameters = found.authentication_request_extra_params.clone().unwrap_or_default();
        Self {
            authentication_request_extra_params: Some(parameters.into_iter().collect()),
            on_unauthenticated_request: found
                .on_unauthenticated_request
                .as_ref()
                .map(|behaviour| behaviour.as_str().to_owned()),
            scope: found.scope.clone(),
            session_cookie_name: found.session_cookie_name.clone(),
            session_timeout: found.session_timeout,
            user_pool_arn: found.user_pool_arn.clone().unwrap_or_default(),
            user_pool_client_id: found.user_pool_client_id.clone().unwrap_or_default(),
            user_pool_domain: found.user_pool_domain.clone().unwrap_or_default(),
        }
    }
}

impl AuthenticateOidc {
    fn request(&self) -> api::AuthenticateOidcActionConfig {
        let parameters = self.authentication_request_extra_params.clone().unwrap_or_default();
        api::AuthenticateOidcActionConfig::builder()
            .issuer(&self.issuer)
            .authorization_endpoint(&self.authorization_endpoint)
            .token_endpoint(&self.token_endpoint)
            .user_info_endpoint(&self.user_info_endpoint)
            .client_id(&self.client_id)
            .client_secret(&self.client_secret)
            .set_scope(given(&self.scope))
            .set_session_cookie_name(given(&self.session_cookie_name))
            .set_session_timeout(self.session_timeout.filter(|seconds| *seconds > 0))
            .set_on_unauthenticated_request(
                given(&self.on_unauthenticated_request).as_deref().map(Into::into),
            )
            .set_authentication_request_extra_params(Some(parameters.into_iter().collect()))
            .build()
    }

    /// The secret is never told.
    fn from_api(found: &api::AuthenticateOidcActionConfig, known: Option<&Self>) -> Self {
        let parameters = found.authentication_request_extra_params.clone().unwrap_or_default();
        Self {
            authentication_request_extra_params: Some(parameters.into_iter().collect()),
            authorization_endpoint: found.authorization_endpoint.clone().unwrap_or_default(),
            client_id: found.client_id.clone().unwrap_or_default(),
            client_secret: known.map(|known| known.client_secret.clone()).unwrap_or_default(),
            issuer: found.issuer.clone().unwrap_or_default(),
            on_unauthenticated_request: found
                .on_unauthenticated_request
                .as_ref()
                .map(|behaviour| behaviour.as_str().to_owned()),
            scope: found.scope.clone(),
            session_cookie_name: found.session_cookie_name.clone(),
            session_timeout: found.session_timeout,
            token_endpoint: found.token_endpoint.clone().unwrap_or_default(),
            user_info_endpoint: found.user_info_endpoint.clone().unwrap_or_default(),
        }
    }
}

impl Forward {
    fn request(&self) -> api::ForwardActionConfig {
        let groups = self.target_group.iter().map(|group| {
            api::TargetGroupTuple::builder()
                .target_group_arn(&group.arn)
                .set_weight(Some(int(group.weight).unwrap_or(1)))
                .build()
        });
        let stickiness = self.stickiness.as_ref().map(|stickiness| {
            api::TargetGroupStickinessConfig::builder()
                .enabled(stickiness.enabled.unwrap_or(false))
                .set_duration_seconds(int(Some(stickiness.duration)))
                .build()
        });
        api::ForwardActionConfig::builder()
            .set_target_groups(Some(groups.collect()))
            .set_target_group_stickiness_config(stickiness)
            .build()
    }

    fn from_api(found: &api::ForwardActionConfig) -> Self {
        let groups = found.target_groups.iter().flatten().map(|group| TargetGroup {
            arn: group.target_group_arn.clone().unwrap_or_default(),
            weight: group.weight.map(i64::from),
        });
        let stickiness = found.target_group_stickiness_config.as_ref();
        Self {
            stickiness: stickiness.map(|found| Stickiness {
                duration: found.duration_seconds.map_or(0, i64::from),
                enabled: found.enabled,
            }),
            target_group: groups.collect(),
        }
    }
}

impl Redirect {
    fn request(&self) -> api::RedirectActionConfig {
        api::RedirectActionConfig::builder()
            .host(&self.host)
            .path(&self.path)
            .port(&self.port)
            .protocol(&self.protocol)
            .query(&self.query)
            .status_code(self.status_code.as_str().into())
            .build()
    }

    fn from_api(found: &api::RedirectActionConfig) -> Self {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        Self {
            host: text(&found.host),
            path: text(&found.path),
            port: text(&found.port),
            protocol: text(&found.protocol),
            query: text(&found.query),
            status_code: found.status_code.as_ref().map_or("", |code| code.as_str()).to_owned(),
        }
    }
}

/// The actions that the API tells, in their order. A forward to one group is told in both forms: the known one counts.
pub(super) fn from_api(found: &[api::Action], known: &[DefaultAction]) -> Vec<DefaultAction> {
    let mut found: Vec<&api::Action> = found.iter().collect();
    found.sort_by_key(|action| action.order);
    let actions = found.into_iter().enumerate().map(|(at, action)| {
        let known = known.get(at);
        let weighted = known.is_some_and(|known| known.forward.is_some())
            || action.forward_config.as_ref().is_some_and(|forward| {
                forward.target_groups.as_ref().is_some_and(|groups| groups.len() > 1)
            });
        let only = action
            .forward_config
            .as_ref()
            .and_then(|forward| forward.target_groups.as_ref()?.first()?.target_group_arn.clone());
        DefaultAction {
            authenticate_cognito: action
                .authenticate_cognito_config
                .as_ref()
                .map(AuthenticateCognito::from_api),
            authenticate_oidc: action.authenticate_oidc_config.as_ref().map(|found| {
                AuthenticateOidc::from_api(
                    found,
                    known.and_then(|known| known.authenticate_oidc.as_ref()),
                )
            }),
            fixed_response: action.fixed_response_config.as_ref().map(|fixed| FixedResponse {
                content_type: fixed.content_type.clone().unwrap_or_default(),
                message_body: fixed.message_body.clone(),
                status_code: fixed.status_code.clone(),
            }),
            forward: action.forward_config.as_ref().filter(|_| weighted).map(Forward::from_api),
            order: Some(action.order.map_or(at as i64 + 1, i64::from)),
            redirect: action.redirect_config.as_ref().map(Redirect::from_api),
            target_group_arn: Some(
                action.target_group_arn.clone().or(only).filter(|_| !weighted).unwrap_or_default(),
            ),
            r#type: action.r#type.as_ref().map_or("", |kind| kind.as_str()).to_owned(),
        }
    });
    actions.collect()
}
