//! A plan in a file: a zip archive of the plan, the prior state, and the configuration with the files it read.

mod invocations;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufWriter, Cursor, Read as _, Write as _};
use std::sync::Arc;

use infra_diag::Diagnostics;
use infra_lang::config::variables::Inputs;
use infra_lang::config::{self, LoadOptions};
use infra_lang::files::{Files, Snapshot};
use infra_state::format;
use infra_value::{Data, Marks, Path, Step, Str, Type, Value, json};
use serde::ser::{Error as _, SerializeStruct as _};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value as Json, json};

use crate::{
    Action, Checks, DeferralReason, Deferred, Mode, OutputChange, Plan, Reason, ResourceChange,
};

/// The format of the file. Another number is refused.
const VERSION: u64 = 5;

/// The entries that have one change a line, so that they are never in memory as a whole.
const CHANGES: &str = "changes.jsonl";
const DRIFT: &str = "drift.jsonl";
const DEFERRED: &str = "deferred.jsonl";

/// The entry that has the actions to invoke, where there are any.
const ACTIONS: &str = "actions.json";

/// The bytes of a plan file.
///
/// # Errors
/// What cannot be written.
pub fn write(plan: &Plan) -> Result<Vec<u8>, String> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    // Plans are large and short-lived.
    let options = zip::write::SimpleFileOptions::default().compression_level(Some(1));
    let deferred: Vec<&ResourceChange> = plan.deferred.iter().map(|found| &found.change).collect();
    let entries = [
        (CHANGES, plan.changes.iter().collect()),
        (DRIFT, plan.drift.iter().collect()),
        (DEFERRED, deferred),
    ];
    for (name, changes) in entries {
        archive.start_file(name, options).map_err(|error| error.to_string())?;
        let mut lines = BufWriter::new(&mut archive);
        for change in changes {
            serde_json::to_writer(&mut lines, &WrittenChange::of(change)?)
                .map_err(|error| error.to_string())?;
            lines.write_all(b"\n").map_err(|error| error.to_string())?;
        }
        lines.flush().map_err(|error| error.to_string())?;
    }
    let mut add = |name: &str, bytes: &[u8]| {
        archive.start_file(name, options).map_err(|error| error.to_string())?;
        archive.write_all(bytes).map_err(|error| error.to_string())
    };
    add("plan.json", encode(plan)?.to_string().as_bytes())?;
    add("state.json", &format::write(&plan.prior))?;
    if !plan.invocations.is_empty() {
        add(ACTIONS, invocations::encode(&plan.invocations)?.to_string().as_bytes())?;
    }
    for source in plan
        .config
        .sources
        .iter()
        .filter(|source| source.path.ends_with(".tf") || source.path.ends_with(".json"))
    {
        add(&format!("config/{}", source.path), source.text.as_bytes())?;
    }
    let finished = archive.finish().map_err(|error| error.to_string())?;
    Ok(finished.into_inner())
}

/// Reads a plan file, and what there is to tell of the configuration in it. Files that functions ask for and that are not in
/// it are read from `disk`.
///
/// # Errors
/// Why the bytes are not a plan that can be applied.
pub fn read(bytes: &[u8], disk: Arc<dyn Files>) -> Result<(Plan, Diagnostics), String> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes))
        .map_err(|_| "This is not a plan that infra saved.".to_owned())?;
    let mut entries: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    for at in 0..archive.len() {
        let mut file =
            archive.by_index(at).map_err(|error| format!("The file is damaged: {error}."))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(|error| format!("The file is damaged: {error}."))?;
        let name =
            file.name().map_err(|error| format!("The file is damaged: {error}."))?.into_owned();
        entries.insert(name, bytes);
    }
    let Some(encoded) = entries.get("plan.json") else {
        return Err(match entries.contains_key("tfplan") {
            true => "This plan was saved by Terraform. Make one with infra plan -out.".to_owned(),
            false => "This is not a plan that infra saved.".to_owned(),
        });
    };
    let encoded: Json =
        json::read(encoded).map_err(|error| format!("The file is damaged: {error}."))?;
    match encoded.get("version").and_then(Json::as_u64) {
        Some(VERSION) => {}
        _ => {
            return Err(
                "The plan was saved by another version of infra. Make a new one.".to_owned()
            );
        }
    }
    let state = entries.get("state.json").ok_or("The file is damaged: it has no state.")?;
    let prior = format::parse(state).map_err(|error| error.to_string())?;
    let files: BTreeMap<String, Arc<[u8]>> = entries
        .iter()
        .filter_map(|(name, bytes)| {
            Some((name.strip_prefix("config/")?.to_owned(), bytes.as_slice().into()))
        })
        .collect();
    let layered: Arc<dyn Files> =
        Arc::new(Layered { snapshot: Snapshot { files, working_dir: disk.absolute("") }, disk });
    let variables =
        variables(&encoded, "variables").ok_or("The file is damaged: it has no variables.")?;
    let inputs = Inputs { values: variables.clone(), ..Inputs::default() };
    let workspace = encoded.get("workspace").and_then(Json::as_str).unwrap_or("default").to_owned();
    let options = LoadOptions { inputs, workspace, ..LoadOptions::default() };
    let (config, found) = config::load(layered, "", &options);
    if let Some(problem) = found.iter().find(|problem| problem.is_error()) {
        return Err(format!("The configuration in the plan cannot be read: {}.", problem.summary));
    }
    let changes = |name: &str| decode_changes(entries.get(name)?);
    changes(CHANGES)
        .zip(changes(DRIFT))
        .zip(changes(DEFERRED))
        .and_then(|changes| {
            let mut plan = decode(&encoded, changes, prior, config, variables)?;
            if let Some(actions) = entries.get(ACTIONS) {
                plan.invocations = invocations::decode(&json::read(actions).ok()?)?;
            }
            Some(plan)
        })
        .map(|plan| (plan, found))
        .ok_or_else(|| "The file is damaged: a change cannot be read.".to_owned())
}

/// The configuration of the plan first, other files from the disk.
#[derive(Debug)]
struct Layered {
    snapshot: Snapshot,
    disk: Arc<dyn Files>,
}

impl Files for Layered {
    fn read(&self, path: &str) -> std::io::Result<Arc<[u8]>> {
        self.snapshot.read(path).or_else(|_| self.disk.read(path))
    }
    fn list(&self, folder: &str) -> std::io::Result<Vec<String>> {
        self.snapshot.list(folder)
    }
    fn absolute(&self, path: &str) -> String {
        self.disk.absolute(path)
    }
    fn home(&self) -> Option<String> {
        self.disk.home()
    }
}

fn encode(plan: &Plan) -> Result<Json, String> {
    let mut outputs = Map::new();
    for (name, output) in &plan.outputs {
        let entry = json!({
            "action": output.action.to_string(),
            "before": stored(output.before.as_ref())?,
            "after": stored(output.after.as_ref())?,
            "sensitive": output.sensitive,
        });
        outputs.insert(name.to_string(), entry);
    }
    let values = |values: &BTreeMap<Str, Value>| -> Result<Map<String, Json>, String> {
        let kept = values.iter().filter(|(name, _)| !plan.ephemeral.contains(*name));
        kept.map(|(name, value)| Ok((name.to_string(), stored(Some(value))?))).collect()
    };
    let relevant = plan.relevant.iter();
    let relevant = relevant
        .map(|(addr, path)| Ok(json!([addr.to_string(), encode_path(path)?])))
        .collect::<Result<Vec<_>, String>>()?;
    let deferred = plan.deferred.iter();
    let deferred: Vec<Json> =
        deferred.map(|found| json!([found.address, found.reason.name()])).collect();
    let providers: Map<String, Json> =
        plan.providers.iter().map(|(addr, version)| (addr.to_string(), json!(version))).collect();
    Ok(json!({
        "version": VERSION,
        "mode": match plan.mode {
            Mode::Normal => "normal",
            Mode::Destroy => "destroy",
            Mode::RefreshOnly => "refresh-only",
        },
        "lineage": plan.based_on.0,
        "serial": plan.based_on.1,
        "workspace": plan.workspace,
        "timestamp": plan.timestamp,
        "targets": plan.targets,
        "checks": plan.checks.to_file(),
        "ephemeral": plan.ephemeral.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "relevant": relevant,
        "deferred": deferred,
        "errored": plan.errored,
        "state_changed": plan.state_changed,
        "variables": values(&plan.variables)?,
        "given": values(&plan.given)?,
        "providers": providers,
        "outputs": outputs,
    }))
}

#[derive(Serialize)]
struct WrittenChange<'a> {
    addr: String,
    deposed: Option<&'a str>,
    previous: Option<String>,
    provider: String,
    action: String,
    reason: Option<&'static str>,
    before: Option<WrittenValue>,
    after: Option<WrittenValue>,
    private: &'a [u8],
    replace: Vec<WrittenPath>,
    importing: Option<&'a str>,
    generated: Option<&'a str>,
    dependencies: Vec<String>,
    create_before_destroy: bool,
}

impl<'a> WrittenChange<'a> {
    fn of(change: &'a ResourceChange) -> Result<Self, String> {
        Ok(Self {
            addr: change.addr.to_string(),
            deposed: change.deposed.as_deref(),
            previous: change.previous_addr.as_ref().map(ToString::to_string),
            provider: change.provider.to_string(),
            action: change.action.to_string(),
            reason: change.reason.map(Reason::name),
            before: encode_value(change.before.as_ref())?,
            after: encode_value(change.after.as_ref())?,
            private: &change.private,
            replace: change.requires_replace.iter().map(encode_path).collect::<Result<_, _>>()?,
            importing: change.importing.as_deref(),
            generated: change.generated_config.as_deref(),
            dependencies: change.dependencies.iter().map(ToString::to_string).collect(),
            create_before_destroy: change.create_before_destroy,
        })
    }
}

struct WrittenValue {
    ty: Type,
    value: Value,
    /// Where, whether it is sensitive, and whether it is ephemeral.
    marks: Vec<(WrittenPath, bool, bool)>,
}

impl Serialize for WrittenValue {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut fields = to.serialize_struct("value", 3)?;
        fields.serialize_field("type", &self.ty)?;
        fields.serialize_field("value", &Part(&self.value, &self.ty))?;
        fields.serialize_field("marks", &self.marks)?;
        fields.end()
    }
}

type WrittenPath = Vec<WrittenStep>;

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum WrittenStep {
    Attr(Str),
    Index(Json),
}

/// A value with its type, and where it is marked.
fn encode_value(value: Option<&Value>) -> Result<Option<WrittenValue>, String> {
    let Some(value) = value else { return Ok(None) };
    let (value, marks) = value.unmarked_paths();
    let marks = marks
        .into_iter()
        .map(|(path, marks)| {
            let has = |mark| marks.contains(mark);
            Ok((encode_path(&path)?, has(Marks::SENSITIVE), has(Marks::EPHEMERAL)))
        })
        .collect::<Result<_, String>>()?;
    Ok(Some(WrittenValue { ty: value.ty(), value, marks }))
}

/// The same as JSON.
fn stored(value: Option<&Value>) -> Result<Json, String> {
    serde_json::to_value(encode_value(value)?).map_err(|error| error.to_string())
}

/// A part of a value whose type is known to the reader. What is unknown has a form that no known value of its type has:
/// an array where there could be an object, else an object.
struct Part<'a>(&'a Value, &'a Type);

impl Serialize for Part<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let Self(part, ty) = *self;
        let unknown = || json!({ "unknown": json::type_to_json(&part.ty()) });
        match (part.data(), ty) {
            (Data::Null(_), _) => to.serialize_none(),
            (Data::Unknown(..), Type::Map(_) | Type::Object(_)) => {
                [json::type_to_json(ty)].serialize(to)
            }
            (Data::Unknown(..), _) => unknown().serialize(to),
            (_, Type::Any) if !part.is_wholly_known() => unknown().serialize(to),
            (Data::String(text), Type::String) => to.serialize_str(text),
            (Data::List(_, items), Type::List(ty)) | (Data::Set(_, items), Type::Set(ty)) => {
                to.collect_seq(items.iter().map(|item| Part(item, ty)))
            }
            (Data::Tuple(items), Type::Tuple(types)) => {
                to.collect_seq(items.iter().zip(types.iter()).map(|(item, ty)| Part(item, ty)))
            }
            (Data::Map(_, items), Type::Map(ty)) => {
                to.collect_map(items.iter().map(|(key, item)| (key, Part(item, ty))))
            }
            (Data::Object(items), Type::Object(object)) => {
                let part = |(name, ty)| (name, items.get(name).map(|item| Part(item, ty)));
                to.collect_map(object.attributes.iter().map(part))
            }
            _ => json::to_json(part, ty).map_err(S::Error::custom)?.serialize(to),
        }
    }
}

/// The opposite of [`Part`].
fn decode_part(part: &Json, ty: &Type) -> Option<Value> {
    let unknown = |ty: &Json| Some(Value::unknown(json::type_from_json(ty)?));
    match (part, ty) {
        (Json::Null, _) => Some(Value::null(ty.clone())),
        (Json::Array(found), Type::Map(_) | Type::Object(_)) => unknown(found.first()?),
        (Json::Object(found), Type::Map(ty)) => {
            let items =
                found.iter().map(|(key, item)| Some((key.as_str(), decode_part(item, ty)?)));
            Some(Value::map((**ty).clone(), items.collect::<Option<Vec<_>>>()?))
        }
        (Json::Object(found), Type::Object(object)) => {
            let parts = object
                .attributes
                .iter()
                .map(|(name, ty)| Some((name.clone(), decode_part(found.get(&**name)?, ty)?)));
            Some(Value::object(parts.collect::<Option<Vec<_>>>()?))
        }
        (Json::Object(found), Type::Any) if found.len() > 1 => json::from_json(part, ty).ok(),
        (Json::Object(found), _) => unknown(found.get("unknown")?),
        (Json::Array(items), Type::List(ty)) => {
            let items = items.iter().map(|item| decode_part(item, ty));
            Some(Value::list((**ty).clone(), items.collect::<Option<Vec<_>>>()?))
        }
        (Json::Array(items), Type::Set(ty)) => {
            let items = items.iter().map(|item| decode_part(item, ty));
            Some(Value::set((**ty).clone(), items.collect::<Option<Vec<_>>>()?))
        }
        (Json::Array(items), Type::Tuple(types)) => {
            let items = items.iter().zip(types.iter()).map(|(item, ty)| decode_part(item, ty));
            Some(Value::tuple(items.collect::<Option<Vec<_>>>()?))
        }
        _ => json::from_json(part, ty).ok(),
    }
}

fn encode_path(path: &Path) -> Result<WrittenPath, String> {
    let step = |step: &Step| match step {
        Step::Attr(name) => Ok(WrittenStep::Attr(name.clone())),
        Step::Index(key) => json::to_json(key, &Type::Any)
            .map(WrittenStep::Index)
            .map_err(|error| error.to_string()),
    };
    path.0.iter().map(step).collect()
}

fn variables(json: &Json, key: &str) -> Option<BTreeMap<Str, Value>> {
    let stored = json.get(key)?.as_object()?.iter();
    stored.map(|(name, value)| Some((Str::from(name.as_str()), decode_value(value)??))).collect()
}

type Changes = Vec<ResourceChange>;

fn decode_changes(lines: &[u8]) -> Option<Changes> {
    let lines = std::str::from_utf8(lines).ok()?.lines();
    lines.map(|line| decode_change(&json::read(line.as_bytes()).ok()?)).collect()
}

fn decode(
    json: &Json,
    ((changes, drift), deferred): ((Changes, Changes), Changes),
    prior: infra_state::State,
    config: config::Config,
    assigned: BTreeMap<Str, Value>,
) -> Option<Plan> {
    let text = |name: &str| json.get(name).and_then(Json::as_str).unwrap_or_default().to_owned();
    let mut outputs = BTreeMap::new();
    for (name, output) in json.get("outputs")?.as_object()? {
        let change = OutputChange {
            action: decode_action(output.get("action")?.as_str()?)?,
            before: decode_value(output.get("before")?)?,
            after: decode_value(output.get("after")?)?,
            sensitive: output.get("sensitive")?.as_bool()?,
        };
        outputs.insert(Str::from(name.as_str()), change);
    }
    let mut providers = BTreeMap::new();
    for (name, version) in json.get("providers")?.as_object()? {
        providers.insert(name.parse().ok()?, version.as_str()?.to_owned());
    }
    let targets = json
        .get("targets")?
        .as_array()?
        .iter()
        .filter_map(|target| target.as_str().map(str::to_owned));
    let mut relevant = Vec::new();
    for entry in json.get("relevant")?.as_array()? {
        relevant.push((entry.get(0)?.as_str()?.parse().ok()?, decode_path(entry.get(1)?)?));
    }
    let named = json.get("deferred")?.as_array()?.iter().zip(deferred);
    let deferred = named.map(|(named, change)| {
        let reason = DeferralReason::from_name(named.get(1)?.as_str()?)?;
        Some(Deferred { address: named.get(0)?.as_str()?.to_owned(), reason, change })
    });
    let deferred = deferred.collect::<Option<_>>()?;
    let mut checks = Checks::new(&config);
    checks.fill_from_file(json.get("checks")?)?;
    let ephemeral = json.get("ephemeral")?.as_array()?.iter();
    let ephemeral = ephemeral.filter_map(|name| name.as_str().map(Str::from)).collect();
    Some(Plan {
        checks,
        ephemeral,
        mode: match json.get("mode")?.as_str()? {
            "normal" => Mode::Normal,
            "destroy" => Mode::Destroy,
            "refresh-only" => Mode::RefreshOnly,
            _ => return None,
        },
        changes,
        deferred,
        drift,
        invocations: Vec::new(),
        outputs,
        prior: Arc::new(prior),
        based_on: (text("lineage"), json.get("serial")?.as_u64()?),
        config: Arc::new(config),
        variables: assigned,
        given: variables(json, "given")?,
        workspace: text("workspace"),
        timestamp: text("timestamp"),
        providers,
        targets: targets.collect::<BTreeSet<_>>(),
        relevant,
        errored: json.get("errored")?.as_bool()?,
        state_changed: json.get("state_changed")?.as_bool()?,
    })
}

fn decode_change(json: &Json) -> Option<ResourceChange> {
    let text = |name: &str| json.get(name).and_then(Json::as_str);
    let private = json.get("private")?.as_array()?.iter();
    let dependencies = json.get("dependencies")?.as_array()?.iter();
    Some(ResourceChange {
        addr: text("addr")?.parse().ok()?,
        deposed: text("deposed").map(str::to_owned),
        previous_addr: text("previous").and_then(|addr| addr.parse().ok()),
        provider: text("provider")?.parse().ok()?,
        action: decode_action(text("action")?)?,
        reason: text("reason").and_then(Reason::from_name),
        before: decode_value(json.get("before")?)?,
        after: decode_value(json.get("after")?)?,
        private: private.map(|byte| u8::try_from(byte.as_u64()?).ok()).collect::<Option<_>>()?,
        requires_replace: json
            .get("replace")?
            .as_array()?
            .iter()
            .map(decode_path)
            .collect::<Option<_>>()?,
        importing: text("importing").map(str::to_owned),
        generated_config: text("generated").map(str::to_owned),
        dependencies: dependencies
            .map(|name| name.as_str()?.parse().ok())
            .collect::<Option<_>>()?,
        create_before_destroy: json.get("create_before_destroy")?.as_bool()?,
    })
}

fn decode_action(symbol: &str) -> Option<Action> {
    let all = [
        Action::NoOp,
        Action::Create,
        Action::Read,
        Action::Update,
        Action::DeleteThenCreate,
        Action::CreateThenDelete,
        Action::Delete,
        Action::Forget,
    ];
    all.into_iter().find(|action| action.to_string() == symbol)
}

#[expect(
    clippy::option_option,
    reason = "a missing value and a value that cannot be read are two things"
)]
fn decode_value(json: &Json) -> Option<Option<Value>> {
    if json.is_null() {
        return Some(None);
    }
    let ty = json::type_from_json(json.get("type")?)?;
    let value = decode_part(json.get("value")?, &ty)?;
    let mut marks = Vec::new();
    for entry in json.get("marks")?.as_array()? {
        let flag = |at: usize, mark: Marks| {
            if entry.get(at).and_then(Json::as_bool) == Some(true) { mark } else { Marks::NONE }
        };
        marks.push((
            decode_path(entry.get(0)?)?,
            flag(1, Marks::SENSITIVE) | flag(2, Marks::EPHEMERAL),
        ));
    }
    if marks.is_empty() {
        return Some(Some(value));
    }
    let value = value.transform(&mut |path, item| {
        let marks = marks.iter().filter(|(found, _)| found == path);
        marks.fold(item, |item, (_, marks)| item.marked(*marks))
    });
    Some(Some(value))
}

fn decode_path(json: &Json) -> Option<Path> {
    let step = |step: &Json| match step.get("attr") {
        Some(name) => Some(Step::Attr(name.as_str()?.into())),
        None => Some(Step::Index(json::from_json(step.get("index")?, &Type::Any).ok()?)),
    };
    Some(Path(json.as_array()?.iter().map(step).collect::<Option<_>>()?))
}

#[cfg(test)]
mod tests {
    use infra_lang::files::Disk;

    use super::*;

    /// A file with one entry, read as a plan.
    fn refusal(name: &str, text: &str) -> String {
        let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
        archive.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
        let bytes = archive.finish().unwrap().into_inner();
        let disk = Disk { working_dir: "/nowhere".into(), home: None };
        read(&bytes, Arc::new(disk)).err().unwrap()
    }

    #[test]
    fn plans_of_other_versions_and_tools_are_refused() {
        assert_eq!(
            refusal("plan.json", r#"{"version": 999}"#),
            "The plan was saved by another version of infra. Make a new one."
        );
        assert_eq!(
            refusal("tfplan", ""),
            "This plan was saved by Terraform. Make one with infra plan -out."
        );
        assert_eq!(refusal("other", ""), "This is not a plan that infra saved.");
        assert!(refusal("plan.json", "{").starts_with("The file is damaged"));
    }
}
