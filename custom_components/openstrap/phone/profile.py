"""What the phone knows of its wearer: the entry's name and options in the phone's words."""

from collections.abc import Mapping
import logging
import math
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util

from ..const import (
    CONF_BIRTH_YEAR,
    CONF_HEIGHT_CM,
    CONF_SEX,
    CONF_STEP_GOAL,
    CONF_WEIGHT_KG,
    DOMAIN,
)
from ..coordinator import OpenStrapConfigEntry, OpenStrapCoordinator
from ..engine.profile import AGE_YEARS, ProfileError
from ..wearer_form import profile_of
from ..wearer_options import async_keep_body, async_rename
from .refusal import Refusal, invalid

_LOGGER = logging.getLogger(__name__)

STEP_GOAL: Final = (1000, 50000)
"""Steps; another number is moved to the nearer end."""
MAX_NAME: Final = 100  # characters
_NUMBERS: Final = {"height_cm": CONF_HEIGHT_CM, "weight_kg": CONF_WEIGHT_KG}
_OF_BODY: Final = ("age", "height_cm", "weight_kg", "sex")


def profile_answer(entry: ConfigEntry, email: str | None) -> dict[str, Any]:
    """Say what is known of a wearer; null for what is not."""
    options = entry.options
    try:
        age = profile_of(options).age_on(dt_util.now().date())
    except ProfileError:
        age = None
    return {
        "id": entry.entry_id,
        "email": email,
        "name": entry.title,
        "age": age,
        "height_cm": options.get(CONF_HEIGHT_CM),
        "weight_kg": options.get(CONF_WEIGHT_KG),
        "sex": options.get(CONF_SEX),
        "step_goal": options.get(CONF_STEP_GOAL),
        "created_at": int(entry.created_at.timestamp()),
    }


async def async_change_profile(wearer: OpenStrapCoordinator, told: Mapping[str, Any]) -> None:
    """Take over what a phone says; null forgets, unknown fields are left out. Raises Refusal.

    All of it or nothing. Nobody is without a name: null leaves it as it is.
    """
    name = None if told.get("name") is None else _name(told["name"])
    changes = _body_changes(told)
    if "step_goal" in told:
        changes[CONF_STEP_GOAL] = _step_goal(told["step_goal"])
    try:
        await async_keep_body(wearer, changes)
    except ProfileError as err:
        field = "age" if err.field == CONF_BIRTH_YEAR else err.field
        raise invalid(f"{field} is out of bounds") from err
    if name is not None and name != wearer.config_entry.title:
        async_rename(wearer, name)


async def async_fill_profile(
    hass: HomeAssistant, entry: OpenStrapConfigEntry, told: Mapping[str, Any]
) -> None:
    """Take over what a new phone says where nothing is known yet; what is out of bounds is not."""
    held = profile_answer(entry, None)
    changes: dict[str, Any] = {}
    for field in _OF_BODY:
        if held[field] is None and told.get(field) is not None:
            try:
                change = _body_changes({field: told[field]})
                profile_of(change)
            except Refusal, ProfileError:
                continue
            changes |= change
    if not changes:
        return
    if entry.state is not ConfigEntryState.LOADED:
        # It will be read when the wearer is loaded.
        hass.config_entries.async_update_entry(entry, options=entry.options | changes)
        return
    try:
        await async_keep_body(entry.runtime_data, changes)
    except HomeAssistantError:
        # The phone is paired all the same, and the options are kept.
        _LOGGER.warning("What the phone told could not be taken up by %s yet", DOMAIN)


def _body_changes(told: Mapping[str, Any]) -> dict[str, Any]:
    """Give the options that fields of the body become; raises Refusal for what no body has."""
    changes: dict[str, Any] = {}
    if "age" in told:
        changes[CONF_BIRTH_YEAR] = _birth_year(told["age"])
    for field, option in _NUMBERS.items():
        if field in told:
            changes[option] = None if told[field] is None else _number(field, told[field])
    if "sex" in told:
        if told["sex"] not in ("m", "f", None):
            raise invalid("sex must be m, f or null")
        changes[CONF_SEX] = told["sex"]
    return changes


def _birth_year(age: object) -> int | None:
    if age is None:
        return None
    years = _number("age", age)
    if years != int(years) or not AGE_YEARS[0] <= years <= AGE_YEARS[1]:
        raise invalid(f"age must be a whole number from {AGE_YEARS[0]} to {AGE_YEARS[1]}")
    return dt_util.now().year - int(years)


def _step_goal(steps: object) -> int | None:
    if steps is None:
        return None
    low, high = STEP_GOAL
    return min(max(round(_number("step_goal", steps)), low), high)


def _name(name: object) -> str:
    text = name.strip() if isinstance(name, str) else ""
    if not text or len(text) > MAX_NAME:
        raise invalid(f"name must be a text of 1 to {MAX_NAME} characters")
    return text


def _number(field: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise invalid(f"{field} must be a number")
    return value
