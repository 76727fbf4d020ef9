//! What IAM accepts of an identity provider: its URL, its audiences, the thumbprints of its certificates. Never asks
//! AWS, nor the provider.
//!
//! Source: IAM API reference, `CreateOpenIDConnectProvider`; IAM user guide, "Create an OpenID Connect (OIDC) identity
//! provider in IAM".

use super::Checked;

/// The URL of an issuer: `https://`, a host and perhaps a path, at most 255 characters.
///
/// IAM finds the provider of a token by its `iss`, letter by letter, and takes another spelling for another provider.
/// So spellings that no token has are refused here.
pub fn url(url: &str) -> Checked {
    let wrong = |reason: &str| {
        Err(format!(
            "The URL of an issuer looks like `https://token.actions.githubusercontent.com`; {url:?} {reason}."
        ))
    };
    super::length("The URL of an issuer", url, (1, 255))?;
    let Some(name) = url.strip_prefix("https://") else {
        return wrong("does not begin with `https://`");
    };
    let (host, path) = name.split_once('/').unwrap_or((name, ""));
    let in_path = |character: char| character.is_ascii_alphanumeric() || "/_.~%-".contains(character);
    match () {
        () if name.contains(['?', '#']) => wrong("has a query or a fragment, which IAM does not take"),
        () if name.contains('@') => wrong("names a user"),
        () if host.contains(':') => wrong("has a port, which IAM does not take"),
        () if name.ends_with('/') => {
            wrong("ends with a slash, which makes another provider than the one that its tokens name")
        }
        () if host.contains(|letter: char| letter.is_ascii_uppercase()) => wrong(
            "has upper case letters in its host, and IAM compares it with a token's `iss` letter by letter",
        ),
        () if !is_host(host) => wrong("has no host such as `gitlab.example.com`"),
        () if !path.chars().all(in_path) => wrong("has a character in its path that a URL writes as `%20`"),
        () => Ok(()),
    }
}

fn is_host(host: &str) -> bool {
    let is_label = |label: &str| {
        let inner = label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        (1..=63).contains(&label.len()) && inner && !label.starts_with('-') && !label.ends_with('-')
    };
    host.contains('.') && host.split('.').all(is_label)
}

/// A client ID, which is what a token has as its audience: 1 to 255 characters.
pub fn client_id(id: &str) -> Checked {
    super::length("A client ID", id, (1, 255))?;
    match id.chars().find(|character| character.is_whitespace() || character.is_control()) {
        Some(stray) => Err(format!("A client ID is compared as it stands; {id:?} has {stray:?}.")),
        None => Ok(()),
    }
}

/// A thumbprint: the SHA-1 of a certificate, 40 hexadecimal digits in lower case.
pub fn thumbprint(text: &str) -> Checked {
    let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    if text.len() == 40 && text.bytes().all(is_digit) {
        return Ok(());
    }
    let plain = text.replace(':', "").to_ascii_lowercase();
    let hint = match plain.len() == 40 && plain.bytes().all(is_digit) {
        true => format!(" Write {plain:?}."),
        false => String::new(),
    };
    Err(format!(
        "A thumbprint is the SHA-1 of a certificate: 40 hexadecimal digits in lower case, without colons; found \
         {text:?}.{hint}"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issuer_is_taken_as_its_tokens_spell_it() {
        for issuer in [
            "https://token.actions.githubusercontent.com",
            "https://api.bitbucket.org/2.0/workspaces/acme/pipelines-config/identity/oidc",
            "https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE",
        ] {
            assert_eq!(url(issuer), Ok(()));
        }
    }

    #[test]
    fn other_spellings_are_refused_with_the_reason() {
        let long = format!("https://gitlab.com/{}", "a".repeat(240));
        for (issuer, reason) in [
            ("http://gitlab.com", "does not begin with"),
            ("gitlab.com", "does not begin with"),
            ("https://gitlab.com/", "ends with a slash"),
            ("https://GitLab.com", "upper case"),
            ("https://gitlab.example.com:8443", "a port"),
            ("https://gitlab.com?x=y", "a query"),
            ("https://gitlab.com/#a", "a fragment"),
            ("https://me@gitlab.com", "a user"),
            ("https://", "no host"),
            ("https://localhost", "no host"),
            ("https://-.com", "no host"),
            ("https://*.gitlab.com", "no host"),
            ("https://gitlab.com/a b", "in its path"),
            (long.as_str(), "1 to 255 characters"),
        ] {
            let said = url(issuer).unwrap_err();
            assert!(said.contains(reason), "{issuer}: {said}");
        }
    }

    #[test]
    fn a_client_id_has_one_to_255_characters_and_no_space() {
        assert_eq!(client_id("sts.amazonaws.com"), Ok(()));
        assert_eq!(client_id("https://gitlab.example.com"), Ok(()));
        for wrong in ["", "two words", " padded", &"x".repeat(256)] {
            assert!(client_id(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn a_thumbprint_is_forty_digits_and_other_spellings_are_corrected() {
        let plain = "6938fd4d98bab03faadb97b34396831e3780aea1";
        assert_eq!(thumbprint(plain), Ok(()));
        let colons = "69:38:FD:4D:98:BA:B0:3F:AA:DB:97:B3:43:96:83:1E:37:80:AE:A1";
        for spelling in [colons, &plain.to_uppercase()] {
            assert!(thumbprint(spelling).unwrap_err().contains(plain), "{spelling}");
        }
        assert!(!thumbprint("abc").unwrap_err().contains("Write"));
    }
}
