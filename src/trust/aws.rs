//! Trust in AWS principals: accounts, roles, users.
//!
//! Source of the rules: IAM user guide, "AWS JSON policy elements: Principal", "How to use an external ID",
//! "Passing session tags in AWS STS", "Monitor and control actions taken with assumed roles".

use crate::checks;
use crate::home::Home;
use iam_policy::{Arn, PrincipalKind, Statement};
use tfplug::diagnostics::{Diagnostic, Diagnostics};
use tfplug::object;
use tfplug::path::Path;
use tfplug::schema::{Attr, Set, optional, required};

object! {
    /// AWS principals under one set of conditions.
    pub struct AwsTrust {
        /// Account IDs, role ARNs or user ARNs. An account ID trusts whomever that account lets assume the role.
        pub principals: Set<String> = required().check_each(principal),
        /// How roles and users are recognized. `principal` (the default) names the ARN itself: it must exist, and trust breaks when it is deleted and made again. `condition` trusts the account under a condition on `aws:PrincipalArn`: the ARN may not exist yet, survives being made again, and may hold `*`; but whoever may create a role of that name in the other account is trusted.
        pub r#match: String = optional().one_of(&["principal", "condition"]),
        /// External ID that the caller must give: for third parties, which act for many customers. It is not a secret.
        pub external_id: String = optional().check(checks::external_id),
        /// ID of the AWS organization that the caller must belong to, such as `o-a1b2c3d4e5`.
        pub org_id: String = optional().check(organization_id),
        /// Whether the caller must have signed in with MFA. Sessions of roles never have.
        pub require_mfa: bool = optional(),
        /// Whether the caller must set a source identity, which CloudTrail shows along the whole chain.
        pub require_source_identity: bool = optional(),
        /// Whether the caller may pass session tags. Without this, a caller that passes any is refused.
        pub allow_session_tags: bool = optional(),
    }
}

/// An account id, or the ARN of an account root, a role or a user; wildcards only where a condition matches.
fn principal(text: &str) -> Result<(), String> {
    if checks::account_id(text).is_ok() {
        return Ok(());
    }
    let wrong = |reason: &str| {
        Err(format!("A principal is an account ID (12 digits), a role ARN or a user ARN; {text:?} {reason}."))
    };
    let Ok(arn) = Arn::parse(text) else { return wrong("is none of these") };
    let resource = arn.resource();
    if resource.starts_with("assumed-role/") {
        return wrong("is one session of a role; name the role, `arn:aws:iam::<account>:role/<name>`");
    }
    if resource.starts_with("group/") {
        return wrong("is a group, which IAM cannot trust; name its users or a role");
    }
    if !arn.partition().starts_with("aws")
        || arn.service() != "iam"
        || checks::account_id(arn.account()).is_err()
    {
        return wrong("is not of IAM and of an account");
    }
    if resource.contains(char::is_whitespace) {
        return wrong("has white space in its name");
    }
    match resource == "root" || resource.starts_with("role/") || resource.starts_with("user/") {
        true => Ok(()),
        false => wrong("is neither a role, a user nor an account's root"),
    }
}

fn organization_id(text: &str) -> Result<(), String> {
    let id = text.strip_prefix("o-").unwrap_or_default();
    let valid = (10..=32).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    match valid {
        true => Ok(()),
        false => Err(format!(
            "An organization ID is `o-` and 10 to 32 lower-case letters and digits; found {text:?}."
        )),
    }
}

fn by_condition(entry: &AwsTrust) -> bool {
    entry.r#match.known().is_some_and(|how| how == "condition")
}

fn on(flag: &Attr<bool>) -> bool {
    flag.known().copied().unwrap_or(false)
}

/// The principals of an entry, as written.
pub(super) fn principals(entry: &AwsTrust) -> impl Iterator<Item = &String> {
    entry.principals.known().into_iter().flat_map(|set| &set.0).filter_map(Attr::known)
}

/// Whether a principal stands for a whole account.
pub fn is_account(principal: &str) -> bool {
    checks::account_id(principal).is_ok() || Arn::parse(principal).is_ok_and(|arn| arn.is_account_root())
}

/// Whether a principal is a role.
pub fn is_role(principal: &str) -> bool {
    Arn::parse(principal).is_ok_and(|arn| arn.iam_role().is_some())
}

pub(super) fn validate(entry: &AwsTrust, path: &Path, found: &mut Diagnostics) {
    let at = path.join("principals");
    if entry.principals.known().is_some_and(|principals| principals.0.is_empty()) {
        let detail = "An entry without principals trusts nobody, and IAM refuses it. Name at least one, or remove \
                      the entry.";
        found.push(Diagnostic::error("No principals", detail).at(at.clone()));
    }
    if on(&entry.require_mfa) {
        for role in principals(entry).filter(|principal| is_role(principal)) {
            let detail = format!(
                "Sessions of a role have never signed in with MFA, so {role:?} could not assume the role. Require MFA of \
                 users and accounts only, in an entry of their own."
            );
            found.push(Diagnostic::error("A role cannot have MFA", detail).at(path.join("require_mfa")));
        }
    }
    if entry.r#match.is_unknown() {
        return;
    }
    for principal in principals(entry) {
        if by_condition(entry) && is_account(principal) {
            let detail = format!(
                "`match = \"condition\"` compares `aws:PrincipalArn` with the ARN of a role or user, and {principal:?} \
                 is a whole account. Name the roles, or give the account an entry of its own."
            );
            found.push(Diagnostic::error("An account cannot be matched by condition", detail).at(at.clone()));
        }
        if !by_condition(entry) && principal.contains(['*', '?']) {
            let detail = format!(
                "IAM takes no wildcards in a principal: {principal:?}. Write `match = \"condition\"`, which compares \
                 `aws:PrincipalArn` and takes them."
            );
            found.push(Diagnostic::error("A wildcard in a principal", detail).at(at.clone()));
        }
    }
}

/// A statement for assuming the role, and one for what may go along with it.
///
/// Passing tags or a source identity are actions of their own that are checked beside `sts:AssumeRole`, and
/// the external ID is only sent for that; so they stand apart, with the conditions on who calls. Alone they
/// give nothing: without `sts:AssumeRole` there is no session.
pub(super) fn statements(entry: &AwsTrust, home: Home<'_>) -> Vec<Statement> {
    let mut assume = callers(entry, home, &["sts:AssumeRole"]);
    if let Some(id) = entry.external_id.known() {
        assume = assume.condition("StringEquals", "sts:ExternalId", [id.as_str()]);
    }
    if on(&entry.require_source_identity) {
        assume = assume.condition("Null", "sts:SourceIdentity", ["false"]);
    }
    let mut along = Vec::new();
    if on(&entry.require_source_identity) {
        along.push("sts:SetSourceIdentity");
    }
    if on(&entry.allow_session_tags) {
        along.push("sts:TagSession");
    }
    if along.is_empty() { vec![assume] } else { vec![assume, callers(entry, home, &along)] }
}

/// A statement about the callers alone: principals, and the conditions on who they are.
fn callers(entry: &AwsTrust, home: Home<'_>, actions: &[&str]) -> Statement {
    let mut statement = Statement::allow(actions.iter().copied());
    if by_condition(entry) {
        let mut roots: Vec<String> = principals(entry).map(|principal| root_of(principal, home)).collect();
        roots.sort();
        roots.dedup();
        for root in roots {
            statement = statement.principal(PrincipalKind::Aws, root);
        }
        statement = statement.condition("ArnLike", "aws:PrincipalArn", principals(entry).map(String::as_str));
    } else {
        for principal in principals(entry) {
            let principal = if is_account(principal) { root_of(principal, home) } else { principal.clone() };
            statement = statement.principal(PrincipalKind::Aws, principal);
        }
    }
    if let Some(id) = entry.org_id.known() {
        statement = statement.condition("StringEquals", "aws:PrincipalOrgID", [id.as_str()]);
    }
    if on(&entry.require_mfa) {
        statement = statement.condition("Bool", "aws:MultiFactorAuthPresent", ["true"]);
    }
    statement
}

/// The root ARN of the account that a principal is in, as AWS itself writes an account id.
fn root_of(principal: &str, home: Home<'_>) -> String {
    match Arn::parse(principal) {
        Ok(arn) => format!("arn:{}:iam::{}:root", arn.partition(), arn.account()),
        Err(_) => format!("arn:{}:iam::{principal}:root", home.partition),
    }
}

pub(super) fn summary(entry: &AwsTrust) -> String {
    let list: Vec<&str> = principals(entry).map(String::as_str).collect();
    let list = list.join(", ");
    let how = if by_condition(entry) {
        "matched by condition; may not exist yet, and whoever can create a role of that name is trusted"
    } else if principals(entry).all(|principal| is_account(principal)) {
        "the whole account, which decides itself whom it lets assume the role"
    } else {
        "named as principal; must exist, and trust ends when it is deleted"
    };
    format!("{list}: {how}{}", conditions(entry))
}

/// What a caller must show beside being trusted. Hosts drop a misspelt argument of a nested object without a word;
/// here its absence can be seen.
fn conditions(entry: &AwsTrust) -> String {
    let organization = entry.org_id.known().map(|id| format!("organization {id}"));
    let external_id = entry.external_id.known().map(|_| "external ID".to_owned());
    let mfa = on(&entry.require_mfa).then(|| "MFA".to_owned());
    let source_identity = on(&entry.require_source_identity).then(|| "source identity".to_owned());
    let needed: Vec<String> =
        [organization, external_id, mfa, source_identity].into_iter().flatten().collect();
    if needed.is_empty() {
        "; no further condition".to_owned()
    } else {
        format!("; needs {}", needed.join(", "))
    }
}
