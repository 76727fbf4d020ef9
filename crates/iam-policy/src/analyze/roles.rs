//! Roles that can become one another.
//!
//! Owns the steps from one role to the next. What a role can do by itself is `access`'s business.

mod chain;
mod step;
mod trust;

use crate::{ActionSet, Caller, Document, PolicySet, Request, catalog::escalation::Path};

use super::{Subject, access::access};

pub use chain::Chain;

/// A role with all that bears on it.
#[derive(Clone, Debug)]
pub struct Role {
    /// `arn:aws:iam::111122223333:role/ci/planner`
    pub arn: String,
    /// Who may assume it.
    pub trust: Document,
    /// Its policies and its boundary.
    pub policies: PolicySet,
}

/// Finds how each role could get the power of another.
///
/// Sound for the steps that it knows (see [`How`]): a step that is not found is one that these policies allow in no
/// context.
#[must_use]
pub fn analyze_roles(roles: &[Role]) -> RoleAnalysis {
    let known: Vec<Known<'_>> = roles.iter().map(Known::new).collect();
    let mut takeovers = Vec::new();
    for from in &known {
        let ways = step::Ways::of(from);
        for to in &known {
            let steps = ways.to(to).into_iter();
            takeovers.extend(steps.map(|(how, witness)| Takeover {
                from: from.role.arn.clone(),
                to: to.role.arn.clone(),
                how,
                witness,
                gains: to.access.clone().difference(&from.access),
            }));
        }
    }
    let chains = chain::chains(&known, &takeovers);
    RoleAnalysis { takeovers, chains }
}

/// What was found about a set of roles.
#[derive(Clone, Debug)]
pub struct RoleAnalysis {
    /// Single steps from role to role, by the order of the roles.
    pub takeovers: Vec<Takeover>,
    /// For each pair of roles that no single step joins, the shortest way from one to the other.
    pub chains: Vec<Chain>,
}

/// How one role gets the power of another, or power over it. Prints as a sentence without its full stop.
#[derive(Clone, Debug)]
pub struct Takeover {
    /// The ARN of the role that can do it.
    pub from: String,
    /// The ARN of the role that is taken over.
    pub to: String,
    /// How.
    pub how: How,
    /// A request to or about the other role that is allowed. `None` if it could not be told whether there is one, or
    /// whether all that is needed besides is possible.
    pub witness: Option<Request>,
    /// The actions that the other role can do, and this one cannot on any resource. Where there are none, the other may
    /// still do the same on more resources.
    pub gains: ActionSet,
}

/// The steps from one role to another.
#[derive(Clone, Debug)]
pub enum How {
    /// `sts:AssumeRole`, which the other's trust policy lets it.
    Assume,
    /// `iam:UpdateAssumeRolePolicy`: it lets itself in.
    Retrust,
    /// `iam:PassRole` to a service that the other role trusts, and what starts that service; each way to do so.
    Pass(Vec<&'static Path>),
    /// It changes the policies or the boundary of the other role, or of itself, with these actions. That alone does not
    /// make it the other role.
    Edit(Vec<&'static str>),
}

impl How {
    /// Whether this makes one role the other.
    #[must_use]
    pub fn is_becoming(&self) -> bool {
        !matches!(self, Self::Edit(_))
    }
}

/// A role and what it can do.
struct Known<'a> {
    role: &'a Role,
    subject: Subject,
    access: ActionSet,
}

impl<'a> Known<'a> {
    fn new(role: &'a Role) -> Self {
        let subject = Subject::new(Caller::Role { arn: role.arn.clone(), session: None });
        let access = access(&role.policies, &subject).all();
        Self { role, subject, access }
    }
}
