//! Whom a role trusts: sessions of one role assume another, of their own account and of a second one.
//!
//! Owns the form of `trust.json`: beside the caller's policies, `trust` is the policy of the role that is assumed, and
//! `external_id` what the caller gives as such.

use iam_policy::{Kind, Request, ResourcePolicy};
use serde_json::{Value, json};

use super::case::{Case, document, parsed};
use super::question::{Question, asked, caller, known, policies, tagged};

/// The role that asks.
const ASKING: &str = "asker";

/// The role that is to be assumed.
const TRUSTING: &str = "trusting";

/// Every case twice: with the role to assume in the caller's account, and in another one.
pub(super) fn questions(cases: &[Case], here: &str, there: &str) -> Vec<Question> {
    let both = [("in the same account", here), ("in another account", there)];
    let all = |(index, case)| both.map(|(place, account)| question(case, (here, account), (index, place)));
    cases.iter().enumerate().flat_map(all).collect()
}

fn question(case: &Case, (here, account): (&str, &str), (index, place): (usize, &str)) -> Question {
    let target = format!("arn:aws:iam::{account}:role/{TRUSTING}");
    let held = case.filled(&[
        ("account", here.to_owned()),
        ("role", ASKING.to_owned()),
        ("trusting", target.clone()),
    ]);
    let trust = document(held["trust"].clone());
    let set = policies(&held).resource("trust", &parsed(&trust, Kind::Trust), ResourcePolicy::Trust);

    let mut context = tagged(known(here), &held["tags"])
        .with("aws:ResourceAccount", [account])
        .with("sts:RoleSessionName", ["asked"]);
    let mut parameters = json!({"RoleArn": target, "RoleSessionName": "asked"});
    if let Some(id) = held["external_id"].as_str() {
        context = context.with("sts:ExternalId", [id]);
        parameters["ExternalId"] = id.into();
    }
    let call = json!({"service": "sts", "operation": "AssumeRole", "parameters": parameters});
    let mut asked: Value = asked(&held, ASKING, call);
    asked["trusting"] = json!({"role": TRUSTING, "account": account, "trust": trust});
    Question {
        case: index,
        title: format!("{}, {place}", case.name()),
        policies: set,
        request: Request::new(caller(here, ASKING), "sts:AssumeRole", target, context),
        asked,
    }
}
