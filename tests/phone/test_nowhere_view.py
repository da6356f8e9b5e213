"""Addresses under the base that lead nowhere, over real HTTP."""

from http import HTTPStatus
from itertools import product

import pytest

from .clients import BASE, Client

pytestmark = [pytest.mark.full, pytest.mark.usefixtures("loaded")]


async def test_what_is_not_there_is_404_as_json(phone: Client) -> None:
    """Later apps ask for what this server never had, and read the answer."""
    paths = ("/spotcheck", "/metrics", "//cycle", "/cycle/log", "/day/foo", "/workout/", "/admin")
    for path, method in product(paths, ("get", "post", "put", "patch", "delete")):
        answer = await phone.request(method, f"{BASE}{path}")
        assert answer.status == HTTPStatus.NOT_FOUND, (method, path)
        assert answer.content_type == "application/json"
        assert await answer.json() == {"error": "No such route"}


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("post", "/today", {"GET"}),
        ("delete", "//today/", {"GET"}),
        ("get", "/ingest/batch", {"POST"}),
        ("put", "/journal", {"GET", "POST"}),
        ("get", "/workout/x/type", {"POST"}),
        ("patch", "/workout/x", {"GET", "DELETE"}),
    ],
)
async def test_another_method_is_405_and_names_those_there_are(
    phone: Client, method: str, path: str, allowed: set[str]
) -> None:
    """In the header that is for it; OPTIONS is Home Assistant's own."""
    answer = await phone.request(method, f"{BASE}{path}", json={})
    assert answer.status == HTTPStatus.METHOD_NOT_ALLOWED
    assert await answer.json() == {"error": "Method not allowed here"}
    assert set(answer.headers["Allow"].split(",")) - {"OPTIONS"} == allowed


async def test_head_has_no_body(phone: Client) -> None:
    """But the same status."""
    assert (await phone.head(f"{BASE}/today")).status == HTTPStatus.METHOD_NOT_ALLOWED
    assert (await phone.head(f"{BASE}/nothing")).status == HTTPStatus.NOT_FOUND
