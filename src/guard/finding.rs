//! What a rule found, and how it is told.
//!
//! Owns the sentences around a finding. Never finds anything.

use super::judged::{Allowed, Judged};
use super::level::Level;
use super::{Role, Rule};
use iam_policy::Request;
use tfplug::diagnostics::Diagnostic;
use tfplug::path::Path;

/// The verb for what a statement allows: what could not be told counts, and is not called certain.
pub(super) fn allows(witness: Option<&Request>) -> &'static str {
    if witness.is_some() { "allows" } else { "may allow, for all that could be told," }
}

/// How many names a finding lists; of the others it says how many there are.
const NAMED: usize = 5;

/// What a rule found about one role.
#[derive(Clone, Debug)]
pub(super) struct Finding {
    /// The attribute at fault.
    pub(super) path: Path,
    /// The statement at fault, if one is. Of the findings about one statement that follow from each other only the
    /// first counts, see `guard`.
    pub(super) statement: Option<Place>,
    /// How it counts unless users say otherwise, if that is not the rule's own level.
    pub(super) level: Option<Level>,
    /// What was found: a sentence that names statement and action or principal.
    pub(super) what: String,
    /// One concrete request that would be allowed, such as ``s3:PutObject on `arn:aws:s3:::b/k` ``.
    pub(super) witness: Option<String>,
    /// Why it matters: a sentence.
    pub(super) why: String,
    /// What to write instead: a sentence or two.
    pub(super) instead: String,
}

/// A statement of a role's identity policies: the policy and the statement in it, counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Place {
    pub(super) policy: usize,
    pub(super) statement: usize,
}

impl Place {
    /// The name of a policy that has this statement alone.
    pub(super) fn key(self) -> String {
        format!("{}/{}", self.policy, self.statement)
    }

    /// The place of that name.
    pub(super) fn of_key(key: &str) -> Option<Self> {
        let (policy, statement) = key.split_once('/')?;
        Some(Self { policy: policy.parse().ok()?, statement: statement.parse().ok()? })
    }
}

impl Finding {
    /// A finding about a statement. `says` goes on where the sentence has named it.
    pub(super) fn about(judged: &Judged<'_>, place: Place, says: &str, [why, instead]: [&str; 2]) -> Self {
        Self {
            path: judged.policy(place).map(|policy| policy.path.clone()).unwrap_or_default(),
            statement: Some(place),
            level: None,
            what: format!("{} {says}.", judged.spoken(place)),
            witness: None,
            why: why.to_owned(),
            instead: instead.to_owned(),
        }
    }

    /// A finding about what a statement allows.
    pub(super) fn allows(judged: &Judged<'_>, allowed: &Allowed, advice: [&str; 2]) -> Self {
        let says = match (allowed.actions.as_slice(), allowed.doubtful.as_slice()) {
            (certain, []) => format!("allows {}", listed(certain)),
            ([], doubtful) => format!("{} {}", allows(None), listed(doubtful)),
            (certain, doubtful) => format!(
                "allows {}, and may, for all that could be told, allow {}",
                listed(certain),
                listed(doubtful)
            ),
        };
        Self::about(judged, allowed.place, &says, advice).witness(allowed.witness.as_ref())
    }

    /// The same, with a request that would be allowed.
    pub(super) fn witness(self, request: Option<&Request>) -> Self {
        let spoken = request.map(|one| match one.resource() {
            "*" => one.action().to_owned(),
            resource => format!("{} on `{resource}`", one.action()),
        });
        Self { witness: spoken, ..self }
    }

    /// The finding for the person at the keyboard.
    pub(super) fn tell(&self, rule: &Rule, role: &Role<'_>, level: Level) -> Diagnostic {
        let Self { what, why, instead, .. } = self;
        let title = format!("{}: {} `{}`", rule.title, role.task.name(), role.name);
        let witness = match &self.witness {
            Some(witness) => format!(" For example, it could call {witness}."),
            None => String::new(),
        };
        let place = match self.path.steps() {
            [] => "the role".to_owned(),
            _ => format!("`{}`", self.path),
        };
        let detail = format!(
            "{what}{witness}\n\nWhere: {place}\n\nWhy it matters: {why}\n\nInstead: {instead}\n\nThis is the guard's rule `{}`. Its page \
             in the documentation says more, and how to make an exception.",
            rule.name
        );
        let diagnostic = match level {
            Level::Deny => Diagnostic::error(title, detail),
            Level::Warn | Level::Off => Diagnostic::warning(title, detail),
        };
        diagnostic.at(self.path.clone())
    }
}

/// `a, b and 3 more`
pub(super) fn listed<T: ToString>(all: impl IntoIterator<Item = T>) -> String {
    let all: Vec<String> = all.into_iter().map(|one| format!("`{}`", one.to_string())).collect();
    let named = all.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
    match all.len().saturating_sub(NAMED) {
        0 => named,
        more => format!("{named} and {more} more"),
    }
}
