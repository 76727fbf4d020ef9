"""Has ministack check the token of AssumeRoleWithWebIdentity, and tell the trust policy what AWS tells it.

ministack reads the claims of a token and evaluates the trust policy, but takes tokens that nobody has signed, that are
over, and of issuers that the account has no provider for. From `install` on it looks, in AWS's order, for the provider, its
key, the signature, the end and the audience, before it evaluates anything. And the trust policy sees the claims of
GitHub that AWS passes on, beside `aud` and `sub`. (STS API reference, "AssumeRoleWithWebIdentity"; IAM User Guide,
"Available keys for AWS OIDC federation".)

The keys are those of `issuer.py`, since nobody is asked over a network here. Owns what makes a token good. Never decides
who may assume a role: the evaluator does.
"""

import base64
import json
import time
from dataclasses import dataclass

import issuer
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

# The claims that AWS passes on of one issuer, beside those that it passes on of all.
PASSED_ON = {
    "token.actions.githubusercontent.com": (
        "actor",
        "actor_id",
        "enterprise_id",
        "environment",
        "job_workflow_ref",
        "ref",
        "repository",
        "repository_id",
        "repository_owner_id",
        "workflow",
    ),
}


@dataclass
class Refused(Exception):
    """Why AWS does not take a token."""

    code: str
    message: str


def install() -> None:
    """From now on ministack checks tokens."""
    from ministack.services import iam, sts

    name, decide = sts._web_identity_principal, sts._web_identity_trust_denied

    def named(token: str, provider_id: str, role_arn: str):
        principal, keys = name(token, provider_id, role_arn)
        claims = claimed(token)
        host = host_of(claims)
        more = {f"{host}:{claim}": claims[claim] for claim in PASSED_ON.get(host, ()) if claim in claims}
        return principal, {**keys, **more}

    def denied(role_arn: str, params: dict, use_json: bool):
        account = role_arn.split(":")[4]
        try:
            check(sts._p(params, "WebIdentityToken"), provider_in(iam, account))
        except Refused as refused:
            return iam._error(400, refused.code, refused.message, ns="sts")
        return decide(role_arn, params, use_json)

    sts._web_identity_principal, sts._web_identity_trust_denied = named, denied


def provider_in(iam, account: str):
    """Finds the provider for an issuer in an account."""
    return lambda host: iam._oidc_providers.get_scoped(account, None, f"arn:aws:iam::{account}:oidc-provider/{host}")


def check(token: str, provider) -> None:
    """Raises `Refused` unless the token is good and `provider` finds a provider that takes its audience."""
    claims = claimed(token)
    url = str(claims.get("iss", ""))
    found = provider(host_of(claims))
    if found is None:
        raise Refused("InvalidIdentityToken", f"No OpenIDConnect provider found in your account for {url}")
    if not is_signed(token, url):
        raise Refused("InvalidIdentityToken", "Couldn't verify the token against the key of your identity provider")
    if time.time() >= claims.get("exp", 0):
        raise Refused("ExpiredTokenException", f"Token expired: current time {time.time():.0f}")
    audiences = claims.get("aud", [])
    if not set([audiences] if isinstance(audiences, str) else audiences) & set(found["ClientIDList"]):
        raise Refused("InvalidIdentityToken", "Incorrect token audience")


def is_signed(token: str, url: str) -> bool:
    """Whether the issuer of that URL has signed it, with RS256."""
    signed, _, signature = token.rpartition(".")
    key = issuer.public_key(url)
    if key is None or part(signed.partition(".")[0]).get("alg") != "RS256":
        return False
    try:
        key.verify(decoded(signature), signed.encode(), padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        return False
    return True


def claimed(token: str) -> dict:
    """What the token claims, true or not."""
    pieces = token.split(".")
    if len(pieces) != 3:
        raise Refused("InvalidIdentityToken", "The ID Token provided is not a valid JWT.")
    return part(pieces[1])


def part(text: str) -> dict:
    try:
        found = json.loads(decoded(text))
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise Refused("InvalidIdentityToken", "The ID Token provided is not a valid JWT.")
    return found


def decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def host_of(claims: dict) -> str:
    return str(claims.get("iss", "")).removeprefix("https://")
