//! The AWS principals of a trust policy that may come and go: roles, users and sessions by ARN.

use iam_policy::{Document, PrincipalKind, Principals};

/// Role, user and session ARNs and unique ids that `document` names, each once. Accounts are left out: they neither
/// appear nor vanish with a name.
pub(crate) fn named_principals(document: &Document) -> Vec<&str> {
    let mut found = Vec::new();
    for principals in document.statements.iter().filter_map(|statement| statement.principals.as_ref()) {
        let Principals::Listed(listed) = principals.inner() else { continue };
        let aws = listed.iter().filter(|(kind, _)| *kind == PrincipalKind::Aws);
        for name in aws.flat_map(|(_, names)| names.iter()) {
            let whole_account = name.ends_with(":root") || name.bytes().all(|byte| byte.is_ascii_digit());
            if !whole_account && name != "*" && !found.contains(&name.as_str()) {
                found.push(name);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use iam_policy::{Kind, parse};

    #[test]
    fn accounts_services_and_everybody_are_left_out() {
        let document = parse(
            r#"{"Version":"2012-10-17","Statement":[
                {"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Service":"ec2.amazonaws.com",
                 "AWS":["arn:aws:iam::111111111111:role/a","111111111111","arn:aws:iam::111111111111:root"]}},
                {"Effect":"Deny","Action":"sts:AssumeRole","Principal":{"AWS":"*"}},
                {"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"AWS":"arn:aws:iam::111111111111:role/a"}}]}"#,
            Kind::Trust,
        )
        .unwrap();
        assert_eq!(named_principals(&document), ["arn:aws:iam::111111111111:role/a"]);
    }
}
