//! The providers and provisioners that are linked in.

use std::sync::Arc;

use infra_engine::plan::Registry;
use infra_provider_builtin::Surroundings;

use crate::backend::RemoteStates;
use crate::context::Context;

/// All of them.
pub(crate) fn registry(cx: &Context) -> Registry {
    let surroundings = Surroundings {
        folder: cx.folder.clone(),
        render,
        backends: Some(Arc::new(RemoteStates(cx.clone()))),
    };
    let builtin = infra_provider_builtin::providers(&surroundings);
    let aws = infra_provider_aws::providers(cx.aws.clone(), cx.calls());
    // The cloud of the cases is no part of what people see.
    let test = cx
        .environment
        .contains_key("INFRA_TEST_PROVIDER")
        .then(|| infra_provider_test::provider(&Arc::new(infra_provider_test::Cloud::default())));
    let ssh = infra_provisioner_ssh::provisioners(&infra_provisioner_ssh::Surroundings {
        folder: cx.folder.clone(),
        agent: cx.environment.get("SSH_AUTH_SOCK").filter(|path| !path.is_empty()).map(Into::into),
    });
    Registry::new(
        builtin.into_iter().chain(aws).chain(test),
        infra_provider_builtin::provisioners(&surroundings).into_iter().chain(ssh),
    )
}

fn render(
    template: &str,
    variables: &infra_engine::value::Value,
) -> Result<infra_engine::value::Value, String> {
    let nowhere = infra_engine::lang::functions::Environment::nowhere();
    infra_engine::lang::eval::render_template("<template>", template, variables, &nowhere)
        .map_err(|error| error.message)
}
