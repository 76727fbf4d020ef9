//! The canonical form of a document: what its spelling means.
//!
//! Owns every rule by which two spellings are one meaning. Never drops what grants or denies something, and never
//! weighs one pattern against another (`s3:*` beside `s3:Get*` stays).

use crate::{
    Condition, Document, OneOrMany, PrincipalKind, Principals, Scalar, Statement, Version,
    principal::whole_account, print,
};

/// Brings a document to its canonical form; doing so again changes nothing.
///
/// The form is for comparing, not for showing. What it levels, and why that keeps the meaning:
///
/// - Order and repetition of statements and of values in a list, and whether a value stands alone or in a list of
///   one: IAM reads them as sets.
/// - Case of action names, condition operators and condition keys: IAM ignores it. Resources, principals and
///   condition values keep theirs.
/// - `true` and `"true"`, `3` and `"3"` as condition values.
/// - An account id, the root ARN of that account in any partition: both name the account.
/// - `"Principal": "*"` and `{"AWS": "*"}`: both name everybody.
/// - No version, and 2008-10-17, which IAM takes for it. An empty `Sid`, and none.
///
/// A `Sid`, the `Id` and unknown top-level elements decide nothing in IAM but stay: the writer chose them and would
/// miss them.
#[must_use]
pub fn normalize(document: &Document) -> Document {
    normalize_with(document, &|_| None)
}

/// Like [`normalize`], with unique ids replaced by the ARNs that `resolve` knows for them.
pub(crate) fn normalize_with(document: &Document, resolve: &dyn Fn(&str) -> Option<String>) -> Document {
    let statements = document.statements.iter().map(|statement| normalize_statement(statement, resolve));
    let mut extra = document.extra.clone();
    extra.sort_keys();
    Document {
        version: document.version.or(Some(Version::V2008)),
        id: document.id.clone(),
        statements: OneOrMany::Many(set(statements, print::statement)),
        extra,
    }
}

pub(crate) fn normalize_statement(
    statement: &Statement,
    resolve: &dyn Fn(&str) -> Option<String>,
) -> Statement {
    let conditions = statement.conditions.iter().map(normalize_condition);
    Statement {
        sid: statement.sid.clone().filter(|sid| !sid.is_empty()),
        effect: statement.effect,
        principals: statement
            .principals
            .clone()
            .map(|scope| scope.map(|who| normalize_principals(&who, resolve))),
        actions: statement
            .actions
            .clone()
            .map(|actions| texts(actions.iter().map(|name| name.to_ascii_lowercase()))),
        resources: statement
            .resources
            .clone()
            .map(|scope| scope.map(|resources| texts(resources.into_vec()))),
        conditions: set(conditions, |condition| {
            let values: Vec<String> = condition.values.iter().map(Scalar::to_text).collect();
            (condition.operator.clone(), condition.key.clone(), values)
        }),
    }
}

fn normalize_principals(principals: &Principals, resolve: &dyn Fn(&str) -> Option<String>) -> Principals {
    let everybody = [(PrincipalKind::Aws, OneOrMany::One("*".to_owned()))];
    let listed = match principals {
        Principals::Anyone => &everybody,
        Principals::Listed(listed) => listed.as_slice(),
    };
    let by_kind = PrincipalKind::ALL.into_iter().filter_map(|kind| {
        let mut same = listed.iter().filter(|(other, _)| *other == kind).peekable();
        same.peek()?;
        let values = same.flat_map(|(_, values)| values);
        Some((kind, texts(values.map(|value| normalize_principal(kind, value, resolve)))))
    });
    Principals::Listed(by_kind.collect())
}

fn normalize_principal(
    kind: PrincipalKind,
    principal: &str,
    resolve: &dyn Fn(&str) -> Option<String>,
) -> String {
    if kind != PrincipalKind::Aws {
        return principal.to_owned();
    }
    let known = crate::principal::is_unique_id(principal).then(|| resolve(principal)).flatten();
    let principal = known.unwrap_or_else(|| principal.to_owned());
    whole_account(&principal).unwrap_or(principal)
}

fn normalize_condition(condition: &Condition) -> Condition {
    let values = texts(condition.values.iter().map(Scalar::to_text));
    Condition {
        operator: condition.operator.to_ascii_lowercase(),
        key: condition.key.to_ascii_lowercase(),
        values: values.into_vec().into_iter().map(Scalar::String).collect(),
    }
}

fn texts(values: impl IntoIterator<Item = String>) -> OneOrMany<String> {
    let mut values: Vec<String> = values.into_iter().collect();
    values.sort();
    values.dedup();
    values.into_iter().collect()
}

/// The values sorted by a key that tells them apart, each once.
fn set<T, K: Ord>(values: impl IntoIterator<Item = T>, key: impl Fn(&T) -> K) -> Vec<T> {
    let mut keyed: Vec<(K, T)> = values.into_iter().map(|value| (key(&value), value)).collect();
    keyed.sort_by(|(a, _), (b, _)| a.cmp(b));
    keyed.dedup_by(|(a, _), (b, _)| a == b);
    keyed.into_iter().map(|(_, value)| value).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::equal;

    fn trust(principals: Principals) -> Document {
        let mut statement = Statement::allow(["sts:AssumeRole"]);
        statement.principals = Some(crate::Scope::Only(principals));
        Document::new([statement])
    }

    #[test]
    fn everybody_is_everybody_with_and_without_kind() {
        let tagged = trust(Principals::of(PrincipalKind::Aws, "*".to_owned()));
        assert!(equal(&trust(Principals::Anyone), &tagged));
        let service = trust(Principals::of(PrincipalKind::Service, "ec2.amazonaws.com".to_owned()));
        assert!(!equal(&trust(Principals::Anyone), &service));
    }

    #[test]
    fn a_kind_listed_twice_is_one_kind() {
        let one = |value: &str| (PrincipalKind::Aws, OneOrMany::One(value.to_owned()));
        let twice = trust(Principals::Listed(vec![one("111122223333"), one("444455556666")]));
        let both = ["444455556666", "111122223333"].map(str::to_owned).to_vec();
        let once = trust(Principals::Listed(vec![(PrincipalKind::Aws, OneOrMany::Many(both))]));
        assert!(equal(&twice, &once));
    }
}
