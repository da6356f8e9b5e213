"""What the owner of a wearer prefers: what is kept, when the band is read, and which phones come."""

from typing import Any

from homeassistant.config_entries import ConfigFlowResult, OptionsFlowWithReload
from homeassistant.helpers import selector
import voluptuous as vol

from .const import (
    CONF_ADDRESS,
    CONF_ASSIST,
    CONF_DRAIN_MINUTES,
    CONF_KEEP_MINUTES,
    CONF_KEEP_RAW,
    CONF_LIVE_MODE,
    CONF_MINUTE_DAYS,
    CONF_NIGHT_END,
    CONF_NIGHT_START,
    CONF_RAW_DAYS,
    DEFAULT_DRAIN_MINUTES,
    DEFAULT_MINUTE_DAYS,
    DEFAULT_NIGHT_END,
    DEFAULT_NIGHT_START,
    DEFAULT_RAW_DAYS,
    MAX_DRAIN_MINUTES,
    MAX_MINUTE_DAYS,
    MAX_RAW_DAYS,
    MIN_DRAIN_MINUTES,
    MIN_MINUTE_DAYS,
    MIN_RAW_DAYS,
)
from .import_flow import ImportFlow
from .phone_flow import PhoneFlow
from .strap_view import LiveMode
from .wearer_form import number_field

RETENTION_SCHEMA = vol.Schema(
    {
        vol.Required(CONF_RAW_DAYS, default=DEFAULT_RAW_DAYS): number_field("d"),
        vol.Required(CONF_KEEP_RAW, default=False): selector.BooleanSelector(),
        vol.Required(CONF_MINUTE_DAYS, default=DEFAULT_MINUTE_DAYS): number_field("d"),
        vol.Required(CONF_KEEP_MINUTES, default=False): selector.BooleanSelector(),
    }
)

ASSIST_SCHEMA = vol.Schema({vol.Required(CONF_ASSIST, default=False): selector.BooleanSelector()})

LINK_SCHEMA = vol.Schema(
    {
        vol.Required(CONF_DRAIN_MINUTES, default=DEFAULT_DRAIN_MINUTES): number_field("min"),
        vol.Required(CONF_LIVE_MODE, default=LiveMode.NEVER.value): selector.SelectSelector(
            selector.SelectSelectorConfig(
                options=[mode.value for mode in LiveMode], translation_key=CONF_LIVE_MODE
            )
        ),
        vol.Required(CONF_NIGHT_START, default=DEFAULT_NIGHT_START): selector.TimeSelector(),
        vol.Required(CONF_NIGHT_END, default=DEFAULT_NIGHT_END): selector.TimeSelector(),
    }
)
"""What is asked of a wearer with a band in addition."""

BOUNDS = {
    CONF_RAW_DAYS: (MIN_RAW_DAYS, MAX_RAW_DAYS),
    CONF_MINUTE_DAYS: (MIN_MINUTE_DAYS, MAX_MINUTE_DAYS),
    CONF_DRAIN_MINUTES: (MIN_DRAIN_MINUTES, MAX_DRAIN_MINUTES),
}


MENU = ("settings", "pair", "phones", "import")


class OpenStrapOptionsFlow(PhoneFlow, ImportFlow, OptionsFlowWithReload):
    """What can be chosen for a wearer."""

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask what it is about."""
        return self.async_show_menu(step_id="init", menu_options=MENU)

    async def async_step_settings(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for all that is kept, and when the band is read, on one page."""
        errors: dict[str, str] = {}
        if user_input is not None:
            bounds = {field: BOUNDS[field] for field in BOUNDS if field in user_input}
            errors = {
                field: f"{field}_out_of_bounds"
                for field, (low, high) in bounds.items()
                if not low <= user_input[field] <= high
            }
            if not errors:
                whole = {field: int(user_input[field]) for field in bounds}
                return self.async_create_entry(
                    data={**self.config_entry.options, **user_input, **whole}
                )
        schema = RETENTION_SCHEMA
        if CONF_ADDRESS in self.config_entry.data:
            schema = schema.extend(LINK_SCHEMA.schema)
        schema = schema.extend(ASSIST_SCHEMA.schema)
        return self.async_show_form(
            step_id="settings",
            data_schema=self.add_suggested_values_to_schema(
                schema, user_input or self.config_entry.options
            ),
            errors=errors,
        )
