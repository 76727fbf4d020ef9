//! The names of branches, tags and environments, in which `*` and `?` are wildcards: IAM's, and never part of a name.
//!
//! Source: Git reference, "git-check-ref-format".

use super::token;

type Checked = Result<(), String>;

/// The name of a branch, or a pattern of such names.
pub(super) fn branch(name: &str) -> Checked {
    git_ref("branch", "refs/heads/", name)
}

/// The name of a tag, or a pattern of such names.
pub(super) fn tag(name: &str) -> Checked {
    git_ref("tag", "refs/tags/", name)
}

fn git_ref(what: &str, prefix: &str, name: &str) -> Checked {
    let wrong = |reason: &str| {
        Err(format!("A {what} is written as Git shows it, such as `v1` or `release/*`; {name:?} {reason}."))
    };
    token::no_variable(&format!("A {what}"), name)?;
    let stray = |character: char| character.is_control() || " ~^:\\[".contains(character);
    match () {
        () if name.is_empty() => wrong("is empty"),
        () if name.starts_with("refs/") => wrong(&format!("has more than the name: leave `{prefix}` out")),
        () if name.contains(stray) => wrong("has a character that Git does not allow in one"),
        () if name.starts_with('/') || name.ends_with('/') || name.contains("//") => {
            wrong("begins or ends with a slash, or has two in a row")
        }
        () => Ok(()),
    }
}

/// The name of an environment, or a pattern of such names.
pub(super) fn environment(name: &str) -> Checked {
    token::no_variable("An environment", name)?;
    match name.is_empty() || name.contains(char::is_control) {
        true => Err(format!("An environment has a name of printable characters; found {name:?}.")),
        false => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_branch_is_named_without_its_prefix_and_may_be_a_pattern() {
        for name in ["main", "release/*", "v?", "*", "feature/a-b_c.d@e"] {
            assert_eq!(branch(name), Ok(()), "{name}");
        }
        for name in ["", "refs/heads/main", "/main", "main/", "a//b", "a b", "a:b", "${aws:username}"] {
            assert!(branch(name).is_err(), "{name}");
        }
    }

    #[test]
    fn an_environment_may_have_colons_and_spaces_but_no_policy_variable() {
        assert_eq!(environment("prod: eu west"), Ok(()));
        assert!(environment("").is_err() && environment("${aws:username}").is_err());
    }
}
