//! The corpus: roles as people configure them, good ones and bad ones, and what the guard says of each.
//!
//! A case of `tests/guard/good` expects nothing, one of `tests/guard/bad` exactly the rules that it names.

use super::*;
use crate::home::Home;
use crate::permissions::{Held, Holder, Permissions, held};
use crate::task::Task;
use iam_policy::{Allowance, Document, Kind, Statement, parse};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use tfplug::path::Path;
use tfplug::schema::{Attr, Shape};
use tfplug::value::json::{Strictness, from_json, to_json};

const HOME: Home<'static> = Home { partition: "aws", account_id: "111122223333" };

/// A case of a file: what it is called, its roles, and the rules that it breaks.
struct Case {
    name: String,
    roles: Vec<Value>,
    expect: BTreeSet<String>,
}

fn text(value: &Value, key: &str) -> Option<String> {
    value.get(key).map(|text| text.as_str().unwrap_or_else(|| panic!("{key} is no text")).to_owned())
}

fn cases(folder: &str) -> Vec<Case> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/guard").join(folder);
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.iter().flat_map(|file| cases_of(file)).collect()
}

fn cases_of(file: &std::path::Path) -> Vec<Case> {
    let content = std::fs::read_to_string(file).unwrap();
    let Value::Array(all) =
        serde_json::from_str(&content).unwrap_or_else(|error| panic!("{file:?}: {error}"))
    else {
        panic!("{file:?} is no list of cases")
    };
    all.iter().map(|case| Case::read(case, file)).collect()
}

impl Case {
    fn read(case: &Value, file: &std::path::Path) -> Self {
        let known = ["name", "roles", "expect"];
        let keys = case.as_object().unwrap().keys();
        keys.for_each(|key| assert!(known.contains(&key.as_str()), "{file:?}: {key}"));
        let name = format!("{}: {}", file.file_name().unwrap().display(), text(case, "name").unwrap());
        let expect = case["expect"].as_array().unwrap_or_else(|| panic!("{name}: expect")).iter();
        let expect = expect.map(|rule| rule.as_str().unwrap().to_owned()).collect();
        Self { roles: case["roles"].as_array().unwrap().clone(), name, expect }
    }

    /// What the guard says of its roles.
    fn judge(&self) -> Diagnostics {
        let read: Vec<ReadRole> = self.roles.iter().map(|role| ReadRole::of(role, &self.name)).collect();
        let arns: Vec<String> = read.iter().map(ReadRole::arn).collect();
        let roles: Vec<Role<'_>> = read.iter().map(|role| role.role(&arns)).collect();
        judge(&roles, &Levels::default())
    }

    /// The rules that the guard finds broken, and what it says.
    fn judged(&self) -> (BTreeSet<String>, Diagnostics) {
        let found = self.judge();
        let rules = found.iter().map(|diagnostic| {
            let (_, after) = diagnostic.detail.split_once("the guard's rule `").unwrap();
            after.split('`').next().unwrap().to_owned()
        });
        (rules.collect(), found)
    }
}

/// A role of a case. Its account is 111122223333, its name `ci-` and its task, unless `name` says otherwise.
struct ReadRole {
    case: String,
    json: Map<String, Value>,
    task: Task,
    name: String,
    permissions: Option<Permissions>,
}

impl ReadRole {
    fn of(role: &Value, case: &str) -> Self {
        let known = [
            "task",
            "name",
            "trust",
            "inline_policies",
            "managed_policy_arns",
            "managed",
            "permissions_boundary",
            "permissions",
            "max_session_duration",
        ];
        let json = role.as_object().unwrap().clone();
        json.keys().for_each(|key| assert!(known.contains(&key.as_str()), "{case}: {key}"));
        let task =
            text(role, "task").and_then(|task| Task::named(&task)).unwrap_or_else(|| panic!("{case}: task"));
        let name = text(role, "name").unwrap_or_else(|| format!("ci-{}", task.name()));
        let permissions = json.get("permissions").map(|permissions| {
            let value = from_json(permissions, &Permissions::kind().ty(), Strictness::Lenient)
                .unwrap_or_else(|error| panic!("{case}: {error:?}"));
            assert_kept(permissions, &to_json(&value), case);
            Permissions::decode(&value, &Path::root()).unwrap_or_else(|error| panic!("{case}: {error:?}"))
        });
        Self { case: case.to_owned(), json, task, name, permissions }
    }

    fn arn(&self) -> String {
        format!("arn:aws:iam::111122223333:role/{}", self.name)
    }

    fn document(&self, json: &Value, kind: Kind) -> Document {
        parse(&json.to_string(), kind).unwrap_or_else(|error| panic!("{}: {error}", self.case))
    }

    fn policy(&self, name: &str, json: &Value, path: &Path) -> Policy {
        Policy::known(name, path.clone(), self.document(json, Kind::Identity))
    }

    fn managed(&self, arn: &str, path: &Path) -> Policy {
        let given = self.json.get("managed").and_then(|managed| managed.get(arn));
        given.map_or_else(|| Policy::managed(arn, path.clone()), |json| self.policy(arn, json, path))
    }

    /// What is declared, as the provider turns it into policies, beside what the case gives.
    fn held(&self, arns: &[String]) -> Option<Held> {
        let permissions = Attr::Known(self.permissions.clone()?);
        let boundary = self.json.get("permissions_boundary").and_then(Value::as_str);
        let siblings: Vec<String> = arns.iter().filter(|arn| **arn != self.arn()).cloned().collect();
        let holder = Holder {
            home: HOME,
            path: "/",
            name: Some(&self.name),
            name_pattern: self.name.clone(),
            permissions_boundary: boundary,
            attached: Vec::new(),
            siblings: &siblings,
        };
        let held = held(&permissions, Some(self.task), Some(&holder), &Path::attribute("permissions"));
        Some(held.unwrap_or_else(|found| panic!("{}: {found:?}", self.case)))
    }

    fn policies(&self, arns: &[String]) -> Vec<Policy> {
        let path = Path::attribute("permissions");
        let mut policies = Vec::new();
        if let Some(held) = self.held(arns) {
            let known = |text: &String| serde_json::from_str::<Value>(text).unwrap();
            for (name, text) in held.inline.into_known().unwrap() {
                policies.push(self.policy(&name, &known(text.known().unwrap()), &path));
            }
            let owned: BTreeMap<String, String> = held.owned.into_known().unwrap();
            policies.extend(owned.iter().map(|(name, text)| self.policy(name, &known(text), &path)));
            policies.extend(held.attached.into_known().unwrap().iter().map(|arn| self.managed(arn, &path)));
        }
        for (name, json) in self.json.get("inline_policies").and_then(Value::as_object).into_iter().flatten()
        {
            policies.push(self.policy(name, json, &path.join("inline_policies").key(name)));
        }
        let arns = self.json.get("managed_policy_arns").and_then(Value::as_array).into_iter().flatten();
        policies
            .extend(arns.map(|arn| self.managed(arn.as_str().unwrap(), &path.join("managed_policy_arns"))));
        policies
    }

    fn role(&self, arns: &[String]) -> Role<'_> {
        let boundary = self.json.get("permissions_boundary").map(|boundary| {
            let path = Path::attribute("permissions_boundary");
            match boundary.as_str() {
                Some(arn) => self.managed(arn, &path),
                None => self.policy("arn:aws:iam::111122223333:policy/boundary", boundary, &path),
            }
        });
        Role {
            task: self.task,
            name: &self.name,
            arn: self.arn(),
            home: HOME,
            trust: self.json.get("trust").map(|trust| self.document(trust, Kind::Trust)),
            trust_path: Path::attribute("trust"),
            policies: self.policies(arns),
            boundary,
            max_session_duration: self.json.get("max_session_duration").and_then(Value::as_i64),
            permissions: self.permissions.as_ref(),
            permissions_path: Path::attribute("permissions"),
        }
    }
}

/// Fails the test if a case has arguments that there are not.
fn assert_kept(given: &Value, kept: &Value, case: &str) {
    for (key, value) in given.as_object().into_iter().flatten() {
        let there = kept.get(key).unwrap_or_else(|| panic!("{case}: there is no argument {key}"));
        assert_kept(value, there, case);
    }
}

#[track_caller]
fn assert_all(cases: &[Case]) {
    let mut wrong = Vec::new();
    for case in cases {
        let (rules, found) = case.judged();
        if rules != case.expect {
            let said: Vec<String> = found
                .iter()
                .map(|one| format!("    {}: {}", one.summary, one.detail.replace('\n', " ")))
                .collect();
            wrong.push(format!(
                "{}\n  expected {:?}, found {rules:?}\n{}",
                case.name,
                case.expect,
                said.join("\n")
            ));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

#[test]
fn good_configurations_pass() {
    let cases = cases("good");
    assert!(cases.iter().all(|case| case.expect.is_empty()));
    assert_all(&cases);
}

#[test]
fn bad_configurations_fail_for_their_own_rule_and_no_other() {
    let cases = cases("bad");
    assert!(cases.iter().all(|case| case.expect.len() == 1));
    assert_all(&cases);
}

#[test]
fn names_of_cases_are_unique() {
    let all: Vec<Case> = ["good", "bad"].into_iter().flat_map(cases).collect();
    let names: BTreeSet<&str> = all.iter().map(|case| case.name.as_str()).collect();
    assert_eq!(names.len(), all.len());
}

#[test]
fn a_warning_silences_no_error() {
    let all = r#"{"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}"#;
    let document = parse(all, Kind::Identity).unwrap();
    let role = Role {
        task: Task::TerraformPlanner,
        name: "planner",
        arn: "arn:aws:iam::111122223333:role/planner".to_owned(),
        home: Home { partition: "aws", account_id: "111122223333" },
        trust: None,
        trust_path: Path::attribute("trust"),
        policies: vec![Policy::known("all", Path::attribute("permissions"), document)],
        boundary: None,
        max_session_duration: None,
        permissions: None,
        permissions_path: Path::attribute("permissions"),
    };
    for warned in [&["admin-access"][..], &["admin-access", "planner-can-escalate"]] {
        let levels = Levels::of(warned.iter().map(|rule| (*rule, "warn")), []);
        assert!(judge(std::slice::from_ref(&role), &levels).has_errors(), "{warned:?}");
    }
}

#[test]
fn a_rule_that_is_off_is_told_once() {
    let found = judge(&[], &Levels::of([("planner-can-write", "off")], []));
    let told: Vec<&str> = found.iter().map(|one| one.detail.as_str()).collect();
    assert_eq!(told, ["Nothing is looked for by `planner-can-write`, as `guard` says."]);
}

#[test]
fn what_cannot_be_told_within_the_bound_is_found_and_not_called_certain() {
    let document = Document::new([Statement::allow(["s3:PutObject"]).resource("*")]);
    let role = Role {
        task: Task::TerraformPlanner,
        name: "planner",
        arn: "arn:aws:iam::111122223333:role/planner".to_owned(),
        home: HOME,
        trust: None,
        trust_path: Path::attribute("trust"),
        policies: vec![Policy::known("own", Path::attribute("permissions"), document)],
        boundary: None,
        max_session_duration: None,
        permissions: None,
        permissions_path: Path::attribute("permissions"),
    };
    let says = |allowance: Allowance| {
        let judged = Judged::within(&role, std::slice::from_ref(&role), allowance);
        let mut found = Vec::new();
        (planner_can_write::RULE.find)(&judged, &mut found);
        found.into_iter().map(|one| one.what).collect::<Vec<_>>()
    };
    let certain = "Statement 1 of the policy `own` allows `s3:PutObject`.";
    assert_eq!(says(Allowance::new(1_000_000)), [certain]);
    let doubtful = "Statement 1 of the policy `own` may allow, for all that could be told, `s3:PutObject`.";
    assert_eq!(says(Allowance::new(0)), [doubtful]);
}
