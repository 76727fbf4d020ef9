//! How a trust policy is read: who may come in, and what the conditions on a key come to.

use super::*;

fn read(statement: Statement) -> Document {
    Document::new([statement])
}

#[test]
fn everybody_but_some_is_everybody() {
    let mut statement = Statement::allow(["sts:AssumeRole"]).principal(PrincipalKind::Aws, "111122223333");
    statement.principals = statement.principals.map(|scope| Scope::Except(scope.inner().clone()));
    let document = read(statement);
    assert_eq!(entrances(&document).iter().map(|one| one.who).collect::<Vec<_>>(), [Who::Anyone]);
}

#[test]
fn a_statement_without_the_action_of_its_principal_lets_nobody_in() {
    for (actions, kind, principal, enters) in [
        (["sts:TagSession"], PrincipalKind::Aws, "111122223333", false),
        (
            ["sts:AssumeRole"],
            PrincipalKind::Federated,
            "arn:aws:iam::111122223333:oidc-provider/ci.example.com",
            false,
        ),
        (
            ["STS:assumerole*"],
            PrincipalKind::Federated,
            "arn:aws:iam::111122223333:oidc-provider/ci.example.com",
            true,
        ),
        (["*"], PrincipalKind::Service, "ecs-tasks.amazonaws.com", true),
        (["sts:AssumeRole"], PrincipalKind::Aws, "AROAEXAMPLEEXAMPLE123", true),
    ] {
        let document = read(Statement::allow(actions).principal(kind, principal));
        assert_eq!(entrances(&document).len(), usize::from(enters), "{actions:?} {principal}");
    }
}

#[test]
fn conditions_on_a_key_count_together() {
    for (conditions, hold) in [
        (&[][..], Hold::None),
        (&[("StringEquals", "a")][..], Hold::Bound),
        (&[("StringLike", "*")][..], Hold::Open),
        (&[("StringNotEquals", "a")][..], Hold::Open),
        (&[("Null", "false")][..], Hold::Open),
        (&[("StringEqualsIfExists", "a")][..], Hold::Skippable),
        (&[("ForAllValues:StringLike", "a*")][..], Hold::Skippable),
        (&[("ForAnyValue:StringLike", "a*")][..], Hold::Bound),
        (&[("Null", "true")][..], Hold::Skippable),
        (&[("StringEqualsIfExists", "a"), ("Null", "false")][..], Hold::Bound),
        (&[("StringLike", "*"), ("StringEquals", "a")][..], Hold::Bound),
    ] {
        let statement = Statement::allow(["sts:AssumeRole"]).principal(PrincipalKind::Aws, "111122223333");
        let document = read(conditions.iter().fold(statement, |statement, (operator, value)| {
            statement.condition(*operator, "sts:ExternalId", [*value])
        }));
        assert_eq!(entrances(&document)[0].hold("STS:externalid", "b"), hold, "{conditions:?}");
    }
}

#[test]
fn a_way_to_meet_all_conditions_takes_one_value_of_each() {
    let document = read(
        Statement::allow(["sts:AssumeRole"])
            .principal(PrincipalKind::Aws, "111122223333")
            .condition("StringEquals", "sts:ExternalId", ["a*", "b"])
            .condition("stringlike", "sts:externalid", ["c*"])
            .condition("StringNotLike", "sts:ExternalId", ["d"]),
    );
    let ways = ways(&entrances(&document)[0], "sts:ExternalId");
    let texts: Vec<Vec<&str>> =
        ways.iter().map(|way| way.iter().map(|one| one.text.as_str()).collect()).collect();
    assert_eq!(texts, [["a*", "c*"], ["b", "c*"]]);
    assert_eq!(ways[0][0].fixed(), ("a*", false), "an exact operator reads no wildcards");
    assert_eq!(ways[0][1].fixed(), ("c", true));
}

#[test]
fn other_statements_let_nobody_in_here_but_may_keep_them_out() {
    let caller = Caller::Role { arn: "arn:aws:iam::111122223333:role/ci".to_owned(), session: None };
    let allow = |who: &str| Statement::allow(["sts:AssumeRole"]).principal(PrincipalKind::Aws, who);
    let deny = Statement::deny(["sts:*"]).principal(PrincipalKind::Aws, "*").condition(
        "ArnLike",
        "aws:PrincipalArn",
        ["arn:aws:iam::*:role/ci"],
    );
    let open = Document::new([allow("222233334444"), allow("111122223333")]);
    let admits =
        |document: &Document, index: usize| entrances(document)[index].admits(&caller, &Context::partial());
    assert!(!admits(&open, 0) && admits(&open, 1));
    assert!(!admits(&Document::new([allow("111122223333"), deny]), 0));
}
