"""The README's example of a push, run as it stands there."""

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

README = (Path(__file__).parents[2] / "README.md").read_text()


async def test_the_curl_example_answers_as_printed(owner: Client) -> None:
    """With one wearer and a long-lived token, as a reader would have them."""
    block = next(
        block for block in re.findall(r"```sh\n(.*?)```", README, re.DOTALL) if "curl" in block
    )
    words = shlex.split(block.replace("\\\n", " "))
    path = urlsplit(words[1]).path
    body = words[words.index("-d") + 1]
    headers = dict(
        header.split(": ", 1) for flag, header in itertools.pairwise(words) if flag == "-H"
    )
    assert headers.pop("Authorization") == "Bearer $TOKEN"
    [printed] = re.findall(r"```json\n(.*?)```", README, re.DOTALL)

    await add_phone_wearer(owner, "Anna", [owner])
    phone = owner.as_user(await owner.long_lived_token("phone"))
    status, answer, _ = await phone.request("POST", path, data=body, headers=headers)
    assert (status, answer) == (200, json.loads(printed))
