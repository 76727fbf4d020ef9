"""Issues tokens as a CI system does: signed with RS256 by a key that only this process has.

An issuer is known by its URL. It has a key from the moment it first signs something. Owns the keys; never judges a token.
"""

import base64
import json
import threading
from functools import cache

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

LOCK = threading.Lock()
ISSUERS: set[str] = set()


@cache
def _key(issuer: str) -> rsa.RSAPrivateKey:
    ISSUERS.add(issuer)
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def token(claims: dict, signed_by: str) -> str:
    """A token with these claims, signed with the key of the issuer `signed_by`, whatever the claims say of their own."""
    with LOCK:
        key = _key(signed_by)
    signed = f"{encoded({'alg': 'RS256', 'typ': 'JWT'})}.{encoded(claims)}"
    return f"{signed}.{base64url(key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


def public_key(issuer: str) -> rsa.RSAPublicKey | None:
    """What an issuer publishes; nothing for one that never signed."""
    with LOCK:
        return _key(issuer).public_key() if issuer in ISSUERS else None


def encoded(part: dict) -> str:
    return base64url(json.dumps(part, separators=(",", ":")).encode())


def base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
