"""Who may know of a wearer."""

from homeassistant.auth.models import User
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import Unauthorized
from homeassistant.helpers import device_registry as dr
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from . import Ask, Store

pytestmark = pytest.mark.full


@pytest.mark.parametrize("action", ["get_night", "log_journal", "export"])
async def test_strangers_neither_read_nor_write(
    ask: Ask, stored: Store, home: HomeAssistant, action: str
) -> None:
    """Nor does a user that is no more."""
    guest = MockUser(name="Guest").add_to_hass(home)
    data = {"path": "/media/x.csv"} if action == "export" else {}
    for user in (guest.id, "0" * 32):
        with pytest.raises(Unauthorized):
            await ask(action, user=user, **data)


async def test_own_users_admins_and_automations(
    ask: Ask, stored: Store, home: HomeAssistant, wearer: MockConfigEntry, hass_admin_user: User
) -> None:
    """A user who is named, an administrator who is not, and what nobody started."""
    own = MockUser(name="Ada").add_to_hass(home)
    home.config_entries.async_update_entry(wearer, data={**wearer.data, "users": [own.id]})
    for user in (own.id, hass_admin_user.id, None):
        assert (await ask("get_night", user=user))["known"], user


async def test_by_device(
    ask: Ask, stored: Store, device_registry: dr.DeviceRegistry, wearer: MockConfigEntry
) -> None:
    """As the form's target gives it."""
    [device] = dr.async_entries_for_config_entry(device_registry, wearer.entry_id)
    answer = await ask("get_night", entity_id=[], device_id=device.id)
    assert answer["day"] == "2026-06-10"
