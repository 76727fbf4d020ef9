//! Trust in the runs of HCP Terraform.
//!
//! Source: HCP Terraform Docs, "Workload identity", "Use dynamic credentials with the AWS provider", "Workspaces",
//! "Manage projects".

use super::token::{AUDIENCE, Claims, Holders, SUBJECT, audience, is_pattern, no_variable};
use super::{set_of, texts};
use crate::home::Home;
use iam_policy::Statement;
use tfplug::diagnostics::{Diagnostic, Diagnostics};
use tfplug::object;
use tfplug::path::Path;
use tfplug::schema::{Attr, Set, optional, required};

/// Where HCP Terraform's tokens come from.
const ISSUER: &str = "app.terraform.io";

/// What runs ask for unless `TFC_AWS_WORKLOAD_IDENTITY_AUDIENCE` says otherwise.
const DEFAULT_AUDIENCE: &str = "aws.workload.identity";

const PLAN: &str = "plan";
const APPLY: &str = "apply";

object! {
    /// Runs of workspaces in HCP Terraform.
    pub struct HcpTerraformTrust {
        /// The organization, exactly as HCP Terraform spells it, and without wildcards: it is what keeps other customers out.
        pub organization: String = required().check(organization),
        /// Projects, as one name or a pattern with `*` and `?`, such as `Default Project`. Defaults to `*`, any project: the names of workspaces are unique in an organization. Where `workspace` is a pattern, name the project, since whoever may create a workspace in any project can make its name match.
        pub project: String = optional().check(project),
        /// Workspaces, as one name or a pattern with `*` and `?`. `*` is every workspace of the project, which must then be named.
        pub workspace: String = required().check(workspace),
        /// Phases of a run that may assume the role: `plan`, `apply` or both. Defaults to `apply` alone. A plan runs code before anybody has reviewed it, so give the plan phase a role of its own that can only read, as `TFC_AWS_PLAN_ROLE_ARN`.
        pub run_phases: Set<String> = optional().check_each(run_phase),
        /// Audience of the token. Defaults to `aws.workload.identity`, as runs ask for it unless `TFC_AWS_WORKLOAD_IDENTITY_AUDIENCE` is set.
        pub audience: String = optional().check(audience),
    }
}

/// A name that consists of letters, digits and these; a colon would end it early in the subject.
fn name(what: &str, also: &str, text: &str) -> Result<(), String> {
    no_variable(what, text)?;
    let allowed = |one: char| one.is_alphanumeric() || also.contains(one);
    match !text.is_empty() && text.chars().all(allowed) {
        true => Ok(()),
        false => Err(format!("{what} consists of letters, digits and `{also}`; found {text:?}.")),
    }
}

fn organization(text: &str) -> Result<(), String> {
    name("An organization", "_-", text)
}

fn project(text: &str) -> Result<(), String> {
    name("A project", "_- *?", text)
}

fn workspace(text: &str) -> Result<(), String> {
    name("A workspace", "_-*?", text)
}

fn run_phase(text: &str) -> Result<(), String> {
    match [PLAN, APPLY].contains(&text) {
        true => Ok(()),
        false => Err(format!("A run has the phases `plan` and `apply`; found {text:?}.")),
    }
}

fn written(text: &Attr<String>) -> &str {
    text.known().map(String::as_str).unwrap_or_default()
}

fn project_of(entry: &HcpTerraformTrust) -> &str {
    entry.project.known().map_or("*", String::as_str)
}

fn run_phases(entry: &HcpTerraformTrust) -> Vec<&str> {
    match &entry.run_phases {
        Attr::Null => vec![APPLY],
        some => texts(some).map(String::as_str).collect(),
    }
}

fn subjects(entry: &HcpTerraformTrust) -> Vec<String> {
    let (organization, workspace) = (written(&entry.organization), written(&entry.workspace));
    let project = project_of(entry);
    let subject = |phase: &str| {
        format!("organization:{organization}:project:{project}:workspace:{workspace}:run_phase:{phase}")
    };
    run_phases(entry).into_iter().map(subject).collect()
}

/// A pattern that every name matches.
fn is_any(pattern: &str) -> bool {
    pattern.contains('*') && pattern.chars().all(|one| matches!(one, '*' | '?'))
}

pub(super) fn validate(entry: &HcpTerraformTrust, path: &Path, found: &mut Diagnostics) {
    let any_project = !entry.project.is_unknown() && is_any(project_of(entry));
    if any_project && is_any(written(&entry.workspace)) {
        let detail = format!(
            "The entry names the organization {:?} and nothing of it, so every workspace would get the role. Name the \
             `workspace`, or the `project` whose workspaces are meant.",
            written(&entry.organization)
        );
        found.push(Diagnostic::error("Every workspace would be trusted", detail).at(path.join("workspace")));
    }
    if entry.run_phases.known().is_some_and(|phases| phases.0.is_empty()) {
        let detail = "Without a phase no run could assume the role. Write `[\"plan\"]` or `[\"apply\"]`, or leave the argument \
                      out for `[\"apply\"]`.";
        found.push(Diagnostic::error("No run phase", detail).at(path.join("run_phases")));
    }
}

pub(super) fn statement(entry: &HcpTerraformTrust, home: Home<'_>) -> Statement {
    let audience = entry.audience.known().map_or(DEFAULT_AUDIENCE, String::as_str);
    let claims = vec![(AUDIENCE, vec![audience.to_owned()]), (SUBJECT, subjects(entry))];
    Holders { issuer: ISSUER, claims }.statement(home)
}

pub(super) fn summary(entry: &HcpTerraformTrust) -> String {
    let every = |what: &str, name: &str| match name {
        "*" => format!("any {what}"),
        _ if is_pattern(name) => format!("every {what} {name}"),
        _ => format!("{what} {name}"),
    };
    format!(
        "HCP Terraform organization {}: {} of {}, phase {}",
        written(&entry.organization),
        every("workspace", written(&entry.workspace)),
        every("project", project_of(entry)),
        run_phases(entry).join(" or "),
    )
}

/// The same workspaces for code that nobody has reviewed.
pub(super) fn widened(entry: &HcpTerraformTrust) -> HcpTerraformTrust {
    HcpTerraformTrust { run_phases: set_of([PLAN.to_owned()]), ..entry.clone() }
}

/// An entry for each workspace pattern; nothing where the claims say what entries cannot.
pub(super) fn read(claims: &Claims) -> Option<Vec<HcpTerraformTrust>> {
    if claims.issuer != ISSUER || !claims.are_among(&[AUDIENCE, SUBJECT]) {
        return None;
    }
    let audience = claims.audience(DEFAULT_AUDIENCE)?;
    let mut entries: Vec<HcpTerraformTrust> = Vec::new();
    for subject in claims.values(SUBJECT) {
        let (organization, rest) = subject.strip_prefix("organization:")?.split_once(":project:")?;
        let (project, rest) = rest.split_once(":workspace:")?;
        let (workspace, phase) = rest.split_once(":run_phase:")?;
        run_phase(phase).ok()?;
        let known = |text: &str| Attr::Known(text.to_owned());
        let entry = HcpTerraformTrust {
            organization: known(organization),
            project: if project == "*" { Attr::Null } else { known(project) },
            workspace: known(workspace),
            run_phases: set_of([phase.to_owned()]),
            audience: audience.clone(),
        };
        let is_same = |other: &HcpTerraformTrust| {
            other.organization == entry.organization
                && other.project == entry.project
                && other.workspace == entry.workspace
        };
        match entries.iter_mut().find(|other| is_same(other)) {
            Some(other) => {
                let phases = texts(&other.run_phases).cloned().chain([phase.to_owned()]);
                other.run_phases = set_of(phases.collect::<Vec<_>>());
            }
            None => entries.push(entry),
        }
    }
    for entry in &mut entries {
        if entry.run_phases == set_of([APPLY.to_owned()]) {
            entry.run_phases = Attr::Null;
        }
    }
    Some(entries)
}

#[cfg(test)]
mod tests;
