//! Trust in AWS services, guarded against the confused deputy.
//!
//! Source: IAM user guide, "The confused deputy problem"; Amazon ECS developer guide, "Task IAM role".

use crate::home::Home;
use iam_policy::{Arn, PrincipalKind, Statement};
use tfplug::diagnostics::{Diagnostic, Diagnostics};
use tfplug::object;
use tfplug::path::Path;
use tfplug::schema::{Attr, Set, optional, required};

/// The service that runs tasks of containers.
const ECS_TASKS: &str = "ecs-tasks.amazonaws.com";

/// Services that assume roles without saying for whom: a condition on the source would never match. Amazon EC2 gives
/// a role to the instances of the account that launched them with it, which took `iam:PassRole`.
const WITHOUT_SOURCE: &[&str] =
    &["cloudtrail.amazonaws.com", "ec2.amazonaws.com", "elastictranscoder.amazonaws.com"];

object! {
    /// An AWS service that may assume the role for what it runs.
    pub struct ServiceTrust {
        /// Service principal, such as `ecs-tasks.amazonaws.com` or `codebuild.amazonaws.com`.
        pub service: String = required().check(service_principal),
        /// Account for whose things the service may act. Defaults to the role's own account, except for services that do not say for whom they act, such as `ec2.amazonaws.com`. `*` leaves the condition out, for other such services.
        pub source_account: String = optional().check(source_account),
        /// ARNs of the things for which the service may act; `*` is a wildcard. For `ecs-tasks.amazonaws.com` the default is everything of ECS in the source account.
        pub source_arns: Set<String> = optional().check_each(source_arn),
    }
}

fn service_principal(text: &str) -> Result<(), String> {
    let label = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    };
    let named = text.strip_suffix(".amazonaws.com").or_else(|| text.strip_suffix(".amazonaws.com.cn"));
    match named.is_some_and(|name| name.split('.').all(label)) {
        true => Ok(()),
        false => Err(format!(
            "A service principal looks like `ecs-tasks.amazonaws.com`, in lower case; found {text:?}."
        )),
    }
}

fn source_account(text: &str) -> Result<(), String> {
    if text == "*" { Ok(()) } else { crate::checks::account_id(text) }
}

fn source_arn(text: &str) -> Result<(), String> {
    match Arn::parse(text) {
        Ok(_) => Ok(()),
        Err(error) => Err(format!("{text:?} is not an ARN: {error}.")),
    }
}

fn source_arns(entry: &ServiceTrust) -> impl Iterator<Item = &String> {
    entry.source_arns.known().into_iter().flat_map(|set| &set.0).filter_map(Attr::known)
}

fn is_ecs(entry: &ServiceTrust) -> bool {
    entry.service.known().is_some_and(|service| service == ECS_TASKS)
}

pub(super) fn validate(entry: &ServiceTrust, path: &Path, found: &mut Diagnostics) {
    let clusters = source_arns(entry).filter(|arn| arn.contains(":cluster/"));
    for arn in clusters.filter(|_| is_ecs(entry)) {
        let detail = format!(
            "ECS does not say for which cluster it assumes a task role, so {arn:?} would never match and the role \
             could not be assumed. Leave `source_arns` out for everything of ECS in the account, or write \
             `arn:aws:ecs:<region>:<account>:*` to bind a region."
        );
        found.push(Diagnostic::error("A cluster cannot be a source", detail).at(path.join("source_arns")));
    }
}

pub(super) fn statement(entry: &ServiceTrust, home: Home<'_>) -> Statement {
    let service = entry.service.known().map(String::as_str).unwrap_or_default();
    let mut statement = Statement::allow(["sts:AssumeRole"]).principal(PrincipalKind::Service, service);
    let account = entry.source_account.known().map_or_else(|| default_account(service, home), String::as_str);
    if account != "*" {
        statement = statement.condition("StringEquals", "aws:SourceAccount", [account]);
    }
    let mut arns: Vec<String> = source_arns(entry).cloned().collect();
    if arns.is_empty() && is_ecs(entry) && account != "*" {
        arns.push(format!("arn:{}:ecs:*:{account}:*", home.partition));
    }
    if !arns.is_empty() {
        statement = statement.condition("ArnLike", "aws:SourceArn", arns.iter().map(String::as_str));
    }
    statement
}

/// Whether a service assumes roles without saying for whom, so that a condition on the source is never met.
#[must_use]
pub fn acts_without_source(service: &str) -> bool {
    WITHOUT_SOURCE.contains(&service)
}

fn default_account<'a>(service: &str, home: Home<'a>) -> &'a str {
    if acts_without_source(service) { "*" } else { home.account_id }
}

pub(super) fn summary(entry: &ServiceTrust) -> String {
    let service = entry.service.known().map(String::as_str).unwrap_or_default();
    match entry.source_account.known().map(String::as_str) {
        Some("*") => format!("{service}: for anybody's resources"),
        Some(account) => format!("{service}: for resources of account {account}"),
        None if acts_without_source(service) => {
            format!("{service}: for whatever it was given the role for, which takes iam:PassRole")
        }
        None => format!("{service}: for resources of this account"),
    }
}
