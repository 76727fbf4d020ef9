//! What the rules about trust share: the entrances of a role that can be entered, and how a finding about one is told.
//!
//! Never decides what is wrong.

pub(super) mod subject;
pub(super) mod unmet;

use super::finding::Finding;
use super::judged::Judged;
use crate::trust::entrance::{Compared, Entrance, Who, entrances, ways};
use iam_policy::pattern::{Search, find};
use iam_policy::{Caller, Context, Pattern};

/// An account that is nobody's.
pub(super) const STRANGER: &str = "999999999999";

/// An organization that is nobody's.
pub(super) const STRANGE_ORGANIZATION: &str = "o-somebodyelse";

/// Every entrance of the role; none while its trust is not known.
pub(super) fn all<'a>(judged: &Judged<'a>) -> Vec<Entrance<'a>> {
    judged.role.trust.as_ref().map(entrances).unwrap_or_default()
}

/// The entrances whose conditions somebody can meet. Of the others nothing is to be feared, and `trust-void-condition`
/// names them.
pub(super) fn passable<'a>(judged: &Judged<'a>) -> impl Iterator<Item = Entrance<'a>> + use<'a> {
    all(judged).into_iter().filter(|entrance| unmet::first(entrance).is_none())
}

/// A finding about an entrance. `says` goes on where the sentence has named the statement; `caller` is somebody who gets
/// in and should not.
pub(super) fn finding(
    judged: &Judged<'_>,
    entrance: &Entrance<'_>,
    (says, caller): (String, Option<String>),
    (why, instead): (&str, String),
) -> Finding {
    let witness = caller.map(|caller| format!(" For example, it lets in {caller}.")).unwrap_or_default();
    Finding {
        path: judged.role.trust_path.clone(),
        statement: None,
        level: None,
        what: format!("{} {says}.{witness}", entrance.spoken()),
        witness: None,
        why: why.to_owned(),
        instead,
    }
}

/// Whom an entrance is for, within a sentence.
pub(super) fn spoken(who: Who<'_>) -> String {
    match who {
        Who::Anyone => "everybody".to_owned(),
        Who::Aws(name) | Who::Service(name) | Who::Saml(name) => format!("`{name}`"),
        Who::Issuer(issuer) => format!("tokens from `{issuer}`"),
    }
}

/// A role of an account that is nobody's, in an organization that is nobody's; of a name that the conditions ask for, if
/// they take it from any account.
pub(super) fn stranger(entrance: &Entrance<'_>, partition: &str) -> (Caller, Context) {
    let of_account = Pattern::arn(&format!("arn:{partition}:iam::{STRANGER}:role/?*"));
    let asked = ways(entrance, "aws:PrincipalArn");
    let fitting = asked.iter().find_map(|way| matching(way, &of_account));
    let arn = fitting.unwrap_or_else(|| format!("arn:{partition}:iam::{STRANGER}:role/anybody"));
    let paths = format!("{STRANGE_ORGANIZATION}/r-else/ou-else/");
    let context = Context::partial()
        .with("aws:PrincipalOrgID", [STRANGE_ORGANIZATION])
        .with("aws:PrincipalOrgPaths", [paths]);
    (Caller::Role { arn, session: None }, context)
}

/// A text that all values of a way match, and the form.
pub(super) fn matching(way: &[Compared], form: &Pattern) -> Option<String> {
    let all: Vec<&Pattern> = way.iter().map(|value| &value.pattern).chain([form]).collect();
    match find(&all, &[]) {
        Search::Found(text) => Some(text),
        Search::Empty | Search::TooHard => None,
    }
}
