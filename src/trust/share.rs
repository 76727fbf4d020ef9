//! Statements that become one without loosening anything. Never weighs one pattern against another.
//!
//! A statement is a conjunction: principals and actions and each condition. The values of each of them are
//! alternatives. So two statements that differ in one place only are one statement with the values of both in that
//! place: (A and x) or (A and y) is A and (x or y). Where they differ in two places they stay two, for one statement
//! would also let in the first place of one with the second of the other.
//! Source: IAM user guide, "Conditions with multiple context keys or values".

use iam_policy::{Condition, OneOrMany, Principals, Scope, Statement};

/// The same statements, fewer where some differ in one place only. The order is that of the first of each.
pub(super) fn share(statements: Vec<Statement>) -> Vec<Statement> {
    // Actions last: what may be done together is rarer than who may do it, and a joined action would part callers.
    [conditions, principals, actions]
        .into_iter()
        .fold(statements, |statements, join| settle(statements, join))
}

type Join = fn(&Statement, &Statement) -> Option<Statement>;

/// Joins until nothing more can be joined.
fn settle(mut statements: Vec<Statement>, join: Join) -> Vec<Statement> {
    loop {
        let before = statements.len();
        let mut settled: Vec<Statement> = Vec::new();
        for statement in statements {
            match settled.iter_mut().find_map(|one| join(one, &statement).map(|joined| (one, joined))) {
                Some((one, joined)) => *one = joined,
                None => settled.push(statement),
            }
        }
        statements = settled;
        if statements.len() == before {
            return statements;
        }
    }
}

/// Whether two statements are alike but for what is compared apart; names would be lost.
fn are_alike(a: &Statement, b: &Statement) -> bool {
    a.effect == b.effect && a.resources == b.resources && a.sid.is_none() && b.sid.is_none()
}

fn actions(a: &Statement, b: &Statement) -> Option<Statement> {
    let (Scope::Only(mine), Scope::Only(yours)) = (&a.actions, &b.actions) else { return None };
    let joins = are_alike(a, b) && a.principals == b.principals && same_conditions(a, b);
    joins.then(|| Statement { actions: Scope::Only(union(mine, yours)), ..a.clone() })
}

fn principals(a: &Statement, b: &Statement) -> Option<Statement> {
    let (Some(Scope::Only(Principals::Listed(mine))), Some(Scope::Only(Principals::Listed(yours)))) =
        (&a.principals, &b.principals)
    else {
        return None;
    };
    let ([(kind, mine)], [(other, yours)]) = (mine.as_slice(), yours.as_slice()) else { return None };
    let joins = kind == other && are_alike(a, b) && a.actions == b.actions && same_conditions(a, b);
    joins.then(|| {
        let joined = Principals::Listed(vec![(*kind, union(mine, yours))]);
        Statement { principals: Some(Scope::Only(joined)), ..a.clone() }
    })
}

fn conditions(a: &Statement, b: &Statement) -> Option<Statement> {
    if !are_alike(a, b) || a.principals != b.principals || a.actions != b.actions {
        return None;
    }
    let lacks = |statement: &Statement, one: &Condition| !statement.conditions.contains(one);
    let mut mine = a.conditions.iter().enumerate().filter(|(_, condition)| lacks(b, condition));
    let mut yours = b.conditions.iter().filter(|condition| lacks(a, condition));
    let joined = match (mine.next(), yours.next()) {
        (None, None) => return Some(a.clone()),
        (Some((index, mine)), Some(yours)) => (index, either(mine, yours)?),
        _ => return None,
    };
    if mine.next().is_some() || yours.next().is_some() {
        return None;
    }
    let mut statement = a.clone();
    *statement.conditions.get_mut(joined.0)? = joined.1;
    Some(statement)
}

fn same_conditions(a: &Statement, b: &Statement) -> bool {
    let within = |a: &Statement, b: &Statement| a.conditions.iter().all(|one| b.conditions.contains(one));
    within(a, b) && within(b, a)
}

/// The condition that holds where one of the two does. Only for operators whose values are alternatives: those of a
/// negated one must all hold.
fn either(a: &Condition, b: &Condition) -> Option<Condition> {
    if !a.key.eq_ignore_ascii_case(&b.key) {
        return None;
    }
    let operators = (a.operator.to_ascii_lowercase(), b.operator.to_ascii_lowercase());
    let operator = match (operators.0.as_str(), operators.1.as_str()) {
        (same @ ("stringequals" | "stringlike" | "arnlike" | "arnequals"), other) if same == other => {
            &a.operator
        }
        ("stringequals", "stringlike") if is_exact(a) => &b.operator,
        ("stringlike", "stringequals") if is_exact(b) => &a.operator,
        _ => return None,
    };
    Some(Condition { operator: operator.clone(), key: a.key.clone(), values: union(&a.values, &b.values) })
}

/// Whether the values mean the same under `StringLike`.
fn is_exact(condition: &Condition) -> bool {
    condition.values.iter().all(|value| !super::token::is_pattern(&value.to_text()))
}

fn union<T: Clone + PartialEq>(a: &OneOrMany<T>, b: &OneOrMany<T>) -> OneOrMany<T> {
    let mut all = a.clone().into_vec();
    for value in b.iter() {
        if !all.contains(value) {
            all.push(value.clone());
        }
    }
    all.into_iter().collect()
}

#[cfg(test)]
mod tests;
