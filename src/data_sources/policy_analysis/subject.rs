//! What is analyzed: the policies as documents, and who is taken to hold them.
//!
//! Owns what is known of the caller. Never takes a policy for known whose content is not.

use super::State;
use crate::checks;
use iam_policy::{
    Caller, Context, Document, Kind, ParseError, PolicySet, Subject,
    catalog::{ManagedPolicy, managed_policy},
    parse,
};
use tfplug::diagnostics::Diagnostics;
use tfplug::schema::Attr;

/// What is analyzed.
pub(super) struct Judged {
    pub(super) policies: PolicySet,
    pub(super) subject: Subject,
    /// The AWS-managed policies among them.
    pub(super) managed: Vec<&'static ManagedPolicy>,
}

/// The policies of a configuration whose values have passed their checks.
pub(super) fn judged(config: &State) -> Result<Judged, Diagnostics> {
    let mut read = Read { policies: PolicySet::new(), managed: Vec::new(), account: None };
    for (index, text) in config.policies.known().into_iter().flatten().filter_map(Attr::known).enumerate() {
        let document = read.document(text)?;
        read.policies = read.policies.identity(format!("policies[{index}]"), &document);
    }
    let arns = config.managed_policy_arns.known().into_iter().flat_map(|arns| &arns.0);
    for arn in arns.filter_map(Attr::known) {
        let document = read.document(arn)?;
        read.policies = read.policies.identity(arn, &document);
    }
    if let Attr::Known(boundary) = &config.permissions_boundary {
        let document = read.document(boundary)?;
        read.policies = read.policies.boundary("permissions_boundary", &document);
    }
    let role = config.role_arn.known().cloned();
    Ok(Judged { subject: subject(role, read.account), policies: read.policies, managed: read.managed })
}

struct Read {
    policies: PolicySet,
    managed: Vec<&'static ManagedPolicy>,
    /// The first account that a resource names.
    account: Option<String>,
}

impl Read {
    /// The document that a text is, or that the AWS-managed policy of that ARN has.
    fn document(&mut self, text: &str) -> Result<Document, Diagnostics> {
        let wrong = |error: &dyn std::fmt::Display| {
            Diagnostics::error("A policy cannot be read", format!("{error}."))
        };
        let text = if is_arn(text) {
            let policy = managed_policy(text).map_err(|unknown| wrong(&unknown))?;
            self.managed.push(policy);
            policy.document()
        } else {
            text
        };
        let document = parse(text, Kind::Identity).map_err(|error| wrong(&error))?;
        let resources = document.statements.iter().filter_map(|statement| statement.resources.as_ref());
        let mut accounts = resources.flat_map(|scope| scope.inner()).filter_map(|arn| arn.split(':').nth(4));
        let account = accounts.find(|account| checks::account_id(account).is_ok()).map(str::to_owned);
        self.account = self.account.take().or(account);
        Ok(document)
    }
}

/// Who holds the policies. A role that is not known is taken for one in the account whose resources they name, for
/// there they suffice; nothing else that follows from its ARN is known then. What is in further accounts needs a policy
/// there too, so that it stays uncertain.
fn subject(role: Option<String>, account: Option<String>) -> Subject {
    if let Some(arn) = role {
        return Subject::new(Caller::Role { arn, session: None });
    }
    let account = account.unwrap_or_else(|| "111122223333".to_owned());
    let arn = format!("arn:aws:iam::{account}:role/unknown");
    let context = Context::partial().unknown("aws:PrincipalArn").unknown("aws:PrincipalAccount");
    Subject::new(Caller::Role { arn, session: None }).context(context)
}

fn is_arn(text: &str) -> bool {
    text.starts_with("arn:")
}

/// A document of an identity policy.
pub(super) fn identity_policy(text: &str) -> Result<(), String> {
    parse(text, Kind::Identity)
        .map(drop)
        .map_err(|error: ParseError| format!("IAM would refuse this as an identity policy: {error}."))
}

/// The ARN of a policy whose content is known.
pub(super) fn aws_managed(arn: &str) -> Result<(), String> {
    checks::policy_arn(arn)?;
    if !arn.contains(":iam::aws:policy/") {
        return Err(format!(
            "What the policy {arn:?} allows is not known here, since AWS does not manage it. Give its document in \
             `policies`."
        ));
    }
    managed_policy(arn)
        .map(drop)
        .map_err(|unknown| format!("{unknown}. If AWS has added it since, give its document in `policies`."))
}

/// Either of them.
pub(super) fn boundary(text: &str) -> Result<(), String> {
    if is_arn(text) { aws_managed(text) } else { identity_policy(text) }
}
