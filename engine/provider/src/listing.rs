//! Finding objects that nobody has named yet: what is asked, what is found, and by what an object is known.

use std::collections::BTreeMap;

use infra_value::{Type, Value};

use crate::{Attribute, Block, NestedBlock, Nesting, Object, Schema};

/// Which objects to find.
pub struct ListRequest<'a> {
    /// The resource type.
    pub type_name: &'a str,
    /// The block `config`, wholly known.
    pub config: &'a Value,
    /// Whether to read what is found, and not only to tell by what it is known.
    pub include_object: bool,
    /// How many are wanted at most.
    pub limit: u64,
    /// To be called with each object as soon as it is found.
    pub found: &'a (dyn Fn(Listed) + Send + Sync),
}

/// An object that was found.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Its import id.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// What it is, if that was asked for.
    pub object: Option<Object>,
}

/// The identity of an object: an object itself, whose only attribute is the import id.
pub fn identity(id: &str) -> Value {
    Value::object([("id", id.into())])
}

/// The type of all identities.
pub fn identity_type() -> Type {
    Type::object([("id", Type::String)])
}

/// The schema of a `list` block from that of its block `config` and the type of the objects that it finds.
pub fn list_schema(config: Block, object: &Type) -> Schema {
    let result = Type::object([
        ("display_name", Type::String),
        ("identity", identity_type()),
        ("state", object.clone()),
    ]);
    let data = Attribute { computed: true, ..Attribute::new(Type::list(result)) };
    let needed = config.attributes.values().any(|attribute| attribute.required)
        || config.blocks.values().any(|block| block.min_items > 0);
    let config = NestedBlock {
        nesting: Nesting::Single,
        block: config,
        min_items: u64::from(needed),
        max_items: 1,
        force_new: false,
        computed: false,
        kept: false,
        key: &[],
    };
    let attributes = BTreeMap::from([("data".into(), data)]);
    let blocks = BTreeMap::from([("config".into(), config)]);
    Schema { block: Block::new(attributes, blocks), ..Schema::default() }
}
