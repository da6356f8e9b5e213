"""A number is the same wherever the phone meets it: its unit, its scale, its kind of number."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.openstrap.engine.catalog import CATALOG
from custom_components.openstrap.phone.day_views import PAGES
from custom_components.openstrap.phone.envelope import envelope, phone_unit
from custom_components.openstrap.phone.names import METRICS

from ..stored_days import made_day, values_of
from .both_sides import TODAY
from .reads import Get, Keep

pytestmark = [pytest.mark.full, pytest.mark.usefixtures("noon")]

FULL = values_of(TODAY) | {
    "vo2max": 41.5,
    "acwr": 1.1,
    "readiness": 60.0,
    "stress_index": 120.0,
    "hr_nadir_ts": 1781049600.0,
    "active_kcal": 627.4,
    "worn_min": 1367.9,
    "day_hr_max_bpm": 151.6,
    "night_signal": 0.0,
    "steps": 6543.4,
}


def moments(found: Any, at: str = "") -> Iterator[tuple[str, Any]]:
    """Give all times of an answer, and where they stand."""
    if isinstance(found, dict):
        for key, value in found.items():
            if key.endswith("_ts") or key in {"t", "ts", "t_start", "t_end", "first_on", "last_on"}:
                yield f"{at}.{key}", value
            yield from moments(value, f"{at}.{key}")
    elif isinstance(found, list):
        for one in found:
            yield from moments(one, f"{at}[]")


async def test_a_unit_is_the_same_on_every_page(get: Get, keep: Keep) -> None:
    """As the page of a trend writes it, which alone leaves out what its name says."""
    await keep([made_day(TODAY, FULL)])
    day = {"date": TODAY.isoformat()}
    heart, strain, lungs = [
        (await get(f"/day/{page}", **day))["metrics"] for page in ("heart", "strain", "lungs")
    ]
    daily = (await get("/today"))["daily"]
    for name, wrapped in (
        ("vo2max", strain["vo2max"]),
        ("vo2max", daily["vo2max"]),
        ("resp", heart["resp"]),
        ("resp", lungs["resp_rate"]),
        ("readiness", daily["readiness"]),
        ("strain", daily["strain"]),
        ("acwr", daily["acwr"]),
        ("recovery", daily["recovery"]),
        ("calories", daily["calories"]),
        ("wear", daily["wear_min"]),
    ):
        assert wrapped["value"] is not None, name
        assert wrapped["unit"] == (await get(f"/trend/{name}"))["unit"], name
    assert daily["steps"]["unit"] == "steps"
    assert (await get("/trend/steps"))["unit"] == ""


def test_units_of_the_pages_of_trends() -> None:
    """As an app was written against them."""
    units = {name: phone_unit(CATALOG[key].unit) for name, key in METRICS.items()}
    assert units["resp"] == "brpm" and units["vo2max"] == "ml/kg/min"
    assert {units[name] for name in ("recovery", "dip", "efficiency", "hrv_cv")} == {"%"}
    assert {units[name] for name in ("sleep", "deep", "rem", "light", "wear")} == {"min"}
    assert {units[name] for name in ("strain", "readiness", "acwr", "regularity")} == {""}


async def test_a_share_is_a_share_also_in_its_wrapping(get: Get, keep: Keep) -> None:
    """The plain number and the wrapped one of a page are equal."""
    await keep([made_day(TODAY)])
    page = await get("/day/sleep", date=TODAY.isoformat())
    wrapped = page["metrics"]["efficiency"]
    assert (page["efficiency"], wrapped["value"], wrapped["unit"]) == (0.9, 0.9, "ratio")


async def test_times_and_counts_are_whole_numbers(get: Get, keep: Keep) -> None:
    """An app that reads them as such stumbles over a point."""
    await keep([made_day(TODAY, FULL | {"hr_nadir_bpm": 48.0})])
    day = {"date": TODAY.isoformat()}
    answers = [await get(f"/day/{page}", **day) for page in PAGES]
    answers += [await get(path) for path in ("/today", "/sleep", "/sleep/v2", "/trends", "/chart")]
    found = [one for answer in answers for one in moments(answer)]
    assert any(at.endswith("nadir_ts") and ts == 1781049600 for at, ts in found)
    assert {at for at, ts in found if ts is not None and type(ts) is not int} == set()
    [row] = await get("/strain")
    counts = {key: row[key] for key in ("calories", "wear_min", "steps", "hr_max")}
    assert counts == {"calories": 627, "wear_min": 1368, "steps": 6543, "hr_max": 152}
    assert {type(count) for count in counts.values()} == {int}
    page = await get("/day/strain", **day)
    assert (page["calories"], page["worn_min"], page["steps"], page["hr"]["max"]) == (
        627, 1368, 6543, 152,
    )  # fmt: skip


async def test_the_usual_sleeping_heart_rate(get: Get, keep: Keep) -> None:
    """What a night is told to lie above is told itself."""
    day = made_day(TODAY, FULL)
    told = replace(day.metrics["night_signal"], drivers=(("above_bpm", 4.0), ("usual_bpm", 51.0)))
    await keep([replace(day, metrics={**day.metrics, "night_signal": told})])
    assert (await get("/records"))["baseline"]["sleeping_hr"] == 51.0
    assert (await get("/trends"))["baseline"]["sleeping_hr"] == 51.0
    assert (await get("/today"))["nocturnal"]["vs_baseline_bpm"] == 4.0


async def test_a_day_of_which_nothing_is_known_names_its_metrics(
    get: Get, loaded: MockConfigEntry
) -> None:
    """Null with confidence 0, and still with label and unit."""
    page = await get("/day/lungs", date="2026-01-15")
    assert not page["has_data"]
    assert page["metrics"]["resp_rate"] == envelope(
        CATALOG["breathing_rate_brpm"].absent("not_computed")
    )
    assert page["metrics"]["resp_rate"]["label"] == "Breathing rate"
