//! Schemas: which arguments, attributes and nested blocks an object has.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use infra_value::{Str, Type, Value};

/// What sort of resource type a name belongs to.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Kind {
    /// `resource`.
    Managed,
    /// `data`.
    Data,
    /// `ephemeral`.
    Ephemeral,
    /// `list`.
    List,
    /// `action`; the schema is that of its `config` block.
    Action,
}

impl From<infra_addrs::Mode> for Kind {
    fn from(mode: infra_addrs::Mode) -> Self {
        match mode {
            infra_addrs::Mode::Managed => Self::Managed,
            infra_addrs::Mode::Data => Self::Data,
            infra_addrs::Mode::Ephemeral => Self::Ephemeral,
            infra_addrs::Mode::List => Self::List,
            infra_addrs::Mode::Action => Self::Action,
        }
    }
}

/// The schema of a resource type, data source or provider configuration.
#[derive(Clone, Default, Debug)]
pub struct Schema {
    /// Version of the stored form.
    pub version: u64,
    /// The outermost block.
    pub block: Block,
    /// Brings what was stored under an older version, which comes first, to this one.
    pub upgrade: Option<Upgrade>,
}

/// Brings the JSON of an object that was stored under an older version of the schema to the present one. What the schema
/// does not have any more, and what it has not had, needs no care.
pub type Upgrade = fn(u64, serde_json::Value) -> serde_json::Value;

/// Attributes and nested blocks.
#[derive(Clone, Default, Debug)]
pub struct Block {
    /// By name.
    pub attributes: BTreeMap<Str, Attribute>,
    /// By block type.
    pub blocks: BTreeMap<Str, NestedBlock>,
    /// What it is, in Markdown.
    pub description: &'static str,
    /// Why it should not be used any more.
    pub deprecated: Option<&'static str>,
    implied: OnceLock<Type>,
}

/// One attribute.
#[derive(Clone, Debug)]
pub struct Attribute {
    /// Its type.
    pub ty: Type,
    /// It must be set.
    pub required: bool,
    /// It may be set.
    pub optional: bool,
    /// The provider decides it, if it is not set.
    pub computed: bool,
    /// Never shown.
    pub sensitive: bool,
    /// Never stored.
    pub write_only: bool,
    /// A change replaces the object.
    pub force_new: bool,
    /// The API does not return it: what was planned is kept.
    pub unreadable: bool,
    /// What the state holds in place of the text that was given: its hash, or its normal form.
    pub stored: Option<fn(&str) -> String>,
    /// What it is if it is not set.
    pub default: Option<Value>,
    /// What it is, in Markdown.
    pub description: &'static str,
    /// Why it should not be used any more.
    pub deprecated: Option<&'static str>,
}

impl Attribute {
    /// An attribute of a type with no flag set.
    pub fn new(ty: Type) -> Self {
        Self {
            ty,
            required: false,
            optional: false,
            computed: false,
            sensitive: false,
            write_only: false,
            force_new: false,
            unreadable: false,
            stored: None,
            default: None,
            description: "",
            deprecated: None,
        }
    }

    /// The object type if this attribute may be written as nested blocks: its type is a list or set of objects, which
    /// old provider code declares so that both forms work (`ingress` of `aws_security_group`).
    pub fn as_blocks(&self) -> Option<&infra_value::ObjectType> {
        match self.ty.element() {
            Some(Type::Object(object)) if !matches!(self.ty, Type::Map(_)) && self.optional => {
                Some(object)
            }
            _ => None,
        }
    }
}

/// How many of a nested block there may be, and what they make.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Nesting {
    /// At most one; an object or null.
    Single,
    /// At most one; an object, of null attributes if it is absent.
    Group,
    /// Any number, in order; a list of objects.
    List,
    /// Any number; a set of objects.
    Set,
    /// Any number, with one label; a map of objects.
    Map,
}

/// A nested block.
#[derive(Clone, Debug)]
pub struct NestedBlock {
    /// What it makes.
    pub nesting: Nesting,
    /// Its contents.
    pub block: Block,
    /// How many there must be.
    pub min_items: u64,
    /// How many there may be; 0 for any number.
    pub max_items: u64,
    /// A change in it replaces the object.
    pub force_new: bool,
    /// The provider decides it, if there is none.
    pub computed: bool,
    /// What there is stays, if there is none.
    pub kept: bool,
    /// The attributes by which blocks of a set are told apart; all, if none is named.
    pub key: &'static [&'static str],
}

impl Block {
    /// A block with these attributes and nested blocks.
    pub fn new(attributes: BTreeMap<Str, Attribute>, blocks: BTreeMap<Str, NestedBlock>) -> Self {
        Self { attributes, blocks, ..Self::default() }
    }

    /// The type of the object that a block of this schema makes. Computed once.
    pub fn implied_type(&self) -> &Type {
        self.implied.get_or_init(|| {
            let attributes = self
                .attributes
                .iter()
                .map(|(name, attribute)| (name.clone(), attribute.ty.clone()));
            let blocks =
                self.blocks.iter().map(|(name, nested)| (name.clone(), nested.implied_type()));
            Type::object(attributes.chain(blocks))
        })
    }

    /// The object with every attribute null and no nested blocks.
    pub fn empty_value(&self) -> Value {
        let attributes = self
            .attributes
            .iter()
            .map(|(name, attribute)| (name.clone(), Value::null(attribute.ty.clone())));
        let blocks = self.blocks.iter().map(|(name, nested)| (name.clone(), nested.empty_value()));
        Value::object(attributes.chain(blocks))
    }
}

impl NestedBlock {
    /// The type of what these blocks make together.
    pub fn implied_type(&self) -> Type {
        let object = self.block.implied_type().clone();
        match self.nesting {
            Nesting::Single | Nesting::Group => object,
            Nesting::List => Type::list(object),
            Nesting::Set => Type::set(object),
            Nesting::Map => Type::map(object),
        }
    }

    /// What no block at all makes.
    pub fn empty_value(&self) -> Value {
        let object = self.block.implied_type().clone();
        match self.nesting {
            Nesting::Single => Value::null(object),
            Nesting::Group => self.block.empty_value(),
            Nesting::List => Value::list(object, []),
            Nesting::Set => Value::set(object, []),
            Nesting::Map => Value::map(object, Vec::<(Str, Value)>::new()),
        }
    }
}
