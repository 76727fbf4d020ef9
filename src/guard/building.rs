//! What building images takes.
//!
//! Owns which writes are part of a build, and that a tag can mark what belongs to one. Never finds anything.

use super::judged::{Judged, accepting, answer};
use super::writes;
use crate::permissions::ami_build;
use crate::task::Task;
use iam_policy::analyze::Grant;
use iam_policy::catalog::Action;
use iam_policy::{Context, Scope, Subject};
use std::collections::BTreeSet;
use tfplug::schema::Shape;

/// The tasks that build.
pub(super) const BUILDERS: &[Task] = &[Task::AmiBuilder, Task::DockerImageBuilder];

/// Services that are about nothing but images and packages.
const SERVICES: &[&str] = &["codeartifact", "ecr", "ecr-public", "signer", "ssmmessages", "xray"];

/// Other writes of any build: its log, its reports, its network interface, its use of keys.
const BUILD: &[&str] = &[
    "cloudwatch:PutMetricData",
    "codebuild:BatchPutCodeCoverages",
    "codebuild:BatchPutTestCases",
    "codebuild:CreateReport",
    "codebuild:CreateReportGroup",
    "codebuild:UpdateReport",
    "ec2:CreateNetworkInterface",
    "ec2:CreateNetworkInterfacePermission",
    "ec2:DeleteNetworkInterface",
    "kms:CreateGrant",
    "kms:Encrypt",
    "kms:GenerateDataKey",
    "kms:GenerateDataKeyWithoutPlaintext",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
    "kms:Sign",
    "logs:CreateLogGroup",
    "logs:CreateLogStream",
    "logs:PutLogEvents",
];

/// Writes of a build where the bucket or parameter is named: caches, artifacts, the ID of an image.
const NAMED: &[&str] = &[
    "s3:AbortMultipartUpload",
    "s3:DeleteObject",
    "s3:PutObject",
    "s3:PutObjectTagging",
    "ssm:PutParameter",
];

/// What makes machine images and what they are made from.
const IMAGES: &[&str] = &[
    "ec2:AttachVolume",
    "ec2:CopyImage",
    "ec2:CopySnapshot",
    "ec2:CreateFleet",
    "ec2:CreateImage",
    "ec2:CreateKeyPair",
    "ec2:CreateLaunchTemplate",
    "ec2:CreateSecurityGroup",
    "ec2:CreateSnapshot",
    "ec2:CreateSnapshots",
    "ec2:CreateTags",
    "ec2:CreateVolume",
    "ec2:DeleteLaunchTemplate",
    "ec2:DeleteSnapshot",
    "ec2:DeregisterImage",
    "ec2:ImportKeyPair",
    "ec2:ModifyImageAttribute",
    "ec2:ModifySnapshotAttribute",
    "ec2:RegisterImage",
    "ec2:RequestSpotInstances",
    "ec2:RunInstances",
    "ssm:ResumeSession",
    "ssm:TerminateSession",
];

/// What puts tags on something that exists.
const TAG: &str = "ec2:CreateTags";

/// Whether an action shares an image that was built.
pub(super) fn is_sharing(action: &str) -> bool {
    let shares = ["ec2:ModifyImageAttribute", "ec2:ModifySnapshotAttribute", "kms:CreateGrant"];
    shares.contains(&action) || action == "ec2:CreateNetworkInterfacePermission"
}

/// Whether a write is part of a build wherever it is done.
pub(super) fn is_build(action: &Action, task: Task) -> bool {
    let name = action.to_string();
    let name = name.as_str();
    let of_images =
        task == Task::AmiBuilder && (IMAGES.contains(&name) || action.service() == "imagebuilder");
    SERVICES.contains(&action.service()) || BUILD.contains(&name) || of_images
}

/// Whether a grant is of a write that is part of a build where it is done.
pub(super) fn is_granted_for_build(grant: &Grant) -> bool {
    NAMED.contains(&grant.action.as_str())
        && grant.unlisted == 0
        && matches!(&grant.resources, Scope::Only(all) if all.iter().all(|one| writes::is_named(one)))
}

/// The builder, with what its section comes to accepted, and nothing tagged that it has not made itself: who may tag
/// only while creating cannot take what exists for its own.
pub(super) fn subject(judged: &Judged<'_>) -> Subject {
    let subject = judged.subject().context(untagged(judged));
    let section = judged.role.permissions.and_then(|permissions| permissions.ami_build.known());
    match section.filter(|section| section.encode().is_wholly_known()) {
        Some(section) => accepting(subject, &ami_build::statements(section, judged.role.home)),
        None => subject,
    }
}

/// What is known of requests about things that carry none of the tags by which the policies tell a build's own.
fn untagged(judged: &Judged<'_>) -> Context {
    let existing = Context::partial().without("ec2:CreateAction");
    let tags = |context: Context| keys(judged).iter().fold(context, |context, key| context.without(key));
    let tagging = judged.question(TAG).context(tags(existing));
    let anything = judged.set_of(TAG).and_then(|policies| answer(&policies, tagging));
    if anything.is_some() { Context::partial() } else { tags(Context::partial()) }
}

/// The condition keys of tags on resources that the role's statements have.
fn keys(judged: &Judged<'_>) -> BTreeSet<String> {
    let conditions = judged.allows().iter().flat_map(|allow| &allow.statement.conditions);
    let keys = conditions.map(|condition| condition.key.clone());
    keys.filter(|key| key.to_ascii_lowercase().contains(":resourcetag/")).collect()
}
