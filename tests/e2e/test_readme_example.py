"""Examples of requests, run as they stand in the README and on the page about phones."""

from dataclasses import dataclass
import itertools
import json
from pathlib import Path
import re
import shlex
from urllib.parse import urlsplit

import pytest

from script.tools.home_assistant_client import Client
from script.tools.phones import add_phone_wearer

pytestmark = pytest.mark.e2e

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
PHONE = (ROOT / "docs" / "phone.md").read_text()


@dataclass(frozen=True, slots=True)
class Request:
    """What a curl command asks, with the token of whoever reads."""

    path: str
    body: str | None
    headers: dict[str, str]


def requests(page: str) -> list[Request]:
    """Read the curl commands of a page."""
    found = []
    for block in re.findall(r"```sh\n(.*?)```", page, re.DOTALL):
        words = shlex.split(block.replace("\\\n", " "))
        if words[0] != "curl":
            continue
        headers = dict(
            header.split(": ", 1) for flag, header in itertools.pairwise(words) if flag == "-H"
        )
        assert headers.pop("Authorization") == "Bearer $TOKEN"
        url = urlsplit(words[1].replace("$HA", "https://homeassistant.example"))
        body = words[words.index("-d") + 1] if "-d" in words else None
        found.append(Request(f"{url.path}?{url.query}" if url.query else url.path, body, headers))
    return found


async def test_the_curl_example_answers_as_printed(owner: Client) -> None:
    """With one wearer and a long-lived token, as a reader would have them."""
    [request] = requests(README)
    [printed] = re.findall(r"```json\n(.*?)```", README, re.DOTALL)

    await add_phone_wearer(owner, "Anna", [owner])
    phone = owner.as_user(await owner.long_lived_token("phone"))
    status, answer, _ = await phone.request(
        "POST", request.path, data=request.body, headers=request.headers
    )
    assert (status, answer) == (200, json.loads(printed))


async def test_every_curl_example_about_phones_is_answered(owner: Client) -> None:
    """With the same wearer, as a script would."""
    script = owner.as_user(await owner.long_lived_token("script"))
    found = requests(PHONE)
    assert len(found) >= 5
    for request in found:
        method = "GET" if request.body is None else "POST"
        status, answer, _ = await script.request(
            method, request.path, data=request.body, headers=request.headers
        )
        assert status == 200, (request, answer)
