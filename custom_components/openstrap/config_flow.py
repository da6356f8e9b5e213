"""Adding a wearer, and changing what is known and kept of one."""

from typing import Any, override
import uuid

from homeassistant.config_entries import ConfigEntry, ConfigFlowResult
from homeassistant.const import CONF_NAME
from homeassistant.core import callback
import voluptuous as vol

from .band_flow import BandFlow
from .const import (
    CONF_ADDRESS,
    CONF_BIRTH_YEAR,
    CONF_DEVICES,
    CONF_HEIGHT_CM,
    CONF_KIND,
    CONF_SEX,
    CONF_USERS,
    CONF_WEIGHT_KG,
    DEMO_UNIQUE_ID,
    DOMAIN,
    KIND_DEMO,
    KIND_PHONE,
    PROFILE_FIELDS,
)
from .options_flow import OpenStrapOptionsFlow
from .wearer_form import (
    async_user_choice,
    errors_of,
    profile_options,
    suggested_users,
    user_field,
    wearer_schema,
)

DEMO_NAME = "Demo"
# Of a person who was made up, like all of them; without it half of the numbers would be unknown.
DEMO_PROFILE = {CONF_BIRTH_YEAR: 1990, CONF_SEX: "f", CONF_HEIGHT_CM: 170.0, CONF_WEIGHT_KG: 64.0}


class OpenStrapConfigFlow(BandFlow, domain=DOMAIN):
    """Add a wearer."""

    VERSION = 1
    MINOR_VERSION = 1

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: ConfigEntry) -> OpenStrapOptionsFlow:
        """Return the flow for what is kept how long, and when the band is read."""
        return OpenStrapOptionsFlow()

    @override
    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask what kind of wearer to add."""
        return self.async_show_menu(step_id="user", menu_options=["pick", KIND_PHONE, KIND_DEMO])

    async def async_step_phone(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Add a wearer whose frames come from a phone or a script."""
        errors: dict[str, str] = {}
        if user_input is not None and not (errors := errors_of(user_input)):
            await self.async_set_unique_id(uuid.uuid4().hex)
            return self.async_create_entry(
                title=user_input[CONF_NAME].strip(),
                data={
                    CONF_KIND: KIND_PHONE,
                    CONF_USERS: user_input[CONF_USERS],
                    CONF_DEVICES: [],
                },
                options=profile_options(user_input),
            )
        people = await async_user_choice(self.hass)
        return self.async_show_form(
            step_id=KIND_PHONE,
            data_schema=self.add_suggested_values_to_schema(
                wearer_schema(people), user_input or suggested_users(people)
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
                    options=DEMO_PROFILE,
                )
            errors[CONF_USERS] = "no_users"
        people = await async_user_choice(self.hass)
        everybody = [person["value"] for person in people]
        return self.async_show_form(
            step_id=KIND_DEMO,
            data_schema=vol.Schema(
                {vol.Required(CONF_USERS, default=everybody): user_field(people)}
            ),
            errors=errors,
        )

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Change the name, the profile, the band, and who may read the wearer and push to it."""
        entry = self._get_reconfigure_entry()
        errors: dict[str, str] = {}
        if user_input is not None and not (errors := errors_of(user_input)):
            kept = {key: value for key, value in entry.options.items() if key not in PROFILE_FIELDS}
            band = self.band_changes(entry, user_input.get(CONF_ADDRESS))
            self.drop_discovery(user_input.get(CONF_ADDRESS))
            return self.async_update_reload_and_abort(
                entry,
                unique_id=band.unique_id,
                title=user_input[CONF_NAME].strip(),
                data={**band.data, CONF_USERS: user_input[CONF_USERS]},
                options={**kept, **profile_options(user_input)},
            )
        people = await async_user_choice(self.hass)
        known = {person["value"] for person in people}
        current = {
            **entry.options,
            CONF_NAME: entry.title,
            CONF_ADDRESS: entry.data.get(CONF_ADDRESS),
            # A user who was deleted since cannot be offered any more.
            CONF_USERS: [user for user in entry.data[CONF_USERS] if user in known],
        }
        schema = wearer_schema(people).extend(self.band_field(entry))
        return self.async_show_form(
            step_id="reconfigure",
            data_schema=self.add_suggested_values_to_schema(schema, user_input or current),
            errors=errors,
        )
