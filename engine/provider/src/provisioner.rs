//! The port of provisioners, and what a `connection` block may say.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use async_trait::async_trait;
use infra_value::{Str, Type, Value};

use crate::{Attribute, Block, Problem, Schema};

/// Called with each line that a provisioner prints.
pub type Output<'a> = &'a (dyn for<'l> Fn(&'l str) + Send + Sync);

/// A provisioner: something that runs after an object was created or before it is deleted.
#[async_trait]
pub trait Provisioner: Send + Sync {
    /// Its name in configurations, such as `local-exec`.
    fn name(&self) -> &str;

    /// The schema of its block.
    fn schema(&self) -> &Schema;

    /// What is wrong with a block that its schema cannot tell. `config` is an object of the schema; parts of it may be
    /// known after apply only.
    fn validate(&self, _config: &Value) -> Vec<Problem> {
        Vec::new()
    }

    /// Runs it. `config` is an object of the schema, `connection` one of [`connection_schema`] (null if there is no
    /// `connection` block); `output` is called with each line that it prints.
    async fn provision(
        &self,
        config: &Value,
        connection: &Value,
        output: Output<'_>,
    ) -> Result<(), Problem>;
}

/// What a `connection` block may have, whatever its type.
pub fn connection_schema() -> &'static Block {
    static SCHEMA: LazyLock<Block> = LazyLock::new(|| {
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
        let optional = |ty| Attribute { optional: true, ..Attribute::new(ty) };
        let mut attributes = BTreeMap::new();
        attributes.extend(texts.map(|name| (Str::from(name), optional(Type::String))));
        attributes.extend(flags.map(|name| (Str::from(name), optional(Type::Bool))));
        attributes.extend(numbers.map(|name| (Str::from(name), optional(Type::Number))));
        let host = Attribute { required: true, ..Attribute::new(Type::String) };
        attributes.insert("host".into(), host);
        Block::new(attributes, BTreeMap::new())
    });
    &SCHEMA
}
