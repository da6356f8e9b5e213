"""docs/openapi.yaml and the routes are one."""

from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.openstrap.phone.notice_words import WORDINGS

from .contract import DOCUMENT, document, operations, served


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


def test_every_kind_of_a_notification_is_named_for_readers() -> None:
    """In the page about the phone, and no other."""
    page = (DOCUMENT.parent / "phone.md").read_text(encoding="utf-8")
    [told] = [line for line in page.replace("\n  ", " ").splitlines() if "`kind`" in line]
    named = told.partition(": ")[2].partition(".")[0].replace(" and ", ", ").split(", ")
    assert named == [wording.kind for wording in WORDINGS.values()]
