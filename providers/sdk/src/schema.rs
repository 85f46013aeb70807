//! Building schemas from fields.

use std::collections::BTreeMap;

pub use infra_provider::Nesting;
use infra_provider::{Attribute, Block, NestedBlock};
use infra_value::{Str, Type, Value};

/// Collects what the fields of a struct declare.
#[derive(Default)]
pub struct Builder {
    attributes: BTreeMap<Str, Attribute>,
    blocks: BTreeMap<Str, NestedBlock>,
}

impl Builder {
    /// Adds an attribute.
    pub fn attribute(&mut self, name: &str, attribute: Declared) {
        self.attributes.insert(name.into(), attribute.0);
    }

    /// Adds a nested block.
    pub fn block(&mut self, name: &str, block: DeclaredBlock) {
        self.blocks.insert(name.into(), block.0);
    }

    /// Adds the block `timeouts`.
    pub fn timeouts(&mut self, names: &[&str]) {
        let attribute = || Attribute { optional: true, ..Attribute::new(Type::String) };
        let attributes = names.iter().map(|name| (Str::from(*name), attribute())).collect();
        self.block(
            "timeouts",
            DeclaredBlock::new(Nesting::Single, Block::new(attributes, BTreeMap::new())),
        );
    }

    /// Whether an attribute was declared.
    pub fn has(&self, name: &str) -> bool {
        self.attributes.contains_key(name)
    }

    /// The block that was declared.
    pub fn finish(self) -> Block {
        Block::new(self.attributes, self.blocks)
    }
}

/// An attribute as it is declared.
pub struct Declared(pub Attribute);

impl Declared {
    /// Of a type, and required.
    pub fn required_of(ty: Type) -> Self {
        Self(Attribute { required: true, ..Attribute::new(ty) })
    }

    /// With what it is.
    #[must_use]
    pub fn description(mut self, text: &'static str) -> Self {
        self.0.description = text;
        self
    }

    /// Optional, with what it is if it is not set.
    #[must_use]
    pub fn default(mut self, value: impl Into<Value>) -> Self {
        self.0.default = Some(value.into());
        self.optional()
    }

    /// With why it should not be used.
    #[must_use]
    pub fn deprecated(mut self, why: &'static str) -> Self {
        self.0.deprecated = Some(why);
        self
    }

    /// A change replaces the object.
    #[must_use]
    pub fn force_new(mut self) -> Self {
        self.0.force_new = true;
        self
    }

    /// The provider decides it, if it is not set.
    #[must_use]
    pub fn computed(mut self) -> Self {
        self.0.computed = true;
        self
    }

    /// It must be set.
    #[must_use]
    pub fn required(mut self) -> Self {
        self.0.required = true;
        self.0.optional = false;
        self
    }

    /// It may be set.
    #[must_use]
    pub fn optional(mut self) -> Self {
        self.0.required = false;
        self.0.optional = true;
        self
    }

    /// It is never shown.
    #[must_use]
    pub fn sensitive(mut self) -> Self {
        self.0.sensitive = true;
        self
    }

    /// It is never stored.
    #[must_use]
    pub fn write_only(mut self) -> Self {
        self.0.write_only = true;
        self
    }

    /// The state holds something else in place of the text that was given.
    #[must_use]
    pub fn stored(mut self, form: fn(&str) -> String) -> Self {
        self.0.stored = Some(form);
        self
    }

    /// The API does not return it.
    #[must_use]
    pub fn unreadable(mut self) -> Self {
        self.0.unreadable = true;
        self
    }
}

/// A nested block as it is declared.
pub struct DeclaredBlock(pub NestedBlock);

impl DeclaredBlock {
    /// Any number of blocks.
    pub fn new(nesting: Nesting, block: Block) -> Self {
        Self(NestedBlock {
            nesting,
            block,
            min_items: 0,
            max_items: 0,
            force_new: false,
            computed: false,
            kept: false,
            key: &[],
        })
    }

    /// At least so many.
    #[must_use]
    pub fn min(mut self, least: u64) -> Self {
        self.0.min_items = least;
        self
    }

    /// With why it should not be used.
    #[must_use]
    pub fn deprecated(mut self, why: &'static str) -> Self {
        self.0.block.deprecated = Some(why);
        self
    }

    /// At most so many.
    #[must_use]
    pub fn max(mut self, most: u64) -> Self {
        self.0.max_items = most;
        self
    }

    /// The provider decides, if there is none.
    #[must_use]
    pub fn computed(mut self) -> Self {
        self.0.computed = true;
        self
    }

    /// What there is stays, if there is none.
    #[must_use]
    pub fn kept(mut self) -> Self {
        self.0.kept = true;
        self
    }

    /// Blocks of a set are told apart by these attributes alone: what else is different in them is no change.
    #[must_use]
    pub fn key(mut self, attributes: &'static [&'static str]) -> Self {
        self.0.key = attributes;
        self
    }

    /// A change in it replaces the object.
    #[must_use]
    pub fn force_new(mut self) -> Self {
        self.0.force_new = true;
        self
    }
}
