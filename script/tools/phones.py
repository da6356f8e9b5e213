"""Phones that push to a wearer over HTTP, each a user of its own, within the rate limit."""

import asyncio
from collections.abc import Iterable, Sequence
import gzip
import json
from typing import Any, Final

from .home_assistant_client import ApiError, Client

DOMAIN: Final = "openstrap"
BATCH: Final = f"/api/{DOMAIN}/v1/ingest/batch"
EVENTS: Final = f"/api/{DOMAIN}/v1/ingest/events"
POSTS_AT_ONCE: Final = 30  # what the integration lets one user post without a pause
GZIP_LEVEL: Final = 1


async def add_phone_wearer(
    admin: Client, name: str, users: Sequence[Client], **profile: Any
) -> str:
    """Add a wearer without a band through the config flow; the entry's id."""
    answer = {"name": name, "users": [await user.user_id() for user in users], **profile}
    entry = await admin.add_entry(DOMAIN, {"next_step_id": "phone"}, answer)
    return str(entry["entry_id"])


async def add_users(admin: Client, posts: int, name: str = "phone") -> list[Client]:
    """Make as many users as it takes to push so often without meeting the rate limit."""
    count = -(-posts // POSTS_AT_ONCE)
    return [await admin.add_user(f"{name}{number}", f"{name}-password") for number in range(count)]


class Phones:
    """Users that take turns at pushing to one wearer."""

    def __init__(self, users: Sequence[Client], device_id: str) -> None:
        """Take the users, and what they call the wearer: its entry id, or a phone's name."""
        self._users = users
        self._device_id = device_id
        self._posts = 0

    async def push(self, records: Iterable[bytes], *, compress: bool = False) -> dict[str, Any]:
        """Push one batch; the answer. Raises ApiError for any status but 200."""
        user = self._users[self._posts // POSTS_AT_ONCE]
        self._posts += 1
        body = {"device_id": self._device_id, "records": [record.hex() for record in records]}
        status, answer = await post_json(user, BATCH, body, compress=compress)
        if status != 200:
            raise ApiError(f"{BATCH}: {status} {answer}")
        return dict(answer)

    async def push_all(
        self, batches: Iterable[Sequence[bytes]], *, at_a_time: int = 1, compress: bool = False
    ) -> list[dict[str, Any]]:
        """Push many batches, several at a time; their answers in no particular order."""
        todo = iter(batches)
        answers: list[dict[str, Any]] = []

        async def worker() -> None:
            answers.extend([await self.push(batch, compress=compress) for batch in todo])

        async with asyncio.TaskGroup() as group:
            for _ in range(at_a_time):
                group.create_task(worker())
        return answers


async def post_json(
    user: Client, path: str, body: object, *, compress: bool = False
) -> tuple[int, Any]:
    """Post a body as a phone does, gzipped when asked; status and answer."""
    data = json.dumps(body).encode()
    headers = {"Content-Type": "application/json"}
    if compress:
        data = gzip.compress(data, GZIP_LEVEL)
        headers["Content-Encoding"] = "gzip"
    status, answer, _ = await user.request("POST", path, data=data, headers=headers)
    return status, answer
