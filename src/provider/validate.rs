//! What in a provider block contradicts itself. Single values are checked where they are declared.

use super::config::{AccountRole, AssumeRole, AssumeRoleWithWebIdentity, Config};
use crate::checks;
use tfplug::diagnostics::{Diagnostic, Diagnostics};
use tfplug::path::Path;
use tfplug::schema::{Attr, List};

/// Adds what is wrong. Silent about what is not known yet.
pub(super) fn validate(config: &Config, found: &mut Diagnostics) {
    static_keys(config, found);
    accounts(config, found);
    if let Attr::Known(hops) = &config.assume_role {
        assume_role(hops, found);
    }
    if let Attr::Known(web_identity) = &config.assume_role_with_web_identity {
        token(web_identity, found);
    }
    if let Attr::Known(role) = &config.account_role {
        account_role(role, found);
    }
}

fn conflict(path: Path, detail: &str) -> Diagnostic {
    Diagnostic::error("Invalid provider configuration", detail).at(path)
}

fn static_keys(config: &Config, found: &mut Diagnostics) {
    let pair = [("access_key", "secret_key", &config.access_key, &config.secret_key)];
    for (set, missing, a, b) in
        pair.into_iter().chain([("secret_key", "access_key", &config.secret_key, &config.access_key)])
    {
        if a.known().is_some() && b.is_null() {
            let detail = format!(
                "`{set}` is set and `{missing}` is not. Static keys need both; set `{missing}` too, \
                                  or neither, to use the environment or a profile."
            );
            found.push(conflict(Path::attribute(set), &detail));
        }
    }
    if config.token.known().is_some() && config.access_key.is_null() {
        let detail = "A `token` belongs to temporary static keys; set `access_key` and `secret_key` as well.";
        found.push(conflict(Path::attribute("token"), detail));
    }
}

fn accounts(config: &Config, found: &mut Diagnostics) {
    if config.allowed_account_ids.known().is_some_and(|ids| ids.0.is_empty()) {
        let detail = "An empty list allows no account at all. Name the accounts, or leave the argument out to allow \
                      every account.";
        found.push(conflict(Path::attribute("allowed_account_ids"), detail));
    }
    if config.allowed_account_ids.known().is_some() && config.forbidden_account_ids.known().is_some() {
        let detail = "`allowed_account_ids` and `forbidden_account_ids` cannot both be set: an account that is not \
                      allowed is forbidden already. Keep one.";
        found.push(conflict(Path::attribute("forbidden_account_ids"), detail));
    }
}

fn assume_role(hops: &List<AssumeRole>, found: &mut Diagnostics) {
    for (index, hop) in hops.iter().enumerate() {
        let Attr::Known(hop) = hop else { continue };
        let path = Path::attribute("assume_role").index(index);
        let length = hop.duration.known().and_then(|text| checks::seconds(text));
        if index > 0 && length.is_some_and(|seconds| seconds > 3600) {
            let detail = "This hop is assumed with the credentials of the hop before it (role chaining), and AWS ends \
                          such sessions after one hour whatever the role allows. Write `1h` or less.";
            found.push(conflict(path.join("duration"), detail));
        }
        if hop.policy_arns.known().is_some_and(|arns| arns.0.len() > 10) {
            let detail = "A session takes at most 10 managed policies.";
            found.push(conflict(path.join("policy_arns"), detail));
        }
        if let (Attr::Known(keys), Some(tags)) = (&hop.transitive_tag_keys, hop.tags.known()) {
            for key in keys.0.iter().filter_map(Attr::known).filter(|key| !tags.contains_key(*key)) {
                let detail =
                    format!("`{key}` is not among this hop's `tags`. Add the tag, or remove the key.");
                found.push(conflict(path.join("transitive_tag_keys"), &detail));
            }
        }
    }
}

fn token(web_identity: &AssumeRoleWithWebIdentity, found: &mut Diagnostics) {
    if web_identity.web_identity_token.known().is_some()
        && web_identity.web_identity_token_file.known().is_some()
    {
        let detail =
            "`web_identity_token` and `web_identity_token_file` both say where the token is. Keep one.";
        found.push(conflict(
            Path::attribute("assume_role_with_web_identity").join("web_identity_token_file"),
            detail,
        ));
    }
}

fn account_role(role: &AccountRole, found: &mut Diagnostics) {
    let path = Path::attribute("account_role");
    if role.name.is_null() && role.overrides.is_null() {
        let detail = "`account_role` names no role. Set `name`, the role that every account has, such as \
                      `OrganizationAccountAccessRole`; or `overrides`, the role of each account.";
        found.push(conflict(path.clone(), detail));
    }
    let overrides = role.overrides.known().into_iter().flatten();
    for (account_id, arn) in overrides {
        let Attr::Known(arn) = arn else { continue };
        let Ok(parsed) = iam_policy::Arn::parse(arn) else { continue };
        if parsed.account() != account_id {
            let detail = format!(
                "The role {arn} is in account {}, and not in account {account_id}. Entering it would work in another \
                 account than the resource says.",
                parsed.account()
            );
            found.push(conflict(path.join("overrides").key(account_id), &detail));
        }
    }
}
