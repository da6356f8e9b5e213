"""Pairing a phone with a wearer, and taking its leave, as steps of the options."""

import asyncio
from typing import Any, Final

from homeassistant.auth.models import User
from homeassistant.components.http.const import KEY_HASS_USER
from homeassistant.config_entries import ConfigFlowResult, OptionsFlow
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import selector
from homeassistant.helpers.http import current_request
from homeassistant.helpers.network import NoURLAvailableError, get_url
from homeassistant.util import dt as dt_util
import voluptuous as vol

from .const import CONF_USERS
from .phone.pairing import EmailTaken, Outcome, Pairing, async_pairing_desk, known_as
from .phone.phone_book import async_phone_book
from .phone.view import BASE
from .wearer_form import async_user_choice

CONF_EMAIL: Final = "email"
CONF_USER: Final = "user"
CONF_PHONES: Final = "phones"


def pair_schema(people: list[selector.SelectOptionDict], whose: str | None) -> vol.Schema:
    """Ask for the e-mail that the phone signs in with and, unless None, whose phone it is."""
    email = selector.TextSelectorConfig(type=selector.TextSelectorType.EMAIL)
    schema = vol.Schema({vol.Required(CONF_EMAIL): selector.TextSelector(email)})
    if whose is None:
        return schema
    choice = selector.SelectSelector(selector.SelectSelectorConfig(options=people))
    return schema.extend({vol.Required(CONF_USER, default=whose): choice})


REACH_ANYWHERE: Final = "waiting"
REACH_HOME: Final = "waiting_home"
REACH_UNKNOWN: Final = "waiting_unknown"
"""From where the phone reaches Home Assistant, which decides what is said beside the code."""


class PhoneFlow(OptionsFlow):
    """The steps about phones."""

    # Of the pairing that was opened; the steps after that one know it.
    _code: str
    _pairing: Pairing
    _wait: asyncio.Task[Outcome]

    async def async_step_pair(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for the e-mail that the phone signs in with, which nothing is ever sent to.

        And for whose phone it is, where that is not plain: these pages are for administrators, and
        not every wearer is one.
        """
        user = _current_user()
        if user is None:
            return self.async_abort(reason="no_request")
        named = self.config_entry.data[CONF_USERS]
        people = [one for one in await async_user_choice(self.hass) if one["value"] in named]
        if not people:
            return self.async_abort(reason="not_a_user")
        mine = user.id in named
        errors: dict[str, str] = {}
        if user_input is not None:
            if (email := known_as(user_input[CONF_EMAIL])) is None:
                errors[CONF_EMAIL] = "not_an_email"
            else:
                try:
                    self._code, self._pairing = async_pairing_desk(self.hass).async_open(
                        self.config_entry.entry_id,
                        self.config_entry.title,
                        user_input.get(CONF_USER, user.id),
                        email,
                    )
                except EmailTaken:
                    errors[CONF_EMAIL] = "email_taken"
                else:
                    # It may be given up with the flow; the pairing stays open for its time.
                    self._wait = self.hass.async_create_background_task(
                        _async_wait(self._pairing), "openstrap pairing", eager_start=False
                    )
                    return await self.async_step_code()
        phones = async_phone_book(self.hass).async_of(self.config_entry.entry_id)
        suggested = {CONF_EMAIL: phones[-1].email} if phones else {}
        plain = mine and len(people) == 1
        whose = user.id if mine else people[0]["value"]
        return self.async_show_form(
            step_id="pair",
            data_schema=self.add_suggested_values_to_schema(
                pair_schema(people, None if plain else whose), user_input or suggested
            ),
            errors=errors,
        )

    async def async_step_code(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Show where the phone has to go and the code, until it was there or time is over."""
        if self._wait.done():
            return self.async_show_progress_done(next_step_id="paired")
        reach, url = reachable_url(self.hass)
        return self.async_show_progress(
            step_id="code",
            progress_action=reach,
            description_placeholders={
                "name": self.config_entry.title,
                "url": f"{url}{BASE}",
                "email": self._pairing.email,
                "code": self._code,
            },
            progress_task=self._wait,
        )

    async def async_step_paired(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Say how it ended."""
        return self.async_abort(reason=self._wait.result())

    async def async_step_phones(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """List the wearer's phones, and let go those that are chosen."""
        book = async_phone_book(self.hass)
        if user_input is not None:
            for token_id in user_input[CONF_PHONES]:
                book.async_revoke(token_id)
            return self.async_abort(
                reason="phones_revoked" if user_input[CONF_PHONES] else "phones_kept"
            )
        phones = book.async_of(self.config_entry.entry_id)
        if not phones:
            return self.async_abort(reason="no_phones")
        options = [
            selector.SelectOptionDict(
                value=phone.token_id, label=f"{phone.name}, {_day(phone.used)}"
            )
            for phone in phones
        ]
        field = selector.SelectSelector(
            selector.SelectSelectorConfig(
                options=options, multiple=True, mode=selector.SelectSelectorMode.LIST
            )
        )
        return self.async_show_form(
            step_id="phones",
            data_schema=vol.Schema({vol.Required(CONF_PHONES, default=list): field}),
        )


async def _async_wait(pairing: Pairing) -> Outcome:
    # Shielded: giving up the wait must not end what is waited for.
    return await asyncio.shield(pairing.outcome)


@callback
def reachable_url(hass: HomeAssistant) -> tuple[str, str]:
    """Give from where a phone reaches Home Assistant, and at which address."""
    try:
        return REACH_ANYWHERE, get_url(hass, allow_internal=False, allow_ip=True)
    except NoURLAvailableError:
        pass
    try:
        return REACH_HOME, get_url(hass, allow_external=False, allow_cloud=False, allow_ip=True)
    except NoURLAvailableError:
        return REACH_UNKNOWN, ""


@callback
def _current_user() -> User | None:
    """Give the user who fills in the form; None for a flow that nobody's request has started."""
    request = current_request.get()
    return None if request is None else request.get(KEY_HASS_USER)


def _day(ts: float) -> str:
    return dt_util.as_local(dt_util.utc_from_timestamp(ts)).date().isoformat()
