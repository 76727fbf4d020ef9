//! Changing a role in place, with only the calls that differ, in an order that never opens more than either end.
//!
//! The order, and why:
//! 1. Trust that only goes away goes first. Where trust is also given while permissions grow, whoever is newly
//!    trusted must not meet the old permissions, nor those who lose trust the new ones; a policy document cannot be
//!    half changed, so in between only those are trusted whom both trust. It costs one more call, only then; and if
//!    a later step fails, the role is left trusting too few rather than too many.
//! 2. A boundary that is set, before what it bounds.
//! 3. New and changed policies before old ones are removed, so that work under way never loses what it keeps.
//!    Denies come first and go last: a change that drops a deny runs after what only allows is removed, whatever it
//!    allows in addition, and one that brings a deny as well runs twice, at first with the denies of both. Policies
//!    that the role owns are created before anything is attached, and deleted after everything is detached. When a
//!    quota has no room for both, the old ones go first after all.
//! 4. A boundary that is lifted, after what it bounded is gone.
//! 5. Trust that is given, tags, description, duration.

use super::difference::{Difference, Goal};
use super::rules::Rules;
use super::step::{Step, run, unless_stopped};
use super::trust::Trust;
use super::{Failure, LiveRole, RoleSpec};
use crate::aws::{Account, Error, Iam, Kind, Stop};

/// From what to what.
#[derive(Clone, Copy, Debug)]
pub struct Change<'a> {
    /// The role as AWS has it now.
    pub current: &'a LiveRole,
    /// What was wanted before: of the policies that are there and no longer wanted, these are ours. `None` when
    /// nothing was (after an import).
    pub prior: Option<&'a RoleSpec>,
    /// What is wanted.
    pub wanted: &'a RoleSpec,
    /// What to leave alone.
    pub rules: &'a Rules,
}

/// Makes the role what is wanted. Name and path cannot change and are not looked at.
///
/// # Errors
/// [`Failure::reached`] holds the role as far as it came.
pub async fn update(account: &Account, change: Change<'_>, stop: &Stop) -> Result<LiveRole, Failure> {
    let mut live = change.current.clone();
    match converge(account, &mut live, change, stop).await {
        Ok(()) => Ok(live),
        Err(error) => Err(Failure { error, reached: Some(Box::new(live)) }),
    }
}

async fn converge(
    account: &Account,
    live: &mut LiveRole,
    change: Change<'_>,
    stop: &Stop,
) -> Result<(), Error> {
    unless_stopped(stop)?;
    let Change { prior, wanted, rules, .. } = change;
    let trust =
        Trust::compare(account, &live.spec.assume_role_policy, &wanted.assume_role_policy, stop).await?;
    let iam = account.iam(stop).await?;
    let difference = Difference::between(live, Goal { wanted, prior, rules });
    let (early, late) = trust_steps(&trust, wanted, difference.widens());
    run(&iam, live, early).await?;
    run(&iam, live, difference.boundary).await?;
    let [first, second] = difference.additions;
    let additions = [difference.preparations, first, second];
    let [first, last] = difference.removals;
    let removals = [first, difference.relaxations, last, difference.disposals];
    replace_policies(&iam, live, additions, removals).await?;
    unless_stopped(stop)?;
    run(&iam, live, difference.unbound).await?;
    run(&iam, live, late).await?;
    // One after the other: IAM refuses two edits of a role's tags or description at the same time.
    for step in difference.labels {
        run(&iam, live, vec![step]).await?;
    }
    Ok(())
}

/// What to do about trust before and after the permissions change.
fn trust_steps(trust: &Trust, wanted: &RoleSpec, permissions_widen: bool) -> (Vec<Step>, Vec<Step>) {
    if trust.is_same() {
        return (Vec::new(), Vec::new());
    }
    let set = vec![Step::SetTrust(wanted.assume_role_policy.clone())];
    let direction = trust.direction();
    match (direction.narrows, direction.widens) {
        (true, true) if permissions_widen => (vec![Step::SetTrust(trust.meet())], set),
        (_, true) => (Vec::new(), set),
        (_, false) => (set, Vec::new()),
    }
}

async fn replace_policies(
    iam: &Iam<'_>,
    live: &mut LiveRole,
    additions: [Vec<Step>; 3],
    removals: [Vec<Step>; 4],
) -> Result<(), Error> {
    // Others may have made room since, or will.
    let is_alone = additions.iter().chain(&removals).flatten().count() == 1;
    let mut left = match run_all(iam, live, additions.clone()).await {
        Err(error) if error.kind() == Kind::LimitExceeded && !is_alone => additions,
        added => added.map(|()| <[Vec<Step>; 3]>::default())?,
    };
    let [allowing, mut relaxing, denying, disposals] = removals;
    run(iam, live, allowing).await?;
    relaxing.sort_by_key(|step| step.growth(live));
    let relaxed = run(iam, live, relaxing.clone()).await;
    // A document that denies what either denies is of no more use when the last one is at hand.
    for wave in &mut left {
        wave.retain(|step| !relaxing.iter().any(|last| last.overwrites(step)));
    }
    let [_, _, last] = &mut left;
    match relaxed {
        Err(error) if error.kind() == Kind::LimitExceeded && !is_alone => last.extend(relaxing),
        relaxed => relaxed?,
    }
    run(iam, live, denying).await?;
    run(iam, live, disposals).await?;
    for mut wave in left {
        wave.retain(|step| !step.is_done(live));
        // What shrinks makes room for what grows.
        wave.sort_by_key(|step| step.growth(live));
        for step in wave {
            run(iam, live, vec![step]).await?;
        }
    }
    Ok(())
}

async fn run_all(iam: &Iam<'_>, live: &mut LiveRole, waves: [Vec<Step>; 3]) -> Result<(), Error> {
    for wave in waves {
        run(iam, live, wave).await?;
    }
    Ok(())
}
