//! `github_subject`: the subject of the tokens of a job of GitHub Actions.

use crate::trust::{Repository, Trigger};
use tfplug::function::{Function, FunctionError};
use tfplug::object;
use tfplug::schema::{Attr, List, required};

object! {
    /// Puts together the subject (`sub`) that GitHub writes in the tokens of a job: for the trust policies of roles that this provider does not manage, and for tests of those that it does. GitHub spells repositories in one way, upper and lower case included, and IAM compares subjects as they stand.
    ///
    /// A job that names an environment has the subject of the environment, whatever branch or pull request it runs for. Repositories whose subjects are customized have others.
    pub(super) struct Arguments {
        /// The repository, as `acme/infra-live`; or with the IDs of owner and repository, as `acme@1234/infra-live@5678`, for repositories that were created, renamed or transferred since July 15, 2026, or that opted in to subjects with IDs.
        repository: String = required(),
        /// What the job runs for: `branch`, `tag`, `environment` or `pull_request`.
        trigger: String = required(),
        /// The name of the branch, tag or environment, which may be a pattern with `*` and `?`. None for `pull_request`. The colons of an environment's name become `%3A`, as GitHub writes them.
        name: List<String> = required(),
    }
}

/// The positions of the arguments.
const REPOSITORY: usize = 0;
const TRIGGER: usize = 1;
const NAME: usize = 2;

/// The function.
#[derive(Debug)]
pub(super) struct GithubSubject;

impl Function for GithubSubject {
    const NAME: &'static str = "github_subject";
    const SUMMARY: &'static str =
        "Subject of the tokens of a job of GitHub Actions, from repository and trigger.";
    const VARIADIC: bool = true;
    type Arguments = Arguments;
    type Output = String;

    fn call(arguments: Arguments) -> Result<String, FunctionError> {
        let Arguments { repository, trigger, name } = arguments;
        let [repository, kind] = [repository, trigger].map(|text| text.into_known().unwrap_or_default());
        let repository =
            Repository::parse(&repository).map_err(|wrong| FunctionError::argument(REPOSITORY, wrong))?;
        let mut names = name.into_known().unwrap_or_default().into_iter().filter_map(Attr::into_known);
        let name = names.next();
        let at = if name.is_some() && Trigger::KINDS.contains(&kind.as_str()) { NAME } else { TRIGGER };
        let trigger =
            Trigger::new(&kind, name.as_deref()).map_err(|wrong| FunctionError::argument(at, wrong))?;
        if names.next().is_some() {
            let text = "There is no argument after the name.";
            return Err(FunctionError::argument(NAME + 1, text));
        }
        Ok(repository.subject(&trigger))
    }
}
