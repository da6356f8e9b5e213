"""Requests of every kind that docs/openapi.yaml allows and forbids, against a real Home Assistant."""

import asyncio
from dataclasses import dataclass
import os
from pathlib import Path
from typing import Any

import aiohttp
from hypothesis import HealthCheck, Phase, given, settings
import pytest
import schemathesis
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from script.tools.home_assistant_client import Client
from script.tools.phones import Phones, add_phone_wearer, add_users
from script.tools.real_home_assistant import RealHomeAssistant

from .conftest import owner_of
from .night import Night

pytestmark = pytest.mark.e2e

DOCUMENT = Path(__file__).parents[2] / "docs" / "openapi.yaml"
SECRET = "Zanzibar"
"""A word of another wearer's: in their name and in their journal."""
EXAMPLES = int(os.environ.get("OPENSTRAP_API_EXAMPLES", "25"))
SCHEMA = schemathesis.openapi.from_path(DOCUMENT)
OPERATIONS = [found.ok() for found in SCHEMA.get_all_operations() if isinstance(found, Ok)]
CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
)


FILTERED = "400: Bad Request"
"""What Home Assistant itself answers, in plain text, to an address that looks like an attack."""


@schemathesis.serializer("application/gzip", "application/x-ndjson")
def packed(_context: object, value: object) -> bytes:
    """Send bytes as they are."""
    return value if isinstance(value, bytes) else str(value).encode()


@dataclass(frozen=True, slots=True)
class Door:
    """Where to ask, and as whom."""

    url: str
    token: str


async def _furnish(home: RealHomeAssistant, night: Night) -> Door:
    """Make a wearer with a night and another with a secret; the first one's token."""
    async with owner_of(home) as owner, aiohttp.ClientSession():
        records = night.all
        batches = [records[at : at + 5000] for at in range(0, len(records), 5000)]
        [user] = await add_users(owner, 1, "fuzz")
        wearer = await add_phone_wearer(owner, "Fuzz", [user], birth_year=1990, sex="f")
        await Phones([user], wearer).push_all(batches)
        await _secret(owner)
        return Door(home.url, user.token)


async def _secret(owner: Client) -> None:
    other = await owner.add_user("other", "other-password")
    entry = await add_phone_wearer(owner, SECRET, [other])
    device = await owner.device_id(entry)
    await owner.post(
        "/api/services/openstrap/log_journal",
        json={"device_id": device, "date": "2026-01-15", "note": SECRET},
    )


@pytest.fixture(scope="module")
def door(home: RealHomeAssistant, night: Night) -> Door:
    """Furnish the home of this file once."""
    return asyncio.run(_furnish(home, night))


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.label)
def test_no_request_is_answered_outside_the_schema(
    operation: APIOperation[Any, Any, Any, Any],
    door: Door,
) -> None:
    """No fault of the server, no shape that is not described, nobody else's data."""

    @given(case=operation.as_strategy())
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    def ask(case: schemathesis.Case[Any]) -> None:
        headers = {**dict(case.headers or {}), "Authorization": f"Bearer {door.token}"}
        response = case.call(base_url=f"{door.url}/api/openstrap/v1", headers=headers)
        assert SECRET not in response.text
        if response.status_code == 400 and response.text == FILTERED:
            return
        case.validate_response(response, checks=list(CHECKS))

    ask()
