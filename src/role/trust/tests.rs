//! Claims about directions and about the policy in between.

use super::*;

fn allow(principal: &str) -> Statement {
    Statement::allow(["sts:AssumeRole"]).principal(PrincipalKind::Aws, principal)
}

fn deny(principal: &str) -> Statement {
    Statement::deny(["sts:AssumeRole"]).principal(PrincipalKind::Aws, principal)
}

const A: &str = "arn:aws:iam::111111111111:role/a";
const B: &str = "arn:aws:iam::111111111111:role/b";
const ID: &str = "AROAEXAMPLEEXAMPLEEXA";

fn trust(live: &[Statement], wanted: &[Statement]) -> Trust {
    Trust {
        live: Some(Document::new(live.to_vec())),
        wanted: Some(Document::new(wanted.to_vec())),
        same_text: false,
        ids: HashMap::from([(ID.to_owned(), A.to_owned())]),
    }
}

fn direction(live: &[Statement], wanted: &[Statement]) -> (bool, bool) {
    let direction = trust(live, wanted).direction();
    (direction.narrows, direction.widens)
}

#[test]
fn directions_follow_the_effect_of_what_comes_and_goes() {
    assert_eq!(direction(&[allow(A), allow(B)], &[allow(A)]), (true, false));
    assert_eq!(direction(&[allow(A)], &[allow(A), allow(B)]), (false, true));
    assert_eq!(direction(&[allow(A)], &[allow(B)]), (true, true));
    assert_eq!(direction(&[allow(A)], &[allow(A), deny(B)]), (true, false));
    assert_eq!(direction(&[allow(A), deny(B)], &[allow(A)]), (false, true));
}

#[test]
fn the_id_of_a_live_principal_is_its_arn() {
    assert!(trust(&[allow(ID)], &[allow(A)]).is_same());
    assert!(!trust(&[allow("AROADELETEDDELETEDDEL")], &[allow(A)]).is_same());
}

#[test]
fn between_two_policies_only_common_trust_holds() {
    let meet = trust(&[allow(A), allow(B), deny(B)], &[allow(A), deny(A)]).meet();
    let meet = parse(&meet, Grammar::Trust).unwrap();
    assert_eq!(meet.statements.as_slice(), [allow(A), deny(A), deny(B)]);
}

#[test]
fn between_two_strangers_nobody_is_trusted() {
    let meet = parse(&trust(&[allow(A)], &[allow(B)]).meet(), Grammar::Trust).unwrap();
    assert_eq!(meet.statements.as_slice(), nobody().statements.as_slice());
}
