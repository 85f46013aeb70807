use std::collections::BTreeSet;

use infra_value::json;
use serde_json::{Map, Value as Tree, json};

use crate::prelude::*;

/// A policy of IAM in JSON, made of statements and of other policies.
///
/// ```hcl
/// data "aws_iam_policy_document" "read" {
///   statement {
///     actions   = ["s3:GetObject"]
///     resources = ["${aws_s3_bucket.logs.arn}/*"]
///   }
/// }
/// ```
#[derive(Debug, Clone, Default, Resource)]
#[resource(data, name = "aws_iam_policy_document", checks = CHECKS)]
pub(crate) struct PolicyDocument {
    #[attr(computed)]
    id: Option<String>,
    /// The policy on many lines.
    json: Computed<String>,
    /// The policy on one line.
    minified_json: Computed<String>,
    #[attr(deprecated = "Use override_policy_documents instead.")]
    override_json: Option<String>,
    /// Policies whose statements take the place of those with the same `sid`.
    override_policy_documents: Option<Vec<String>>,
    policy_id: Option<String>,
    #[attr(deprecated = "Use source_policy_documents instead.")]
    source_json: Option<String>,
    /// Policies whose statements come first.
    source_policy_documents: Option<Vec<String>>,
    #[block]
    statement: Vec<Statement>,
    /// `2012-10-17` or `2008-10-17`.
    version: Option<String>,
}

/// What is allowed or denied.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct Statement {
    actions: Option<Set<String>>,
    /// `Allow` or `Deny`.
    effect: Option<String>,
    not_actions: Option<Set<String>>,
    not_resources: Option<Set<String>>,
    resources: Option<Set<String>>,
    /// What tells it from other statements.
    sid: Option<String>,
    #[block(set)]
    condition: Vec<Condition>,
    #[block(set)]
    not_principals: Vec<Principals>,
    #[block(set)]
    principals: Vec<Principals>,
}

/// When a statement holds.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct Condition {
    /// The operator, such as `StringLike`.
    test: String,
    values: Vec<String>,
    /// What is looked at, such as `aws:SourceIp`.
    variable: String,
}

/// For whom a statement is.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct Principals {
    identifiers: Set<String>,
    /// `AWS`, `Service`, `Federated`, or `*` for all.
    r#type: String,
}

const VERSION: &str = "2012-10-17";

impl Query for PolicyDocument {
    type Client = Aws;

    async fn read(_: &Aws, query: &Self) -> Result<Self> {
        let version = query.version.clone().unwrap_or_else(|| VERSION.to_owned());
        let listed = |texts: &Option<Vec<String>>| texts.clone().unwrap_or_default();
        let mut merged = Document::default();
        for (number, text) in query.source_json.iter().enumerate() {
            merged.merge(Document::parse(text, "source", number)?);
        }
        let mut known = BTreeSet::new();
        for (number, text) in listed(&query.source_policy_documents).iter().enumerate() {
            let source = Document::parse(text, "source", number)?;
            for (at, sid) in source.statements.iter().map(sid).enumerate() {
                if !sid.is_empty() && !known.insert(sid.to_owned()) {
                    return Err(failed(&format!(
                        "merging source document {number}: duplicate Sid ({sid}) in source_policy_documents (statement \
                         {at}). Remove the Sid or ensure Sids are unique."
                    )));
                }
            }
            merged.merge(source);
        }
        merged.merge(query.own(&version)?);
        let overriding = query.override_json.clone().into_iter();
        let overriding = overriding.chain(listed(&query.override_policy_documents));
        for (number, text) in overriding.enumerate() {
            merged.merge(Document::parse(&text, "override", number)?);
        }
        let tree = merged.tree();
        let text = json::pretty(&tree).trim_end().to_owned();
        let filled = |set: &Option<Set<String>>| Some(set.clone().unwrap_or_default());
        let statement = query.statement.iter().cloned().map(|statement| Statement {
            actions: filled(&statement.actions),
            effect: Some(effect(&statement)),
            not_actions: filled(&statement.not_actions),
            not_resources: filled(&statement.not_resources),
            resources: filled(&statement.resources),
            sid: Some(statement.sid.clone().unwrap_or_default()),
            ..statement
        });
        Ok(Self {
            id: Some(crc32fast::hash(text.as_bytes()).to_string()),
            json: text.into(),
            minified_json: json::compact(&tree).into(),
            statement: statement.collect(),
            version: Some(version),
            ..query.clone()
        })
    }
}

impl PolicyDocument {
    /// What the blocks say.
    fn own(&self, version: &str) -> Result<Document> {
        let mut known = BTreeSet::new();
        let mut statements = Vec::new();
        for statement in &self.statement {
            let sid = statement.sid.clone().unwrap_or_default();
            if !sid.is_empty() && !known.insert(sid.clone()) {
                return Err(failed(&format!(
                    "duplicate Sid ({sid}). Remove the Sid or ensure the Sid is unique."
                )));
            }
            statements.push(statement.tree(version)?);
        }
        Ok(Document { version: version.to_owned(), id: self.policy_id.clone(), statements })
    }
}

fn failed(why: &str) -> Error {
    Error::new("").summary(format!("writing IAM Policy Document: {why}"))
}

fn effect(statement: &Statement) -> String {
    statement.effect.clone().unwrap_or_else(|| "Allow".to_owned())
}

fn sid(statement: &Map<String, Tree>) -> &str {
    statement.get("Sid").and_then(Tree::as_str).unwrap_or_default()
}

impl Statement {
    fn tree(&self, version: &str) -> Result<Map<String, Tree>> {
        let mut out = Map::new();
        let sid = self.sid.iter().filter(|sid| !sid.is_empty());
        out.extend(sid.map(|sid| ("Sid".to_owned(), json!(sid))));
        out.insert("Effect".to_owned(), json!(effect(self)));
        let lists = [
            ("Action", &self.actions, None),
            ("NotAction", &self.not_actions, None),
            ("Resource", &self.resources, Some("resources")),
            ("NotResource", &self.not_resources, Some("not_resources")),
        ];
        for (name, texts, with_variables) in lists {
            let texts = texts.iter().flat_map(|texts| texts.iter().cloned());
            let texts = match with_variables {
                Some(argument) => variables(argument, texts, version)?,
                None => texts.collect(),
            };
            if !texts.is_empty() {
                out.insert(name.to_owned(), one_or_many(backwards(texts)));
            }
        }
        let who = [
            ("Principal", "principals", &self.principals),
            ("NotPrincipal", "not_principals", &self.not_principals),
        ];
        for (name, argument, principals) in who.into_iter().filter(|(.., who)| !who.is_empty()) {
            out.insert(name.to_owned(), all_principals(argument, principals, version)?);
        }
        let mut conditions: BTreeMap<&str, BTreeMap<&str, Vec<String>>> = BTreeMap::new();
        for Condition { test, values, variable } in &self.condition {
            let values = variables("condition", values.iter().cloned(), version)?;
            conditions.entry(test).or_default().entry(variable).or_default().extend(values);
        }
        if !conditions.is_empty() {
            let tests = conditions.into_iter().map(|(test, looked_at)| {
                let looked_at = looked_at.into_iter();
                let looked_at: Map<String, Tree> = looked_at
                    .map(|(variable, values)| (variable.to_owned(), one_or_many(values)))
                    .collect();
                (test.to_owned(), Tree::Object(looked_at))
            });
            out.insert("Condition".to_owned(), Tree::Object(tests.collect()));
        }
        Ok(out)
    }
}

fn all_principals(argument: &str, principals: &[Principals], version: &str) -> Result<Tree> {
    let is_all = |only: &Principals| only.r#type == "*" && *only.identifiers == ["*"];
    if let [only] = principals
        && is_all(only)
    {
        return Ok(json!("*"));
    }
    let mut by_type: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for Principals { identifiers, r#type } in principals {
        let found = variables(argument, identifiers.iter().cloned(), version)?;
        by_type.entry(r#type).or_default().extend(backwards(found));
    }
    let by_type = by_type.into_iter();
    Ok(Tree::Object(by_type.map(|(name, found)| (name.to_owned(), one_or_many(found))).collect()))
}

/// As the provider writes them: sorted from behind.
fn backwards(mut texts: Vec<String>) -> Vec<String> {
    texts.sort_unstable_by(|one, other| other.cmp(one));
    texts
}

fn one_or_many(texts: Vec<String>) -> Tree {
    match texts.as_slice() {
        [only] => json!(only),
        texts => json!(texts),
    }
}

/// Variables of policies, which are written `&{...}` so that they are no templates.
fn variables(
    argument: &str,
    texts: impl IntoIterator<Item = String>,
    version: &str,
) -> Result<Vec<String>> {
    let replaced = texts.into_iter().map(|text| match text.contains("&{") {
        true if version == "2008-10-17" => Err(Error::new("").summary(format!(
            "reading {argument}: found &{{ sequence in ({text}), which is not supported in document version {version}"
        ))),
        _ => Ok(text.replace("&{", "${")),
    });
    replaced.collect()
}

/// A policy: its statements are objects in the order of the provider.
#[derive(Default)]
struct Document {
    version: String,
    id: Option<String>,
    statements: Vec<Map<String, Tree>>,
}

const ORDER: [&str; 9] = [
    "Sid",
    "Effect",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Principal",
    "NotPrincipal",
    "Condition",
];

impl Document {
    /// A policy in JSON; an empty text is one without statements.
    fn parse(text: &str, what: &str, number: usize) -> Result<Self> {
        if text.is_empty() {
            return Ok(Self::default());
        }
        let wrong = |why: String| failed(&format!("merging {what} document {number}: {why}"));
        let tree: Tree = serde_json::from_str(text).map_err(|error| wrong(error.to_string()))?;
        let text_of = |name: &str| tree.get(name).and_then(Tree::as_str).map(str::to_owned);
        let statements = match tree.get("Statement") {
            None | Some(Tree::Null) => Vec::new(),
            Some(Tree::Array(statements)) => statements.clone(),
            Some(_) => return Err(wrong("Statement is not a list".to_owned())),
        };
        let ordered = |statement: Tree| match statement {
            Tree::Object(mut found) => {
                let known =
                    ORDER.iter().filter_map(|name| found.remove(*name).map(|value| (name, value)));
                let known = known.filter(|(_, value)| !value.is_null());
                Ok(known.map(|(name, value)| ((*name).to_owned(), value)).collect())
            }
            _ => Err(wrong("a statement is not an object".to_owned())),
        };
        let statements = statements.into_iter().map(ordered).collect::<Result<_>>()?;
        let version = text_of("Version").unwrap_or_default();
        Ok(Self { version, id: text_of("Id"), statements })
    }

    /// Takes in another policy: statements with the `Sid` of one that is there take its place.
    fn merge(&mut self, other: Self) {
        if !other.version.is_empty() {
            self.version = other.version;
        }
        if other.id.as_ref().is_some_and(|id| !id.is_empty()) {
            self.id = other.id;
        }
        for statement in other.statements {
            let same = |found: &&mut Map<String, Tree>| {
                !sid(&statement).is_empty() && sid(found) == sid(&statement)
            };
            match self.statements.iter_mut().find(same) {
                Some(found) => *found = statement,
                None => self.statements.push(statement),
            }
        }
    }

    fn tree(self) -> Tree {
        let mut out = Map::new();
        if !self.version.is_empty() {
            out.insert("Version".to_owned(), json!(self.version));
        }
        out.extend(self.id.filter(|id| !id.is_empty()).map(|id| ("Id".to_owned(), json!(id))));
        if !self.statements.is_empty() {
            let statements = self.statements.into_iter().map(Tree::Object);
            out.insert("Statement".to_owned(), statements.collect());
        }
        Tree::Object(out)
    }
}

/// What the arguments must be.
const CHECKS: &[Check] = &[
    one_of("statement.effect", &["Allow", "Deny"]).in_block(),
    one_of("version", &["2008-10-17", "2012-10-17"]),
    fits("override_json", shapes::json),
    fits("override_policy_documents", shapes::json),
    fits("source_json", shapes::json),
    fits("source_policy_documents", shapes::json),
];
