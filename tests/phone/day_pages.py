"""A day whose pages a phone asks for."""

from datetime import date
from http import HTTPStatus
from typing import Any

from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.openstrap.engine.day_result import DayResult
from custom_components.openstrap.engine.training.track import Track

from ..stored_days import store_days
from .clients import BASE, Client

DAY = date(2026, 1, 14)
NOW_TS = 1768489200


async def keep(entry: MockConfigEntry, *results: DayResult, final: bool = True) -> None:
    """Store results of days."""
    await entry.runtime_data.worker.async_run(store_days, results, final=final)


async def get(client: Client, path: str) -> Any:
    """Get a page that is there."""
    answer = await client.get(f"{BASE}/{path}")
    body = await answer.json()
    assert answer.status == HTTPStatus.OK, body
    return body


async def refused(client: Client, path: str) -> dict[str, str]:
    """Get what is no question."""
    answer = await client.get(f"{BASE}/{path}")
    body: dict[str, str] = await answer.json()
    assert answer.status == HTTPStatus.BAD_REQUEST, body
    return body


def off(day: DayResult, start_ts: float, end_ts: float) -> None:
    """Take the band off."""
    _change(day, start_ts, end_ts, float("nan"), float("nan"))


def spike(day: DayResult, at_ts: float, bpm: float) -> None:
    """Let the heart race for a minute."""
    _change(day, at_ts, at_ts + 60.0, bpm, 20.0)


def _change(day: DayResult, start_ts: float, end_ts: float, bpm: float, mg: float) -> None:
    track = Track.from_dict(day.details["track"])
    track.hr_bpm[(track.step_ts >= start_ts) & (track.step_ts < end_ts)] = bpm
    track.dyn_mg[(track.minute_ts >= start_ts) & (track.minute_ts < end_ts)] = mg
    day.details["track"] = track.to_dict()  # type: ignore[index]  # a dict
