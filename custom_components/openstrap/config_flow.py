"""Adding a wearer, and changing what is known and kept of one."""

from collections.abc import Mapping
from typing import Any, override
import uuid

from homeassistant.components.bluetooth import BluetoothServiceInfoBleak
from homeassistant.config_entries import (
    ConfigEntry,
    ConfigFlow,
    ConfigFlowResult,
    OptionsFlowWithReload,
)
from homeassistant.const import CONF_NAME
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import selector
from homeassistant.util import dt as dt_util
import voluptuous as vol

from .const import (
    CONF_BIRTH_YEAR,
    CONF_DEVICES,
    CONF_HEIGHT_CM,
    CONF_HR_MAX_BPM,
    CONF_KEEP_MINUTES,
    CONF_KEEP_RAW,
    CONF_KIND,
    CONF_MINUTE_DAYS,
    CONF_RAW_DAYS,
    CONF_SEX,
    CONF_USERS,
    CONF_WEIGHT_KG,
    DEFAULT_MINUTE_DAYS,
    DEFAULT_RAW_DAYS,
    DEMO_UNIQUE_ID,
    DOMAIN,
    KIND_DEMO,
    KIND_PHONE,
    MAX_MINUTE_DAYS,
    MAX_RAW_DAYS,
    MIN_MINUTE_DAYS,
    MIN_RAW_DAYS,
    PROFILE_FIELDS,
)
from .engine.profile import Profile, ProfileError

DEMO_NAME = "Demo"
UNKNOWN_USER_NAME = "?"


def _number(unit: str | None = None, step: float = 1) -> selector.NumberSelector:
    """Ask for a number without bounds: ours are told in words, beside the field."""
    config = selector.NumberSelectorConfig(mode=selector.NumberSelectorMode.BOX, step=step)
    if unit is not None:
        config["unit_of_measurement"] = unit
    return selector.NumberSelector(config)


PROFILE_SCHEMA = {
    vol.Optional(CONF_BIRTH_YEAR): _number(),
    vol.Optional(CONF_SEX): selector.SelectSelector(
        selector.SelectSelectorConfig(options=["f", "m"], translation_key=CONF_SEX)
    ),
    vol.Optional(CONF_HEIGHT_CM): _number("cm", 0.5),
    vol.Optional(CONF_WEIGHT_KG): _number("kg", 0.1),
    vol.Optional(CONF_HR_MAX_BPM): _number("bpm"),
}

RETENTION_SCHEMA = vol.Schema(
    {
        vol.Required(CONF_RAW_DAYS, default=DEFAULT_RAW_DAYS): _number("d"),
        vol.Required(CONF_KEEP_RAW, default=False): selector.BooleanSelector(),
        vol.Required(CONF_MINUTE_DAYS, default=DEFAULT_MINUTE_DAYS): _number("d"),
        vol.Required(CONF_KEEP_MINUTES, default=False): selector.BooleanSelector(),
    }
)


async def _async_user_choice(hass: HomeAssistant) -> list[selector.SelectOptionDict]:
    """People with a log-in, by name; accounts of the system are no people."""
    people = [
        selector.SelectOptionDict(value=user.id, label=user.name or UNKNOWN_USER_NAME)
        for user in await hass.auth.async_get_users()
        if user.is_active and not user.system_generated
    ]
    return sorted(people, key=lambda person: person["label"].casefold())


def _user_field(people: list[selector.SelectOptionDict]) -> selector.SelectSelector:
    return selector.SelectSelector(
        selector.SelectSelectorConfig(
            options=people, multiple=True, mode=selector.SelectSelectorMode.DROPDOWN
        )
    )


def profile_of(values: Mapping[str, Any]) -> Profile:
    """Take a profile out of a form's or an entry's values; raises ProfileError."""
    year = values.get(CONF_BIRTH_YEAR)
    profile = Profile(
        # A form gives every number as float; a year with a fraction is refused by the profile.
        birth_year=int(year) if year is not None and year == int(year) else year,
        sex=values.get(CONF_SEX),
        height_cm=values.get(CONF_HEIGHT_CM),
        weight_kg=values.get(CONF_WEIGHT_KG),
        hr_max_bpm=values.get(CONF_HR_MAX_BPM),
    )
    profile.check_age(dt_util.now().date())
    return profile


def _errors(values: Mapping[str, Any]) -> dict[str, str]:
    """Check what was filled in: error keys by field, empty when all is well."""
    errors: dict[str, str] = {}
    if not values[CONF_NAME].strip():
        errors[CONF_NAME] = "name_empty"
    if not values[CONF_USERS]:
        errors[CONF_USERS] = "no_users"
    try:
        profile_of(values)
    except ProfileError as err:
        errors[err.field] = f"{err.field}_out_of_bounds"
    return errors


def _profile_options(values: Mapping[str, Any]) -> dict[str, Any]:
    profile = profile_of(values)
    told = {field: getattr(profile, field) for field in PROFILE_FIELDS}
    return {field: value for field, value in told.items() if value is not None}


class OpenStrapConfigFlow(ConfigFlow, domain=DOMAIN):
    """Add a wearer."""

    VERSION = 1
    MINOR_VERSION = 1

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: ConfigEntry) -> OpenStrapOptionsFlow:
        """Return the flow for what is kept how long."""
        return OpenStrapOptionsFlow()

    @override
    async def async_step_bluetooth(
        self, discovery_info: BluetoothServiceInfoBleak
    ) -> ConfigFlowResult:
        """Refuse a band that was found: this version has no link to bands."""
        return self.async_abort(reason="band_link_missing")

    @override
    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask what kind of wearer to add."""
        return self.async_show_menu(step_id="user", menu_options=[KIND_PHONE, KIND_DEMO])

    async def async_step_phone(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Add a wearer whose frames come from a phone or a script."""
        errors: dict[str, str] = {}
        if user_input is not None and not (errors := _errors(user_input)):
            await self.async_set_unique_id(uuid.uuid4().hex)
            return self.async_create_entry(
                title=user_input[CONF_NAME].strip(),
                data={
                    CONF_KIND: KIND_PHONE,
                    CONF_USERS: user_input[CONF_USERS],
                    CONF_DEVICES: [],
                },
                options=_profile_options(user_input),
            )
        people = await _async_user_choice(self.hass)
        # Most homes have one log-in: it is already filled in.
        suggested = {CONF_USERS: [person["value"] for person in people] if len(people) == 1 else []}
        return self.async_show_form(
            step_id=KIND_PHONE,
            data_schema=self.add_suggested_values_to_schema(
                self._wearer_schema(people), user_input or suggested
            ),
            errors=errors,
        )

    async def async_step_demo(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Add the made-up wearer, of whom there is only one."""
        await self.async_set_unique_id(DEMO_UNIQUE_ID)
        self._abort_if_unique_id_configured()
        errors: dict[str, str] = {}
        if user_input is not None:
            if user_input[CONF_USERS]:
                return self.async_create_entry(
                    title=DEMO_NAME,
                    data={
                        CONF_KIND: KIND_DEMO,
                        CONF_USERS: user_input[CONF_USERS],
                        CONF_DEVICES: [],
                    },
                )
            errors[CONF_USERS] = "no_users"
        people = await _async_user_choice(self.hass)
        everybody = [person["value"] for person in people]
        return self.async_show_form(
            step_id=KIND_DEMO,
            data_schema=vol.Schema(
                {vol.Required(CONF_USERS, default=everybody): _user_field(people)}
            ),
            errors=errors,
        )

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Change the name, the profile, and who may read the wearer and push to it."""
        entry = self._get_reconfigure_entry()
        errors: dict[str, str] = {}
        if user_input is not None and not (errors := _errors(user_input)):
            kept = {key: value for key, value in entry.options.items() if key not in PROFILE_FIELDS}
            return self.async_update_reload_and_abort(
                entry,
                title=user_input[CONF_NAME].strip(),
                data_updates={CONF_USERS: user_input[CONF_USERS]},
                options={**kept, **_profile_options(user_input)},
            )
        people = await _async_user_choice(self.hass)
        known = {person["value"] for person in people}
        current = {
            **entry.options,
            CONF_NAME: entry.title,
            # A user who was deleted since cannot be offered any more.
            CONF_USERS: [user for user in entry.data[CONF_USERS] if user in known],
        }
        return self.async_show_form(
            step_id="reconfigure",
            data_schema=self.add_suggested_values_to_schema(
                self._wearer_schema(people), user_input or current
            ),
            errors=errors,
        )

    @staticmethod
    def _wearer_schema(people: list[selector.SelectOptionDict]) -> vol.Schema:
        return vol.Schema(
            {
                vol.Required(CONF_NAME): selector.TextSelector(),
                vol.Required(CONF_USERS): _user_field(people),
                **PROFILE_SCHEMA,
            }
        )


class OpenStrapOptionsFlow(OptionsFlowWithReload):
    """How long frames and minutes are kept."""

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for the days to keep."""
        errors: dict[str, str] = {}
        if user_input is not None:
            bounds = {
                CONF_RAW_DAYS: (MIN_RAW_DAYS, MAX_RAW_DAYS),
                CONF_MINUTE_DAYS: (MIN_MINUTE_DAYS, MAX_MINUTE_DAYS),
            }
            errors = {
                field: f"{field}_out_of_bounds"
                for field, (low, high) in bounds.items()
                if not low <= user_input[field] <= high
            }
            if not errors:
                days = {field: int(user_input[field]) for field in bounds}
                return self.async_create_entry(
                    data={**self.config_entry.options, **user_input, **days}
                )
        return self.async_show_form(
            step_id="init",
            data_schema=self.add_suggested_values_to_schema(
                RETENTION_SCHEMA, user_input or self.config_entry.options
            ),
            errors=errors,
        )
