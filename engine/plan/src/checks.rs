//! What became of the conditions that authors set: of variables, resources, outputs and `check` blocks.

use std::collections::BTreeMap;

use infra_addrs::{ConfigResource, InstanceKey, ModuleInstance, ModulePath, ResourceInstance};
use infra_lang::config::Config;
use infra_value::Str;
use serde_json::{Map, Value as Json, json};

/// Whether conditions hold.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Status {
    /// All do.
    Pass,
    /// That is not known yet.
    Unknown,
    /// One does not.
    Fail,
    /// One could not be evaluated.
    Error,
}

impl Status {
    fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Unknown => "unknown",
            Self::Error => "error",
            Self::Fail => "fail",
        }
    }

    /// Whether something does not hold, or could not be evaluated.
    pub fn has_failed(self) -> bool {
        self >= Self::Fail
    }
}

/// Something with conditions.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Checkable {
    /// A `check` block.
    Check(ModulePath, Str),
    /// An output value.
    Output(ModulePath, Str),
    /// A resource.
    Resource(ConfigResource),
    /// An input variable.
    Variable(ModulePath, Str),
}

impl std::fmt::Display for Checkable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (module, kind, name) = match self {
            Self::Resource(resource) => return write!(f, "{resource}"),
            Self::Check(module, name) => (module, "check", name),
            Self::Output(module, name) => (module, "output", name),
            Self::Variable(module, name) => (module, "var", name),
        };
        let dot = if module.is_root() { "" } else { "." };
        write!(f, "{module}{dot}{kind}.{name}")
    }
}

/// One instance of something with conditions.
type Object = (ModuleInstance, Option<InstanceKey>);

/// The status of an instance and the messages of the conditions that failed, in the order of their text.
type Found = (Status, Vec<String>);

/// The instances of something; nothing where it is not known yet which there are.
type Objects = BTreeMap<Object, Found>;

/// The results of all conditions of a configuration.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Checks(BTreeMap<Checkable, Option<Objects>>);

impl Checks {
    /// Nothing has been evaluated yet.
    pub fn new(config: &Config) -> Self {
        let mut all = BTreeMap::new();
        let mut add = |checkable| {
            all.insert(checkable, None);
        };
        for module in config.modules() {
            let path = &module.path;
            for name in module.checks.keys() {
                add(Checkable::Check(path.clone(), name.clone()));
            }
            for output in module.outputs.values().filter(|found| !found.preconditions.is_empty()) {
                add(Checkable::Output(path.clone(), output.name.clone()));
            }
            for variable in module.variables.values().filter(|found| !found.validations.is_empty())
            {
                add(Checkable::Variable(path.clone(), variable.name.clone()));
            }
            for resource in module.resources.values() {
                let lifecycle = &resource.lifecycle;
                if !lifecycle.preconditions.is_empty() || !lifecycle.postconditions.is_empty() {
                    let resource = resource.addr.clone();
                    add(Checkable::Resource(ConfigResource { module: path.clone(), resource }));
                }
            }
        }
        Self(all)
    }

    /// Nothing has been evaluated again after a plan, which knew which instances there are.
    pub fn again(config: &Config, plan: &Self) -> Self {
        let mut all = Self::new(config);
        for (of, _) in plan.0.iter().filter(|(_, objects)| objects.is_some()) {
            all.expanded(of);
        }
        all
    }

    /// Records a result. The worst result of an instance is its status.
    pub fn record(
        &mut self,
        of: Checkable,
        module: &ModuleInstance,
        key: Option<InstanceKey>,
        status: Status,
        messages: impl IntoIterator<Item = String>,
    ) {
        let objects = self.0.entry(of).or_default().get_or_insert_default();
        let found = objects.entry((module.clone(), key)).or_insert((Status::Pass, Vec::new()));
        found.0 = found.0.max(status);
        found.1.extend(messages);
        found.1.sort();
    }

    /// Records that it is known now which instances there are, if only that there are none.
    pub fn expanded(&mut self, of: &Checkable) {
        if let Some(objects) = self.0.get_mut(of) {
            objects.get_or_insert_default();
        }
    }

    /// Records that it stays unknown what was not judged again of all that a plan has.
    pub fn leave_open(&mut self, plan: &Self) {
        for (of, objects) in &plan.0 {
            let Some(found) = self.0.get_mut(of) else { continue };
            for object in objects.iter().flatten().map(|(object, _)| object) {
                let unknown = || (Status::Unknown, Vec::new());
                found.get_or_insert_default().entry(object.clone()).or_insert_with(unknown);
            }
        }
    }

    fn objects(&self, of: &Checkable) -> Option<&Objects> {
        self.0.get(of)?.as_ref()
    }

    /// Whether it is known which instances something has.
    pub fn is_known(&self, of: &Checkable) -> bool {
        self.objects(of).is_some()
    }

    /// Whether there is a result of something in a module instance.
    pub fn has(&self, of: &Checkable, module: &ModuleInstance) -> bool {
        self.objects(of).is_some_and(|objects| objects.contains_key(&(module.clone(), None)))
    }

    /// Whether something is known not to hold already.
    pub fn has_failed(&self, of: &Checkable, module: &ModuleInstance) -> bool {
        let found = self.objects(of).and_then(|objects| objects.get(&(module.clone(), None)));
        found.is_some_and(|(status, _)| status.has_failed())
    }

    /// What has conditions of which it is not known yet whether they hold.
    pub fn unknown(&self) -> impl Iterator<Item = &Checkable> {
        let unknown = |objects: &Option<Objects>| {
            objects.iter().flatten().any(|(_, (status, _))| *status == Status::Unknown)
        };
        self.0.iter().filter(move |(_, objects)| unknown(objects)).map(|(of, _)| of)
    }

    /// As plan JSON lists them; nothing if there are no conditions.
    pub fn to_plan(&self) -> Vec<Json> {
        let mut all: Vec<Json> = self.0.iter().map(|(of, objects)| entry(of, objects)).collect();
        all.sort_by_cached_key(|entry| entry["address"]["to_display"].as_str().map(str::to_owned));
        all
    }

    /// As the state keeps them: null if there are no conditions.
    pub fn to_state(&self) -> Json {
        if self.0.is_empty() {
            return Json::Null;
        }
        let entry = |(of, objects): (&Checkable, &Option<Objects>)| {
            let kind = match of {
                Checkable::Check(..) => "check",
                Checkable::Output(..) => "output",
                Checkable::Resource(_) => "resource",
                Checkable::Variable(..) => "var",
            };
            let objects_json: Vec<Json> = objects
                .iter()
                .flatten()
                .map(|(object, (status, messages))| {
                    let mut entry =
                        json!({ "object_addr": address(of, object), "status": status.name() });
                    if !messages.is_empty() {
                        entry["failure_messages"] = json!(messages);
                    }
                    entry
                })
                .collect();
            let list = if objects_json.is_empty() { Json::Null } else { Json::Array(objects_json) };
            json!({
                "object_kind": kind,
                "config_addr": of.to_string(),
                "status": together(objects.as_ref()).name(),
                "objects": list,
            })
        };
        self.0.iter().map(entry).collect()
    }

    /// What [`Checks::to_state`] or Terraform wrote. What cannot be read is left out.
    pub fn from_state(json: &Json) -> Self {
        Self(json.as_array().into_iter().flatten().filter_map(read).collect())
    }

    /// What [`Checks::to_file`] wrote.
    pub(crate) fn fill_from_file(&mut self, json: &Json) -> Option<()> {
        for (of, objects) in &mut self.0 {
            let Some(found) = json.get(of.to_string()).filter(|found| !found.is_null()) else {
                continue;
            };
            let objects = objects.get_or_insert_default();
            for object in found.as_array()? {
                let module = object.get(0)?.as_str()?.parse().ok()?;
                let key = match object.get(1)? {
                    Json::String(key) => Some(InstanceKey::String(key.as_str().into())),
                    Json::Number(index) => Some(InstanceKey::Int(index.as_i64()?)),
                    _ => None,
                };
                objects.insert((module, key), result(&object[2], &object[3])?);
            }
        }
        Some(())
    }

    /// All results, by address.
    pub(crate) fn to_file(&self) -> Json {
        let object = |((module, key), (status, messages)): (&Object, &Found)| {
            json!([module.to_string(), key_json(key), status.name(), messages])
        };
        let entry = |(of, objects): (&Checkable, &Option<Objects>)| {
            let objects = objects.as_ref().map(|objects| objects.iter().map(object).collect());
            (of.to_string(), objects.unwrap_or(Json::Null))
        };
        Json::Object(self.0.iter().map(entry).collect())
    }
}

/// A status and messages, as they are written.
fn result(status: &Json, messages: &Json) -> Option<Found> {
    let all = [Status::Pass, Status::Unknown, Status::Fail, Status::Error];
    let status = all.into_iter().find(|known| status == known.name())?;
    let messages = messages.as_array().into_iter().flatten();
    Some((status, messages.filter_map(|text| text.as_str().map(str::to_owned)).collect()))
}

/// An entry of a state.
fn read(entry: &Json) -> Option<(Checkable, Option<Objects>)> {
    let kind = entry["object_kind"].as_str()?;
    // The module, as it is written, and the name after the kind.
    let split = |addr: &'_ str| {
        let (module, name) = addr.rsplit_once(&format!("{kind}."))?;
        Some((module.trim_end_matches('.').to_owned(), Str::from(name)))
    };
    let addr = entry["config_addr"].as_str()?;
    let of = if kind == "resource" {
        Checkable::Resource(addr.parse().ok()?)
    } else {
        let (module, name) = split(addr)?;
        let module = module.parse().ok()?;
        match kind {
            "check" => Checkable::Check(module, name),
            "output" => Checkable::Output(module, name),
            "var" => Checkable::Variable(module, name),
            _ => return None,
        }
    };
    let object = |entry: &Json| {
        let addr = entry["object_addr"].as_str()?;
        let object = if kind == "resource" {
            let ResourceInstance { module, key, .. } = addr.parse().ok()?;
            (module, key)
        } else {
            (split(addr)?.0.parse().ok()?, None)
        };
        Some((object, result(&entry["status"], &entry["failure_messages"])?))
    };
    let objects: Objects =
        entry["objects"].as_array().into_iter().flatten().filter_map(object).collect();
    // Which instances there are is known of all but what was never looked at.
    let known = !objects.is_empty() || entry["status"] != Status::Unknown.name();
    Some((of, known.then_some(objects)))
}

fn key_json(key: &Option<InstanceKey>) -> Json {
    match key {
        None => Json::Null,
        Some(InstanceKey::Int(index)) => json!(index),
        Some(InstanceKey::String(key)) => json!(&**key),
    }
}

/// What instances together have: of none, nothing is wrong.
fn together(objects: Option<&Objects>) -> Status {
    let Some(objects) = objects else { return Status::Unknown };
    objects.values().map(|found| found.0).max().unwrap_or(Status::Pass)
}

fn address(of: &Checkable, (module, key): &Object) -> String {
    let (kind, name) = match of {
        Checkable::Resource(resource) => {
            return ResourceInstance {
                module: module.clone(),
                resource: resource.resource.clone(),
                key: key.clone(),
            }
            .to_string();
        }
        Checkable::Check(_, name) => ("check", name),
        Checkable::Output(_, name) => ("output", name),
        Checkable::Variable(_, name) => ("var", name),
    };
    let dot = if module.is_root() { "" } else { "." };
    format!("{module}{dot}{kind}.{name}")
}

fn entry(of: &Checkable, objects: &Option<Objects>) -> Json {
    let (module, kind, name) = match of {
        Checkable::Check(module, name) => (module, "check", name),
        Checkable::Output(module, name) => (module, "output_value", name),
        Checkable::Variable(module, name) => (module, "var", name),
        Checkable::Resource(found) => (&found.module, "resource", &found.resource.name),
    };
    let mut head = json!({ "kind": kind, "name": &**name, "to_display": of.to_string() });
    if !module.is_root() {
        head["module"] = json!(module.to_string());
    }
    if let Checkable::Resource(found) = of {
        let data = found.resource.mode == infra_addrs::Mode::Data;
        head["mode"] = json!(if data { "data" } else { "managed" });
        head["type"] = json!(&*found.resource.type_name);
    }
    let instances: Vec<Json> = objects
        .iter()
        .flatten()
        .map(|(object, (status, messages))| {
            let mut head = json!({ "to_display": address(of, object) });
            if !object.0.is_root() {
                head["module"] = json!(object.0.to_string());
            }
            if object.1.is_some() {
                head["instance_key"] = key_json(&object.1);
            }
            let mut entry = json!({ "address": head, "status": status.name() });
            if !messages.is_empty() {
                let problems = messages.iter().map(|message| json!({ "message": message }));
                entry["problems"] = Json::Array(problems.collect());
            }
            entry
        })
        .collect();
    let mut entry = Map::new();
    entry.insert("address".into(), head);
    entry.insert("status".into(), json!(together(objects.as_ref()).name()));
    if !instances.is_empty() {
        entry.insert("instances".into(), Json::Array(instances));
    }
    Json::Object(entry)
}
