//! Where unreviewed code gets its tokens, and how their subjects read.
//!
//! Owns the list. Never looks at a policy.

use crate::trust::entrance::Compared;
use crate::trust::issuers::Family;
use iam_policy::Pattern;
use iam_policy::pattern::{Search, find};

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
    /// What the token is for.
    pub(super) made_for: MadeFor,
    /// How a subject usually reads.
    pub(super) reads: &'static str,
}

/// What a token is made for, which decides its claims beside the subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MadeFor {
    /// This ref, or none where it is empty.
    Ref(&'static str),
    /// A branch of whatever name.
    AnyBranch,
    /// The ref that stands in the subject behind `:ref:`.
    RefOfSubject,
    /// A branch of whatever name, unless one stands in the subject; in the environment that stands there behind
    /// `:environment:`.
    EnvironmentOfSubject,
}

impl Source {
    /// Whether issuers of the family sign for it. Of a family that is not known, any may.
    pub(super) fn is_of(&self, family: Family) -> bool {
        family == self.family || family == Family::Other && self.family != Family::Bitbucket
    }
}

/// A branch that no policy has in mind.
pub(super) const BRANCH: &str = "refs/heads/any-unreviewed-name";

/// All of them. Whoever pushes chooses the name of the branch or tag, and whoever writes a job that of the environment:
/// where a policy has a wildcard in such a name, one with [`NAME`] in it matches. Names that stand in subjects hold no
/// colon: GitHub writes it as `%3A`, the others do not take it.
pub(super) const SOURCES: &[Source] = &[
    Source {
        family: Family::GitHub,
        holder: "a pull request",
        is: &["*:pull_request*"],
        is_not: &["*:ref:*", "*:environment:*"],
        made_for: MadeFor::Ref("refs/pull/1/merge"),
        reads: "repo:?*/?*:pull_request",
    },
    Source {
        family: Family::GitHub,
        holder: "a push to any branch of such a name",
        is: &["*:ref:refs/heads/*any-unreviewed-name*"],
        is_not: &["*:ref:*:ref:*", "*:ref:*:*any-unreviewed-name*", "*:environment:*", "*:pull_request:*"],
        made_for: MadeFor::RefOfSubject,
        reads: "repo:?*/?*:ref:refs/heads/?*",
    },
    Source {
        family: Family::GitHub,
        holder: "a push of any tag of such a name",
        is: &["*:ref:refs/tags/*any-unreviewed-name*"],
        is_not: &["*:ref:*:ref:*", "*:ref:*:*any-unreviewed-name*", "*:environment:*", "*:pull_request:*"],
        made_for: MadeFor::RefOfSubject,
        reads: "repo:?*/?*:ref:refs/tags/?*",
    },
    Source {
        family: Family::GitHub,
        holder: "a job that names an environment of such a name, which makes it",
        is: &["*:environment:*any-unreviewed-name*"],
        is_not: &[
            "*:environment:*:environment:*",
            "*:environment:*:*any-unreviewed-name*",
            "*:ref:*",
            "*:pull_request:*",
        ],
        made_for: MadeFor::EnvironmentOfSubject,
        reads: "repo:?*/?*:environment:?*",
    },
    Source {
        family: Family::GitHub,
        holder: "a job of any branch of such a name, in an environment that it names",
        is: &["*:ref:refs/heads/*any-unreviewed-name*:environment:*any-unreviewed-name*"],
        is_not: &[
            "*:ref:*:ref:*",
            "*:environment:*:environment:*",
            "*:ref:*:*any-unreviewed-name*:environment:*",
        ],
        made_for: MadeFor::EnvironmentOfSubject,
        reads: "repo:?*/?*:ref:refs/heads/?*:environment:?*",
    },
    Source {
        family: Family::GitHub,
        holder: "a job of any branch, since this subject names neither branch nor environment",
        is: &["*:*"],
        is_not: &[
            "*:ref:*",
            "ref:*",
            "*:environment:*",
            "environment:*",
            "*:pull_request*",
            "*:workflow_ref:*",
            "workflow_ref:*",
        ],
        made_for: MadeFor::AnyBranch,
        reads: "repo:?*/?*:job_workflow_ref:?*",
    },
    Source {
        family: Family::GitLab,
        holder: "a push to any branch of such a name, and its merge request",
        is: &["*:ref_type:branch:ref:*any-unreviewed-name*"],
        is_not: &["*:ref:*:ref:*", "*:ref:*:*any-unreviewed-name*"],
        made_for: MadeFor::AnyBranch,
        reads: "project_path:?*/?*:ref_type:branch:ref:?*",
    },
    Source {
        family: Family::GitLab,
        holder: "a push of any tag of such a name",
        is: &["*:ref_type:tag:ref:*any-unreviewed-name*"],
        is_not: &["*:ref:*:ref:*", "*:ref:*:*any-unreviewed-name*"],
        made_for: MadeFor::AnyBranch,
        reads: "project_path:?*/?*:ref_type:tag:ref:?*",
    },
    Source {
        family: Family::HcpTerraform,
        holder: "the planning phase of any run",
        is: &["organization:*:run_phase:plan"],
        is_not: &["*:run_phase:*:run_phase:*"],
        made_for: MadeFor::Ref(""),
        reads: "organization:?*:project:?*:workspace:?*:run_phase:plan",
    },
    Source {
        family: Family::Buildkite,
        holder: "a build of any branch of such a name",
        is: &["organization:*:pipeline:*:ref:refs/heads/*any-unreviewed-name*:commit:*"],
        is_not: &["*:ref:*:ref:*", "*:ref:*:*any-unreviewed-name*:commit:*"],
        made_for: MadeFor::AnyBranch,
        reads: "organization:?*:pipeline:?*:ref:refs/heads/?*:commit:?*:step:?*",
    },
    Source {
        family: Family::CircleCi,
        holder: "a build of any branch of such a name",
        is: &["org/*/project/*/user/*/vcs-origin/*/vcs-ref/refs/heads/*any-unreviewed-name*"],
        is_not: &["*/vcs-ref/*/vcs-ref/*"],
        made_for: MadeFor::AnyBranch,
        reads: "org/?*/project/?*/user/?*/vcs-origin/?*/vcs-ref/refs/heads/?*",
    },
    Source {
        family: Family::CircleCi,
        holder: "a build of any branch, since this form of the subject names none",
        is: &["org/*/project/*/user/?*"],
        is_not: &["*/vcs-*"],
        made_for: MadeFor::AnyBranch,
        reads: "org/?*/project/?*/user/?*",
    },
    Source {
        family: Family::Bitbucket,
        holder: "a step of any branch, since only a deployment environment is bound to branches",
        is: &["{?*}:{?*}"],
        is_not: &["*}:{*}:*"],
        made_for: MadeFor::AnyBranch,
        reads: "{?*}:{?*}",
    },
    Source {
        family: Family::Spacelift,
        holder: "a proposed run, which is what a pull request gets",
        is: &["space:*:run_type:PROPOSED:scope:read"],
        is_not: &["*:scope:*:scope:*"],
        made_for: MadeFor::Ref(""),
        reads: "space:?*:stack:?*:run_type:PROPOSED:scope:read",
    },
];

/// Subjects of a branch and of a tag that one pattern takes alike: whoever wrote it had one of them in mind, and whoever
/// pushes chooses the other. Of each family what they are, and how the second reads.
pub(super) const EITHER: &[(Family, [&str; 2], &str)] = &[
    (Family::GitHub, ["*:ref:refs/heads/*", "*:ref:refs/tags/*"], "a push of a tag of that name"),
    (Family::GitLab, ["*:ref_type:branch:ref:*", "*:ref_type:tag:ref:*"], "a push of a tag of that name"),
];

/// The subject of a repository that nobody has named, and who has such a token.
pub(super) const NEW_REPOSITORY: (&str, &str) = (
    "repo:any-unreviewed-name/any-unreviewed-name:ref:refs/heads/main",
    "a new repository, which decides alone what is reviewed",
);

/// A subject of which somebody who is not trusted has chosen a part.
pub(super) struct Chosen {
    pub(super) subject: String,
    pub(super) holder: &'static str,
}

/// What in subjects stands for the code that runs, and is given its name by whoever creates it.
struct Created {
    family: Family,
    /// What comes before such a name. One name that is whole says which code it is: the workspaces of an organization have
    /// names of their own, and those of a named project are made by who may write it.
    before: &'static [&'static str],
    /// What ends it.
    end: char,
    /// How the subject of a new one reads.
    reads: &'static str,
    /// What has such a token.
    holder: &'static str,
}

const CREATED: &[Created] = &[
    Created {
        family: Family::GitHub,
        before: &["repo:", "repository:", "repository_id:"],
        end: ':',
        reads: "repo:?*/any-unreviewed-name:?*",
        holder: "a new repository of that pattern, which decides alone what is reviewed",
    },
    Created {
        family: Family::GitLab,
        before: &["project_path:", "project_id:"],
        end: ':',
        reads: "project_path:?*/any-unreviewed-name:ref_type:?*:ref:?*",
        holder: "a new project of that pattern, which decides alone what is reviewed",
    },
    Created {
        family: Family::HcpTerraform,
        before: &[":project:", ":workspace:"],
        end: ':',
        reads: "organization:?*:project:any-unreviewed-name:workspace:any-unreviewed-name:run_phase:?*",
        holder: "a new workspace of that pattern, which runs what its creator likes",
    },
    Created {
        family: Family::Buildkite,
        before: &[":pipeline:"],
        end: ':',
        reads: "organization:?*:pipeline:any-unreviewed-name:ref:?*",
        holder: "a new pipeline of that pattern, which builds what its creator likes",
    },
    Created {
        family: Family::CircleCi,
        before: &["/project/"],
        end: '/',
        reads: "org/?*/project/any-unreviewed-name/?*",
        holder: "a new project of that pattern, which builds what its creator likes",
    },
    Created {
        family: Family::Spacelift,
        before: &["space:", ":stack:", ":module:"],
        end: ':',
        reads: "space:?*:stack:any-unreviewed-name:run_type:?*",
        holder: "a new stack of that pattern, which runs what its creator likes",
    },
];

/// A subject of something that did not exist when the policy was written, if only a pattern says which code may run. The
/// ref is left out: whoever creates a repository has every branch of it.
pub(super) fn chosen_by_the_creator(family: Family, value: &Compared) -> Option<Chosen> {
    if value.pattern.as_literal().is_some() {
        return None;
    }
    let created = CREATED.iter().find(|created| created.family == family)?;
    let after = |before: &&str| value.text.split_once(before).map(|(_, rest)| rest);
    let mut names = created.before.iter().filter_map(after).peekable();
    if names.peek().is_none() && family == Family::GitHub && !value.fixed().0.is_empty() {
        // A subject that the organization has put together by itself, of which nothing is known.
        return None;
    }
    // Behind an `@` stands an identifier of GitHub's, and beside it the name is whole.
    let is_whole = |rest: &str| {
        let name = rest.split(created.end).next().unwrap_or_default();
        let mut parts = name.split('/').map(|part| part.split('@').next().unwrap_or_default());
        !name.is_empty() && parts.all(|part| !part.contains(['*', '?']))
    };
    let fill = || value.text.replace('*', NAME).replace('?', "x");
    (!names.any(is_whole)).then(|| Chosen {
        subject: match find(&[&value.pattern, &Pattern::new(created.reads)], &[]) {
            Search::Found(subject) => subject,
            Search::Empty | Search::TooHard => fill(),
        },
        holder: created.holder,
    })
}
