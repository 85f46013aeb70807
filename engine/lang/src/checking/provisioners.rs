//! Provisioners and their connections.

use infra_diag::Diagnostics;
use infra_provider::connection_schema;

use super::Checker;
use super::scope::Place;
use crate::config::Resource;
use crate::problems;

pub(super) fn check(
    checker: &Checker<'_>,
    place: &Place<'_>,
    resource: &Resource,
    diags: &mut Diagnostics,
) {
    let mut connections = Diagnostics::new();
    for provisioner in &resource.provisioners {
        let Some(found) = checker.installed.provisioner(&provisioner.ty) else { continue };
        let value = checker.decode(place, &provisioner.body, &found.schema().block, diags);
        for problem in value.iter().flat_map(|value| found.validate(value)) {
            // About the whole: Terraform names the resource then, and no line.
            diags.push(match problem.path.0.is_empty() {
                true => problems::unlocated(problem).address(&resource.addr),
                false => problems::located(problem, &provisioner.body),
            });
        }
        if let Some(body) = provisioner.connection(resource.connection.as_ref()) {
            checker.decode(place, &body, connection_schema(), &mut connections);
        }
        // Beside other mistakes of the resource only the first one is looked at.
        if diags.has_errors() || connections.has_errors() {
            break;
        }
    }
    diags.extend(connections);
}
