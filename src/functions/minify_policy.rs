//! `minify_policy`: the same decisions in fewer characters.

use super::policy;
use iam_policy::{Wildcards, minify_with};
use tfplug::function::{Function, FunctionError};
use tfplug::object;
use tfplug::schema::{Attr, List, nearest, required};

object! {
    /// Shortens a policy document without changing what it decides, for IAM's quotas: statements are joined, what something else covers goes, actions become the shortest patterns that match the same actions, and white space, Sids and `Id` go. The result is proven to decide the same, or there is an error.
    ///
    /// "The same" is meant for the provider's catalogue of actions, which has a date: a new wildcard also matches what AWS adds later under such a name. How far new wildcards go can be chosen.
    pub(super) struct Arguments {
        /// An identity policy, the trust policy of a role, or the policy of another resource, such as a bucket; as JSON text.
        policy: String = required(),
        /// Where wildcards may be added: `words`, in place of whole words of names, such as `Get*`, which is what is done without this argument; `anywhere`, wherever that saves a character; `none`, nowhere.
        wildcards: List<String> = required(),
    }
}

const POLICY: usize = 0;
const WILDCARDS: usize = 1;

const CHOICES: [(&str, Wildcards); 3] =
    [("words", Wildcards::Words), ("anywhere", Wildcards::Anywhere), ("none", Wildcards::None)];

/// The function.
#[derive(Debug)]
pub(super) struct MinifyPolicy;

impl Function for MinifyPolicy {
    const NAME: &'static str = "minify_policy";
    const SUMMARY: &'static str = "A shorter policy document that decides the same.";
    const VARIADIC: bool = true;
    type Arguments = Arguments;
    type Output = String;

    fn call(Arguments { policy: text, wildcards }: Arguments) -> Result<String, FunctionError> {
        let (document, _) = policy(&text.into_known().unwrap_or_default(), POLICY)?;
        let wildcards = chosen(wildcards.into_known().unwrap_or_default())?;
        let shorter = minify_with(&document, wildcards)
            .map_err(|error| FunctionError::argument(POLICY, error.to_string()))?;
        Ok(shorter.to_json())
    }
}

fn chosen(wildcards: List<String>) -> Result<Wildcards, FunctionError> {
    let mut given = wildcards.into_iter().filter_map(Attr::into_known);
    let Some(choice) = given.next() else { return Ok(Wildcards::Words) };
    if given.next().is_some() {
        return Err(FunctionError::argument(WILDCARDS + 1, "There is no argument after the wildcards."));
    }
    let found = CHOICES.iter().find(|(name, _)| *name == choice).map(|(_, wildcards)| *wildcards);
    found.ok_or_else(|| {
        let hint = nearest(&choice, CHOICES.iter().map(|(name, _)| *name))
            .map(|near| format!(" Did you mean {near:?}?"))
            .unwrap_or_default();
        let text = format!("{choice:?} is none of `words`, `anywhere`, `none`.{hint}");
        FunctionError::argument(WILDCARDS, text)
    })
}
