//! AWS IAM policies: what they say, what they grant, and the shortest way to grant it.
//!
//! Owns the grammar of the IAM JSON policy language, IAM's decision logic, and a [`catalog`] of AWS's actions.
//! Never reads a file, a socket, a clock or the environment, and never asks AWS whether a name exists.
//!
//! The nouns are [`Document`] and its parts, [`Request`], [`PolicySet`] and [`Decision`]; the verbs are functions of the
//! module of the same name: [`parse()`], [`normalize()`], [`equal()`], [`size()`], [`diff()`], [`expand()`],
//! [`classify()`], [`evaluate()`], [`possible()`], [`minimize()`], [`minify()`], [`merge()`], [`pack()`], [`generate()`],
//! [`analyze()`].
//!
//! ```
//! use iam_policy::{Document, Kind, PrincipalKind, Statement, equal, parse};
//!
//! // What a program writes …
//! let planned = Document::new([Statement::allow(["sts:AssumeRole"])
//!     .principal(PrincipalKind::Aws, "arn:aws:iam::111122223333:root")
//!     .condition("StringEquals", "sts:ExternalId", ["runner-7"])]);
//!
//! // … and what IAM gives back for it: other order, other spelling, the same trust.
//! let live = parse(
//!     r#"{
//!         "Statement": [{
//!             "Action": ["sts:assumerole"],
//!             "Condition": {"StringEquals": {"sts:externalid": ["runner-7"]}},
//!             "Principal": {"AWS": "111122223333"},
//!             "Effect": "Allow"
//!         }],
//!         "Version": "2012-10-17"
//!     }"#,
//!     Kind::Trust,
//! )?;
//! assert!(equal(&planned, &live));
//!
//! // A slip is refused with its place and what IAM wants there.
//! let slip = r#"{"Statement": {"Effect": "allow", "Action": "s3:*", "Resource": "*"}}"#;
//! let error = parse(slip, Kind::Identity).unwrap_err();
//! assert_eq!(error.path(), "Statement.Effect");
//! assert_eq!(
//!     error.to_string(),
//!     "at `Statement.Effect`, line 1, column 26: unknown effect `allow`, IAM wants `Allow` or `Deny` in exactly this case",
//! );
//! # Ok::<(), iam_policy::ParseError>(())
//! ```

mod action;
pub mod analyze;
mod arn;
pub mod catalog;
mod classify;
pub mod condition;
mod context;
pub mod decision;
pub mod diff;
mod document;
mod equal;
mod evaluate;
mod expand;
mod generate;
mod merge;
mod minify;
mod minimize;
mod normalize;
mod pack;
mod parse;
pub mod pattern;
mod policy_set;
mod possible;
mod principal;
mod print;
pub mod quota;
mod request;
mod size;
mod statement;
mod truth;

pub use action::ActionSet;
pub use analyze::{Analysis, Subject, analyze, analyze_roles};
pub use arn::{Arn, ArnError};
pub use classify::{Classification, classify};
pub use condition::{Condition, Scalar};
pub use context::{Context, Value};
pub use decision::{Decision, Layer, Outcome};
pub use diff::diff;
pub use document::{Document, OneOrMany, Version};
pub use equal::{equal, equal_with};
pub use evaluate::{evaluate, evaluate_alone};
pub use expand::{Expansion, Named, expand, expand_document, expand_scope};
pub use generate::{GenerateError, generate, generate_for_types};
pub use merge::{MergeError, merge};
pub use minify::{MinifyError, minify, minify_with};
pub use minimize::{MinimizeError, Wildcards, minimize, minimize_with};
pub use normalize::normalize;
pub use pack::{Limits, PackError, pack};
pub use parse::{Kind, ParseError, PrincipalFault, Reason, parse};
pub use pattern::Pattern;
pub use policy_set::{PolicySet, ResourcePolicy};
pub use possible::{Allowance, Possible, Question, possible};
pub use principal::{PrincipalKind, Principals};
pub use request::{Caller, Request};
pub use size::{fits, size};
pub use statement::{Effect, Scope, Statement};
pub use truth::Truth;
