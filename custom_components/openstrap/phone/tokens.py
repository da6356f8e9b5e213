"""The tokens that a paired phone carries: good for this integration's routes and nothing else."""

from base64 import urlsafe_b64encode
from datetime import timedelta
import hashlib
import secrets
from typing import Final

from homeassistant.auth.models import RefreshToken
from homeassistant.core import HomeAssistant
import jwt

from ..const import DOMAIN

ACCESS_TIME: Final = timedelta(hours=24)
REFRESH_TIME: Final = timedelta(days=30)
"""Of a phone that is not heard of; each refresh begins them anew."""

_ALGORITHM: Final = "HS256"
_MAX_LENGTH: Final = 4096  # characters; ours have about 300
_LEEWAY_S: Final = 10  # as Home Assistant itself allows
_SECRET_BYTES: Final = 32


def access_token(token: RefreshToken, now: float) -> str:
    """Make an access token that Home Assistant itself does not take.

    It is signed with the key of one of Home Assistant's own refresh tokens, so it ends with that.
    The audience keeps it in this integration: Home Assistant asks for none, and then refuses a
    token that names one.
    """
    issued = int(now)
    return jwt.encode(
        {
            "iss": token.id,
            "aud": DOMAIN,
            "iat": issued,
            "exp": issued + int(ACCESS_TIME.total_seconds()),
        },
        token.jwt_key,
        algorithm=_ALGORITHM,
    )


def token_of(hass: HomeAssistant, text: str) -> RefreshToken | None:
    """Give Home Assistant's token that an access token stands on; None for anything not good."""
    if len(text) > _MAX_LENGTH:
        return None
    try:
        claimed = jwt.decode(text, options={"verify_signature": False}).get("iss")
        if not isinstance(claimed, str):
            return None
        token = hass.auth.async_get_refresh_token(claimed)
        if token is None:
            return None
        jwt.decode(
            text,
            token.jwt_key,
            algorithms=[_ALGORITHM],
            audience=DOMAIN,
            issuer=token.id,
            leeway=_LEEWAY_S,
            options={"require": ["exp", "iat", "iss", "aud"]},
        )
    except jwt.PyJWTError, ValueError, TypeError:
        # What is no token at all fails in more ways than the library has names for.
        return None
    return token


def new_secret() -> str:
    """Make what a phone refreshes its access with: 32 random bytes in base64url."""
    return urlsafe_b64encode(secrets.token_bytes(_SECRET_BYTES)).rstrip(b"=").decode()


def secret_hash(secret: str) -> str:
    """Give what is kept of a secret: of 32 random bytes no salt is needed."""
    return hashlib.sha256(secret.encode(errors="surrogatepass")).hexdigest()
