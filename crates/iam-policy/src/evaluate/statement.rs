//! Does a statement apply to a request?
//!
//! Owns how resource and conditions combine, actions being known from the index. Never asks who calls: `principal` does.

use super::Finding;
use crate::{Effect, Request, Truth, decision::Cause, policy_set::CompiledStatement};

/// Whether a statement applies, principals aside.
pub(super) fn applies<'a>(statement: &'a CompiledStatement, request: &Request) -> Finding<'a> {
    let place = Some(&statement.place);
    let finding = |truth, cause| Finding { truth, cause, place };
    let mut answer = finding(
        Truth::True,
        match statement.effect {
            Effect::Allow => Cause::Allow,
            Effect::Deny => Cause::Deny,
        },
    );
    let resource = statement.is_about(request.resource(), request.context());
    answer = answer.and(finding(resource, Cause::Resource));
    for (index, test) in statement.tests.iter().enumerate() {
        if answer.truth == Truth::False {
            break;
        }
        answer = answer.and(finding(test.holds(request.context()), Cause::Condition(index)));
    }
    answer
}
