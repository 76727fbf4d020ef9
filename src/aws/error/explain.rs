//! Advice: what AWS's wording gives away about who refuses, put so that a reader knows whose policy to open.

use super::{Error, Kind};

/// AWS's fragments that name the refusing policy, and what each means to the reader.
/// The wording is that of the IAM user guide, "Troubleshoot access denied error messages".
const REASONS: &[(&str, &str)] = &[
    (
        "explicit deny in a service control policy",
        "A service control policy of the organization denies it; no policy in the account can allow it.",
    ),
    (
        "no service control policy allows",
        "No service control policy of the organization allows it; no policy in the account can.",
    ),
    (
        "explicit deny in a resource control policy",
        "A resource control policy of the organization denies it; no policy in the account can allow it.",
    ),
    (
        "no resource control policy allows",
        "No resource control policy of the organization allows it; no policy in the account can.",
    ),
    ("explicit deny in a permissions boundary", "The caller's permissions boundary denies it."),
    (
        "no permissions boundary allows",
        "The caller's permissions boundary does not allow it, whatever its policies say.",
    ),
    (
        "explicit deny in a session policy",
        "The session policy passed when the caller's session began denies it (`policy` and `policy_arns` of the hop).",
    ),
    (
        "no session policy allows",
        "The session policy passed when the caller's session began does not allow it (`policy` and `policy_arns` of the hop).",
    ),
    ("explicit deny in an identity-based policy", "A policy attached to the caller denies it."),
    ("no identity-based policy allows", "No policy attached to the caller allows it."),
    (
        "explicit deny in a resource-based policy",
        "The policy of the resource itself denies it (for a role: its trust policy).",
    ),
    (
        "no resource-based policy allows",
        "The policy of the resource itself does not allow it (for a role: its trust policy).",
    ),
    (
        "explicit deny in a VPC endpoint policy",
        "The policy of the VPC endpoint through which the call went denies it.",
    ),
    (
        "no VPC endpoint policy allows",
        "The policy of the VPC endpoint through which the call went does not allow it.",
    ),
];

/// Whose policy refuses, when AWS's message says so.
pub(in crate::aws) fn denied_by(message: &str) -> Option<&'static str> {
    REASONS.iter().find(|(fragment, _)| message.contains(fragment)).map(|(_, meaning)| *meaning)
}

/// What is probably wrong when STS refuses a hop into `role_arn`.
///
/// `external_id` says whether one was sent: a wrong one and a missing one are refused with the same words.
pub(in crate::aws) fn refused_hop(error: &Error, role_arn: &str, external_id: bool) -> Option<String> {
    let message = error.message();
    match error.kind() {
        Kind::Denied => Some(denied_by(message).map_or_else(|| either_side(role_arn, external_id), str::to_owned)),
        Kind::Invalid if message.contains("role chaining") => Some(
            "A role assumed by a role gets at most 1 hour (`duration = \"1h\"`), whatever its maximum session \
             duration; AWS has no setting that raises it."
                .to_owned(),
        ),
        Kind::Invalid if message.contains("MaxSessionDuration") => Some(format!(
            "Ask for less with `duration`, or raise the maximum session duration of {role_arn}."
        )),
        Kind::Credentials => Some(
            "The credentials with which this hop was made are not valid: they are expired, deleted, or of another \
             partition than the endpoint."
                .to_owned(),
        ),
        _ => None,
    }
}

fn either_side(role_arn: &str, external_id: bool) -> String {
    let sent = if external_id {
        "requires another `external_id` than the one sent"
    } else {
        "requires an `external_id` (none was sent)"
    };
    format!(
        "AWS does not say which side refuses: either the trust policy of {role_arn} does not name this caller or \
         {sent}, or no policy of the caller allows sts:AssumeRole on it. It answers the same when the role does \
         not exist."
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROLE: &str = "arn:aws:iam::222222222222:role/Deploy";

    fn denied(message: &str) -> Error {
        Error::new(Kind::Denied, "sts:AssumeRole", message)
    }

    #[test]
    fn the_refusing_policy_is_named_when_aws_names_it() {
        let error = denied(
            "User: x is not authorized to perform: y because no identity-based policy allows the y action",
        );
        assert_eq!(refused_hop(&error, ROLE, true).unwrap(), "No policy attached to the caller allows it.");
        assert!(
            denied_by("with an explicit deny in a service control policy").unwrap().contains("organization")
        );
        assert_eq!(denied_by("User: x is not authorized to perform: y"), None);
    }

    #[test]
    fn a_silent_refusal_names_both_sides_and_the_external_id() {
        let error = denied("User: x is not authorized to perform: sts:AssumeRole");
        let without = refused_hop(&error, ROLE, false).unwrap();
        assert!(without.contains(ROLE) && without.contains("none was sent"), "{without}");
        assert!(refused_hop(&error, ROLE, true).unwrap().contains("another `external_id`"));
    }

    #[test]
    fn chaining_explains_the_hour() {
        let error = Error::new(
            Kind::Invalid,
            "sts:AssumeRole",
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.",
        );
        assert!(refused_hop(&error, ROLE, false).unwrap().contains("1 hour"));
    }
}
