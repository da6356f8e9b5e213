"""The picture of a day's strain."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, strategies as st
import numpy as np
import pytest

from custom_components.openstrap.engine.catalog import CATALOG
from custom_components.openstrap.engine.day_result import DayResult
from custom_components.openstrap.engine.metric import need_input
from custom_components.openstrap.pictures import Theme, strain_curve
from custom_components.openstrap.pictures.strain_curve import LEFT, RIGHT, ZONES
from custom_components.openstrap.pictures.theme import PALETTES

from .made import BERLIN, DAY, at, metrics_of, sound, track_dict

LIGHT = PALETTES[Theme.LIGHT]
FLOORS = (95.0, 114.0, 133.0, 152.0, 171.0)


def workout(start: float, end: float, **more: Any) -> dict[str, Any]:
    """Make a workout as the trends list it."""
    return {"start_ts": start, "end_ts": end, "kind": "run", "strain": 12.34} | more


def day_of(
    *,
    day: date = DAY,
    zone: ZoneInfo = BERLIN,
    reached: float = 12.3,
    hr_bpm: Any = 60.0,
    workouts: Any = (),
    target: Any = None,
) -> DayResult:
    """Make a day whose strain rose evenly until 22:00."""
    zones = {
        key: CATALOG[key].measured(
            10.0 * n + 5.0,
            0.5,
            ("hr",),
            drivers=(("floor_bpm", floor), *((("below_min", 700.0),) if not n else ())),
        )
        for n, (key, floor) in enumerate(zip(ZONES, FLOORS, strict=True))
    }
    metrics = metrics_of({"strain": reached}) | zones
    start = at(0, day=day, zone=zone)
    after = np.linspace(0.0, at(22, day=day, zone=zone) - start, 120).round().tolist()
    curve = {"start_ts": start, "after_s": after, "strain": np.linspace(0, reached, 120).tolist()}
    trends = {"curve": curve, "workouts": list(workouts), "coach": {"strain_target": target}}
    details = {"trends": trends}
    if hr_bpm is not None:
        details["track"] = track_dict(day, zone, hr_bpm)
    return DayResult(day, zone.key, 1, metrics, details=details)


@pytest.mark.parametrize("theme", Theme)
def test_the_curve_ends_at_the_strain(theme: Theme) -> None:
    """At its time and its height, and what was aimed at is a band at its heights."""
    target = {"low": 9.0, "high": 14.0, "own_days": 0, "load_known": True}
    drawn = sound(strain_curve(day_of(target=target), theme, name="Ada"))
    palette = PALETTES[theme]
    assert drawn.texts[:4] == ["Strain", "12.3", "Ada · Thu 15 Jan", "Target 9–14"]
    [line] = drawn.lines(palette.accent)
    [band] = drawn.rects(palette.target)
    a_point = (band.bottom - band.top) / 5.0
    assert line[0] == pytest.approx((LEFT, band.bottom + 9.0 * a_point), abs=0.3)
    assert line[-1][0] == pytest.approx(LEFT + (RIGHT - LEFT) * 22 / 24, abs=0.2)
    assert line[-1][1] == pytest.approx(band.bottom - 3.3 * a_point, abs=0.3)
    assert "Strain 12.3 of 21. Target 9–14." in drawn.told


def test_zones_are_coloured_where_awake() -> None:
    """A bar of six minutes by its mean; what is slept through has the colour of no zone."""
    hr = np.full(30 * 360, 60.0)
    hr[(6 + 4) * 360 : (6 + 5) * 360] = 140.0  # asleep, as the track has it until eight
    hr[(6 + 17) * 360 : (6 + 18) * 360] = 140.0
    hr[(6 + 20) * 360 : (6 + 21) * 360] = np.nan
    drawn = sound(strain_curve(day_of(hr_bpm=hr), Theme.LIGHT))
    third = drawn.lines(LIGHT.zones[3])
    assert len(third) == 10
    width = (RIGHT - LEFT) / 24
    assert all(LEFT + 17 * width <= line[0][0] <= LEFT + 18 * width for line in third)
    assert len(drawn.lines(LIGHT.zones[0])) == 240 - 10 - 10
    assert not drawn.lines(LIGHT.zones[5])
    key = drawn.texts[drawn.texts.index("Lower") :]
    assert key[:4] == ["Lower", "11 h 40", "Zone 1", "5 min"]
    assert "Zone 3 25 min" in drawn.told


def test_workouts_are_marked_and_listed() -> None:
    """In the order of time; those that have no room are counted."""
    told = [workout(at(hour), at(hour, 40)) for hour in (18, 7, 8, 20, 21)]
    told[1] |= {"kind": "nothing we know", "strain": None}
    drawn = sound(strain_curve(day_of(workouts=told), Theme.LIGHT))
    assert "Workout 07:00–07:40" in drawn.texts
    assert "Run 18:00–18:40" in drawn.texts
    assert drawn.texts.count("strain 12.3") == 2
    assert "strain –" in drawn.texts
    assert "and 2 more" in drawn.texts
    shaded = [box for box in drawn.rects(LIGHT.workout) if box.right - box.left < 30]
    assert len(shaded) == 5
    width = (RIGHT - LEFT) / 24
    assert shaded[0].left == pytest.approx(LEFT + 7 * width, abs=0.1)


def test_a_workout_over_midnight_and_a_short_one() -> None:
    """The first begins at the edge, the second is still seen."""
    told = [workout(at(-1), at(0, 20)), workout(at(9), at(9) + 60)]
    drawn = sound(strain_curve(day_of(workouts=told), Theme.LIGHT))
    shaded = [box for box in drawn.rects(LIGHT.workout) if box.right - box.left < 30]
    assert shaded[0].left == LEFT
    assert shaded[1].right - shaded[1].left >= 2.0
    assert "Run 23:00–00:20" in drawn.texts


@pytest.mark.parametrize(
    ("reached", "top"), [(0.0, "6"), (5.9, "6"), (6.1, "10"), (20.9, "21"), (21.0, "21")]
)
def test_a_quiet_day_is_no_flat_line(reached: float, top: str) -> None:
    """The scale ends above the strain, at 21 at most."""
    drawn = sound(strain_curve(day_of(reached=reached), Theme.LIGHT))
    assert drawn.texts[drawn.texts.index("0") + 2] == top


def test_without_a_curve_it_says_why() -> None:
    """With the reason of the metric; None when nothing is known at all."""
    assert "Nothing is known" in " ".join(sound(strain_curve(None, Theme.LIGHT)).texts)
    metrics = metrics_of({}, need_input("waking_hr_min", 4, 10))
    for details in ({}, {"trends": {"curve": None}}):
        result = DayResult(DAY, "Europe/Berlin", 1, metrics, details=details)
        shown = " ".join(sound(strain_curve(result, Theme.LIGHT)).texts)
        assert "Not enough yet: heart rate while awake, in minutes (4 of 10)." in shown


def test_without_heart_rate_or_zones() -> None:
    """The curve alone."""
    for hr in (None, np.nan):
        result = day_of(hr_bpm=hr)
        bare = DayResult(
            DAY, "Europe/Berlin", 1, metrics_of({"strain": 3.0}), details=result.details
        )
        drawn = sound(strain_curve(bare, Theme.LIGHT, provisional=True))
        assert "Zone 1" not in drawn.texts
        assert "Provisional: more data may come." in " ".join(drawn.texts)
    drawn = sound(strain_curve(DayResult(DAY, "UTC", 1, {}, details=day_of().details), Theme.LIGHT))
    assert len(drawn.lines(LIGHT.zones[0])) == 240


@pytest.mark.parametrize(
    ("day", "words", "hours"),
    [(date(2026, 3, 29), "forward", 23), (date(2026, 10, 25), "back", 25)],
)
def test_days_on_which_the_clock_moves(day: date, words: str, hours: int) -> None:
    """As long as they are, and said so."""
    drawn = sound(strain_curve(day_of(day=day), Theme.LIGHT))
    assert f"The clock went {words} on this day." in " ".join(drawn.texts)
    [line] = drawn.lines(LIGHT.accent)
    share = (line[-1][0] - LEFT) / (RIGHT - LEFT)
    assert share == pytest.approx((hours - 2) / hours, abs=0.01)


@given(
    reached=st.floats(0.0, 21.0),
    spans=st.lists(st.tuples(st.floats(-6.0, 23.9), st.floats(0.1, 6.0)), max_size=7),
    seed=st.integers(0, 99),
)
def test_any_day_can_be_drawn(reached: float, spans: list[tuple[float, float]], seed: int) -> None:
    """Nothing beyond the picture, nothing on top of each other."""
    dice = np.random.default_rng(seed)
    hr = np.where(dice.random(30 * 360) < 0.5, np.nan, dice.integers(30, 240, 30 * 360))
    told = [
        workout(at(0) + 3600 * start, min(at(0) + 3600 * (start + hours), at(24)))
        for start, hours in spans
    ]
    sound(
        strain_curve(day_of(reached=reached, hr_bpm=hr, workouts=told), Theme.DARK, name="W" * 50)
    )
