//! Test files: runs, and what takes the place of real objects in them.

mod diagnostics;

use std::collections::BTreeSet;
use std::sync::Arc;

use infra_addrs::{Mode, Target};
use infra_diag::{Diagnostics, SourceId, Span};
use infra_value::Str;

use super::content::{Content, check_name, flag, list, text};
use super::resource::{condition, unquoted};
use super::{Condition, json, module_call};
use crate::eval::constraint;
use crate::syntax::{self, Attribute, Block, Body, Expr, Kind};

const OVERRIDES: [&str; 3] = ["override_resource", "override_data", "override_module"];

const FILE: Content = Content {
    arguments: &[],
    required: &[],
    blocks: &[
        ("run", &["name"]),
        ("variables", &[]),
        ("provider", &["name"]),
        ("mock_provider", &["name"]),
        ("override_resource", &[]),
        ("override_data", &[]),
        ("override_module", &[]),
        ("test", &[]),
    ],
};

const TEST: Content = Content { arguments: &["parallel"], required: &[], blocks: &[] };

const RUN: Content = Content {
    arguments: &["command", "expect_failures", "providers", "state_key", "parallel"],
    required: &[],
    blocks: &[
        ("assert", &[]),
        ("variables", &[]),
        ("module", &[]),
        ("plan_options", &[]),
        ("override_resource", &[]),
        ("override_data", &[]),
        ("override_module", &[]),
    ],
};

const MODULE: Content = Content { arguments: &["version", "source"], required: &[], blocks: &[] };

const PLAN_OPTIONS: Content =
    Content { arguments: &["mode", "refresh", "replace", "target"], required: &[], blocks: &[] };

const MOCK: Content = Content {
    arguments: &["alias", "source", "override_during"],
    required: &[],
    blocks: &[
        ("mock_resource", &["type"]),
        ("mock_data", &["type"]),
        ("override_resource", &[]),
        ("override_data", &[]),
        ("override_module", &[]),
    ],
};

const MOCK_TYPE: Content =
    Content { arguments: &["defaults", "override_during"], required: &[], blocks: &[] };

const OVERRIDE: Content =
    Content { arguments: &["target", "values", "override_during"], required: &[], blocks: &[] };

const OVERRIDE_MODULE: Content =
    Content { arguments: &["target", "outputs", "override_during"], required: &[], blocks: &[] };

/// A test file.
#[derive(Debug, Default)]
pub struct TestFile {
    /// Variables for all runs.
    pub variables: Vec<Attribute>,
    /// Provider configurations for the modules under test.
    pub providers: Vec<Block>,
    /// Providers that make nothing.
    pub mocks: Vec<MockProvider>,
    /// What takes the place of objects and modules in all runs.
    pub overrides: Vec<Override>,
    /// The runs, in their order.
    pub runs: Vec<Run>,
}

/// A `run` block.
#[derive(Clone, Debug)]
pub struct Run {
    /// Its name.
    pub name: Str,
    /// It only plans.
    pub plans: bool,
    /// Its own variables.
    pub variables: Vec<Attribute>,
    /// The folder of another module to test, and where that is said.
    pub source: Option<(String, Span)>,
    /// What separates its state from those of others.
    pub state_key: Option<String>,
    /// It may go on beside other runs.
    pub parallel: bool,
    /// What must hold in its end.
    pub asserts: Vec<Condition>,
    /// Checkable objects that must fail.
    pub expect_failures: Vec<Expr>,
    /// Provider configurations of the module, by name and alias, and which of the test file they are.
    pub providers: Option<Vec<(Named, Named, Span)>>,
    /// What takes the place of objects and modules.
    pub overrides: Vec<Override>,
    /// It only brings the state up to date.
    pub refresh_only: bool,
    /// The real objects are read first.
    pub refresh: bool,
    /// Addresses of instances to replace, with their places.
    pub replace: Vec<(String, Span)>,
    /// Addresses to which it is limited, with their places.
    pub targets: Vec<(String, Span)>,
    /// The whole block.
    pub span: Span,
}

/// A provider configuration by name and alias.
pub type Named = (Str, Option<Str>);

/// A `mock_provider` block.
#[derive(Clone, Debug)]
pub struct MockProvider {
    /// Its name and alias.
    pub named: Named,
    /// A folder of further mocks.
    pub source: Option<String>,
    /// Values are known while planning already.
    pub during_plan: bool,
    /// What objects of some types are like.
    pub types: Vec<MockType>,
    /// What takes the place of objects and modules.
    pub overrides: Vec<Override>,
}

/// A `mock_resource` or `mock_data` block.
#[derive(Clone, Debug)]
pub struct MockType {
    /// It is about a data source.
    pub data: bool,
    /// The type.
    pub type_name: Str,
    /// What a provider would decide.
    pub defaults: Option<Expr>,
}

/// An `override_resource`, `override_data` or `override_module` block.
#[derive(Clone, Debug)]
pub struct Override {
    /// It is about a module.
    pub module: bool,
    /// It is about a data source.
    pub data: bool,
    /// The address of what is overridden, and its place.
    pub target: (String, Span),
    /// What a provider would decide, or the output values of the module.
    pub values: Option<Expr>,
    /// Whether values are known while planning already, if it is said.
    pub during_plan: Option<bool>,
}

impl TestFile {
    /// Reads the text of a file, in JSON if its path says so.
    pub fn read(source: SourceId, path: &str, text: &str, diags: &mut Diagnostics) -> Self {
        let mut found = Diagnostics::new();
        let body = match path.ends_with(".json") {
            true => json::parse_test(source, text, &mut found),
            false => syntax::parse(source, text, &mut found),
        };
        let outline: Vec<(Span, Arc<str>)> = body
            .blocks
            .iter()
            .map(|block| {
                let labels = block.labels.iter().map(|label| format!(" \"{}\"", label.text));
                (
                    block.header.to(block.body.span),
                    format!("{}{}", block.ty, labels.collect::<String>()).into(),
                )
            })
            .collect();
        let file = Reader { text, diags: &mut found }.file(body);
        let mut found: Vec<_> = found.into_iter().collect();
        found.sort_by_key(|problem| problem.span.map(|span| span.start));
        diags.extend(found.into_iter().map(|mut problem| {
            let inside = |span: &Span| {
                problem.span.is_some_and(|at| span.start < at.start && at.end <= span.end)
            };
            let around = outline.iter().find(|(span, _)| inside(span));
            problem.within = problem.within.or_else(|| around.map(|(_, header)| header.clone()));
            problem
        }));
        file
    }

    /// Reads a file of mocks, to be added to a `mock_provider` block.
    pub fn read_mocks(source: SourceId, text: &str, diags: &mut Diagnostics) -> MockProvider {
        let body = syntax::parse(source, text, diags);
        Reader { text, diags }.mock(Str::from(""), body)
    }
}

struct Reader<'a> {
    text: &'a str,
    diags: &'a mut Diagnostics,
}

impl Reader<'_> {
    fn file(&mut self, body: Body) -> TestFile {
        let mut body = FILE.read(body, self.diags);
        let mut file = TestFile::default();
        let (mut names, mut configured) = (BTreeSet::new(), BTreeSet::new());
        file.variables = self.variables(body.take_blocks("variables"), "test file");
        file.overrides = self.overrides(&body);
        let mut parallel = false;
        for block in body.blocks.iter().filter(|block| &*block.ty == "test") {
            let body = TEST.read(block.body.clone(), self.diags);
            parallel |= self.flag(&body, "parallel").unwrap_or_default();
        }
        for block in body.blocks {
            match &*block.ty {
                "provider" => {
                    let alias = block.body.attribute("alias").map(|alias| alias.expr.clone());
                    let alias = alias.and_then(|alias| Some(alias.as_literal()?.as_str()?.into()));
                    let named = (block.labels[0].text.clone(), alias);
                    self.provider_once(&mut configured, named, block.header);
                    file.providers.push(block);
                }
                "mock_provider" => {
                    let name = block.labels[0].text.clone();
                    let mock = self.mock(name, block.body);
                    self.provider_once(&mut configured, mock.named.clone(), block.header);
                    file.mocks.push(mock);
                }
                "run" => {
                    check_name(&block, 0, "Invalid run block name", self.diags);
                    let name = block.labels[0].text.clone();
                    if !names.insert(name.clone()) {
                        self.diags.push(diagnostics::duplicate_run(&name).at(block.header));
                    }
                    file.runs.push(self.run(name, block, parallel));
                }
                _ => {}
            }
        }
        file
    }

    fn provider_once(&mut self, known: &mut BTreeSet<Named>, named: Named, place: Span) {
        let name = named.0.clone();
        if !known.insert(named) {
            self.diags.push(diagnostics::duplicate_provider(&name).at(place));
        }
    }

    /// What a `variables` block sets; only one may be there.
    fn variables(&mut self, blocks: Vec<Block>, place: &str) -> Vec<Attribute> {
        let mut found = Vec::new();
        for block in self.only("variables", blocks, place) {
            if let Some(inner) = block.body.blocks.first() {
                let wrong = super::diagnostics::unexpected_block(&inner.ty);
                self.diags.push(wrong.at(inner.ty_span));
            }
            found.extend(block.body.attributes);
        }
        found
    }

    /// Blocks of which only one may be there; every other one is reported.
    fn only(&mut self, ty: &str, blocks: Vec<Block>, place: &str) -> Vec<Block> {
        for block in blocks.iter().skip(1) {
            self.diags.push(diagnostics::second_block(ty, place).at(block.header));
        }
        blocks
    }

    fn run(&mut self, name: Str, block: Block, parallel: bool) -> Run {
        let span = block.header.to(block.body.span);
        let mut body = RUN.read(block.body, self.diags);
        let plans = self.keyword(&mut body, "command", &["apply", "plan"], "apply or plan");
        let mut blocks = |ty: &str| body.take_blocks(ty);
        let (variables, asserts) = (blocks("variables"), blocks("assert"));
        let (modules, options) = (blocks("module"), blocks("plan_options"));
        let variables = self.variables(variables, "run block");
        let modules = self.only("module", modules, "run block");
        let options = self.only("plan_options", options, "run block");
        let overrides = self.overrides(&body);
        let asserts = asserts.iter().filter_map(|found| condition(found, self.diags)).collect();
        let mut source = None;
        for module in modules {
            let content = MODULE.read(module.body, self.diags);
            if content.attribute("source").is_none() {
                self.diags.push(diagnostics::no_source().at(module.header));
            }
            let found = content.attribute("source").and_then(|found| text(&found.expr, self.diags));
            source = found.map(|found| (found, module.header));
        }
        let mut run = Run {
            name,
            plans: plans == Some("plan"),
            variables,
            source,
            state_key: body.attribute("state_key").and_then(|key| text(&key.expr, self.diags)),
            parallel: self.flag(&body, "parallel").unwrap_or(parallel),
            asserts,
            expect_failures: self.checkable(&body),
            providers: self.providers(&body),
            overrides,
            refresh_only: false,
            refresh: true,
            replace: Vec::new(),
            targets: Vec::new(),
            span,
        };
        for block in options {
            self.plan_options(&mut run, block.body);
        }
        run
    }

    fn plan_options(&mut self, run: &mut Run, body: Body) {
        let mut body = PLAN_OPTIONS.read(body, self.diags);
        let modes = ["refresh-only", "normal"];
        let mode = self.keyword(&mut body, "mode", &modes, "normal or refresh-only");
        run.refresh_only = mode == Some("refresh-only");
        if let Some(refresh) = self.flag(&body, "refresh") {
            run.refresh = refresh;
            if run.refresh_only && !refresh {
                let place = body.attribute("refresh").map(|found| found.span);
                self.diags.push(diagnostics::refresh_only_without_refresh().at(place));
            }
        }
        if run.refresh_only
            && let Some(replace) = body.attribute("replace")
        {
            self.diags.push(diagnostics::refresh_only_with_replace().at(replace.span));
        }
        run.replace = self.addresses(&body, "replace");
        run.targets = self.addresses(&body, "target");
    }

    fn mock(&mut self, name: Str, body: Body) -> MockProvider {
        let mut body = MOCK.read(body, self.diags);
        let during = self.during(&mut body);
        let overrides = self.overrides(&body);
        let word = |reader: &mut Self, name: &str| {
            body.attribute(name).and_then(|found| text(&found.expr, reader.diags))
        };
        let alias = word(self, "alias").as_deref().map(Str::from);
        let source = word(self, "source");
        let mut types = Vec::new();
        let mut known = BTreeSet::new();
        for block in body.blocks.iter().filter(|block| block.ty.starts_with("mock_")) {
            let type_name = &block.labels[0].text;
            if !known.insert((block.ty.clone(), type_name.clone())) {
                let twice = diagnostics::duplicate_mock(&block.ty, type_name);
                self.diags.push(twice.at(block.header));
            }
            let content = MOCK_TYPE.read(block.body.clone(), self.diags);
            if let Some(defaults) = content.attribute("defaults") {
                constraint::constant(&defaults.expr, self.diags);
            }
            types.push(MockType {
                data: &*block.ty == "mock_data",
                type_name: block.labels[0].text.clone(),
                defaults: content.attribute("defaults").map(|found| found.expr.clone()),
            });
        }
        MockProvider {
            named: (name, alias),
            source,
            during_plan: during.unwrap_or_default(),
            types,
            overrides,
        }
    }

    fn overrides(&mut self, body: &Body) -> Vec<Override> {
        let mut found: Vec<Override> = Vec::new();
        for block in body.blocks.iter().filter(|block| OVERRIDES.contains(&&*block.ty)) {
            let module = &*block.ty == "override_module";
            let data = &*block.ty == "override_data";
            let (content, values) = match module {
                true => (&OVERRIDE_MODULE, "outputs"),
                false => (&OVERRIDE, "values"),
            };
            let mut content = content.read(block.body.clone(), self.diags);
            let during_plan = self.during(&mut content);
            let target = content.attribute("target");
            let Some((target, place)) = target.map(|found| (found.expr.clone(), found.span)) else {
                self.diags.push(diagnostics::no_override_target(&block.ty).at(block.header));
                continue;
            };
            let values_expr = content.attribute(values).map(|found| found.expr.clone());
            self.object(&content, values, &block.ty);
            if !self.is_reference(&target) {
                continue;
            }
            let address = self.address(&target);
            if let Some(wanted) = wrong_target(&address.0, module, data) {
                let wrong = diagnostics::override_target(wanted, &block.ty, &address.0);
                self.diags.push(wrong.at(place));
                continue;
            }
            if found.iter().any(|other| other.module == module && other.target.0 == address.0) {
                let twice = diagnostics::duplicate_override(&block.ty, &address.0);
                self.diags.push(twice.at(block.header));
                continue;
            }
            found.push(Override {
                module,
                data,
                target: (address.0, place),
                values: values_expr,
                during_plan,
            });
        }
        found
    }

    /// Whether `override_during` says that values are known while planning.
    fn during(&mut self, body: &mut Body) -> Option<bool> {
        let attribute = body.take_attribute("override_during")?;
        match attribute.expr.as_keyword() {
            Some("plan") => Some(true),
            Some("apply") => Some(false),
            _ => {
                self.diags.push(diagnostics::override_during().at(attribute.span));
                None
            }
        }
    }

    /// Which provider configurations of the file the module gets.
    fn providers(&mut self, body: &Body) -> Option<Vec<(Named, Named, Span)>> {
        let expr = &body.attribute("providers")?.expr;
        let (passed, _) = module_call::passed_providers(expr, self.diags);
        let passed = passed.into_iter();
        Some(passed.map(|(theirs, (name, alias, span))| (theirs, (name, alias), span)).collect())
    }

    /// What is expected to fail: references, also in quotes as old configurations have them.
    fn checkable(&mut self, body: &Body) -> Vec<Expr> {
        let items = self.items(body, "expect_failures");
        let mut found = Vec::new();
        for item in items {
            let quoted = unquoted(&item, self.diags).and_then(|_| {
                let value = item.as_literal()?;
                let place = (item.span(), self.text);
                syntax::parse_json_expr(value.as_str()?, place, &mut Diagnostics::new())
            });
            let item = quoted.unwrap_or(item);
            if self.is_reference(&item) {
                found.push(item);
            }
        }
        found
    }

    /// Whether an expression is words and steps; if it is not, that is reported.
    fn is_reference(&mut self, expr: &Expr) -> bool {
        let fits = expr.as_traversal().is_some();
        if !fits {
            self.diags.push(super::diagnostics::reference_needed().at(expr.span()));
        }
        fits
    }

    /// Reports a value that is no object, or that is not written out.
    fn object(&mut self, body: &Body, name: &str, block: &str) {
        let Some(expr) = body.attribute(name).map(|found| &found.expr) else { return };
        constraint::constant(expr, self.diags);
        if matches!(expr.kind(), Kind::Literal(_) | Kind::Tuple(_) | Kind::Template(_)) {
            self.diags.push(diagnostics::override_values(block, name).at(expr.span()));
        }
    }

    fn keyword<'k>(
        &mut self,
        body: &mut Body,
        name: &str,
        words: &[&'k str],
        shown: &str,
    ) -> Option<&'k str> {
        let attribute = body.take_attribute(name)?;
        let word = attribute.expr.as_keyword().unwrap_or_default();
        let found = words.iter().copied().find(|known| *known == word);
        if found.is_none() {
            self.diags.push(diagnostics::keyword(name, shown).at(attribute.expr.span()));
        }
        found
    }

    fn flag(&mut self, body: &Body, name: &str) -> Option<bool> {
        flag(&body.attribute(name)?.expr, self.diags)
    }

    fn items(&mut self, body: &Body, name: &str) -> Vec<Expr> {
        body.attribute(name).map(|found| list(&found.expr, self.diags).to_vec()).unwrap_or_default()
    }

    fn addresses(&mut self, body: &Body, name: &str) -> Vec<(String, Span)> {
        let items = self.items(body, name);
        let mut found = Vec::new();
        for item in &items {
            // Only for the warning: what is in quotes is an address all the same.
            unquoted(item, self.diags);
            found.push(self.address(item));
        }
        found
    }

    fn address(&self, expr: &Expr) -> (String, Span) {
        (self.text_at(expr.span()).trim_matches('"').to_owned(), expr.span())
    }

    fn text_at(&self, span: Span) -> &str {
        self.text.get(span.start as usize..span.end as usize).unwrap_or_default()
    }
}

/// What the target of an override should be, if it is something else.
fn wrong_target(address: &str, module: bool, data: bool) -> Option<&'static str> {
    let target: Target = address.parse().ok()?;
    let mode = target.resource.as_ref().map(|(resource, _)| resource.mode);
    match (module, data) {
        (true, _) => mode.is_some().then_some("modules"),
        (_, true) => (mode != Some(Mode::Data)).then_some("data sources"),
        _ => (mode != Some(Mode::Managed)).then_some("resources"),
    }
}
