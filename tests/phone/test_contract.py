"""docs/openapi.yaml and the routes are one."""

from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry

from .contract import document, operations, served


async def test_every_route_is_described_and_every_described_one_is_there(
    loaded: MockConfigEntry, home: HomeAssistant
) -> None:
    """By path and method."""
    there = {
        (path, method) for path, method in served(home.http) if method not in ("head", "options")
    }
    assert {(one.path, one.method) for one in operations()} == there


def test_every_operation_has_a_name_of_its_own() -> None:
    """Clients are made from them."""
    names = [one.about["operationId"] for one in operations()]
    assert len(set(names)) == len(names)
    known = {tag["name"] for tag in document()["tags"]}
    assert {tag for one in operations() for tag in one.about["tags"]} == known
