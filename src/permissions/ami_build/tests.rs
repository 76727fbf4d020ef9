//! What builds may do, as EC2 asks about it: on every thing that a call is about, with the keys that it has for each.

use super::super::probe::{Probe, set};
use super::*;
use tfplug::schema::Attr::Known;

const KEY: &str = "deployrunner:task";

fn probe(section: &AmiBuild) -> Probe {
    Probe::of(statements(section, Probe::HOME))
}

fn arn(resource: &str) -> String {
    let account =
        if resource.starts_with("image/") || resource.starts_with("snapshot/") { "" } else { "111122223333" };
    format!("arn:aws:ec2:eu-west-1:{account}:{resource}")
}

/// Whether an action is allowed on something of EC2, with the tag in the request or on the thing as said, and other keys.
fn can(probe: &Probe, action: &str, resource: &str, keys: &[(&str, &str)]) -> bool {
    let keys = [&[("aws:RequestedRegion", "eu-west-1")], keys].concat();
    probe.allows_with(&format!("ec2:{action}"), &arn(resource), &keys)
}

fn request(value: &str) -> [(String, String); 1] {
    [(format!("aws:RequestTag/{KEY}"), value.to_owned())]
}

fn on_it(value: &str) -> [(String, String); 1] {
    [(format!("aws:ResourceTag/{KEY}"), value.to_owned())]
}

fn borrowed(keys: &[(String, String)]) -> Vec<(&str, &str)> {
    keys.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect()
}

/// Whether a launch is allowed: on every thing that EC2 asks about, with the keys that it has for each.
fn launches(probe: &Probe, instance_tag: Option<&str>, volume_tag: Option<&str>) -> bool {
    let tags = |value: Option<&str>| value.map(|value| request(value).to_vec()).unwrap_or_default();
    let own = on_it("ami-builder").to_vec();
    let with = |keys: &[(String, String)], more: &[(&'static str, &'static str)]| {
        let mut keys = keys.to_vec();
        keys.extend(more.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())));
        keys
    };
    let asked: [(&str, Vec<(String, String)>); 7] = [
        ("instance/*", with(&tags(instance_tag), &[("ec2:InstanceType", "t3.medium")])),
        ("volume/*", tags(volume_tag)),
        ("network-interface/*", tags(instance_tag)),
        ("image/ami-1", with(&[], &[("ec2:Owner", "amazon")])),
        ("subnet/subnet-1", Vec::new()),
        ("security-group/sg-1", own.clone()),
        ("key-pair/packer_1", own),
    ];
    asked.iter().all(|(resource, keys)| can(probe, "RunInstances", resource, &borrowed(keys)))
}

#[test]
fn a_build_is_launched_with_the_tag_on_instance_and_volumes_and_not_without() {
    let probe = probe(&AmiBuild::default());
    let tag = Some("ami-builder");
    assert!(launches(&probe, tag, tag));
    assert!(!launches(&probe, None, tag));
    assert!(!launches(&probe, tag, None));
    assert!(!launches(&probe, Some("something-else"), tag));
}

#[test]
fn only_what_carries_the_tag_is_stopped_changed_imaged_or_deleted() {
    let probe =
        probe(&AmiBuild { allow_deregister: Known(true), allow_sharing: Known(true), ..AmiBuild::default() });
    for (action, resource) in [
        ("StopInstances", "instance/i-1"),
        ("TerminateInstances", "instance/i-1"),
        ("ModifyInstanceAttribute", "instance/i-1"),
        ("GetPasswordData", "instance/i-1"),
        ("CreateImage", "instance/i-1"),
        ("DeleteVolume", "volume/vol-1"),
        ("DeleteKeyPair", "key-pair/packer_1"),
        ("DeleteSecurityGroup", "security-group/sg-1"),
        ("AuthorizeSecurityGroupIngress", "security-group/sg-1"),
        ("CreateTags", "image/ami-1"),
        ("CreateTags", "snapshot/snap-1"),
        ("DeregisterImage", "image/ami-1"),
        ("DeleteSnapshot", "snapshot/snap-1"),
        ("ModifyImageAttribute", "image/ami-1"),
    ] {
        assert!(can(&probe, action, resource, &borrowed(&on_it("ami-builder"))), "{action}");
        assert!(!can(&probe, action, resource, &borrowed(&on_it("other-builds"))), "{action}");
        assert!(!can(&probe, action, resource, &[]), "{action}");
    }
}

#[test]
fn what_exists_cannot_be_given_the_tag() {
    let probe = probe(&AmiBuild::default());
    for resource in ["instance/i-1", "volume/vol-1", "image/ami-1", "snapshot/snap-1", "security-group/sg-1"]
    {
        assert!(!can(&probe, "CreateTags", resource, &borrowed(&request("ami-builder"))), "{resource}");
    }
}

#[test]
fn an_image_gets_other_tags_and_keeps_this_one() {
    let (probe, marked) = (probe(&AmiBuild::default()), on_it("ami-builder"));
    let tag = |key: &'static str, value: &'static str| {
        let keys = [borrowed(&marked), vec![(key, value)]].concat();
        can(&probe, "CreateTags", "image/ami-1", &keys)
    };
    assert!(tag("aws:RequestTag/Release", "7") && tag("aws:RequestTag/deployrunner:task", "ami-builder"));
    assert!(!tag("aws:RequestTag/deployrunner:task", "other-builds"));
}

#[test]
fn what_is_made_is_given_the_tag_among_others_or_no_tag() {
    let probe = probe(&AmiBuild::default());
    for (resource, action) in [
        ("instance/*", "RunInstances"),
        ("volume/*", "RunInstances"),
        ("network-interface/*", "RunInstances"),
        ("key-pair/*", "CreateKeyPair"),
        ("security-group/*", "CreateSecurityGroup"),
        ("image/*", "CreateImage"),
        ("snapshot/*", "CreateImage"),
    ] {
        let by_action = ("ec2:CreateAction", action);
        let tagged = request("ami-builder");
        let marked = [borrowed(&tagged), vec![by_action, ("aws:RequestTag/Name", "x")]].concat();
        assert!(can(&probe, "CreateTags", resource, &marked), "{resource}");
        assert!(
            !can(&probe, "CreateTags", resource, &[by_action, ("aws:RequestTag/Name", "x")]),
            "{resource}"
        );
        let later = [borrowed(&tagged), vec![("ec2:CreateAction", "CreateVpc")]].concat();
        assert!(!can(&probe, "CreateTags", resource, &later), "{resource}");
    }
}

#[test]
fn images_and_snapshots_are_made_with_the_tag_alone() {
    let probe = probe(&AmiBuild::default());
    for resource in ["image/*", "snapshot/*"] {
        assert!(can(&probe, "CreateImage", resource, &borrowed(&request("ami-builder"))), "{resource}");
        assert!(!can(&probe, "CreateImage", resource, &[]), "{resource}");
    }
}

#[test]
fn images_are_kept_and_private_unless_said_otherwise() {
    let (probe, marked) = (probe(&AmiBuild::default()), on_it("ami-builder"));
    for (action, resource) in [
        ("DeregisterImage", "image/ami-1"),
        ("DeleteSnapshot", "snapshot/snap-1"),
        ("ModifyImageAttribute", "image/ami-1"),
    ] {
        assert!(!can(&probe, action, resource, &borrowed(&marked)), "{action}");
    }
}

#[test]
fn temporary_key_pairs_and_groups_are_made_with_the_tag_unless_others_are_named() {
    let (own, tagged) = (probe(&AmiBuild::default()), request("ami-builder"));
    let (pair, group) = (arn("key-pair/images"), arn("security-group/sg-9"));
    let given = probe(&AmiBuild {
        key_pair_arns: set(&[&pair]),
        security_group_arns: set(&[&group]),
        ..AmiBuild::default()
    });
    for (action, resource) in [("CreateKeyPair", "key-pair/*"), ("CreateSecurityGroup", "security-group/*")] {
        assert!(
            can(&own, action, resource, &borrowed(&tagged)) && !can(&own, action, resource, &[]),
            "{action}"
        );
        assert!(!can(&given, action, resource, &borrowed(&tagged)), "{action}");
    }
    assert!(
        can(&own, "CreateSecurityGroup", "vpc/vpc-1", &[])
            && !can(&given, "CreateSecurityGroup", "vpc/vpc-1", &[])
    );
    for resource in ["key-pair/images", "security-group/sg-9"] {
        assert!(
            can(&given, "RunInstances", resource, &[]) && !can(&own, "RunInstances", resource, &[]),
            "{resource}"
        );
    }
    let marked = on_it("ami-builder");
    assert!(!can(&given, "RunInstances", "key-pair/packer_1", &borrowed(&marked)));
    assert!(!can(&given, "DeleteSecurityGroup", "security-group/sg-9", &borrowed(&marked)));
}

#[test]
fn source_images_instance_types_and_subnets_are_bound_where_they_are_named() {
    let subnet = arn("subnet/subnet-9");
    let probe = probe(&AmiBuild {
        source_image_owners: set(&["amazon", "111122223333"]),
        instance_types: set(&["t3.*"]),
        subnet_arns: set(&[&subnet]),
        ..AmiBuild::default()
    });
    let owned = |owner: &str| can(&probe, "RunInstances", "image/ami-1", &[("ec2:Owner", owner)]);
    assert!(owned("amazon") && owned("111122223333") && !owned("444455556666"));
    let tagged = request("ami-builder");
    let sized = |size: &'static str| [borrowed(&tagged), vec![("ec2:InstanceType", size)]].concat();
    assert!(can(&probe, "RunInstances", "instance/*", &sized("t3.medium")));
    assert!(!can(&probe, "RunInstances", "instance/*", &sized("p5.48xlarge")));
    assert!(
        can(&probe, "RunInstances", "subnet/subnet-9", &[])
            && !can(&probe, "RunInstances", "subnet/subnet-1", &[])
    );
}

#[test]
fn regions_bind_every_call_of_ec2() {
    let probe = probe(&AmiBuild { regions: set(&["us-east-1"]), ..AmiBuild::default() });
    let marked = on_it("ami-builder");
    assert!(!can(&probe, "TerminateInstances", "instance/i-1", &borrowed(&marked)));
    assert!(!probe.allows_with("ec2:DescribeImages", "*", &[("aws:RequestedRegion", "eu-west-1")]));
    assert!(probe.allows_with("ec2:DescribeImages", "*", &[("aws:RequestedRegion", "us-east-1")]));
}

#[test]
fn a_named_role_is_handed_to_ec2_and_no_role_without_a_name() {
    let role = "arn:aws:iam::111122223333:role/image-build";
    let named = probe(&AmiBuild { pass_role_arns: set(&[role]), ..AmiBuild::default() });
    let pass = |probe: &Probe, role: &str, service: &str| {
        probe.allows_with("iam:PassRole", role, &[("iam:PassedToService", service)])
    };
    assert!(pass(&named, role, "ec2.amazonaws.com"));
    assert!(!pass(&named, role, "ecs-tasks.amazonaws.com"));
    assert!(!pass(&named, "arn:aws:iam::111122223333:role/admin", "ec2.amazonaws.com"));
    assert!(!pass(&probe(&AmiBuild::default()), role, "ec2.amazonaws.com"));
}

#[test]
fn keys_are_used_through_ec2_of_their_region_and_granted_to_it_alone() {
    let key = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    let probe = probe(&AmiBuild { kms_key_arns: set(&[key]), ..AmiBuild::default() });
    let ec2 = ("kms:ViaService", "ec2.eu-west-1.amazonaws.com");
    assert!(probe.allows_with("kms:Decrypt", key, &[ec2]));
    assert!(!probe.allows("kms:Decrypt", key));
    assert!(!probe.allows_with("kms:Decrypt", key, &[("kms:ViaService", "s3.eu-west-1.amazonaws.com")]));
    assert!(probe.allows_with("kms:CreateGrant", key, &[ec2, ("kms:GrantIsForAWSResource", "true")]));
    assert!(!probe.allows_with("kms:CreateGrant", key, &[ec2]));
}

#[test]
fn another_tag_marks_other_builds() {
    let probe = probe(&AmiBuild {
        tag_key: Known("team".to_owned()),
        tag_value: Known("web".to_owned()),
        ..AmiBuild::default()
    });
    assert!(can(&probe, "TerminateInstances", "instance/i-1", &[("aws:ResourceTag/team", "web")]));
    assert!(!can(&probe, "TerminateInstances", "instance/i-1", &borrowed(&on_it("ami-builder"))));
}

#[test]
fn every_action_is_known_and_can_be_limited_as_it_is() {
    probe(&AmiBuild::default()).assert_scopes_have_effect();
    let all = AmiBuild {
        pass_role_arns: set(&["arn:aws:iam::111122223333:role/image-build"]),
        kms_key_arns: set(&["arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"]),
        regions: set(&["eu-west-1"]),
        source_image_owners: set(&["amazon"]),
        instance_types: set(&["t3.*"]),
        allow_deregister: Known(true),
        allow_sharing: Known(true),
        ..AmiBuild::default()
    };
    probe(&all).assert_scopes_have_effect();
}

#[test]
fn values_that_are_none_are_refused() {
    assert!(image_owner("self").unwrap_err().contains("write its ID"));
    assert_eq!((instance_type("t3.*"), instance_type("c7g.2xlarge")), (Ok(()), Ok(())));
    assert!(instance_type("t3").is_err() && instance_type("*").is_err());
}
