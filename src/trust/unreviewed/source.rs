//! Where unreviewed code gets its tokens, and how their subjects read.
//!
//! Owns the list. Never looks at a policy.

use crate::trust::entrance::Compared;
use crate::trust::issuers::Family;

/// A name that no policy has in mind.
pub(super) const NAME: &str = "any-unreviewed-name";

/// One kind of unreviewed code.
#[derive(Clone, Copy, Debug)]
pub(super) struct Source {
    family: Family,
    /// What has the token, such as `a pull request`.
    pub(super) holder: &'static str,
    /// Every subject matches these …
    pub(super) is: &'static [&'static str],
    /// … and none of these, which are what only other subjects can be.
    pub(super) is_not: &'static [&'static str],
    /// The ref that the token is for; empty where there is none.
    pub(super) git_ref: &'static str,
    /// A subject.
    pub(super) example: &'static str,
}

impl Source {
    /// Whether issuers of the family sign for it. Of a family that is not known, any may.
    pub(super) fn is_of(&self, family: Family) -> bool {
        family == self.family || family == Family::Other && self.family != Family::Bitbucket
    }
}

const BRANCH: &str = "refs/heads/any-unreviewed-name";
const TAG: &str = "refs/tags/any-unreviewed-name";

/// All of them. Names that stand in subjects hold no colon: GitHub writes it as `%3A`, the others do not take it.
pub(super) const SOURCES: &[Source] = &[
    Source {
        family: Family::GitHub,
        holder: "a pull request",
        is: &["*:pull_request"],
        is_not: &["*:ref:*", "*:environment:*", "*job_workflow_ref:*"],
        git_ref: "refs/pull/1/merge",
        example: "repo:any-unreviewed-name/any-unreviewed-name:pull_request",
    },
    Source {
        family: Family::GitHub,
        holder: "a push to any branch",
        is: &["*:ref:refs/heads/any-unreviewed-name"],
        is_not: &["*:ref:*:ref:*", "*:environment:*", "*:pull_request:*"],
        git_ref: BRANCH,
        example: "repo:any-unreviewed-name/any-unreviewed-name:ref:refs/heads/any-unreviewed-name",
    },
    Source {
        family: Family::GitHub,
        holder: "a push of any tag",
        is: &["*:ref:refs/tags/any-unreviewed-name"],
        is_not: &["*:ref:*:ref:*", "*:environment:*", "*:pull_request:*"],
        git_ref: TAG,
        example: "repo:any-unreviewed-name/any-unreviewed-name:ref:refs/tags/any-unreviewed-name",
    },
    Source {
        family: Family::GitLab,
        holder: "a push to any branch, and any merge request",
        is: &["*:ref_type:branch:ref:any-unreviewed-name"],
        is_not: &["*:ref:*:ref:*"],
        git_ref: BRANCH,
        example: "project_path:any-unreviewed-name/any-unreviewed-name:ref_type:branch:ref:any-unreviewed-name",
    },
    Source {
        family: Family::GitLab,
        holder: "a push of any tag",
        is: &["*:ref_type:tag:ref:any-unreviewed-name"],
        is_not: &["*:ref:*:ref:*"],
        git_ref: TAG,
        example: "project_path:any-unreviewed-name/any-unreviewed-name:ref_type:tag:ref:any-unreviewed-name",
    },
    Source {
        family: Family::HcpTerraform,
        holder: "the planning phase of any run",
        is: &["organization:*:run_phase:plan"],
        is_not: &["*:run_phase:*:run_phase:*"],
        git_ref: "",
        example: "organization:any-unreviewed-name:project:any-unreviewed-name:workspace:any-unreviewed-name:run_phase:plan",
    },
    Source {
        family: Family::Buildkite,
        holder: "a build of any branch",
        is: &["organization:*:pipeline:*:ref:refs/heads/any-unreviewed-name:commit:*"],
        is_not: &["*:ref:*:ref:*"],
        git_ref: BRANCH,
        example: "organization:any-unreviewed-name:pipeline:any-unreviewed-name:ref:refs/heads/any-unreviewed-name:commit:c0ffee:step:any-unreviewed-name",
    },
    Source {
        family: Family::CircleCi,
        holder: "a build of any branch",
        is: &["org/*/project/*/user/*/vcs-origin/*/vcs-ref/refs/heads/any-unreviewed-name"],
        is_not: &["*/vcs-ref/*/vcs-ref/*"],
        git_ref: BRANCH,
        example: "org/any-unreviewed-name/project/any-unreviewed-name/user/any-unreviewed-name/vcs-origin/any-unreviewed-name/vcs-ref/refs/heads/any-unreviewed-name",
    },
    Source {
        family: Family::CircleCi,
        holder: "a build of any branch, since this form of the subject names none",
        is: &["org/*/project/*/user/?*"],
        is_not: &["*/vcs-*"],
        git_ref: BRANCH,
        example: "org/any-unreviewed-name/project/any-unreviewed-name/user/any-unreviewed-name",
    },
    Source {
        family: Family::Bitbucket,
        holder: "a step of any branch, since only a deployment environment is bound to branches",
        is: &["{?*}:{?*}"],
        is_not: &["*}:{*}:*"],
        git_ref: BRANCH,
        example: "{any-unreviewed-name}:{any-unreviewed-name}",
    },
    Source {
        family: Family::Spacelift,
        holder: "a proposed run, which is what a pull request gets",
        is: &["space:*:run_type:PROPOSED:scope:read"],
        is_not: &["*:scope:*:scope:*"],
        git_ref: "",
        example: "space:any-unreviewed-name:stack:any-unreviewed-name:run_type:PROPOSED:scope:read",
    },
];

/// A subject of which whoever can push has chosen a part.
pub(super) struct Chosen {
    pub(super) subject: String,
    pub(super) git_ref: String,
    pub(super) holder: &'static str,
}

/// What stands before the name of a branch or tag in a subject, the ref that it makes, and who chooses.
const CHOICES: &[(&str, &str, &str)] = &[
    ("refs/heads/", "refs/heads/", "a push to a branch of that pattern"),
    ("refs/tags/", "refs/tags/", "a push of a tag of that pattern"),
    (":ref_type:branch:ref:", "refs/heads/", "a push to a branch of that pattern"),
    (":ref_type:tag:ref:", "refs/tags/", "a push of a tag of that pattern"),
    (":environment:", "", "a job that names an environment of that pattern, which makes it"),
    (":ref:", "", "a push to a branch of that pattern"),
];

/// A subject that matches, if the name of the branch or tag is a pattern.
pub(super) fn chosen_by_the_pusher(value: &Compared) -> Option<Chosen> {
    if value.pattern.as_literal().is_some() {
        return None;
    }
    let fill = |pattern: &str| pattern.replace('*', NAME).replace('?', "x");
    CHOICES.iter().find_map(|(before, makes, holder)| {
        let (_, after) = value.text.split_once(before)?;
        let name = after.split(':').next().filter(|name| name.contains(['*', '?']))?;
        Some(Chosen { subject: fill(&value.text), git_ref: format!("{makes}{}", fill(name)), holder })
    })
}

/// The subject of a repository that nobody has named, and who has such a token.
pub(super) const NEW_REPOSITORY: (&str, &str) = (
    "repo:any-unreviewed-name/any-unreviewed-name:ref:refs/heads/main",
    "a new repository, which decides alone what is reviewed",
);

/// What is named in subjects and stands for the code that runs: of each family what comes before such a name, what ends
/// it, and who makes up a new one. One of them that is whole says which code it is: the workspaces of an organization have
/// names of their own, and those of a named project are made by who may write it.
const CREATED: &[(Family, &[&str], char, &str)] = &[
    (
        Family::GitHub,
        &["repo:", "repository:", "repository_id:"],
        ':',
        "a new repository of that pattern, which decides alone what is reviewed",
    ),
    (
        Family::GitLab,
        &["project_path:", "project_id:"],
        ':',
        "a new project of that pattern, which decides alone what is reviewed",
    ),
    (
        Family::HcpTerraform,
        &[":project:", ":workspace:"],
        ':',
        "a new workspace of that pattern, which runs what its creator likes",
    ),
    (
        Family::Buildkite,
        &[":pipeline:"],
        ':',
        "a new pipeline of that pattern, which builds what its creator likes",
    ),
    (
        Family::CircleCi,
        &["/project/"],
        '/',
        "a new project of that pattern, which builds what its creator likes",
    ),
    (
        Family::Spacelift,
        &["space:", ":stack:", ":module:"],
        ':',
        "a new stack of that pattern, which runs what its creator likes",
    ),
];

/// A subject of something that did not exist when the policy was written, if only a pattern says which code may run. The
/// ref is left out: whoever creates a repository has every branch of it.
pub(super) fn chosen_by_the_creator(family: Family, value: &Compared) -> Option<Chosen> {
    if value.pattern.as_literal().is_some() {
        return None;
    }
    let (_, marks, end, holder) = CREATED.iter().find(|(of, ..)| *of == family)?;
    let after = |mark: &&str| value.text.split_once(mark).map(|(_, rest)| rest);
    let mut names = marks.iter().filter_map(after).peekable();
    if names.peek().is_none() && family == Family::GitHub && !value.fixed().0.is_empty() {
        // A subject that the organization has put together by itself, of which nothing is known.
        return None;
    }
    // Behind an `@` stands an identifier of GitHub's, and beside it the name is whole.
    let is_whole = |rest: &str| {
        let name = rest.split(*end).next().unwrap_or_default();
        let mut parts = name.split('/').map(|part| part.split('@').next().unwrap_or_default());
        !name.is_empty() && parts.all(|part| !part.contains(['*', '?']))
    };
    let fill = |pattern: &str| pattern.replace('*', NAME).replace('?', "x");
    (!names.any(is_whole)).then(|| Chosen { subject: fill(&value.text), git_ref: String::new(), holder })
}
