"""The phones that are paired: whose they are, and how long they may come in."""

import asyncio
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from http import HTTPStatus
import time
from typing import Any, Final, Self

from aiohttp import web
from homeassistant.auth import EVENT_USER_REMOVED, EVENT_USER_UPDATED
from homeassistant.auth.models import TOKEN_TYPE_LONG_LIVED_ACCESS_TOKEN, RefreshToken, User
from homeassistant.components.http.auth_util import async_user_not_allowed_do_auth
from homeassistant.config_entries import SIGNAL_CONFIG_ENTRY_CHANGED, ConfigEntry, ConfigEntryChange
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.storage import Store
from homeassistant.util.hass_dict import HassKey

from ..const import CONF_USERS, DOMAIN
from ..issues import async_phone_reused
from .refusal import Refusal
from .tokens import ACCESS_TIME, REFRESH_TIME, access_token, new_secret, secret_hash, token_of

_VERSION: Final = 1
_KEY: Final = f"{DOMAIN}.phones"
_BOOK: HassKey[PhoneBook] = HassKey(f"{DOMAIN}_phones")

GRACE_S: Final = 60.0
"""For so long a spent secret may come again by mistake: a lost reply, two requests at once."""
MOST_SPENT: Final = 100
"""Spent secrets that are remembered; a phone refreshes about once a day and is gone after 30."""
_SAVE_DELAY_S: Final = 1.0
NOT_KEPT_RETRY: Final = 300
"""A full disk is not emptied sooner, s."""

type _Book = Store[list[dict[str, Any]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """One paired phone; times in epoch seconds."""

    token_id: str
    """Home Assistant's refresh token that it stands on: revoking that ends the phone."""
    user_id: str
    entry_id: str
    email: str
    name: str
    """As it is listed in the user's profile."""
    secret: str
    """Hash of what it refreshes with next."""
    created: float
    used: float
    """When it last signed in or refreshed."""
    expires: float
    spent: Mapping[str, float] = field(default_factory=dict)
    """Hashes of what it refreshed with before, and when."""

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Undo ``asdict``."""
        return cls(**data)

    def rotated(self, secret: str, now: float) -> Self:
        """Go on with another secret."""
        spent = {**self.spent, self.secret: now}
        return replace(
            self.seen(now),
            secret=secret_hash(secret),
            spent=dict(list(spent.items())[-MOST_SPENT:]),
        )

    def seen(self, now: float) -> Self:
        """Begin the days of silence anew."""
        return replace(self, used=now, expires=now + REFRESH_TIME.total_seconds())


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a phone is given."""

    access_jwt: str
    refresh_token: str


class NotKept(Refusal):
    """A pairing that the disk did not take, so that the next start would not know of it."""

    def __init__(self) -> None:
        """Say why."""
        super().__init__(
            HTTPStatus.SERVICE_UNAVAILABLE,
            "Pairing not kept",
            reason="Home Assistant could not write to its disk; open a new pairing when it can",
            retry_after=NOT_KEPT_RETRY,
        )


class PhoneBook:
    """All paired phones, kept over restarts."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Start empty; `async_load` must follow."""
        self._hass = hass
        self._store = _book(hass)
        self._phones: dict[str, Phone] = {}  # by token id
        # Of two requests at once the second finds what became of the first, also on the disk.
        self._one_at_a_time = asyncio.Lock()

    async def async_load(self) -> None:
        """Take up what is on disk, and follow whatever ends a phone."""
        for data in await self._store.async_load() or ():
            phone = Phone.from_dict(data)
            self._phones[phone.token_id] = phone
            self._follow(phone.token_id)
        self.async_prune()

        @callback
        def user_changed(_event: Event) -> None:
            self.async_prune()

        @callback
        def entry_changed(change: ConfigEntryChange, entry: ConfigEntry) -> None:
            if entry.domain == DOMAIN and change is not ConfigEntryChange.ADDED:
                self.async_prune()

        # For as long as Home Assistant runs, as the routes are.
        self._hass.bus.async_listen(EVENT_USER_REMOVED, user_changed)
        self._hass.bus.async_listen(EVENT_USER_UPDATED, user_changed)
        async_dispatcher_connect(self._hass, SIGNAL_CONFIG_ENTRY_CHANGED, entry_changed)

    @callback
    def async_of(self, entry_id: str | None = None) -> list[Phone]:
        """Give the phones of a wearer, or of all; the oldest first."""
        self.async_prune()
        phones = [phone for phone in self._phones.values() if entry_id in (None, phone.entry_id)]
        return sorted(phones, key=lambda phone: phone.created)

    @callback
    def async_phone(self, text: str) -> tuple[User, Phone] | None:
        """Tell whose an access token is; None for one that is not good, or no longer."""
        token = token_of(self._hass, text)
        if token is None or (phone := self._phones.get(token.id)) is None:
            return None
        if not self._stands(phone):
            self.async_revoke(phone.token_id)
            return None
        return token.user, phone

    async def async_add(
        self, user: User, entry: ConfigEntry, email: str, request: web.Request
    ) -> tuple[Phone, Tokens]:
        """Pair a phone with a wearer in a user's name; it is on disk when this returns.

        Raises NotKept, and leaves nothing behind, when the disk does not take it.
        """
        check_place(self._hass, user, request)
        taken = {token.client_name for token in user.refresh_tokens.values()}
        names = (f"OpenStrap phone: {entry.title} ({n})" for n in range(1, len(taken) + 2))
        token = await self._hass.auth.async_create_refresh_token(
            user,
            client_name=next(name for name in names if name not in taken),
            token_type=TOKEN_TYPE_LONG_LIVED_ACCESS_TOKEN,
            access_token_expiration=ACCESS_TIME,
        )
        now = time.time()
        secret = new_secret()
        phone = Phone(
            token_id=token.id,
            user_id=user.id,
            entry_id=entry.entry_id,
            email=email,
            name=token.client_name or "",
            secret=secret_hash(secret),
            created=now,
            used=now,
            expires=now + REFRESH_TIME.total_seconds(),
        )
        self._follow(token.id)
        self._log_use(token, request)
        async with self._one_at_a_time:
            if not await self._async_keep(phone):
                self.async_revoke(token.id)
                raise NotKept
        return phone, Tokens(access_token(token, now), secret)

    async def async_refresh(self, secret: str, request: web.Request) -> Tokens:
        """Give new tokens for a refresh token, which is spent then. Raises Refusal.

        While the disk takes no new one, the same refresh token comes back and stays good: the next
        start would know no other, and an app that is refused here signs its user out.
        """
        async with self._one_at_a_time:
            return await self._async_refresh(secret, request)

    async def _async_refresh(self, secret: str, request: web.Request) -> Tokens:
        now = time.time()
        told = secret_hash(secret)
        phone = next(
            (one for one in self._phones.values() if told == one.secret or told in one.spent), None
        )
        if phone is None:
            raise _invalid()
        if told != phone.secret:
            if now - phone.spent[told] > GRACE_S:
                self._reused(phone)
            raise _invalid()
        token = self._hass.auth.async_get_refresh_token(phone.token_id)
        if token is None or not self._stands(phone):
            self.async_revoke(phone.token_id)
            raise _invalid()
        check_place(self._hass, token.user, request)
        fresh = new_secret()
        self._log_use(token, request)
        if not await self._async_keep(phone.rotated(fresh, now)):
            fresh = secret
            # One that was revoked meanwhile stands on nothing, and does not come back.
            self._phones[phone.token_id] = phone.seen(now)
            # What Home Assistant may still hold back until it stops must not be written then.
            self._store.async_delay_save(self._data, _SAVE_DELAY_S)
        return Tokens(access_token(token, now), fresh)

    async def _async_keep(self, phone: Phone) -> bool:
        """Write a phone down; False when it is not on the disk then.

        Home Assistant only logs what it could not write, so what is there is read.
        """
        self._phones[phone.token_id] = phone
        await self._store.async_save(self._data())
        try:
            # By another store: this one would answer with what it has yet to write.
            held = await _book(self._hass).async_load()
        except HomeAssistantError:
            return False
        return any(one["secret"] == phone.secret for one in held or ())

    @callback
    def async_revoke(self, token_id: str) -> None:
        """Let a phone in no more; Home Assistant's token goes with it."""
        if self._phones.pop(token_id, None) is None:
            return
        if (token := self._hass.auth.async_get_refresh_token(token_id)) is not None:
            self._hass.auth.async_remove_refresh_token(token)
        # A crash before it is written changes nothing: a phone without its token is not taken up.
        self._store.async_delay_save(self._data, _SAVE_DELAY_S)

    @callback
    def async_prune(self) -> None:
        """Revoke whatever stands on nothing any more."""
        for phone in list(self._phones.values()):
            if not self._stands(phone):
                self.async_revoke(phone.token_id)

    def _stands(self, phone: Phone) -> bool:
        token = self._hass.auth.async_get_refresh_token(phone.token_id)
        entry = self._hass.config_entries.async_get_entry(phone.entry_id)
        return (
            token is not None
            and token.user.is_active
            and entry is not None
            and phone.user_id in entry.data[CONF_USERS]
            and time.time() < phone.expires
        )

    def _follow(self, token_id: str) -> None:
        @callback
        def revoked() -> None:
            self.async_revoke(token_id)

        self._hass.auth.async_register_revoke_token_callback(token_id, revoked)

    def _reused(self, phone: Phone) -> None:
        # Either the phone or whoever copied its token has the newer one: neither may go on.
        self.async_revoke(phone.token_id)
        if (entry := self._hass.config_entries.async_get_entry(phone.entry_id)) is not None:
            async_phone_reused(self._hass, entry)

    def _log_use(self, token: RefreshToken, request: web.Request) -> None:
        """Let the user's list in Home Assistant say when a phone last came, and from where."""
        # What it makes is a key to all of Home Assistant, and goes no further than here.
        self._hass.auth.async_create_access_token(token, request.remote)

    def _data(self) -> list[dict[str, Any]]:
        return [asdict(phone) for phone in self._phones.values()]


def _book(hass: HomeAssistant) -> _Book:
    # Only its owner reads the file, and a crash leaves the old one whole.
    return Store(hass, _VERSION, _KEY, private=True, atomic_writes=True)


async def async_setup_phone_book(hass: HomeAssistant) -> None:
    """Open the book, once for the process."""
    book = PhoneBook(hass)
    await book.async_load()
    hass.data[_BOOK] = book


@callback
def async_phone_book(hass: HomeAssistant) -> PhoneBook:
    """Give the book."""
    return hass.data[_BOOK]


@callback
def check_place(hass: HomeAssistant, user: User, request: web.Request) -> None:
    """Refuse a user who may be used at home only, when asked from elsewhere."""
    if async_user_not_allowed_do_auth(hass, user, request):
        # Not 401: the phone would throw its tokens away.
        raise Refusal(HTTPStatus.FORBIDDEN, "Only from the home network")


def _invalid() -> Refusal:
    return Refusal(HTTPStatus.UNAUTHORIZED, "Invalid refresh token")
