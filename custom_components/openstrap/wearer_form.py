"""The form in which a wearer is described, and what becomes of its values."""

from collections.abc import Mapping
from typing import Any

from homeassistant.const import CONF_NAME
from homeassistant.core import HomeAssistant
from homeassistant.helpers import selector
from homeassistant.util import dt as dt_util
import voluptuous as vol

from .const import (
    CONF_BIRTH_YEAR,
    CONF_HEIGHT_CM,
    CONF_HR_MAX_BPM,
    CONF_SEX,
    CONF_SLEEP_NEED_MIN,
    CONF_USERS,
    CONF_WEIGHT_KG,
    PROFILE_FIELDS,
)
from .engine.profile import Profile, ProfileError

UNKNOWN_USER_NAME = "?"


def number_field(unit: str | None = None, step: float = 1) -> selector.NumberSelector:
    """Ask for a number without bounds: ours are told in words, beside the field."""
    config = selector.NumberSelectorConfig(mode=selector.NumberSelectorMode.BOX, step=step)
    if unit is not None:
        config["unit_of_measurement"] = unit
    return selector.NumberSelector(config)


PROFILE_SCHEMA = {
    vol.Optional(CONF_BIRTH_YEAR): number_field(),
    vol.Optional(CONF_SEX): selector.SelectSelector(
        selector.SelectSelectorConfig(options=["f", "m"], translation_key=CONF_SEX)
    ),
    vol.Optional(CONF_HEIGHT_CM): number_field("cm", 0.5),
    vol.Optional(CONF_WEIGHT_KG): number_field("kg", 0.1),
    vol.Optional(CONF_HR_MAX_BPM): number_field("bpm"),
}


async def async_user_choice(hass: HomeAssistant) -> list[selector.SelectOptionDict]:
    """People with a log-in, by name; accounts of the system are no people."""
    people = [
        selector.SelectOptionDict(value=user.id, label=user.name or UNKNOWN_USER_NAME)
        for user in await hass.auth.async_get_users()
        if user.is_active and not user.system_generated
    ]
    return sorted(people, key=lambda person: person["label"].casefold())


def user_field(people: list[selector.SelectOptionDict]) -> selector.SelectSelector:
    """Ask for any number of people."""
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
        birth_year=int(year) if isinstance(year, float) and year.is_integer() else year,
        sex=values.get(CONF_SEX),
        height_cm=values.get(CONF_HEIGHT_CM),
        weight_kg=values.get(CONF_WEIGHT_KG),
        hr_max_bpm=values.get(CONF_HR_MAX_BPM),
        # In no form: it is set on the wearer's device.
        sleep_need_min=values.get(CONF_SLEEP_NEED_MIN),
    )
    profile.check_age(dt_util.now().date())
    return profile


def errors_of(values: Mapping[str, Any]) -> dict[str, str]:
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


def profile_options(values: Mapping[str, Any]) -> dict[str, Any]:
    """Take what was told of the profile out of a form's values; raises ProfileError."""
    profile = profile_of(values)
    told = {field: getattr(profile, field) for field in PROFILE_FIELDS}
    return {field: value for field, value in told.items() if value is not None}


def wearer_schema(people: list[selector.SelectOptionDict]) -> vol.Schema:
    """Ask who it is, who may read, and what formulas need to know."""
    return vol.Schema(
        {
            vol.Required(CONF_NAME): selector.TextSelector(),
            vol.Required(CONF_USERS): user_field(people),
            **PROFILE_SCHEMA,
        }
    )


def suggested_users(people: list[selector.SelectOptionDict]) -> dict[str, Any]:
    """Fill in the user where there is only one: most homes have one log-in."""
    return {CONF_USERS: [person["value"] for person in people] if len(people) == 1 else []}
