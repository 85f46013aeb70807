mod actions;
mod checks;
mod headers;

use aws_sdk_elasticloadbalancingv2::types as api;

use self::actions::DefaultAction;
use self::checks::CHECKS;
use super::attributes::{read_tags, tag_list, update_tags};
use crate::listing;
use crate::prelude::*;

/// A port of a load balancer.
///
/// ```hcl
/// resource "aws_lb_listener" "http" {
///   load_balancer_arn = aws_lb.web.arn
///   port              = 80
///   protocol          = "HTTP"
///   default_action {
///     type             = "forward"
///     target_group_arn = aws_lb_target_group.web.arn
///   }
/// }
/// ```
#[derive(Debug, Clone, Default, Resource)]
#[resource(name = "aws_lb_listener", checks = CHECKS)]
pub(crate) struct LbListener {
    alpn_policy: Option<String>,
    /// Amazon Resource Name, which is also its id.
    arn: Computed<String>,
    certificate_arn: Option<String>,
    #[block(min = 1)]
    default_action: Vec<DefaultAction>,
    #[attr(force_new)]
    load_balancer_arn: String,
    #[block(max = 1, computed)]
    mutual_authentication: Option<MutualAuthentication>,
    port: Option<i64>,
    #[attr(computed)]
    protocol: Option<String>,
    #[attr(computed)]
    routing_http_request_x_amzn_mtls_clientcert_header_name: Option<String>,
    #[attr(computed)]
    routing_http_request_x_amzn_mtls_clientcert_issuer_header_name: Option<String>,
    #[attr(computed)]
    routing_http_request_x_amzn_mtls_clientcert_leaf_header_name: Option<String>,
    #[attr(computed)]
    routing_http_request_x_amzn_mtls_clientcert_serial_number_header_name: Option<String>,
    #[attr(computed)]
    routing_http_request_x_amzn_mtls_clientcert_subject_header_name: Option<String>,
    #[attr(computed)]
    routing_http_request_x_amzn_mtls_clientcert_validity_header_name: Option<String>,
    #[attr(computed)]
    routing_http_request_x_amzn_tls_cipher_suite_header_name: Option<String>,
    #[attr(computed)]
    routing_http_request_x_amzn_tls_version_header_name: Option<String>,
    #[attr(computed)]
    routing_http_response_access_control_allow_credentials_header_value: Option<String>,
    #[attr(computed)]
    routing_http_response_access_control_allow_headers_header_value: Option<String>,
    #[attr(computed)]
    routing_http_response_access_control_allow_methods_header_value: Option<String>,
    #[attr(computed)]
    routing_http_response_access_control_allow_origin_header_value: Option<String>,
    #[attr(computed)]
    routing_http_response_access_control_expose_headers_header_value: Option<String>,
    #[attr(computed)]
    routing_http_response_access_control_max_age_header_value: Option<String>,
    #[attr(computed)]
    routing_http_response_content_security_policy_header_value: Option<String>,
    #[attr(computed)]
    routing_http_response_server_enabled: Option<bool>,
    #[attr(computed)]
    routing_http_response_strict_transport_security_header_value: Option<String>,
    #[attr(computed)]
    routing_http_response_x_content_type_options_header_value: Option<String>,
    #[attr(computed)]
    routing_http_response_x_frame_options_header_value: Option<String>,
    #[attr(computed)]
    ssl_policy: Option<String>,
    tags: Tags,
    #[attr(computed)]
    tcp_idle_timeout_seconds: Option<i64>,
    #[timeouts(create = 300, update = 300)]
    timeouts: Timeouts,
}

/// Whether clients must have certificates.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct MutualAuthentication {
    #[attr(computed)]
    advertise_trust_store_ca_names: Option<String>,
    #[attr(default = false)]
    ignore_client_certificate_expiry: bool,
    mode: String,
    trust_store_arn: Option<String>,
}

const GONE: &[&str] = &["ListenerNotFound", "LoadBalancerNotFound"];

fn given(text: &Option<String>) -> Option<String> {
    text.clone().filter(|text| !text.is_empty())
}

impl LbListener {
    fn port(&self) -> Option<i32> {
        self.port.and_then(|port| i32::try_from(port).ok()).filter(|port| *port > 0)
    }

    fn certificates(&self) -> Option<Vec<api::Certificate>> {
        let arn = given(&self.certificate_arn)?;
        Some(vec![api::Certificate::builder().certificate_arn(arn).build()])
    }

    fn mutual(&self) -> Option<api::MutualAuthenticationAttributes> {
        let mutual = self.mutual_authentication.as_ref()?;
        let verify = mutual.mode == "verify";
        let built = api::MutualAuthenticationAttributes::builder()
            .mode(&mutual.mode)
            .set_trust_store_arn(given(&mutual.trust_store_arn))
            .set_ignore_client_certificate_expiry(
                verify.then_some(mutual.ignore_client_certificate_expiry),
            )
            .set_advertise_trust_store_ca_names(
                given(&mutual.advertise_trust_store_ca_names)
                    .as_deref()
                    .filter(|_| verify)
                    .map(Into::into),
            );
        Some(built.build())
    }
}

/// The listeners with these ARNs that exist: all at once, or one by one where one of them is gone.
async fn describe(aws: &Aws, arns: Vec<String>) -> Result<Vec<api::Listener>> {
    let request = |arns: Vec<String>| aws.elbv2.describe_listeners().set_listener_arns(Some(arns));
    let mut found = Vec::new();
    for chunk in arns.chunks(CHUNK) {
        let response = request(chunk.to_vec()).send().await;
        if let Some(response) = response.found("reading ELBv2 Listeners", GONE)? {
            found.extend(response.listeners.unwrap_or_default());
            continue;
        }
        for arn in chunk.iter().filter(|_| chunk.len() > 1) {
            let response = request(vec![arn.clone()]).send().await;
            let response = response.found("reading ELBv2 Listener", GONE)?;
            found.extend(response.and_then(|response| response.listeners).unwrap_or_default());
        }
    }
    Ok(found)
}

impl Operations for LbListener {
    type Client = Aws;

    async fn create(aws: &Aws, plan: &Self) -> Result<Id> {
        let of_application = plan.load_balancer_arn.contains("loadbalancer/app/");
        let protocol = given(&plan.protocol).or_else(|| of_application.then(|| "HTTP".to_owned()));
        let request = aws
            .elbv2
            .create_listener()
            .load_balancer_arn(&plan.load_balancer_arn)
            .set_port(plan.port())
            .set_protocol(protocol.as_deref().map(Into::into))
            .set_ssl_policy(given(&plan.ssl_policy))
            .set_alpn_policy(given(&plan.alpn_policy).map(|policy| vec![policy]))
            .set_certificates(plan.certificates())
            .set_mutual_authentication(plan.mutual())
            .set_default_actions(Some(actions::request(&plan.default_action)))
            .set_tags(tag_list(&plan.tags));
        let doing = format!("creating ELBv2 Listener ({})", plan.load_balancer_arn);
        let made = request.send().await.explain(&doing)?.listeners;
        let first = made.unwrap_or_default().into_iter().next();
        first
            .and_then(|listener| listener.listener_arn)
            .map(Id)
            .ok_or_else(|| Error::missing("ARN"))
    }

    async fn configure(aws: &Aws, plan: &Known<Self>) -> Result<()> {
        plan.set_headers(aws, &plan.id, &Self::default()).await
    }

    async fn read(aws: &Aws, known: &[Known<Self>]) -> Result<Found<Self>> {
        let states: BTreeMap<&str, &Self> =
            known.iter().map(|known| (&*known.id, &known.state)).collect();
        let listeners = describe(aws, ids(known)).await?;
        let arns: Vec<String> =
            listeners.iter().filter_map(|listener| listener.listener_arn.clone()).collect();
        let mut tags = read_tags(aws, &arns).await?;
        let mut found = Found::new();
        for (listener, arn) in listeners.iter().zip(&arns) {
            let known = states.get(arn.as_str()).map(|state| (*state).clone()).unwrap_or_default();
            let object =
                Self { tags: tags.remove(arn).unwrap_or_default(), ..from_api(listener, &known) };
            found.insert(arn.clone(), object.with_headers(aws, arn, &known).await?);
        }
        Ok(found)
    }

    async fn update(aws: &Aws, prior: &Known<Self>, plan: &Self) -> Result<()> {
        let arn = &*prior.id;
        let changed = plan.port != prior.port
            || plan.protocol != prior.protocol
            || plan.ssl_policy != prior.ssl_policy
            || plan.alpn_policy != prior.alpn_policy
            || plan.certificate_arn != prior.certificate_arn
            || plan.mutual_authentication != prior.mutual_authentication
            || plan.default_action != prior.default_action;
        if changed {
            let request = aws
                .elbv2
                .modify_listener()
                .listener_arn(arn)
                .set_port(plan.port())
                .set_protocol(given(&plan.protocol).as_deref().map(Into::into))
                .set_ssl_policy(given(&plan.ssl_policy))
                .set_alpn_policy(given(&plan.alpn_policy).map(|policy| vec![policy]))
                .set_certificates(plan.certificates())
                .set_mutual_authentication(plan.mutual())
                .set_default_actions(Some(actions::request(&plan.default_action)));
            request.send().await.explain(&format!("modifying ELBv2 Listener ({arn})"))?;
        }
        plan.set_headers(aws, arn, prior).await?;
        update_tags(aws, arn, &prior.tags, &plan.tags).await
    }

    async fn delete(aws: &Aws, prior: &Known<Self>) -> Result<()> {
        let request = aws.elbv2.delete_listener().listener_arn(&*prior.id);
        request.send().await.found(&format!("deleting ELBv2 Listener ({})", prior.id), GONE)?;
        Ok(())
    }

    fn customise(change: &mut Change<'_>) {
        let before = change.prior().and_then(|prior| prior.get("default_action"));
        if let Some(actions) = actions::planned(&change.planned("default_action"), before) {
            change.set("default_action", actions);
        }
    }
}

/// The load balancer whose listeners a list finds.
#[derive(Debug, Clone, Default, Block)]
pub(crate) struct Wanted {
    load_balancer_arn: String,
    /// The region of the provider configuration.
    region: Option<String>,
}

impl List for LbListener {
    type Config = Wanted;

    async fn list(aws: &Aws, wanted: &Wanted, page: Page) -> Result<Results> {
        listing::here(aws, wanted.region.as_ref())?;
        let request = aws.elbv2.describe_listeners().load_balancer_arn(&wanted.load_balancer_arn);
        let request = request.page_size(page.size(1, 400)).set_marker(page.token);
        let answer = request.send().await.explain("listing ELBv2 Listeners")?;
        let found = answer.listeners.unwrap_or_default().into_iter().filter_map(|listener| {
            let protocol = listener.protocol.map_or_else(String::new, |name| format!("{name} "));
            let shown = format!("{protocol}{}", listener.port.unwrap_or_default());
            Some((listener.listener_arn?, shown))
        });
        Ok(Results::new(found, answer.next_marker))
    }
}

fn from_api(listener: &api::Listener, known: &LbListener) -> LbListener {
    let certificate = listener.certificates.iter().flatten().next();
    let mutual = listener.mutual_authentication.as_ref().map(|found| MutualAuthentication {
        advertise_trust_store_ca_names: found
            .advertise_trust_store_ca_names
            .as_ref()
            .map(|names| names.as_str().to_owned()),
        ignore_client_certificate_expiry: found.ignore_client_certificate_expiry.unwrap_or(false),
        mode: found.mode.clone().unwrap_or_default(),
        trust_store_arn: found.trust_store_arn.clone(),
    });
    LbListener {
        alpn_policy: listener.alpn_policy.as_ref().and_then(|policies| policies.first().cloned()),
        arn: listener.listener_arn.clone().into(),
        certificate_arn: certificate.and_then(|certificate| certificate.certificate_arn.clone()),
        default_action: actions::from_api(
            listener.default_actions.as_deref().unwrap_or_default(),
            &known.default_action,
        ),
        load_balancer_arn: listener.load_balancer_arn.clone().unwrap_or_default(),
        mutual_authentication: mutual,
        port: listener.port.map(i64::from),
        protocol: Some(
            listener.protocol.as_ref().map_or("", |protocol| protocol.as_str()).to_owned(),
        ),
        ssl_policy: Some(listener.ssl_policy.clone().unwrap_or_default()),
        ..known.clone()
    }
}
