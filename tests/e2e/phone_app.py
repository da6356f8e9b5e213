"""A phone app as the original server knew it: its habits, its queue, and the fields it reads.

Written from the contract alone, so that what it cannot do here no phone can. Nothing of the
integration is imported.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Self

import aiohttp

SUCCESS: Final = 200
"""Any other status is a failure to the app, also 201 and 204."""
RECORDS_A_POST: Final = 300
BACKLOG: Final = 1000
RECORDS_A_BACKLOG_POST: Final = 1500
EVENTS_A_POST: Final = 200
LIMIT_S: Final = 60

type Reply = tuple[int, Any]


class SignedOut(Exception):
    """The app has thrown its tokens away: a second 401, or a refresh that was refused."""


class Refused(Exception):
    """Something else than 200; the app shows the error's text."""

    def __init__(self, path: str, status: int, body: Any) -> None:
        """Keep what came."""
        super().__init__(f"{path}: {status} {body}")
        self.status = status
        self.body = body


@dataclass
class Queue:
    """What waits on the phone: rows go only after a 200."""

    records: dict[str, None] = field(default_factory=dict)
    events: dict[str, None] = field(default_factory=dict)

    def add(self, records: Sequence[bytes] = (), events: Sequence[bytes] = ()) -> None:
        """Insert or ignore, oldest capture first."""
        self.records.update((record.hex(), None) for record in records)
        self.events.update((event.hex(), None) for event in events)


class PhoneApp:
    """One phone with its local queue, its band's serial and its tokens."""

    def __init__(self, base_url: str, http: aiohttp.ClientSession, serial: str) -> None:
        """Take the URL as it was typed, also with a slash at its end."""
        self.base_url = base_url
        self.serial = serial
        self.queue = Queue()
        self.access_jwt: str | None = None
        self.refresh_token: str | None = None
        self.user: dict[str, Any] | None = None
        self.refreshes = 0
        self.received = 0
        self.lose_reply: Callable[[str], bool] = lambda path: False
        """Tells whether the reply to a POST never arrives; the server has done its part."""
        self._http = http

    def with_tokens_of(self, other: Self) -> Self:
        """Be the same installation after a restart."""
        self.access_jwt, self.refresh_token = other.access_jwt, other.refresh_token
        return self

    # --- signing in -------------------------------------------------------------

    async def register(self, email: str, **profile: Any) -> Reply:
        """Ask for an account; the reply must never hold the code."""
        return await self._plain("/auth/register", {"email": email, **profile})

    async def request_otp(self, email: str) -> Reply:
        """Ask for a code for an account that there is."""
        return await self._plain("/auth/request-otp", {"email": email})

    async def verify_otp(self, email: str, code: str) -> Reply:
        """Sign in with the code."""
        status, body = await self._plain("/auth/verify-otp", {"email": email, "code": code})
        if status == SUCCESS:
            self.access_jwt, self.refresh_token = body["access_jwt"], body["refresh_token"]
            self.user = body["user"]
        return status, body

    # --- calls ------------------------------------------------------------------

    async def get(self, path: str, **query: Any) -> Any:
        """Read a page; raises Refused or SignedOut."""
        return await self._call("GET", path, params={k: str(v) for k, v in query.items()})

    async def post(self, path: str, body: Any) -> Any:
        """Write something; raises Refused or SignedOut."""
        return await self._call("POST", path, json=body)

    async def patch(self, path: str, body: Any) -> Any:
        """Change something; raises Refused or SignedOut."""
        return await self._call("PATCH", path, json=body)

    async def delete(self, path: str) -> Any:
        """Delete something; raises Refused or SignedOut."""
        return await self._call("DELETE", path)

    async def _call(self, method: str, path: str, **more: Any) -> Any:
        status, body = await self._send(method, path, self.access_jwt, **more)
        if status == 401:
            await self._refresh()
            status, body = await self._send(method, path, self.access_jwt, **more)
            if status == 401:
                self._sign_out()
        if status != SUCCESS:
            raise Refused(path, status, body)
        return body

    async def _refresh(self) -> None:
        status, body = await self._plain("/auth/refresh", {"refresh_token": self.refresh_token})
        if status != SUCCESS:
            self._sign_out()
        self.refreshes += 1
        self.access_jwt, self.refresh_token = body["access_jwt"], body["refresh_token"]

    def _sign_out(self) -> None:
        # The queue stays: only the session is cleared.
        self.access_jwt = self.refresh_token = self.user = None
        raise SignedOut

    async def _plain(self, path: str, body: Any) -> Reply:
        return await self._send("POST", path, None, json=body)

    async def _send(self, method: str, path: str, token: str | None, **more: Any) -> Reply:
        headers = {"Content-Type": "application/json"}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        # The app joins strings and knows nothing of URLs: a slash at the end makes two.
        async with (
            asyncio.timeout(LIMIT_S),
            self._http.request(method, self.base_url + path, headers=headers, **more) as reply,
        ):
            assert reply.content_type == "application/json", (path, reply.status)
            return reply.status, await reply.json()

    # --- pushing ----------------------------------------------------------------

    async def upload_round(self) -> bool:
        """Send what waits, records then events; False when something was not taken."""
        many = len(self.queue.records) > BACKLOG
        size = RECORDS_A_BACKLOG_POST if many else RECORDS_A_POST
        return await self._drain(
            "/ingest/batch", "records", self.queue.records, size
        ) and await self._drain("/ingest/events", "events", self.queue.events, EVENTS_A_POST)

    async def _drain(self, path: str, name: str, rows: dict[str, None], size: int) -> bool:
        while rows:
            batch = list(rows)[:size]
            try:
                answer = await self.post(path, {"device_id": self.serial, name: batch})
            except Refused:
                return False
            if self.lose_reply(path):
                # It timed out, so the rows stay and come again.
                return False
            if name == "records":
                assert isinstance(answer["received"], int)
                self.received += answer["received"]
            for row in batch:
                del rows[row]
            if len(batch) < size:
                break
        return True
