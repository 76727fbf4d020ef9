//! Which action of a build is on what, and how the build's tag limits it.
//!
//! Rules of EC2 that decide the form (Amazon EC2 user guide, "Grant permission to tag Amazon EC2 resources during
//! creation", "Example policies to control access"; Service Authorization Reference, "Amazon EC2"):
//! - A launch is allowed only if it is on each thing that it is about: the new instance, its volumes and network
//!   interface, and the image, subnet, security groups and key pair that it uses.
//! - `aws:RequestTag` has the tags that the request gives to that new thing, and is absent for what exists already.
//!   `aws:ResourceTag` has the tags of what exists.
//! - Tags given at creation are checked once more, as `ec2:CreateTags` with `ec2:CreateAction`.

use super::super::named::{arns, on, pass_role};
use super::AmiBuild;
use crate::home::Home;
use iam_policy::{Arn, Statement};
use std::collections::BTreeSet;
use tfplug::schema::{Attr, Set};

/// What builders look at: Packer asks for nothing else.
const LOOK: [&str; 9] = [
    "ec2:DescribeImages",
    "ec2:DescribeInstanceStatus",
    "ec2:DescribeInstanceTypeOfferings",
    "ec2:DescribeInstances",
    "ec2:DescribeRegions",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeVolumes",
    "ec2:DescribeVpcs",
];

/// Calls that make something with tags.
const MAKE: [&str; 4] = ["CreateImage", "CreateKeyPair", "CreateSecurityGroup", "RunInstances"];

/// What is done to things of the build, and to which kind of them, up to its end.
const WORK: [(&str, &str); 9] = [
    ("ec2:AuthorizeSecurityGroupIngress", GROUP),
    ("ec2:CreateImage", "instance"),
    ("ec2:DeleteKeyPair", KEY_PAIR),
    ("ec2:DeleteSecurityGroup", GROUP),
    ("ec2:DeleteVolume", "volume"),
    ("ec2:GetPasswordData", "instance"),
    ("ec2:ModifyInstanceAttribute", "instance"),
    ("ec2:StopInstances", "instance"),
    ("ec2:TerminateInstances", "instance"),
];

const GROUP: &str = "security-group";
const KEY_PAIR: &str = "key-pair";

/// One kind of builds: whose, how marked, where.
pub(super) struct Build<'a> {
    pub(super) section: &'a AmiBuild,
    pub(super) home: Home<'a>,
    pub(super) key: String,
    pub(super) value: String,
    pub(super) regions: BTreeSet<&'a str>,
}

impl Build<'_> {
    /// All of them, in stable order.
    pub(super) fn statements(&self) -> Vec<Statement> {
        let look = Statement::allow(LOOK).sid("AmiLook").resource("*");
        let in_ec2 = [look].into_iter().chain(self.launch()).chain(self.make()).chain(self.work());
        in_ec2.map(|statement| self.in_regions(statement)).chain(self.role()).chain(self.keys()).collect()
    }

    /// Launching: the instance and its volumes only with the tag, from these images, in these subnets.
    fn launch(&self) -> Vec<Statement> {
        let section = self.section;
        let run = |sid: &str| Statement::allow(["ec2:RunInstances"]).sid(sid);
        let instance = self.tagged(run("AmiInstance").resource(self.any("instance")));
        let instance = narrowed(instance, "StringLike", "ec2:InstanceType", &section.instance_types);
        let volume = self.tagged(run("AmiVolume").resource(self.any("volume")));
        let image = narrowed(
            self.on_public(run("AmiSource"), &["image"]),
            "StringEquals",
            "ec2:Owner",
            &section.source_image_owners,
        );
        let network = run("AmiNetwork").resource(self.any("network-interface"));
        let network = match section.subnet_arns.is_null() {
            true => network.resource(self.any("subnet")),
            false => on(network, arns(&section.subnet_arns)),
        };
        let given = [&section.security_group_arns, &section.key_pair_arns].into_iter().flat_map(arns);
        let kinds = self.temporary();
        let own = (!kinds.is_empty()).then(|| self.marked(self.on_any(run("AmiOwn"), &kinds)));
        [instance, volume, image, on(network, given)].into_iter().chain(own).collect()
    }

    /// Making images, key pairs and groups with the tag; and the tags themselves, while something is made with the tag
    /// and never later.
    fn make(&self) -> Vec<Statement> {
        let kinds = self.temporary();
        let image =
            self.on_public(Statement::allow(["ec2:CreateImage"]).sid("AmiImage"), &["image", "snapshot"]);
        let tags = Statement::allow(["ec2:CreateTags"]).sid("AmiTags");
        let tags = self.on_any(tags, &["instance", "network-interface", "volume"]);
        let tags = self.on_public(self.on_any(tags, &kinds), &["image", "snapshot"]);
        let tags = tags.condition("StringEquals", "ec2:CreateAction", MAKE);
        let mut statements = vec![self.tagged(image), self.tagged(tags)];
        for (kind, action) in [(KEY_PAIR, "ec2:CreateKeyPair"), (GROUP, "ec2:CreateSecurityGroup")] {
            if kinds.contains(&kind) {
                let made =
                    Statement::allow([action]).sid(if kind == GROUP { "AmiGroup" } else { "AmiKeyPair" });
                statements.push(self.tagged(self.on_any(made, &[kind])));
            }
        }
        if kinds.contains(&GROUP) {
            let in_vpc = Statement::allow(["ec2:CreateSecurityGroup"]).sid("AmiGroupInVpc");
            statements.push(self.on_any(in_vpc, &["vpc"]));
        }
        statements
    }

    /// What is done to what carries the tag. Packer adds tags to images that have it already; they keep this one as it
    /// is, so that no image can be passed off as another build's.
    fn work(&self) -> Vec<Statement> {
        let kinds = [vec!["instance", "volume"], self.temporary()].concat();
        let work = WORK.iter().filter(|(_, kind)| kinds.contains(kind)).map(|(action, _)| *action);
        let work = self.on_any(Statement::allow(work).sid("AmiWork"), &kinds);
        let add =
            self.on_public(Statement::allow(["ec2:CreateTags"]).sid("AmiAddTags"), &["image", "snapshot"]);
        let add = add.condition("StringEqualsIfExists", self.request_tag(), [self.value.as_str()]);
        [work, add].into_iter().chain(self.finish()).map(|statement| self.marked(statement)).collect()
    }

    /// What is done to images and snapshots that were made, if it may be.
    fn finish(&self) -> Vec<Statement> {
        let is_on = |switch: &Attr<bool>| switch.known() == Some(&true);
        let finish = |sid: &str, action: &str, kind: &str| {
            self.on_public(Statement::allow([action]).sid(sid), &[kind])
        };
        let mut statements = Vec::new();
        if is_on(&self.section.allow_deregister) {
            statements.push(finish("AmiDeregister", "ec2:DeregisterImage", "image"));
            statements.push(finish("AmiDeleteSnapshots", "ec2:DeleteSnapshot", "snapshot"));
        }
        if is_on(&self.section.allow_sharing) {
            statements.push(finish("AmiShare", "ec2:ModifyImageAttribute", "image"));
        }
        statements
    }

    /// The role of an instance profile, which Packer looks up by the profile's name.
    fn role(&self) -> Vec<Statement> {
        let Home { partition, account_id } = self.home;
        let services: &[&str] = match partition {
            "aws-cn" => &["ec2.amazonaws.com", "ec2.amazonaws.com.cn"],
            _ => &["ec2.amazonaws.com"],
        };
        let Some(pass) = pass_role(&arns(&self.section.pass_role_arns), services) else { return Vec::new() };
        let look = Statement::allow(["iam:GetInstanceProfile"]).sid("AmiProfile");
        vec![pass, look.resource(format!("arn:{partition}:iam::{account_id}:instance-profile/*"))]
    }

    /// Keys, through EC2 alone; grants on them for what EC2 runs itself. Source: Amazon EBS user guide, "Requirements for
    /// Amazon EBS encryption"; KMS developer guide, "kms:ViaService".
    fn keys(&self) -> Vec<Statement> {
        let keys = arns(&self.section.kms_key_arns);
        if keys.is_empty() {
            return Vec::new();
        }
        let suffix = if self.home.partition == "aws-cn" { ".cn" } else { "" };
        let regions = keys.iter().filter_map(|key| Some(Arn::parse(key).ok()?.region().to_owned()));
        let via: BTreeSet<String> =
            regions.map(|region| format!("ec2.{region}.amazonaws.com{suffix}")).collect();
        let through = |statement: Statement| {
            on(statement, keys.iter().copied()).condition(
                "StringEquals",
                "kms:ViaService",
                via.iter().map(String::as_str),
            )
        };
        let using = [
            "kms:Decrypt",
            "kms:DescribeKey",
            "kms:GenerateDataKeyWithoutPlaintext",
            "kms:ReEncryptFrom",
            "kms:ReEncryptTo",
        ];
        let grant = Statement::allow(["kms:CreateGrant"]).sid("AmiKeyGrants");
        let grant = grant.condition("Bool", "kms:GrantIsForAWSResource", ["true"]);
        vec![through(Statement::allow(using).sid("AmiKeys")), through(grant)]
    }

    /// The kinds of things beside the instance that builds make for themselves, since none were named.
    fn temporary(&self) -> Vec<&'static str> {
        let named = [(KEY_PAIR, &self.section.key_pair_arns), (GROUP, &self.section.security_group_arns)];
        named.iter().filter(|(_, arns)| arns.is_null()).map(|(kind, _)| *kind).collect()
    }

    /// The request gives the tag to what it makes.
    fn tagged(&self, statement: Statement) -> Statement {
        statement.condition("StringEquals", self.request_tag(), [self.value.as_str()])
    }

    fn request_tag(&self) -> String {
        format!("aws:RequestTag/{}", self.key)
    }

    /// The thing has the tag.
    fn marked(&self, statement: Statement) -> Statement {
        statement.condition("StringEquals", format!("aws:ResourceTag/{}", self.key), [self.value.as_str()])
    }

    fn in_regions(&self, statement: Statement) -> Statement {
        match self.regions.is_empty() {
            true => statement,
            false => statement.condition("StringEquals", "aws:RequestedRegion", self.regions.iter().copied()),
        }
    }

    /// Everything of a kind in the account.
    fn any(&self, kind: &str) -> String {
        format!("arn:{}:ec2:*:{}:{kind}/*", self.home.partition, self.home.account_id)
    }

    fn on_any(&self, statement: Statement, kinds: &[&str]) -> Statement {
        on(statement, kinds.iter().map(|kind| self.any(kind)))
    }

    /// On everything of kinds whose ARNs have no account.
    fn on_public(&self, statement: Statement, kinds: &[&str]) -> Statement {
        on(statement, kinds.iter().map(|kind| format!("arn:{}:ec2:*::{kind}/*", self.home.partition)))
    }
}

/// The statement, bound to these values of a key if there are any.
fn narrowed(statement: Statement, operator: &str, key: &str, values: &Attr<Set<String>>) -> Statement {
    let values = arns(values);
    match values.is_empty() {
        true => statement,
        false => statement.condition(operator, key, values),
    }
}
