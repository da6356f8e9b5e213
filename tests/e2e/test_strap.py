"""A band that a real Home Assistant finds behind a real ``esphome`` proxy, as a person meets it."""

import asyncio
from datetime import datetime
from itertools import pairwise
import os
from pathlib import Path
import time

import pytest

from script.tools.browser import find_browser
from script.tools.heartbeat import heartbeat
from script.tools.home_assistant_client import Client, until
from script.tools.phones import Phones, add_users
from script.tools.pictures import REFUSES, View, photograph_views
from script.tools.real_home_assistant import RealHomeAssistant
from tests.strap_sim.faults import SlowLink

from .conftest import LOGIN
from .figures import Figures
from .radio import Radio, adopt, leave, states, synced

pytestmark = pytest.mark.e2e

DAY = 86_400.0
RECORD_S = 0.961  # of the band, between two records
LIVE_FOR_S = 22.0


def cpu_s(pid: int | None) -> float:
    """Processor time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def test_a_day_of_backlog(
    home: RealHomeAssistant,
    owner: Client,
    radio: Radio,
    figures: Figures,
    tmp_path: Path,
) -> None:
    """Discovered, added, drained whole, as fast as it goes; then the numbers of the night."""
    band = radio.band(1, DAY)
    assert band.backlog >= DAY / RECORD_S - 4000  # it is taken off now and then
    for worn in (False, True):
        radio.do(lambda worn=worn: band.strap.set_worn(worn))  # type: ignore[misc]
    proxy = await radio.join(owner)
    async with heartbeat(home.url, owner.token) as idle:
        await asyncio.sleep(3)
    cpu, begun = cpu_s(home.pid), time.monotonic()
    async with heartbeat(home.url, owner.token) as busy:
        entry = await adopt(owner, home, band, "Nora", birth_year=1990, sex="f")
        entities = await synced(owner, entry, 120)
    spent = cpu_s(home.pid) - cpu
    figures.note(
        records=band.backlog,
        drained_s=time.monotonic() - begun,
        unthrottled_records_per_s=band.speed(),
        cpu_ms_per_record=spent * 1e3 / band.backlog,
        stall_idle_ms=idle.longest,
        stall_ms=busy.longest,
        stall_p99_ms=busy.p99,
        stall_median_ms=busy.median,
    )
    radio.do(lambda: band.verify(tmp_path))

    async def told() -> dict[str, str] | None:
        # What changes all the time is told every so often only.
        shown = await states(
            owner,
            entities,
            "records_synced",
            "backlog",
            "battery",
            "firmware",
            "worn",
            "heart_rate",
        )
        # What the band has recorded since the transfer began waits for the next one.
        waits = radio.do(lambda: [page.first for page in band.strap.flash.pages])
        assert all(first >= band.backlog for first in waits)
        done = float(shown["records_synced"]) >= band.backlog
        return shown if done and float(shown["backlog"]) <= len(waits) else None

    shown = await until(told, timeout=90)
    assert 0 < float(shown["battery"]) <= 100
    assert shown["firmware"] == "41.17.6.0"
    assert shown["worn"] == "on"
    assert 30 < float(shown["heart_rate"]) < 200
    await choose(owner, entities, "always")

    async def night() -> dict[str, str] | None:
        shown = await states(owner, entities, "live_heart_rate", "rmssd_ms", "resting_hr_bpm")
        return None if {"unknown", "unavailable"} & set(shown.values()) else shown

    shown = await until(night, timeout=90)
    assert 15 < float(shown["rmssd_ms"]) < 150
    assert 40 < float(shown["resting_hr_bpm"]) < 75
    assert 30 < float(shown["live_heart_rate"]) < 200
    if find_browser() is not None:
        login = await owner.sign_in(*LOGIN)
        device = f"/config/devices/device/{await owner.device_id(entry)}"
        view = View(device, ("Live heart rate", "Last sync"), figures.folder / "band.png")
        await asyncio.to_thread(photograph_views, home.url, login, [view])
    await leave(owner, entry, proxy)


async def test_two_bands_and_a_phone(
    home: RealHomeAssistant, owner: Client, radio: Radio, figures: Figures, tmp_path: Path
) -> None:
    """Two wearers behind one proxy on slow links, and a phone that pushes one band's records too."""
    slow = radio.band(2, 500.0, SlowLink(35))
    fast = radio.band(3, 1800.0, SlowLink(130))
    proxy = await radio.join(owner)
    [phone] = await add_users(owner, 20)
    users = [await owner.user_id(), await phone.user_id()]
    entries = [
        await adopt(owner, home, slow, "Slow"),
        await adopt(owner, home, fast, "Fast", users=users),
    ]

    async def begun() -> bool | None:
        return True if fast.strap.ledger.erasures else None

    await until(begun)
    backlog = fast.strap.ledger.made[: fast.backlog]
    phones, pushed = Phones([phone], entries[1]), []
    # From the newest back, so that each brings some that the other has not brought yet.
    for end in range(len(backlog), 0, -150):
        pushed.append(await phones.push(backlog[max(end - 150, 0) : end]))
        await asyncio.sleep(0.7)
    for entry in entries:
        await synced(owner, entry, 60)
    figures.note(
        records_per_s_of_35=slow.speed(),
        records_per_s_of_130=fast.speed(),
        pushed_new=sum(answer["new"] for answer in pushed),
        pushed_duplicate=sum(answer["duplicate"] for answer in pushed),
    )
    assert sum(answer["new"] for answer in pushed) > 0
    assert sum(answer["duplicate"] for answer in pushed) > 0
    for band in (slow, fast):
        radio.do(lambda band=band: band.verify(tmp_path))  # type: ignore[misc]
    await leave(owner, *entries, proxy)


async def test_live_mode(
    home: RealHomeAssistant, owner: Client, radio: Radio, figures: Figures
) -> None:
    """The heart rate of now at most every 5 s, and a band that is free again afterwards."""
    band = radio.band(4, 120.0)
    proxy = await radio.join(owner)
    entry = await adopt(owner, home, band, "Live", birth_year=1990)
    entities = await synced(owner, entry, 60)
    await choose(owner, entities, "always")
    stamps: list[float] = []
    begun = time.monotonic()
    while time.monotonic() - begun < LIVE_FOR_S:
        state = await owner.state(entities["live_heart_rate"])
        assert state is not None
        known = state["state"] not in {"unknown", "unavailable"}
        stamp = datetime.fromisoformat(state["last_updated"]).timestamp()
        if known and (not stamps or stamp != stamps[-1]):
            stamps.append(stamp)
        await asyncio.sleep(0.25)
    gaps = [later - sooner for sooner, later in pairwise(stamps)]
    figures.note(live_states=len(stamps), live_for_s=LIVE_FOR_S, live_shortest_gap_s=min(gaps))
    assert len(stamps) >= 3
    assert min(gaps) > 4.9
    assert band.strap.link is not None
    await choose(owner, entities, "never")

    async def free() -> bool | None:
        return True if band.strap.link is None and not radio.proxy.links else None

    await until(free, timeout=20)
    radio.do(band.strap.ledger.verify)  # also that no stream was left on
    assert (await states(owner, entities, "live_heart_rate"))["live_heart_rate"] == "unavailable"
    assert (await states(owner, entities, "connected"))["connected"] == "off"
    await leave(owner, entry, proxy)


async def choose(owner: Client, entities: dict[str, str], mode: str) -> None:
    """Choose a live mode."""
    target = {"entity_id": entities["live_mode"], "option": mode}
    await owner.post("/api/services/select/select_option", json=target)


async def test_what_a_person_sees(
    home: RealHomeAssistant, owner: Client, radio: Radio, artifacts: Path
) -> None:
    """Discovery and a repair issue, in a real browser."""
    if find_browser() is None:
        pytest.skip("there is no Chromium on this machine")
    radio.band(6, 60.0)
    kept = radio.band(7, 60.0, bonded_elsewhere=True)
    proxy = await radio.join(owner)
    refused = await adopt(owner, home, kept, "Robin")
    await owner.discovered("openstrap")
    login = await owner.sign_in(*LOGIN)
    views = [
        View("/config/integrations/dashboard", ("Discovered",), artifacts / "discovery.png"),
        View("/config/repairs", (REFUSES,), artifacts / "repair.png", then="blue"),
    ]
    await asyncio.to_thread(photograph_views, home.url, login, views)
    await leave(owner, refused, proxy)
