"""What a phone waits for: pushes over several connections, and every page after five years."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date
import http.client
import json
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
import time
from typing import Final

from openstrap.store import WearerStore

from ..home_assistant_client import Client
from ..phones import BATCH, POSTS_AT_ONCE, add_phone_wearer, add_users
from ..real_home_assistant import HOST, RealHomeAssistant
from .figure import Figure
from .frames import DAY, recent
from .growth import FIVE_YEARS
from .history import fill_history
from .real import POST, POSTS, with_admin

CONNECTIONS: Final = 4
READS: Final = 60
BASE: Final = "/api/openstrap/v1"


def pages(day: date) -> tuple[str, ...]:
    """Give every address that the app reads, in its heaviest form."""
    return (
        "/today",
        "/strain",
        "/sleep",
        "/sleep/v2",
        "/sessions",
        "/trends?days=365",
        "/history?range=365d",
        "/trend/hrv?scale=quarter",
        "/records",
        "/chart?metric=hr",
        *(
            f"/day/{name}?date={day}"
            for name in (
                "strain", "sleep", "v2/sleep", "stress", "timeline", "heart", "lungs", "wear",
            )
        ),
        "/journal?range=365d",
        "/journal/insights",
        "/workouts?range=quarter",
        "/notifications",
        "/profile",
        "/app/status",
    )  # fmt: skip


def http_ingest_four() -> list[Figure]:
    """Post batches on four connections at once, for four wearers: each has one at a time."""
    frames = recent(DAY * 1.1)[: POST * POSTS]

    async def furnish(admin: Client) -> list[tuple[str, list[str]]]:
        made = []
        for number in range(CONNECTIONS):
            users = await add_users(admin, POSTS // CONNECTIONS, f"bench{number}-")
            entry = await add_phone_wearer(admin, f"Bench {number}", users)
            made.append((entry, [user.token for user in users]))
        return made

    with TemporaryDirectory() as folder, RealHomeAssistant(Path(folder) / "ha") as home_assistant:
        home_assistant.prepare()
        home_assistant.start()
        wearers = with_admin(home_assistant, furnish)
        share = len(frames) // CONNECTIONS
        parts = [frames[at * share : (at + 1) * share] for at in range(CONNECTIONS)]
        begun = time.perf_counter()
        with ThreadPoolExecutor(CONNECTIONS) as pool:
            running = [
                pool.submit(_post_all, home_assistant.port, entry, tokens, part)
                for (entry, tokens), part in zip(wearers, parts, strict=True)
            ]
            spent = [one for posts in running for one in posts.result()]
        whole = time.perf_counter() - begun
    return [
        Figure(
            "http_ingest_four",
            "frames/s",
            (share * CONNECTIONS / whole,),
            note=f"{CONNECTIONS} connections to as many wearers, with the first posts",
        ),
        Figure("http_ingest_four_p99", "ms", (quantiles(spent, n=100)[98] * 1e3,)),
    ]


def _post_all(port: int, entry: str, tokens: Sequence[str], frames: Sequence[bytes]) -> list[float]:
    """Post on one connection; seconds of each post."""
    connection = http.client.HTTPConnection(HOST, port)
    spent = []
    for number, at in enumerate(range(0, len(frames), POST)):
        records = [frame.hex() for frame in frames[at : at + POST]]
        body = json.dumps({"device_id": entry, "records": records}).encode()
        token = tokens[number // POSTS_AT_ONCE]
        status, answer, seconds = _ask(connection, "POST", BATCH, token, body)
        if status != 200 or json.loads(answer)["new"] != len(records):
            raise RuntimeError(f"post {number}: {status} {answer!r}")
        spent.append(seconds)
    connection.close()
    return spent


def phone_reads() -> list[Figure]:
    """Ask for every page many times, of a wearer with five years of days."""

    async def furnish(admin: Client) -> tuple[str, str]:
        [user] = await add_users(admin, 1)
        return await add_phone_wearer(admin, "Bench", [user], birth_year=1990, sex="f"), user.token

    with TemporaryDirectory() as folder, RealHomeAssistant(Path(folder) / "ha") as home_assistant:
        home_assistant.prepare()
        home_assistant.start()
        entry, token = with_admin(home_assistant, furnish)
        home_assistant.stop()
        day = _five_years(home_assistant.storage / "openstrap" / f"{entry}.db")
        home_assistant.start()
        with_admin(home_assistant, _nothing)
        time.sleep(20)  # what starting has to do with so many days
        found = list(_read_all(home_assistant.port, token, day))
    slowest = max(found, key=lambda one: one.value)
    return [*found, Figure("phone_slowest_page", "ms", slowest.runs, note=slowest.name)]


async def _nothing(_admin: Client) -> None:
    """Wait until Home Assistant runs, which is all."""


def _five_years(path: Path) -> date:
    """Fill a wearer's file; the newest day."""
    day = fill_history(path, FIVE_YEARS)
    with closing(WearerStore.open(path)) as store:
        # Only reading is measured here: let nothing wait to be told.
        store.published_all(store.unpublished(FIVE_YEARS + 10))
    return day


def _read_all(port: int, token: str, day: date) -> Iterator[Figure]:
    connection = http.client.HTTPConnection(HOST, port)
    for page in pages(day):
        spent = []
        for _ in range(READS + 1):
            status, answer, seconds = _ask(connection, "GET", BASE + page, token)
            if status != 200:
                raise RuntimeError(f"{page}: {status} {answer!r}")
            spent.append(seconds * 1e3)
        name = page.partition("?")[0]
        p99 = quantiles(spent[1:], n=100)[98]
        yield Figure(f"GET {name}", "ms", tuple(spent[1:]), note=f"99th percentile {p99:.1f} ms")


def _ask(
    connection: http.client.HTTPConnection, method: str, path: str, token: str, body: bytes = b""
) -> tuple[int, bytes, float]:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    begun = time.perf_counter()
    connection.request(method, path, body or None, headers)
    reply = connection.getresponse()
    answer = reply.read()
    return reply.status, answer, time.perf_counter() - begun
