"""Who may do what: everybody times every route."""

from datetime import timedelta
from http import HTTPStatus
from itertools import product
import json
from typing import Any

from freezegun import freeze_time
from homeassistant.auth.const import GROUP_ID_ADMIN, GROUP_ID_READ_ONLY, GROUP_ID_USER
from homeassistant.auth.models import User
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from .clients import Client, Clients
from .contract import BODIES, Operation, address, operations
from .signing import count_failures, sign_in

pytestmark = pytest.mark.full

OPEN = [one for one in operations() if one.is_open]
CLOSED = [one for one in operations() if not one.is_open]
SECRET = "Zanzibar"
"""A word of another wearer's that nobody else may ever see."""


async def person(hass: HomeAssistant, name: str, group: str) -> tuple[User, str]:
    """Make a user with a token of Home Assistant's own."""
    user = await hass.auth.async_create_user(name, group_ids=[group])
    token = await hass.auth.async_create_refresh_token(user, "https://example.org/")
    return user, hass.auth.async_create_access_token(token)


async def add(hass: HomeAssistant, title: str, *users: User) -> MockConfigEntry:
    """Add a wearer that names some users."""
    entry = MockConfigEntry(
        domain="openstrap",
        title=title,
        unique_id=title,
        data={"kind": "phone", "users": [user.id for user in users], "devices": []},
    )
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    return entry


async def ask(client: Client, operation: Operation, wearer: str | None = None) -> tuple[int, str]:
    """Send the request that makes sense; status and text."""
    more: dict[str, Any] = {}
    if operation.writes:
        more["json"] = BODIES.get(str(operation), {})
    answer = await client.request(operation.method, address(operation, wearer), **more)
    return answer.status, await answer.text()


def check_refused(answer: tuple[int, str], *statuses: HTTPStatus) -> None:
    """Hold that a request was turned away, as JSON and without a word of anybody."""
    status, text = answer
    assert status in statuses, text
    assert "error" in json.loads(text) or json.loads(text)["type"] == "error"
    assert SECRET not in text


def check_let_in(answer: tuple[int, str]) -> None:
    """Hold that a request reached its wearer, whatever came of it there."""
    status, text = answer
    turned_away = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS)
    assert status < HTTPStatus.INTERNAL_SERVER_ERROR, text
    assert status not in turned_away, text
    assert "no_wearer" not in text
    assert "No wearer" not in text
    assert SECRET not in text


async def test_nobody_gets_in_without_a_good_token(
    loaded: MockConfigEntry, home: HomeAssistant, hass_client_no_auth: Clients
) -> None:
    """None, rubbish of any kind, and one of a user who was shut out: 401, and nobody is banned."""
    user, token = await person(home, "Gone", GROUP_ID_USER)
    await home.auth.async_update_user(user, is_active=False)
    failures = count_failures(home)
    client = await hass_client_no_auth()
    for operation, header in product(
        CLOSED,
        (
            None, "", "Bearer", "Bearer a.b.!!!", f"Bearer {'x' * 8000}", f"Bearer {token}",
            "Basic YTpi", "Bearer eyJhbGciOiJub25lIn0.eyJpc3MiOiJ4In0.",
        ),
    ):  # fmt: skip
        headers = {} if header is None else {"Authorization": header}
        more = {"json": BODIES.get(str(operation), {})} if operation.writes else {}
        answer = await client.request(operation.method, address(operation), headers=headers, **more)
        check_refused((answer.status, await answer.text()), HTTPStatus.UNAUTHORIZED)
    assert not failures


@pytest.mark.parametrize(("name", "group"), [("Stranger", GROUP_ID_USER), ("Boss", GROUP_ID_ADMIN)])
async def test_strangers_and_other_administrators_see_no_wearer(
    loaded: MockConfigEntry, home: HomeAssistant, hass_client: Clients, name: str, group: str
) -> None:
    """404, with and without the wearer's id; also for those who have a wearer of their own."""
    home.config_entries.async_update_entry(loaded, title=SECRET)
    user, token = await person(home, name, group)
    client = await hass_client(token)
    for operation in CLOSED:
        check_refused(await ask(client, operation), HTTPStatus.NOT_FOUND)
        check_refused(await ask(client, operation, loaded.entry_id), HTTPStatus.NOT_FOUND)
    await add(home, name, user)
    for operation in CLOSED:
        check_let_in(await ask(client, operation))
        if "/ingest/" not in operation.path:
            check_refused(await ask(client, operation, loaded.entry_id), HTTPStatus.NOT_FOUND)


async def test_a_reader_reads_and_an_owner_writes(
    loaded: MockConfigEntry, home: HomeAssistant, hass_client: Clients
) -> None:
    """A named user whose only group is the read-only one may change nothing."""
    reader, reading = await person(home, "Reader", GROUP_ID_READ_ONLY)
    owner, owning = await person(home, "Owner", GROUP_ID_USER)
    home.config_entries.async_update_entry(
        loaded, data={**loaded.data, "users": [reader.id, owner.id]}
    )
    readers, owners = await hass_client(reading), await hass_client(owning)
    for operation in CLOSED:
        found = await ask(readers, operation)
        if operation.writes:
            check_refused(found, HTTPStatus.FORBIDDEN)
        else:
            check_let_in(found)
        check_let_in(await ask(owners, operation))


async def test_a_paired_phone_sees_its_wearer_alone_and_only_while_it_may(
    loaded: MockConfigEntry, home: HomeAssistant, hass_client: Clients
) -> None:
    """Also where its user may see more; expired or revoked, it is nobody."""
    assert await async_setup_component(home, "config", {})
    owner, client = await hass_client(), await hass_client("none")
    user = await home.auth.async_get_user(loaded.data["users"][0])
    assert user is not None
    other = await add(home, SECRET, user)
    tokens = await sign_in(owner, client, loaded.entry_id)
    client.session.headers["Authorization"] = f"Bearer {tokens.access}"
    for operation in CLOSED:
        check_let_in(await ask(client, operation))
        if "/ingest/" not in operation.path:
            check_refused(await ask(client, operation, other.entry_id), HTTPStatus.NOT_FOUND)
    with freeze_time(dt_util.utcnow() + timedelta(hours=25)):
        for operation in CLOSED:
            check_refused(await ask(client, operation), HTTPStatus.UNAUTHORIZED)
    for token in list(user.refresh_tokens.values()):
        if (token.client_name or "").startswith("OpenStrap"):
            home.auth.async_remove_refresh_token(token)
    for operation in CLOSED:
        check_refused(await ask(client, operation), HTTPStatus.UNAUTHORIZED)


async def test_open_routes_tell_nothing_of_anybody(
    loaded: MockConfigEntry, home: HomeAssistant, hass_client_no_auth: Clients
) -> None:
    """Whatever they answer, no wearer is named."""
    home.config_entries.async_update_entry(loaded, title=SECRET)
    client = await hass_client_no_auth()
    for operation in OPEN:
        status, text = await ask(client, operation)
        assert status < HTTPStatus.INTERNAL_SERVER_ERROR
        assert SECRET not in text
        assert loaded.entry_id not in text
