//! The operations that the server is asked about: what to call, and which action on which resource it takes that for.
//!
//! Owns the words that the policies of a case are written in. The table is made by `tests/ground/choose_operations.py`.

use serde_json::{Value, json};

/// What operations are called on.
pub(super) const NAME: &str = "opinion";

/// The region that all calls go to.
pub(super) const REGION: &str = "us-east-1";

/// One line of the table.
pub(super) struct Operation {
    line: Value,
}

impl Operation {
    /// The whole table.
    pub(super) fn all() -> Vec<Self> {
        let table: Vec<Value> = serde_json::from_str(include_str!("operations.json")).unwrap();
        table.into_iter().map(|line| Self { line }).collect()
    }

    /// As boto3 calls it.
    pub(super) fn service(&self) -> &str {
        self.text("service")
    }

    /// `sqs SetQueueAttributes`, as boto3 calls it.
    pub(super) fn title(&self) -> String {
        format!("{} {}", self.service(), self.text("operation"))
    }

    /// `sqs:SetQueueAttributes`
    pub(super) fn action(&self) -> &str {
        self.text("action")
    }

    /// The call on the resource of that name.
    pub(super) fn call(&self, account: &str, name: &str) -> Value {
        let parameters = filled(&self.line["parameters"].to_string(), account, name);
        let parameters: Value = serde_json::from_str(&parameters).unwrap();
        json!({"service": self.service(), "operation": self.text("operation"), "parameters": parameters})
    }

    /// The ARN of the resource of that name, or `*`.
    pub(super) fn resource(&self, account: &str, name: &str) -> String {
        filled(self.text("resource"), account, name)
    }

    /// What the ARN begins with, whatever the name is; `None` if the operation is done to nothing that has a name.
    pub(super) fn stem(&self, account: &str) -> Option<String> {
        Some(filled(self.text("resource").strip_suffix("{name}")?, account, ""))
    }

    /// What the words in the policies of a case stand for when they are about this operation.
    pub(super) fn words(&self, account: &str) -> Vec<(&'static str, String)> {
        let action = self.action();
        let (service, verb) = action.split_once(':').unwrap();
        let stem = self.stem(account);
        let elsewhere = format!("arn:aws:{service}:{REGION}:{account}:elsewhere");
        let within = stem.as_ref().map_or_else(|| "*".to_owned(), |stem| format!("{stem}*"));
        let resource = self.resource(account, NAME);
        let begins = format!("{service}:{}", verb.split_at(3).0);
        let (but_one, _) = action.split_at(action.len() - 1);
        vec![
            ("anywhere", anywhere(&resource)),
            ("other", if service == "dynamodb" { "sqs" } else { "dynamodb" }.to_owned()),
            ("action?", format!("{but_one}?")),
            ("ends", verb.split_at(verb.len() - 3).1.to_owned()),
            ("BEGINS", begins.to_ascii_uppercase()),
            ("begins", begins),
            ("resource?", resource.replace(NAME, "opinio?")),
            ("RESOURCE", resource.replace(NAME, "Opinion")),
            ("resource", resource),
            ("within", within),
            ("stem", stem.unwrap_or_else(|| elsewhere.clone())),
            ("elsewhere", elsewhere),
            ("ACTION", action.to_ascii_uppercase()),
            ("service", service.to_owned()),
            ("action", action.to_owned()),
            ("account", account.to_owned()),
        ]
    }

    fn text(&self, field: &str) -> &str {
        self.line[field].as_str().unwrap()
    }
}

fn filled(template: &str, account: &str, name: &str) -> String {
    template.replace("{account}", account).replace("{name}", name)
}

/// The ARN in any region of any account.
fn anywhere(resource: &str) -> String {
    match resource.splitn(6, ':').collect::<Vec<_>>()[..] {
        [arn, partition, service, _, _, rest] => format!("{arn}:{partition}:{service}:*:*:{rest}"),
        _ => resource.to_owned(),
    }
}
