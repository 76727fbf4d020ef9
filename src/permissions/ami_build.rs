//! `ami_build`: make images of EC2 with Packer's `amazon-ebs` builder. Never touches an instance, a volume, an image or a
//! snapshot that does not carry the build's tag, and never puts that tag on what it did not make.
//!
//! Owns the arguments. Which action is on what is in `grants`.
//!
//! Sources: Packer's documentation of `amazon-ebs`; Service Authorization Reference, "Amazon EC2".

mod grants;

use super::named::{arns, in_one_account, not_empty};
use crate::checks;
use crate::home::Home;
use iam_policy::Statement;
use tfplug::diagnostics::Diagnostics;
use tfplug::object;
use tfplug::path::Path;
use tfplug::schema::{Attr, Set, optional};

/// The key of the tag that marks a build's things, unless another is named.
const TAG_KEY: &str = "deployrunner:task";
/// Its value.
const TAG_VALUE: &str = "ami-builder";

object! {
    /// Build images (AMIs) with Packer's `amazon-ebs` builder: launch an instance, provision it, make an image of it, remove what was temporary.
    ///
    /// Everything that a build makes carries a tag, and only what carries it can be stopped, changed, imaged or deleted. EC2 accepts the tag only while a thing is made, so that it cannot be put on anything else. **Packer must set it**: `run_tags = { "deployrunner:task" = "ami-builder" }` for the instance, its network interface, the temporary key pair and security group, the image and its snapshots; the same in `run_volume_tags` for the volumes. `tags` and `snapshot_tags` may add others; `skip_ami_run_tags` must stay off. A build without the tag is refused when it starts. In AWS China, where Packer cannot tag while it makes things, no build works with this; nor in AWS GovCloud, where it cannot do so for images.
    ///
    /// Not part of it: spot instances, other builders than `amazon-ebs`, temporary instance profiles, access through Session Manager, and copies of images (`ami_regions`, `encrypt_boot`), whose snapshots EC2 cannot tell from others. For encrypted images, encrypt the volumes in `launch_block_device_mappings`. What EC2 describes (`ec2:Describe…`) cannot be limited to resources.
    pub struct AmiBuild {
        /// Key of the tag that marks what a build makes. `deployrunner:task` without it.
        pub tag_key: String = optional().check(checks::tag_key),
        /// Value of that tag. `ami-builder` without it. Builds that must not touch each other's images have different ones.
        pub tag_value: String = optional().check(checks::tag_value),
        /// Regions in which images are built, such as `eu-west-1`; every region without it.
        pub regions: Set<String> = optional().check_each(checks::region),
        /// Owners of the images that builds may start from: account IDs, or `amazon` and `aws-marketplace`. Any image without it. For builds on images of the own account, its ID has to be among them.
        pub source_image_owners: Set<String> = optional().check_each(image_owner),
        /// Types of instances that builds may use, such as `t3.medium` or `m7i.*`; any type without it.
        pub instance_types: Set<String> = optional().check_each(instance_type),
        /// ARNs of the subnets in which builds may run; those of the role's account without it. A shared subnet has the account that shares it.
        pub subnet_arns: Set<String> = optional().check_each(checks::arns::subnet),
        /// ARNs of the security groups that builds use (Packer's `security_group_id`). Without it, builds make a temporary one in any VPC of the account; with it they cannot.
        pub security_group_arns: Set<String> = optional().check_each(checks::arns::security_group),
        /// ARNs of the key pairs that builds use (Packer's `ssh_keypair_name`). Without it, builds make a temporary one; with it they cannot.
        pub key_pair_arns: Set<String> = optional().check_each(checks::arns::key_pair),
        /// ARNs of the roles of the instance profiles that build instances may have (Packer's `iam_instance_profile`). Each is named whole, and can be handed to EC2 and to no other service. Code that runs in a build has that role.
        pub pass_role_arns: Set<String> = optional().check_each(checks::arns::passed_role),
        /// ARNs of KMS keys for encrypted volumes and images. They can be used through EC2 in their region, and not directly.
        pub kms_key_arns: Set<String> = optional().check_each(checks::arns::kms_key),
        /// Whether images with the build's tag can be deregistered and their snapshots deleted. Packer does so for `force_deregister` and `force_delete_snapshot`, and after a build that failed when its image was made already. It holds for images of earlier builds too. Off without it.
        pub allow_deregister: bool = optional(),
        /// Whether attributes of images with the build's tag can be changed: `ami_users`, `ami_org_arns`, `ami_description`, `imds_support`. EC2 cannot limit with whom an image is shared, the public included. Off without it.
        pub allow_sharing: bool = optional(),
    }
}

fn image_owner(text: &str) -> Result<(), String> {
    if ["amazon", "aws-marketplace"].contains(&text) || checks::account_id(text).is_ok() {
        return Ok(());
    }
    Err(format!(
        "An owner of images is an account ID of 12 digits, `amazon` or `aws-marketplace`; found {text:?}. For the own \
         account, write its ID: EC2 does not know `self` here."
    ))
}

fn instance_type(text: &str) -> Result<(), String> {
    let is_part = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-*?".contains(&byte))
    };
    match text.split_once('.') {
        Some((family, size)) if is_part(family) && is_part(size) => Ok(()),
        _ => Err(format!("A type of instances looks like `t3.medium` or `t3.*`; found {text:?}.")),
    }
}

/// Adds what contradicts itself or could never work. Silent about unknown values.
pub fn validate(section: &AmiBuild, path: &Path, found: &mut Diagnostics) {
    // Subnets and keys may be another account's, and a role is of the account that the build is in.
    let own = [
        (&section.security_group_arns, "security_group_arns"),
        (&section.key_pair_arns, "key_pair_arns"),
        (&section.pass_role_arns, "pass_role_arns"),
    ];
    in_one_account(&own, path, found);
    let others = [
        (&section.regions, "regions"),
        (&section.source_image_owners, "source_image_owners"),
        (&section.instance_types, "instance_types"),
        (&section.subnet_arns, "subnet_arns"),
        (&section.kms_key_arns, "kms_key_arns"),
    ];
    not_empty(&[&own[..], &others[..]].concat(), path, found);
}

/// The statements, in stable order.
///
/// INVARIANT: `section` is wholly known.
pub fn statements(section: &AmiBuild, home: Home<'_>) -> Vec<Statement> {
    let known =
        |text: &Attr<String>, default: &str| text.known().map_or_else(|| default.to_owned(), Clone::clone);
    let build = grants::Build {
        section,
        home,
        key: known(&section.tag_key, TAG_KEY),
        value: known(&section.tag_value, TAG_VALUE),
        regions: arns(&section.regions),
    };
    build.statements()
}

#[cfg(test)]
mod tests;
