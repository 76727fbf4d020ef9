//! What building images takes.
//!
//! Owns which writes are part of a build, and that a tag can mark what belongs to one. Never finds anything.

use super::judged::{Allowed, Judged, accepting, answer, joined};
use super::writes;
use crate::permissions::ami_build;
use crate::task::Task;
use iam_policy::analyze::Grant;
use iam_policy::catalog::Action;
use iam_policy::{Context, Scope};
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
    "ebs:CompleteSnapshot",
    "ebs:PutSnapshotBlock",
    "ebs:StartSnapshot",
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

/// What is done to instances, and is no action of EC2.
const ON_INSTANCES: &[&str] = &["ssm:SendCommand", "ssm:StartSession"];

/// Whether a builder of machine images may be limited in an action to what it has made by a tag on that.
pub(super) fn is_on_instances(action: &Action) -> bool {
    ["ec2", "ec2-instance-connect"].contains(&action.service())
        || ON_INSTANCES.contains(&action.to_string().as_str())
}

/// Whether a grant is of documents of Systems Manager alone: to send one takes an instance as well.
fn is_of_documents(grant: &Grant) -> bool {
    let is_document = |one: &String| one.contains(":ssm:") && one.contains(":document/");
    ON_INSTANCES.contains(&grant.action.as_str())
        && grant.unlisted == 0
        && matches!(&grant.resources, Scope::Only(all) if all.iter().all(is_document))
}

/// Which of the wanted actions the builder can really do beyond what its section comes to. Where its things may be told
/// by a tag, what counts is what it can do to anything else: who may tag only while creating cannot take what exists for
/// its own.
pub(super) fn allowed(
    judged: &Judged<'_>,
    by_tag: impl Fn(&Action) -> bool,
    wanted: impl Fn(&Action) -> bool,
    counts: impl Fn(&Grant) -> bool,
) -> Vec<Allowed> {
    let counts = |grant: &Grant| counts(grant) && !is_of_documents(grant);
    let section = judged.role.permissions.and_then(|permissions| permissions.ami_build.known());
    let section = section.filter(|section| section.encode().is_wholly_known());
    let section = section.map(|section| ami_build::statements(section, judged.role.home));
    let subject = accepting(judged.subject(), &section.unwrap_or_default());
    let anything = judged.towards_anything();
    let tells = !tags_anything(&anything);
    let by_tag = |action: &Action| tells && by_tag(action);
    let limited = subject.clone().context(anything.untagged(Context::partial()));
    let limited = anything.allowed_if(&limited, |action| wanted(action) && by_tag(action), counts);
    let others = judged.allowed_if(&subject, |action| wanted(action) && !by_tag(action), counts);
    joined(limited.into_iter().chain(others))
}

/// Whether it can put tags on something that exists and has none of those that its statements look for.
fn tags_anything(anything: &Judged<'_>) -> bool {
    let existing = anything.untagged(Context::partial()).without("ec2:CreateAction");
    let question = || anything.question(TAG).context(existing);
    anything.set_of(TAG).is_some_and(|policies| answer(&policies, question()).is_some())
}
