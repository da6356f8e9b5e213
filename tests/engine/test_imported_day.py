"""A day as other systems told it."""

from datetime import date
from typing import Any

from custom_components.openstrap.engine.catalog import CATALOG
from custom_components.openstrap.engine.day_result import DayResult
from custom_components.openstrap.engine.imported import SourceName, from_text, source_of, to_text
from custom_components.openstrap.engine.imported_day import compose
from custom_components.openstrap.engine.sleep.hypnogram import decode

DAY = date(2026, 5, 3)
ONSET = 1_777_759_200.0
"""Midnight of the day in Berlin, epoch s."""
WHOOP, APP = SourceName.WHOOP_EXPORT, SourceName.OPENSTRAP_APP
ZONE = {"timezone": (1, "Europe/Berlin")}
STAGES = [
    [ONSET, ONSET + 3600, 1],
    [ONSET + 3600, ONSET + 5400, 0],
    [ONSET + 5400, ONSET + 9000, 2],
]


def told(**fields: Any) -> dict[str, tuple[int, Any]]:
    """Make the fields of a day."""
    return ZONE | {name.replace("__", "/"): (1, value) for name, value in fields.items()}


def values(result: DayResult) -> dict[str, float]:
    """Give what is known."""
    return {key: one.value for key, one in result.metrics.items() if one.value is not None}


def test_what_follows_by_counting() -> None:
    """From the night, the naps and the workouts; and the text is always the same."""
    start = ONSET + 60_000
    result = compose(DAY, {APP: told(
        sleep=[ONSET - 600, ONSET + 9600], stages=STAGES, nap__1=[start, start + 1800, 20.0],
        workout__1=[start, start + 1200, "run", 120.0, 150.0, 200.0, 8.0, None, 900],
        workout__2=[start + 5000, start + 6200, None, None, None, None, None, None, None],
    )})  # fmt: skip
    assert values(result) == {
        "rest_onset": ONSET - 600, "rest_offset": ONSET + 9600, "rest_duration_min": 170.0,
        "sleep_onset": ONSET, "sleep_offset": ONSET + 9000, "sleep_min": 120.0, "light_min": 60.0,
        "deep_min": 60.0, "rem_min": 0.0, "nap_count": 1.0, "nap_min": 20.0, "workouts": 2.0,
        "workout_min": 40.0, "workout_strain": 8.0,
    }  # fmt: skip
    assert set(result.metrics) == set(CATALOG)
    assert DayResult.from_dict(result.to_dict()) == result
    assert decode(result.details["hypnogram"]).segments()[0][:2] == (ONSET, ONSET + 3600)
    assert result.facts is not None
    assert (result.facts.onset_ts, result.facts.tst_min) == (ONSET, 120.0)
    assert result.facts.values["sleep_min"] == 120.0
    assert [one["kind"] for one in result.details["trends"]["workouts"]] == ["run", "other"]
    assert result.details["naps"] == [[start, start + 1800, 1200.0, 0.5]]


def test_two_sources_agree_on_one_night() -> None:
    """Stages are of one source with their minutes, and only of the night that is told."""
    better = told(sleep=[ONSET, ONSET + 9000], value__deep_min=99.0)
    found = compose(DAY, {WHOOP: better, APP: told(stages=STAGES)})
    assert values(found)["deep_min"] == 60.0
    far = [[start + 50_000, end + 50_000, stage] for start, end, stage in STAGES]
    found = compose(DAY, {WHOOP: better, APP: told(stages=far)})
    assert "hypnogram" not in found.details
    # Without another word the night is what its stages cover; one of two days is none.
    assert values(compose(DAY, {APP: told(stages=STAGES)}))["rest_offset"] == ONSET + 9000
    long = [[ONSET, ONSET + 90_000, 1]]
    assert values(compose(DAY, {APP: told(stages=long, value__steps=1.0)})) == {"steps": 1.0}


def test_sleep_of_one_kind_has_no_stages() -> None:
    """Who calls all of it light does not say that there was no deep sleep."""
    found = compose(DAY, {APP: told(stages=[[ONSET, ONSET + 3600, 1]])})
    assert values(found)["sleep_min"] == 60.0
    assert found.metrics["deep_min"].value is None
    awake = compose(DAY, {APP: told(stages=[[ONSET, ONSET + 3600, 0]])})
    assert awake.metrics["sleep_min"].value is None


def test_one_workout_of_two_sources_is_one() -> None:
    """The better source tells of it; zones that are known stand above what is below them."""
    start = ONSET + 60_000
    rest = [None, None, None, None]
    found = compose(DAY, {
        APP: told(workout__1=[start, start + 1200, "walk", *rest, None, None], nap__1=[start, start + 60, None]),
        WHOOP: told(workout__2=[start + 60, start + 1260, "run", *rest, [1, 2, 3, 4, 5], None]),
    })  # fmt: skip
    (workout,) = found.details["trends"]["workouts"]
    assert (workout["kind"], workout["imported_from"]) == ("run", "whoop_export")
    assert workout["zone_s"] == [1185, 1, 2, 3, 4, 5]
    assert found.metrics["nap_min"].value is None
    assert found.metrics["workout_strain"].value is None


def test_a_night_known_by_its_length() -> None:
    """Slept from the first to the last moment, as far as anybody knows."""
    found = compose(DAY, {APP: told(sleep=[ONSET, ONSET + 9000], value__sleep_min=140.0)})
    assert found.facts is not None
    assert found.facts.asleep == ((ONSET, ONSET + 9000),)


def test_fields_as_text() -> None:
    """There and back; and whose a number is."""
    fields = told(value__steps=1.0, stages=STAGES)
    assert from_text(to_text(fields)) == fields
    assert source_of(("hr", "imported:noop")) == "noop"
    assert source_of(("hr", "imported:", "important:x")) is None
