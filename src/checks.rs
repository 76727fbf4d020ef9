//! What AWS accepts as a name, an id, a path, a tag: each a check that says the limit and what to write.
//! Never asks AWS.
//!
//! Sources: the IAM and STS API references (patterns and lengths of parameters) and the IAM user guide's
//! page on quotas.

pub mod arns;
pub mod oidc;

use iam_policy::{Arn, catalog};
use std::time::Duration;
use tfplug::schema::nearest;

type Checked = Result<(), String>;

/// The characters of IAM names: `[\w+=,.@-]`.
fn is_name_character(character: char) -> bool {
    character.is_ascii_alphanumeric() || "_+=,.@-".contains(character)
}

fn length(what: &str, text: &str, (least, most): (usize, usize)) -> Checked {
    let characters = text.chars().count();
    if (least..=most).contains(&characters) {
        return Ok(());
    }
    Err(format!("{what} has {least} to {most} characters; this one has {characters}."))
}

fn characters(what: &str, text: &str, allowed: &str, is_allowed: fn(char) -> bool) -> Checked {
    match text.chars().find(|character| !is_allowed(*character)) {
        Some(stray) => Err(format!("{what} consists of {allowed}; {text:?} has {stray:?}.")),
        None => Ok(()),
    }
}

/// A role name: 1 to 64 of `[\w+=,.@-]`.
pub fn role_name(name: &str) -> Checked {
    length("A role name", name, (1, 64))?;
    characters("A role name", name, "letters, digits and `_+=,.@-`", is_name_character)
}

/// The name of a runner, with which the names of its roles begin: 1 to 55 of `[\w+=,.@-]`.
pub fn runner_name(name: &str) -> Checked {
    length("A runner's name (its roles' names add their task, and have at most 64)", name, (1, 55))?;
    characters("A runner's name", name, "letters, digits and `_+=,.@-`", is_name_character)
}

/// The short name of a provisioner, with which its role's name ends.
pub fn provisioner_name(name: &str) -> Checked {
    length("A provisioner's name", name, (1, 40))?;
    if crate::task::Task::named(name).is_some() {
        return Err(format!("{name:?} is a task. Name a provisioner after what it deploys."));
    }
    characters("A provisioner's name", name, "letters, digits and `_+=,.@-`", is_name_character)
}

/// The beginning of a role name, to which 26 characters are added.
pub fn role_name_prefix(prefix: &str) -> Checked {
    length("A name prefix (26 more characters are added, and a role name has at most 64)", prefix, (1, 38))?;
    characters("A name prefix", prefix, "letters, digits and `_+=,.@-`", is_name_character)
}

/// The name of an inline policy: 1 to 128 of `[\w+=,.@-]`.
pub fn policy_name(name: &str) -> Checked {
    length("A policy name", name, (1, 128))?;
    characters("A policy name", name, "letters, digits and `_+=,.@-`", is_name_character)
}

/// A path: `/`, or at most 512 characters between slashes.
pub fn path(path: &str) -> Checked {
    length("A path", path, (1, 512))?;
    if !(path.starts_with('/') && path.ends_with('/')) || path.contains("//") {
        return Err(format!("A path begins and ends with a slash, as in `/ci/`; found {path:?}."));
    }
    let printable = |character: char| ('\u{21}'..='\u{7e}').contains(&character);
    characters("A path", path, "printable ASCII without spaces", printable)
}

/// A role's description: at most 1,000 characters of Latin-1.
pub fn description(text: &str) -> Checked {
    length("A description", text, (0, 1000))?;
    let latin = |character: char| matches!(character, '\t' | '\n' | '\r' | ' '..='~' | '\u{a1}'..='\u{ff}');
    characters("A description", text, "Latin-1 characters, tabs and line ends", latin)
}

/// The longest session of a role: 3,600 to 43,200 seconds.
pub fn max_session_duration(seconds: &i64) -> Checked {
    match seconds {
        3600..=43200 => Ok(()),
        _ => Err(format!(
            "A role's sessions last 3600 to 43200 seconds (1 to 12 hours) at most; found {seconds}."
        )),
    }
}

/// An account id: 12 digits.
pub fn account_id(id: &str) -> Checked {
    if id.len() == 12 && id.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(());
    }
    Err(format!(
        "An account ID has 12 digits; found {id:?}. Quote it, since a number loses its leading zeros."
    ))
}

/// The ARN of a role.
pub fn role_arn(arn: &str) -> Checked {
    let wrong = |reason: &str| {
        Err(format!(
            "A role ARN looks like `arn:aws:iam::111122223333:role/path/name`; found {arn:?}{reason}."
        ))
    };
    match Arn::parse(arn) {
        Ok(parsed) if parsed.iam_role().is_some() => Ok(()),
        Ok(parsed) if parsed.resource().starts_with("assumed-role/") => {
            wrong(", which is a session of a role, not the role")
        }
        _ => wrong(""),
    }
}

/// The ARN of a role, in which `*` and `?` may stand for parts of its path and name, but not for all of them.
pub fn role_arn_pattern(arn: &str) -> Checked {
    let wrong = |reason: &str| {
        Err(format!("Roles are named as in `arn:aws:iam::111122223333:role/app/*`; found {arn:?}{reason}."))
    };
    match Arn::parse(arn) {
        Ok(parsed) if parsed.service() != "iam" => wrong(""),
        Ok(parsed) if parsed.account().contains(['*', '?']) => wrong(", which is of any account"),
        Ok(parsed) => match parsed.resource().strip_prefix("role/") {
            Some(name) if name.trim_matches(['*', '?', '/']).is_empty() => wrong(", which is every role"),
            Some(_) => Ok(()),
            None => wrong(""),
        },
        Err(_) => wrong(""),
    }
}

/// The ARN of a managed policy.
pub fn policy_arn(arn: &str) -> Checked {
    match Arn::parse(arn) {
        Ok(parsed) if parsed.iam_policy().is_some() => Ok(()),
        _ => Err(format!(
            "A policy ARN looks like `arn:aws:iam::111122223333:policy/name`, or `arn:aws:iam::aws:policy/name` for \
             an AWS managed policy; found {arn:?}."
        )),
    }
}

/// The prefix of a service that the catalogue knows, as actions begin with it.
pub fn service(prefix: &str) -> Checked {
    if catalog::service(prefix).is_some() {
        return Ok(());
    }
    if catalog::resource_type(prefix).is_ok() {
        return Err(format!("{prefix:?} is a type of resources. Name it in `resource_types`."));
    }
    let hint = nearest(prefix, catalog::services().map(|service| service.prefix()))
        .or_else(|| named(prefix))
        .map(|near| format!(" Did you mean {near:?}?"))
        .unwrap_or_default();
    Err(format!(
        "{prefix:?} is no prefix of a service in the catalogue of {}. Prefixes are what actions begin with, as in \
         `s3:GetObject`.{hint}",
        catalog::DATE
    ))
}

/// The prefix of the service with the shortest name that the text is a part of: `events` for EventBridge.
fn named(text: &str) -> Option<&'static str> {
    let letters = |text: &str| -> String {
        text.chars().filter(|letter| letter.is_alphanumeric()).collect::<String>().to_lowercase()
    };
    let wanted = letters(text);
    let with = catalog::services().filter(|service| letters(service.name()).contains(&wanted));
    let shortest = with.min_by_key(|service| service.name().len())?;
    (wanted.len() > 2).then(|| shortest.prefix())
}

/// A resource type of Terraform's AWS or Cloud Control provider, or of CloudFormation, that the catalogue knows.
pub fn resource_type(name: &str) -> Checked {
    if catalog::service(name).is_some() {
        return Err(format!(
            "{name:?} is a service. Name it in `services`, or name types of its resources, such as `aws_s3_bucket`."
        ));
    }
    catalog::resource_type(name).map(drop).map_err(|unknown| format!("{unknown}."))
}

/// An ARN, with `*` and `?` where needed, of something that holds secrets.
pub fn secret(pattern: &str) -> Checked {
    if pattern == "*" {
        return Err("`*` is every secret there is. Name those that a plan reads, or leave the argument out: then it reads none.".to_owned());
    }
    resource(pattern)
}

/// An ARN, with `*` and `?` where needed, that limits something.
pub fn resource(pattern: &str) -> Checked {
    if pattern == "*" {
        return Err("`*` limits nothing. Leave the argument out for everything.".to_owned());
    }
    let arn =
        Arn::parse(pattern).map_err(|wrong| format!("{wrong}, such as `arn:aws:s3:::acme-tfstate/*`."))?;
    let is_open = |part: &str| part.trim_matches(['*', '?']).is_empty();
    if is_open(arn.service()) && is_open(arn.resource()) {
        return Err(format!("{pattern:?} limits nothing. Name a service or its resources."));
    }
    Ok(())
}

/// A region, such as `eu-central-1`.
pub fn region(name: &str) -> Checked {
    let parts: Vec<&str> = name.split('-').collect();
    let is_word = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase());
    let is_number = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    match parts.split_last() {
        Some((number, words)) if words.len() >= 2 && is_number(number) && words.iter().all(is_word) => Ok(()),
        _ => Err(format!("A region looks like `eu-central-1`; found {name:?}.")),
    }
}

/// The name of a service as roles are handed to it: `lambda.amazonaws.com`.
pub fn service_principal(name: &str) -> Checked {
    let allowed = |character: char| {
        character.is_ascii_lowercase() || character.is_ascii_digit() || ".-".contains(character)
    };
    let is_name = name.chars().all(allowed)
        && (name.ends_with(".amazonaws.com") || name.ends_with(".amazonaws.com.cn"));
    match is_name {
        true => Ok(()),
        false => Err(format!("A service is named as in `lambda.amazonaws.com`; found {name:?}.")),
    }
}

/// An external id: 2 to 1,224 of `[\w+=,.@:/-]`.
pub fn external_id(id: &str) -> Checked {
    length("An external ID", id, (2, 1224))?;
    let allowed = |character: char| is_name_character(character) || ":/".contains(character);
    characters("An external ID", id, "letters, digits and `_+=,.@:/-`", allowed)
}

/// A session name: 2 to 64 of `[\w+=,.@-]`.
pub fn session_name(name: &str) -> Checked {
    length("A session name", name, (2, 64))?;
    characters("A session name", name, "letters, digits and `_+=,.@-`", is_name_character)
}

/// A source identity: as a session name, but not beginning with `aws:`.
pub fn source_identity(name: &str) -> Checked {
    length("A source identity", name, (2, 64))?;
    if name.starts_with("aws:") {
        return Err("A source identity may not begin with `aws:`, which AWS reserves.".to_owned());
    }
    characters("A source identity", name, "letters, digits and `_+=,.@-`", is_name_character)
}

/// The length of a session: 15 minutes to 12 hours, written as `1h` or `30m`.
pub fn session_length(text: &str) -> Checked {
    match seconds(text) {
        Some(900..=43200) => Ok(()),
        Some(found) => Err(format!("A session lasts 15 minutes to 12 hours; {text:?} is {found} seconds.")),
        None => Err(format!("A duration is written as `1h`, `90m` or `1h30m`; found {text:?}.")),
    }
}

/// The seconds of a duration such as `1h30m`.
pub fn seconds(text: &str) -> Option<i32> {
    humantime::parse_duration(text).as_ref().map(Duration::as_secs).ok()?.try_into().ok()
}

/// A session policy: a policy document of at most 2,048 characters.
pub fn session_policy(policy: &str) -> Checked {
    length("A session policy", policy, (1, 2048))?;
    iam_policy::parse(policy, iam_policy::Kind::Identity)
        .map(drop)
        .map_err(|error| format!("This is not a policy document: {error}."))
}

/// A tag key: 1 to 128 characters, not beginning with `aws:`.
pub fn tag_key(key: &str) -> Checked {
    length("A tag key", key, (1, 128))?;
    if key.to_lowercase().starts_with("aws:") {
        return Err(format!("Tag keys that begin with `aws:` are reserved for AWS; found {key:?}."));
    }
    characters("A tag key", key, "letters, digits, spaces and `_.:/=+-@`", is_tag_character)
}

/// A tag key to ignore, or its beginning.
pub fn ignored_tag(key: &str) -> Checked {
    match key.is_empty() {
        true => {
            Err("The empty text would be the beginning of every tag key. Name a key or a prefix.".to_owned())
        }
        false => Ok(()),
    }
}

/// A tag value: at most 256 characters.
pub fn tag_value(value: &str) -> Checked {
    length("A tag value", value, (0, 256))?;
    characters("A tag value", value, "letters, digits, spaces and `_.:/=+-@`", is_tag_character)
}

/// `[\p{L}\p{Z}\p{N}_.:/=+\-@]`
fn is_tag_character(character: char) -> bool {
    character.is_alphanumeric()
        || "_.:/=+-@".contains(character)
        || (character.is_whitespace() && !character.is_control())
}

/// An endpoint URL.
pub fn endpoint(url: &str) -> Checked {
    let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    if host.is_some_and(|host| !host.is_empty() && !host.starts_with('/')) {
        return Ok(());
    }
    Err(format!("An endpoint is a URL such as `https://iam.example.com`; found {url:?}."))
}

/// A number of retries.
pub fn max_retries(retries: &i64) -> Checked {
    match retries {
        0..=1000 => Ok(()),
        _ => Err(format!("A number of retries is 0 to 1000; found {retries}.")),
    }
}

#[cfg(test)]
mod tests;
