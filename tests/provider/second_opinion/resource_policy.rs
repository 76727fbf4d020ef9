//! Resources with a policy of their own: of the caller's account, and of another one.
//!
//! Owns how such a resource is made, and the form of `resource_policies.json`: beside the caller's policies, `policy` is
//! that of the resource.

use iam_policy::{Kind, Request, ResourcePolicy};
use serde_json::{Value, json};

use super::case::{Case, document, parsed};
use super::operation::REGION;
use super::question::{Question, asked, caller, known, policies};

/// A kind of resource with a policy.
struct Guarded {
    service: &'static str,
    /// Every occurrence of `{account}` is the owner, of `{name}` the name, which nobody else has.
    arn: &'static str,
    make: Vec<(&'static str, Value)>,
    /// Puts the policy, `{policy}`.
    guard: (&'static str, Value),
    action: &'static str,
    /// An action of the same service that the call does not need.
    other: &'static str,
    call: (&'static str, Value),
}

fn guarded() -> [Guarded; 3] {
    let queue = json!("http://127.0.0.1/{account}/{name}");
    let topic = json!("arn:aws:sns:{region}:{account}:{name}");
    [
        Guarded {
            service: "s3",
            arn: "arn:aws:s3:::{name}",
            // A new bucket refuses policies that let everybody in.
            make: vec![
                ("CreateBucket", json!({"Bucket": "{name}"})),
                ("DeletePublicAccessBlock", json!({"Bucket": "{name}"})),
            ],
            guard: ("PutBucketPolicy", json!({"Bucket": "{name}", "Policy": "{policy}"})),
            action: "s3:GetBucketTagging",
            other: "s3:GetBucketLocation",
            call: ("GetBucketTagging", json!({"Bucket": "{name}"})),
        },
        Guarded {
            service: "sns",
            arn: "arn:aws:sns:{region}:{account}:{name}",
            make: vec![("CreateTopic", json!({"Name": "{name}"}))],
            guard: (
                "SetTopicAttributes",
                json!({"TopicArn": topic, "AttributeName": "Policy", "AttributeValue": "{policy}"}),
            ),
            action: "sns:GetTopicAttributes",
            other: "sns:Publish",
            call: ("GetTopicAttributes", json!({"TopicArn": topic})),
        },
        Guarded {
            service: "sqs",
            arn: "arn:aws:sqs:{region}:{account}:{name}",
            make: vec![("CreateQueue", json!({"QueueName": "{name}"}))],
            guard: ("SetQueueAttributes", json!({"QueueUrl": queue, "Attributes": {"Policy": "{policy}"}})),
            action: "sqs:GetQueueAttributes",
            other: "sqs:SendMessage",
            call: ("GetQueueAttributes", json!({"QueueUrl": queue, "AttributeNames": ["All"]})),
        },
    ]
}

/// Every case on every kind of resource twice: with the resource in the caller's account, and in another one.
pub(super) fn questions(cases: &[Case], here: &str, there: &str) -> Vec<Question> {
    let mut questions = Vec::new();
    for resource in guarded() {
        for (place, owner) in [("in the same account", here), ("in another account", there)] {
            let ask = |(index, case)| resource.question(case, (here, owner), (index, place));
            questions.extend(cases.iter().enumerate().map(ask));
        }
    }
    questions
}

impl Guarded {
    fn question(&self, case: &Case, (here, owner): (&str, &str), (index, place): (usize, &str)) -> Question {
        let role = format!("asker-{}", self.service);
        let arn = filled(&json!(self.arn), owner, "");
        let arn = arn.as_str().unwrap().to_owned();
        let held = case.filled(&[
            ("account", here.to_owned()),
            ("role", role.clone()),
            ("resource", arn.clone()),
            ("service", self.service.to_owned()),
            ("action", self.action.to_owned()),
            ("other", self.other.to_owned()),
        ]);
        let policy = document(held["policy"].clone());
        let call = |(operation, parameters): &(&str, Value)| {
            let parameters = filled(parameters, owner, &policy.to_string());
            json!({"service": self.service, "operation": operation, "parameters": parameters})
        };
        let mut asked = asked(&held, &role, call(&self.call));
        let before: Vec<Value> = self.make.iter().chain([&self.guard]).map(call).collect();
        asked["before"] = json!({"account": owner, "calls": before});
        let set = policies(&held).resource("policy", &parsed(&policy, Kind::Resource), ResourcePolicy::Other);
        let context = known(here).with("aws:ResourceAccount", [owner]);
        Question {
            case: index,
            title: format!("{}, {}, {place}", self.service, case.name()),
            policies: set,
            request: Request::new(caller(here, &role), self.action, arn, context),
            asked,
        }
    }
}

/// The value with its words filled. The name is one that no other account has, as the names of buckets want it.
fn filled(value: &Value, owner: &str, policy: &str) -> Value {
    match value {
        Value::String(text) if text == "{policy}" => policy.into(),
        Value::String(text) => {
            let name = format!("opinion-{owner}");
            text.replace("{name}", &name).replace("{account}", owner).replace("{region}", REGION).into()
        }
        Value::Object(members) => {
            members.iter().map(|(key, member)| (key.clone(), filled(member, owner, policy))).collect()
        }
        Value::Array(items) => items.iter().map(|item| filled(item, owner, policy)).collect(),
        other => other.clone(),
    }
}
