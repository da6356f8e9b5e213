"""What only a real Home Assistant can show."""

import asyncio
from collections.abc import Awaitable, Callable
import http.client
import json
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
import time

import aiohttp

from ..home_assistant_client import Client
from ..phones import BATCH, POSTS_AT_ONCE, add_phone_wearer, add_users
from ..real_home_assistant import HOST, RealHomeAssistant
from .figure import Figure
from .frames import DAY, recent

POST = 500  # records
POSTS = 180  # 90 000 records: a day of backlog
STARTS = 5
LOGIN = ("bench", "bench-password")


def with_admin[T](home_assistant: RealHomeAssistant, work: Callable[[Client], Awaitable[T]]) -> T:
    """Do something as the first user of a running Home Assistant."""

    async def session() -> T:
        async with (
            aiohttp.ClientSession() as http_session,
            Client(home_assistant.url, http_session) as client,
        ):
            if await client.is_new():
                await client.onboard("Bench", *LOGIN)
            else:
                await client.sign_in(*LOGIN)
            await client.wait_until_running()
            return await work(client)

    return asyncio.run(session())


def http_ingest() -> list[Figure]:
    """Post batches on one connection that is kept open, as fast as the answers come."""
    frames = recent(DAY * 1.1)[: POST * POSTS]

    async def furnish(admin: Client) -> tuple[str, list[str]]:
        users = await add_users(admin, POSTS)
        entry = await add_phone_wearer(admin, "Bench", users)
        return entry, [user.token for user in users]

    with TemporaryDirectory() as folder, RealHomeAssistant(Path(folder) / "ha") as home_assistant:
        home_assistant.prepare()
        home_assistant.start()
        entry, tokens = with_admin(home_assistant, furnish)
        bodies = [
            json.dumps(
                {
                    "device_id": entry,
                    "records": [frame.hex() for frame in frames[at : at + POST]],
                }
            ).encode()
            for at in range(0, len(frames), POST)
        ]
        spent = _post_all(home_assistant.port, bodies, tokens)
    warm = spent[len(spent) // 10 :]
    note = f"{len(bodies)} posts of {POST}, one after the other, {len(tokens)} users"
    return [
        Figure(
            "http_ingest",
            "frames/s",
            tuple(POST / one for one in warm),
            budget=45_000,
            sense="over",
            note=note,
        ),
        Figure(
            "http_ingest_all",
            "frames/s",
            (POST * len(bodies) / sum(spent),),
            note="with the first ones",
        ),
        Figure("http_ingest_post_p99", "ms", (quantiles(warm, n=100)[98] * 1e3,)),
    ]


def _post_all(port: int, bodies: list[bytes], tokens: list[str]) -> list[float]:
    """Post on one connection; seconds of each post."""
    connection = http.client.HTTPConnection(HOST, port)
    spent = []
    for number, body in enumerate(bodies):
        headers = {
            "Authorization": f"Bearer {tokens[number // POSTS_AT_ONCE]}",
            "Content-Type": "application/json",
        }
        begun = time.perf_counter()
        connection.request("POST", BATCH, body, headers)
        reply = connection.getresponse()
        answer = reply.read()
        spent.append(time.perf_counter() - begun)
        # A refused or repeated batch would be fast, and worth nothing.
        if reply.status != 200 or json.loads(answer)["new"] != POST:
            raise RuntimeError(f"post {number}: {reply.status} {answer!r}")
    connection.close()
    return spent


def start_up() -> list[Figure]:
    """Start with a wearer that has data, and ask Home Assistant what that took it."""

    async def furnish(admin: Client) -> None:
        await admin.add_entry("openstrap", {"next_step_id": "demo"}, {})
        await asyncio.sleep(10)  # the demo wearer feeds itself

    async def ask(admin: Client) -> float:
        rows = await admin.command("integration/setup_info")
        return float(next(row["seconds"] for row in rows if row["domain"] == "openstrap"))

    runs, scipy = [], []
    with TemporaryDirectory() as folder, RealHomeAssistant(Path(folder) / "ha") as home_assistant:
        home_assistant.prepare()
        home_assistant.start()
        with_admin(home_assistant, furnish)
        for _ in range(STARTS):
            home_assistant.restart()
            runs.append(with_admin(home_assistant, ask) * 1e3)
            scipy.append(home_assistant.has_loaded("scipy"))
    note = f"Home Assistant's own count; scipy loaded after {sum(scipy)} of {STARTS} starts"
    return [Figure("start_up", "ms", tuple(runs), 100, note=note)]
