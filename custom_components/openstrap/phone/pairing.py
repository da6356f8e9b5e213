"""Codes by which a phone gets in: shown in Home Assistant, and told to nobody else."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
import hashlib
import hmac
from http import HTTPStatus
import math
import secrets
import time
from typing import Any, Final

from homeassistant.components import persistent_notification
from homeassistant.config_entries import SIGNAL_CONFIG_ENTRY_CHANGED, ConfigEntry, ConfigEntryChange
from homeassistant.core import CALLBACK_TYPE, HassJob, HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.event import async_call_later
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN
from .refusal import Refusal, invalid

CODE_SECONDS: Final = 600
TRIES: Final = 5
_DIGITS: Final = 6
_DESK: HassKey[PairingDesk] = HassKey(f"{DOMAIN}_pairing")

HOW: Final = "choose Pair a phone in the options of the wearer in Home Assistant"
NO_CODE: Final = "No pending code"
TOO_MANY: Final = "Too many attempts"


class Outcome(StrEnum):
    """How a pairing ended."""

    PAIRED = "paired"
    EXPIRED = "pairing_expired"
    USED_UP = "pairing_used_up"
    CLOSED = "pairing_closed"
    """Another one was opened instead, or nobody is there any more to pair with."""
    NOT_KEPT = "pairing_not_kept"
    """The disk took no phone."""


class EmailTaken(Exception):
    """A pairing of another wearer waits for the same e-mail."""


@dataclass(slots=True, kw_only=True, eq=False)
class Pairing:
    """One wearer's pairing, open until it has an outcome."""

    entry_id: str
    user_id: str
    email: str
    salt: bytes
    code_hash: bytes
    notice: str
    """What is shown to the people of the house once a phone has asked."""
    expires: float
    """By a clock that never goes back (s)."""
    outcome: asyncio.Future[Outcome]
    tries_left: int = TRIES
    told: Mapping[str, Any] | None = None
    """What the phone said of its owner; None while none has asked, empty where not all who asked
    said the same."""
    stop: CALLBACK_TYPE = lambda: None
    """Ends the wait for the time to be over."""


class PairingDesk:
    """The open pairings, one a wearer; in memory only, so a restart closes them all."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Start with none."""
        self._hass = hass
        self._pairings: dict[str, Pairing] = {}  # by entry id
        self._dummy = secrets.token_bytes(hashlib.sha256().digest_size)

    @callback
    def async_open(self, entry_id: str, name: str, user_id: str, email: str) -> tuple[str, Pairing]:
        """Open a wearer's pairing for an e-mail: the code, and what to wait for.

        Closes the one before. Raises EmailTaken.
        """
        other = self._of(email)
        if other is not None and other.entry_id != entry_id and not other.outcome.done():
            raise EmailTaken
        self.async_close(entry_id)
        code = f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}}"
        salt = secrets.token_bytes(16)
        pairing = Pairing(
            entry_id=entry_id,
            user_id=user_id,
            email=email,
            salt=salt,
            code_hash=_hashed(salt, code),
            notice=(
                f"A phone asks to be paired with {name}. Type this code on it: **{code}**\n\n"
                "If nobody of you did that, do nothing: the code ends by itself."
            ),
            expires=time.monotonic() + CODE_SECONDS,
            outcome=self._hass.loop.create_future(),
        )

        @callback
        def expire(_now: datetime) -> None:
            self._end(pairing, Outcome.EXPIRED)

        job = HassJob(expire, "end of a pairing", cancel_on_shutdown=True)
        pairing.stop = async_call_later(self._hass, CODE_SECONDS, job)
        self._pairings[entry_id] = pairing
        return code, pairing

    @callback
    def async_ask(self, email: str, told: Mapping[str, Any] | None = None) -> bool:
        """Show the code once more because a phone asks; False when none is open for the e-mail.

        It stays the same code with as many tries as were left. ``told`` is what it says of its
        owner: whoever else asks meanwhile cannot slip anything in.
        """
        pairing = self._of(email)
        if pairing is None or pairing.outcome.done() or _late(pairing):
            return False
        said = told or {}
        pairing.told = said if pairing.told in (None, said) else {}
        persistent_notification.async_create(
            self._hass, pairing.notice, "OpenStrap: pair a phone", _notification_id(pairing)
        )
        return True

    @callback
    def async_take(self, email: str, code: str) -> Pairing:
        """Take the pairing that a code opens; nobody else can take it then. Raises Refusal.

        The taker says by `async_done` how it ended.
        """
        pairing = self._of(email)
        # Compared also where there is nothing to compare with: how long it takes tells nothing.
        salt, held = (b"", self._dummy) if pairing is None else (pairing.salt, pairing.code_hash)
        right = hmac.compare_digest(_hashed(salt, code), held)
        if pairing is None:
            raise invalid(HOW, NO_CODE)
        if pairing.tries_left <= 0:
            if _late(pairing):
                raise invalid(HOW, NO_CODE)
            left_s = math.ceil(pairing.expires - time.monotonic())
            raise Refusal(HTTPStatus.TOO_MANY_REQUESTS, TOO_MANY, reason=HOW, retry_after=left_s)
        if pairing.outcome.done() or _late(pairing):
            # Only who has read the code learns that there was one.
            raise invalid(HOW, "Code expired" if right else NO_CODE)
        if not right:
            pairing.tries_left -= 1
            if not pairing.tries_left:
                self._end(pairing, Outcome.USED_UP)
            raise Refusal(HTTPStatus.BAD_REQUEST, "Incorrect code")
        del self._pairings[pairing.entry_id]
        return pairing

    @callback
    def async_done(self, pairing: Pairing, outcome: Outcome) -> None:
        """End a pairing that was taken."""
        self._end(pairing, outcome)

    @callback
    def async_close(self, entry_id: str) -> None:
        """Close a wearer's pairing, if one is open."""
        if (pairing := self._pairings.pop(entry_id, None)) is not None:
            self._end(pairing, Outcome.CLOSED)

    def _of(self, email: str) -> Pairing | None:
        found = [one for one in self._pairings.values() if one.email == email]
        # One that has ended may still lie beside another wearer's, which is open.
        return min(found, key=lambda one: one.outcome.done(), default=None)

    def _end(self, pairing: Pairing, outcome: Outcome) -> None:
        if pairing.outcome.done():
            return
        pairing.outcome.set_result(outcome)
        pairing.stop()
        persistent_notification.async_dismiss(self._hass, _notification_id(pairing))


@callback
def async_setup_pairing(hass: HomeAssistant) -> None:
    """Put up the desk, once for the process."""
    desk = hass.data[_DESK] = PairingDesk(hass)

    @callback
    def entry_changed(change: ConfigEntryChange, entry: ConfigEntry) -> None:
        if entry.domain == DOMAIN and change is ConfigEntryChange.REMOVED:
            desk.async_close(entry.entry_id)

    async_dispatcher_connect(hass, SIGNAL_CONFIG_ENTRY_CHANGED, entry_changed)


@callback
def async_pairing_desk(hass: HomeAssistant) -> PairingDesk:
    """Give the desk, the only one."""
    return hass.data[_DESK]


def known_as(email: object) -> str | None:
    """Give the form in which e-mails are compared; None for what is none."""
    if not isinstance(email, str):
        return None
    text = email.strip().casefold()
    name, at, place = text.rpartition("@")
    good = len(text) <= 254 and name and at and "." in place.strip(".")
    return text if good and not any(letter.isspace() for letter in text) else None


def _hashed(salt: bytes, code: str) -> bytes:
    return hashlib.sha256(salt + code.encode(errors="surrogatepass")).digest()


def _late(pairing: Pairing) -> bool:
    return time.monotonic() >= pairing.expires


def _notification_id(pairing: Pairing) -> str:
    return f"{DOMAIN}_pairing_{pairing.entry_id}"
