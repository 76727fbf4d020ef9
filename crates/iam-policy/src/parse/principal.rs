//! The `Principal` and `NotPrincipal` elements.
//!
//! Owns which principals a policy may name. Never asks whether one exists.
//! Source: IAM User Guide, "AWS JSON policy elements: Principal".

use super::{
    Kind,
    error::{Fault, PrincipalFault, Reason},
    json::{Field, Json, Node},
    nearest,
    statement::filled,
};
use crate::{
    Arn, OneOrMany, PrincipalKind, Principals,
    principal::{is_account_id, is_unique_id},
};

pub(super) fn principals(node: &Node, kind: Kind) -> Result<Principals, Fault> {
    if let Json::String(text) = &node.json {
        // Only a trust policy may not say it like this.
        if text == "*" && kind == Kind::Resource {
            return Ok(Principals::Anyone);
        }
        let fault = if text == "*" { PrincipalFault::Bare } else { PrincipalFault::Untagged };
        return Err(bad(node, text, fault));
    }
    let fields = node.object()?;
    if fields.is_empty() {
        return Err(
            node.fault(Reason::Missing { element: "a principal", owner: "every `Principal` element" })
        );
    }
    Ok(Principals::Listed(fields.iter().map(of_one_kind).collect::<Result<_, _>>()?))
}

fn of_one_kind(field: &Field) -> Result<(PrincipalKind, OneOrMany<String>), Fault> {
    let Some(kind) = PrincipalKind::ALL.into_iter().find(|kind| kind.as_str() == field.name) else {
        let nearest = nearest(&field.name, PrincipalKind::ALL.map(PrincipalKind::as_str));
        return Err(field.fault(Reason::UnknownPrincipalKind { found: field.name.clone(), nearest }));
    };
    let values = filled(&field.value, |node| {
        let text = node.text()?;
        check(kind, &text).map_err(|fault| bad(node, &text, fault))?;
        Ok(text)
    })?;
    Ok((kind, values))
}

fn bad(node: &Node, found: &str, fault: PrincipalFault) -> Fault {
    node.fault(Reason::BadPrincipal { found: found.to_owned(), fault })
}

fn check(kind: PrincipalKind, text: &str) -> Result<(), PrincipalFault> {
    if kind == PrincipalKind::Aws && text == "*" {
        return Ok(());
    }
    if text.contains(['*', '?']) {
        return Err(PrincipalFault::Wildcard);
    }
    match kind {
        PrincipalKind::Aws => aws(text),
        PrincipalKind::Service if is_domain(text) => Ok(()),
        PrincipalKind::Service => Err(PrincipalFault::NotService),
        PrincipalKind::Federated => federated(text),
        PrincipalKind::CanonicalUser if is_canonical(text) => Ok(()),
        PrincipalKind::CanonicalUser => Err(PrincipalFault::NotCanonical),
    }
}

fn aws(text: &str) -> Result<(), PrincipalFault> {
    if is_account_id(text) || is_unique_id(text) {
        return Ok(());
    }
    let Ok(arn) = Arn::parse(text) else {
        return Err(if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
            PrincipalFault::Account
        } else if is_domain(text) {
            PrincipalFault::ServiceUnderAws
        } else {
            PrincipalFault::NotAws
        });
    };
    if !matches!(arn.service(), "iam" | "sts") {
        return Err(PrincipalFault::NotAws);
    }
    if !is_account_id(arn.account()) {
        return Err(PrincipalFault::Account);
    }
    if arn.service() == "sts" { session(arn.resource()) } else { iam(&arn) }
}

fn iam(arn: &Arn) -> Result<(), PrincipalFault> {
    if arn.is_account_root() || arn.iam_user().is_some() || arn.iam_role().is_some() {
        return Ok(());
    }
    Err(if arn.resource().starts_with("group/") { PrincipalFault::Group } else { PrincipalFault::NotAws })
}

fn session(resource: &str) -> Result<(), PrincipalFault> {
    let parts: Vec<&str> = resource.split('/').collect();
    match parts.as_slice() {
        ["assumed-role", role, session] if !role.is_empty() && !session.is_empty() => Ok(()),
        ["assumed-role", ..] => Err(PrincipalFault::Session),
        ["federated-user", name] if !name.is_empty() => Ok(()),
        ["self"] => Ok(()),
        _ => Err(PrincipalFault::NotAws),
    }
}

fn federated(text: &str) -> Result<(), PrincipalFault> {
    let Ok(arn) = Arn::parse(text) else {
        return if is_domain(text) { Ok(()) } else { Err(PrincipalFault::NotProvider) };
    };
    if arn.oidc_provider().is_none() && arn.saml_provider().is_none() {
        return Err(PrincipalFault::NotProvider);
    }
    if is_account_id(arn.account()) { Ok(()) } else { Err(PrincipalFault::Account) }
}

fn is_domain(text: &str) -> bool {
    let labels_are_plain = text.split('.').all(|label| {
        !label.is_empty()
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    });
    labels_are_plain && text.contains('.')
}

fn is_canonical(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}
