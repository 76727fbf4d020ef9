//! The part `cloudformation`: what the handlers of every CloudFormation resource type take.
//!
//! Owns the choice of schemas and the files: `handlers.txt`, which a review reads; `handlers.packed`, which is the same
//! compressed; `names.txt`; `unknown.txt`, the permissions that IAM does not know, which are left out. What a permission
//! should have been called is in `permissions`. Never adds a permission that the schema does not name.

mod permissions;

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;

use serde_json::Value;

use self::permissions::{Corrections, cleaned};
use super::Files;
use super::known::KnownActions;
use super::operations::{self, Operations};
use super::packages::{SCHEMAS, Wheel};

/// The region whose schemas count. A type that it does not have is taken from the first region that has it.
const REGION: &str = "us-east-1";

/// The handlers of a schema, and the letters of their operations.
const HANDLERS: [(&str, char); 5] =
    [("create", 'c'), ("read", 'r'), ("update", 'u'), ("delete", 'd'), ("list", 'l')];

/// Makes the files of `data/cloudformation/` and the constants that say what they are made of.
pub(crate) fn generate() -> Result<Files, Box<dyn Error>> {
    let mut wheel = SCHEMAS.open()?;
    let known = KnownActions::read()?;
    let mut corrections = Corrections::read()?;
    let mut handlers = String::new();
    let mut names = String::new();
    let mut unknown = BTreeSet::new();
    for (name, schema) in schemas(&mut wheel)? {
        let schema = wheel.json(&format!("cfnlint/data/schemas/resources/{schema}.json"))?;
        let (operations, left_out) = clean(&schema, &known, &mut corrections);
        handlers.push_str(&operations::write(&name, &operations));
        names.push_str(&format!("{name}{}\n", if operations.is_empty() { " -" } else { "" }));
        unknown.extend(left_out.into_iter().map(|permission| format!("{permission} {name}\n")));
    }
    corrections.finish()?;
    Ok(Files::from([
        ("data/cloudformation/handlers.packed".to_owned(), operations::pack(&handlers)?),
        ("data/cloudformation/handlers.txt".to_owned(), handlers.into_bytes()),
        ("data/cloudformation/names.txt".to_owned(), names.into_bytes()),
        ("data/cloudformation/unknown.txt".to_owned(), unknown.into_iter().collect::<String>().into_bytes()),
        ("data/cloudformation/license.txt".to_owned(), notice(&mut wheel)?.into_bytes()),
        ("generated/cloudformation.rs".to_owned(), constants(&mut wheel)?.into_bytes()),
    ]))
}

/// The names of all types, without the `AWS::` that nearly all have.
pub(super) fn names() -> Result<BTreeSet<String>, Box<dyn Error>> {
    Ok(schemas(&mut SCHEMAS.open()?)?.into_keys().collect())
}

/// The types, without the `AWS::` that nearly all have, and which schema each has. The transform of serverless applications has no handlers and is not AWS's.
fn schemas(wheel: &mut Wheel) -> Result<BTreeMap<String, String>, Box<dyn Error>> {
    const FOLDER: &str = "cfnlint/data/schemas/providers/";
    let members = wheel.members()?;
    let regions: BTreeSet<&str> =
        members.iter().filter_map(|member| member.strip_prefix(FOLDER)?.strip_suffix(".json")).collect();
    let mut schemas = BTreeMap::new();
    for region in [REGION].into_iter().chain(regions).filter(|region| *region != "sam") {
        let types = wheel.json(&format!("{FOLDER}{region}.json"))?;
        for (name, schema) in types.as_object().into_iter().flatten() {
            let schema = schema.as_str().ok_or_else(|| format!("{region}: no schema of {name}"))?;
            let name = name.strip_prefix("AWS::").unwrap_or(name);
            schemas.entry(name.to_owned()).or_insert_with(|| schema.to_owned());
        }
    }
    Ok(schemas)
}

/// What a schema's handlers take, and the permissions that were left out because IAM does not know them. A handler of
/// which nothing is left is not known: that is other than taking nothing.
fn clean(
    schema: &Value,
    known: &KnownActions,
    corrections: &mut Corrections,
) -> (Operations, BTreeSet<String>) {
    let mut operations = Operations::new();
    let mut unknown = BTreeSet::new();
    for (handler, letter) in HANDLERS {
        let pointer = format!("/handlers/{handler}/permissions");
        let Some(permissions) = schema.pointer(&pointer).and_then(Value::as_array) else { continue };
        let mut actions = BTreeSet::new();
        let mut lost = BTreeSet::new();
        for permission in
            permissions.iter().filter_map(Value::as_str).filter(|permission| !permission.is_empty())
        {
            match cleaned(permission, known, corrections) {
                Some(spelled) => actions.extend(spelled),
                None => drop(lost.insert(permission.trim().to_owned())),
            }
        }
        if !actions.is_empty() || lost.is_empty() {
            operations.insert(letter, actions);
        }
        unknown.extend(lost);
    }
    (operations, unknown)
}

fn constants(wheel: &mut Wheel) -> Result<String, Box<dyn Error>> {
    let version = wheel.json("cfnlint/data/schemas/version.json")?;
    let date = version.get("schema_date").and_then(Value::as_str).ok_or("no date of the schemas")?;
    let date = date.split('T').next().unwrap_or_default();
    Ok(format!(
        "//! What `data/cloudformation` is made of, made by `cargo xtask catalog`. Never edited by hand.\n\n\
         pub(crate) const SOURCE: &str = \"{}\";\n\
         pub(crate) const DATE: &str = \"{date}\";\n",
        SCHEMAS.label(),
    ))
}

/// What the files are made of, and the license of that.
fn notice(wheel: &mut Wheel) -> Result<String, Box<dyn Error>> {
    let folder = format!("{}-{}.dist-info", SCHEMAS.name.replace('-', "_"), SCHEMAS.version);
    let license = wheel.text(&format!("{folder}/licenses/LICENSE"))?;
    let license = license.split("\ncfn-flip").next().unwrap_or_default();
    Ok(format!(
        "The files in this folder are made by `cargo xtask catalog` from the resource schemas in {},\n\
         published on the Python Package Index under the license below.\n\n{}\n",
        SCHEMAS.label(),
        license.trim_end()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn clean_one(handlers: Value) -> (Operations, BTreeSet<String>) {
        let known = KnownActions::of(&["sqs:CreateQueue", "sqs:TagQueue"]);
        clean(&json!({ "handlers": handlers }), &known, &mut Corrections::parse("").unwrap())
    }

    #[test]
    fn a_handler_that_takes_nothing_is_known_and_one_that_is_missing_is_not() {
        let (operations, unknown) = clean_one(
            json!({ "create": { "permissions": ["SQS:createQueue"] }, "update": { "permissions": [""] } }),
        );
        assert_eq!(operations.keys().collect::<String>(), "cu");
        assert_eq!(operations[&'c'], ["sqs:CreateQueue".to_owned()].into());
        assert!(operations[&'u'].is_empty() && unknown.is_empty());
    }

    #[test]
    fn a_handler_of_which_nothing_is_known_is_unknown() {
        let (operations, unknown) = clean_one(json!({ "read": { "permissions": ["sqs:Peek"] } }));
        assert!(operations.is_empty());
        assert_eq!(unknown, ["sqs:Peek".to_owned()].into());
    }
}
