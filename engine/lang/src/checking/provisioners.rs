//! Provisioners and their connections.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use infra_diag::Diagnostics;
use infra_provider::{Attribute, Block as Schema};
use infra_value::{Str, Type};

use super::scope::Place;
use super::{Checker, diagnostics};
use crate::config::Resource;

/// What a `connection` block may have, whatever its type.
static CONNECTION: LazyLock<Schema> = LazyLock::new(|| {
    let texts = [
        "type",
        "user",
        "password",
        "timeout",
        "script_path",
        "target_platform",
        "private_key",
        "certificate",
        "host_key",
        "agent_identity",
        "proxy_scheme",
        "proxy_host",
        "proxy_user_name",
        "proxy_user_password",
        "bastion_host",
        "bastion_host_key",
        "bastion_user",
        "bastion_password",
        "bastion_private_key",
        "bastion_certificate",
        "cacert",
    ];
    let flags = ["agent", "https", "insecure", "use_ntlm"];
    let numbers = ["port", "proxy_port", "bastion_port"];
    let mut attributes = BTreeMap::new();
    attributes.extend(texts.map(|name| (Str::from(name), optional(Type::String))));
    attributes.extend(flags.map(|name| (Str::from(name), optional(Type::Bool))));
    attributes.extend(numbers.map(|name| (Str::from(name), optional(Type::Number))));
    let host = Attribute { required: true, ..Attribute::new(Type::String) };
    attributes.insert("host".into(), host);
    Schema::new(attributes, BTreeMap::new())
});

fn optional(ty: Type) -> Attribute {
    Attribute { optional: true, ..Attribute::new(ty) }
}

pub(super) fn check(
    checker: &Checker<'_>,
    place: &Place<'_>,
    resource: &Resource,
    diags: &mut Diagnostics,
) {
    for provisioner in &resource.provisioners {
        let Some(found) = checker.installed.provisioner(&provisioner.ty) else {
            diags.push(diagnostics::no_provisioner(&provisioner.ty).at(provisioner.span));
            continue;
        };
        checker.decode(place, &provisioner.body, &found.schema().block, diags);
        let connection = provisioner.connection.as_ref().or(resource.connection.as_ref());
        if let Some(body) = connection {
            // A provisioner's own block adds to that of the resource.
            let mut merged = body.clone();
            for base in resource.connection.iter().flat_map(|base| &base.attributes) {
                if merged.attribute(&base.name).is_none() {
                    merged.attributes.push(base.clone());
                }
            }
            checker.decode(place, &merged, &CONNECTION, diags);
        }
    }
}
