//! `merge_policies`: several policy documents as one.

use super::policy;
use iam_policy::{Kind, OneOrMany, merge};
use tfplug::function::{Function, FunctionError};
use tfplug::object;
use tfplug::schema::{Attr, List, required};

object! {
    /// Joins policy documents into one that decides what they decide together. Equal statements are there once; statements that differ in their actions only, or in their resources only, become one; everything else stays as it was written.
    ///
    /// Statements with different Sids stay apart, and a Sid that occurs twice gets a number. The version is 2012-10-17 where any document has it. For a list of documents, write `merge_policies(local.documents...)`.
    pub(super) struct Arguments {
        /// Identity policies, trust policies of roles, or policies of another resource, as JSON text: one or more, all of one kind.
        policies: List<String> = required(),
    }
}

/// The function.
#[derive(Debug)]
pub(super) struct MergePolicies;

impl Function for MergePolicies {
    const NAME: &'static str = "merge_policies";
    const SUMMARY: &'static str = "One policy document from several.";
    const VARIADIC: bool = true;
    type Arguments = Arguments;
    type Output = String;

    fn call(Arguments { policies }: Arguments) -> Result<String, FunctionError> {
        let texts = policies.into_known().unwrap_or_default().into_iter().filter_map(Attr::into_known);
        let mut documents = Vec::new();
        let mut first: Option<Kind> = None;
        for (position, text) in texts.enumerate() {
            let (document, kind) = policy(&text, position)?;
            if *first.get_or_insert(kind) != kind {
                let text = "This policy and those before it are of different kinds: identity policies name \
                            resources, trust policies principals, policies of other resources both. Merge each kind \
                            by itself.";
                return Err(FunctionError::argument(position, text));
            }
            documents.push(document);
        }
        let mut merged =
            merge(&documents).map_err(|error| FunctionError { text: error.to_string(), argument: None })?;
        // A list even of one, for those who decode it and go through the statements.
        merged.statements = OneOrMany::Many(merged.statements.into_vec());
        Ok(merged.to_json())
    }
}
