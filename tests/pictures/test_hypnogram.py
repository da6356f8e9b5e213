"""The picture of a night."""

from datetime import date
from itertools import pairwise
import re
from zoneinfo import ZoneInfo

from hypothesis import given, strategies as st
import numpy as np
import pytest

from custom_components.openstrap.engine.sleep.hypnogram import Segment, Stage, decode
from custom_components.openstrap.pictures import Theme, hypnogram
from custom_components.openstrap.pictures.hypnogram import LEFT, RIGHT
from custom_components.openstrap.pictures.theme import PALETTES

from .made import DAY, STAGES, at, metrics_of, night, sound, usual_night

LIGHT = PALETTES[Theme.LIGHT]


@pytest.mark.parametrize("theme", Theme)
def test_the_bands_are_the_hypnogram(theme: Theme) -> None:
    """As wide, together, as the stage was long; and each has a lane of its own."""
    result = usual_night()
    drawn = sound(hypnogram(result, theme))
    stages = decode(result.details["hypnogram"])
    a_minute = (RIGHT - LEFT) / ((stages.end_ts - stages.start_ts) / 60.0)
    lanes = []
    for stage, key in STAGES.items():
        bands = drawn.lines(PALETTES[theme].stages[stage])
        drawn_min = sum(right - left for (left, _), (right, _) in bands) / a_minute
        assert drawn_min == pytest.approx(float((stages.stage == stage).sum()) / 2.0, abs=0.5)
        assert drawn_min == pytest.approx(result.metrics[key].value, abs=0.5)
        [lane] = {y for band in bands for _, y in band}
        lanes.append(lane)
    assert lanes == sorted(lanes)
    assert len(set(lanes)) == 4


def test_numbers_are_those_of_the_metrics() -> None:
    """Which weigh how sure each epoch is, and are what the sensors show."""
    drawn = sound(hypnogram(usual_night(values={"rem_min": 61.0, "sleep_min": 462.0}), Theme.LIGHT))
    assert drawn.texts[:4] == ["Sleep", "7 h 42 min", "Thu 15 Jan", "23:20 – 07:00"]
    assert drawn.texts[drawn.texts.index("REM") + 1] == "1 h 01"
    assert "Slept 7 h 42" in drawn.told
    assert "Confidence 75 %." in drawn.texts
    assert drawn.title == "Sleep, Thu 15 Jan"


def test_it_says_that_more_may_come() -> None:
    """Only while that is so."""
    result = usual_night()
    assert "Provisional" in hypnogram(result, Theme.LIGHT, provisional=True)
    assert "Provisional" not in hypnogram(result, Theme.LIGHT)


def test_times_cross_midnight() -> None:
    """Every two hours, by the clock on the wall."""
    drawn = sound(hypnogram(usual_night(), Theme.LIGHT))
    labels = [text for text in drawn.texts if re.fullmatch(r"\d\d:\d\d", text)]
    assert labels == ["00:00", "02:00", "04:00", "06:00"]


def test_what_was_not_seen_is_a_hole() -> None:
    """No stage, no heart rate, and said so."""
    hr = np.full(30 * 360, 50.0)
    seen = [
        (at(-1), at(2), Stage.LIGHT),
        (at(2), at(4), Stage.UNOBSERVED),
        (at(4), at(7), Stage.LIGHT),
    ]
    # The track begins at 18:00: two o'clock is eight hours later.
    hr[8 * 360 : 10 * 360] = np.nan
    drawn = sound(hypnogram(night(seen, hr_bpm=hr), Theme.LIGHT))
    assert "no data" in drawn.texts
    width = RIGHT - LEFT
    hole = LEFT + width * 3 / 8, LEFT + width * 5 / 8
    bands = drawn.lines(LIGHT.stages[Stage.LIGHT])
    assert [band[1][0] for band in bands] == pytest.approx([hole[0], RIGHT], abs=0.2)
    lines = drawn.lines(LIGHT.heart)
    assert len(lines) == 2
    assert lines[0][-1][0] <= hole[0]
    assert lines[1][0][0] >= hole[1] - 0.1
    [((left, _), (right, _))] = drawn.lines(LIGHT.workout)
    assert (left, right) == pytest.approx(hole, abs=0.2)


def test_heart_and_breath() -> None:
    """Peaks of the heart stay, however long the night; what else is known has its own strip."""
    hr = np.full(30 * 360, 50.0)
    hr[10 * 360] = 120.0
    step = {"start_ts": at(-1), "step_s": 300.0}
    details = {
        "hrv": step | {"values": [40.0, None, 60.0] * 32},
        "breathing": step | {"values": [None] * 96},
    }
    drawn = sound(hypnogram(usual_night(hr_bpm=hr, **details), Theme.LIGHT))
    line = [point for line in drawn.lines(LIGHT.heart) for point in line]
    assert max(y for _, y in line) - min(y for _, y in line) > 60.0
    assert [text for text in drawn.texts if text in {"Heart", "HRV", "Breath"}] == ["Heart", "HRV"]
    assert {"50–120", "40–60"} <= set(drawn.texts)
    assert "Heart rate 50–120 bpm." in drawn.told


def test_without_a_heart_rate() -> None:
    """A night of which only the stages were kept, or no beat was seen."""
    for hr in (None, np.nan):
        drawn = sound(hypnogram(usual_night(hr_bpm=hr), Theme.LIGHT))
        assert "Heart" not in drawn.texts
        assert "No heart rate was kept." in " ".join(drawn.texts)


def test_without_a_night_it_says_why() -> None:
    """With the reason of the metrics."""
    drawn = sound(hypnogram(None, Theme.DARK, name="Ada"))
    assert drawn.texts[:3] == ["Sleep", "–", "Ada"]
    assert "No night has been recorded yet." in " ".join(drawn.texts)
    nothing = usual_night()
    for details in (
        {},
        {"hypnogram": night([(at(1), at(2), Stage.UNOBSERVED)]).details["hypnogram"]},
    ):
        result = type(nothing)(DAY, "Europe/Berlin", 1, metrics_of({}), details=details)
        drawn = sound(hypnogram(result, Theme.LIGHT))
        assert "No sleep was found in this night." in " ".join(drawn.texts)
        assert drawn.title == "Sleep, Thu 15 Jan"


@pytest.mark.parametrize(
    ("day", "zone", "words", "hours"),
    [
        (date(2026, 3, 29), "Europe/Berlin", "forward", 7),
        (date(2026, 10, 25), "Europe/Berlin", "back", 9),
        (date(2026, 10, 4), "Australia/Lord_Howe", "forward", 7.5),
        (date(2026, 4, 5), "Australia/Lord_Howe", "back", 8.5),
    ],
)
def test_nights_in_which_the_clock_moves(day: date, zone: str, words: str, hours: float) -> None:
    """From 23:00 to 07:00 on the wall: as long as it was, said so, no time twice."""
    there = ZoneInfo(zone)
    edges = at(-1, day=day, zone=there), at(7, day=day, zone=there)
    assert edges[1] - edges[0] == hours * 3600
    drawn = sound(hypnogram(night([(*edges, Stage.LIGHT)], day=day, zone=there), Theme.LIGHT))
    assert "23:00 – 07:00" in drawn.texts
    assert f"The clock went {words} in the night." in " ".join(drawn.texts)
    labels = [text for text in drawn.texts if text.endswith(":00") and "–" not in text]
    assert len(labels) == len(set(labels)) >= 3


@pytest.mark.parametrize("hours", [0.5, 2, 14, 18])
def test_short_and_long_nights(hours: float) -> None:
    """Times are as close as they have room; a long one begins before the heart rate is kept."""
    start = at(7) - hours * 3600
    drawn = sound(hypnogram(night([(start, at(7), Stage.LIGHT)]), Theme.LIGHT))
    labels = [text for text in drawn.texts if text[2:3] == ":" and len(text) == 5]
    assert 2 <= len(labels) <= 8


def test_long_names_and_large_numbers() -> None:
    """Names are shortened, never the date; numbers have their room."""
    name = "Wilhelmina Maximiliana von und zu Hohenstein <b>&amp;</b> \x00"
    step = {"start_ts": at(-1), "step_s": 300.0}
    result = usual_night(
        values={"sleep_min": 1439.0, "light_min": 1200.0},
        hr_bpm=np.linspace(30, 250, 30 * 360),
        hrv=step | {"values": [1000.0, 2345.0] * 40},
    )
    drawn = sound(hypnogram(result, Theme.LIGHT, name=name))
    assert "…" in drawn.texts[2]
    assert not any("…" in text for text in drawn.texts[3:])
    assert {"1000–", "2345", "20 h 00"} <= set(drawn.texts)
    assert drawn.texts[2].endswith(" · Thu 15 Jan")
    assert drawn.title.startswith(
        "Sleep, Wilhelmina Maximiliana von und zu Hohenstein <b>&amp;</b>"
    )
    assert sound(hypnogram(result, Theme.LIGHT, name="山" * 40)).texts[2].endswith("… · Thu 15 Jan")


def test_the_same_night_gives_the_same_text() -> None:
    """So that a picture changes only with what it shows."""
    assert hypnogram(usual_night(), Theme.LIGHT) == hypnogram(usual_night(), Theme.LIGHT)
    assert hypnogram(usual_night(), Theme.LIGHT) != hypnogram(usual_night(), Theme.DARK)


@st.composite
def _nights(draw: st.DrawFn) -> list[Segment]:
    epochs = draw(st.lists(st.integers(1, 240), min_size=1, max_size=40))
    stages = draw(st.lists(st.sampled_from(Stage), min_size=len(epochs), max_size=len(epochs)))
    ts = [at(-6) + 30.0 * draw(st.integers(0, 600))]
    for size in epochs:
        if ts[-1] + 30.0 * size - ts[0] < 86000.0:
            ts.append(ts[-1] + 30.0 * size)
    return list(zip(*zip(*pairwise(ts), strict=True), stages, strict=False))


@given(segments=_nights(), unseen=st.floats(0.0, 1.0), seed=st.integers(0, 99))
def test_any_night_can_be_drawn(segments: list[Segment], unseen: float, seed: int) -> None:
    """Nothing beyond the picture, nothing on top of each other, of no number that is not one."""
    dice = np.random.default_rng(seed)
    hr = np.where(dice.random(30 * 360) < unseen, np.nan, dice.integers(30, 240, 30 * 360))
    result = night(segments, hr_bpm=hr)
    drawn = sound(hypnogram(result, Theme.LIGHT, name="Ada"))
    assert drawn.texts[0] == "Sleep"


@pytest.mark.full
def test_the_busiest_night_is_small() -> None:
    """Another stage every epoch for eighteen hours is more than there ever is."""
    edges = [at(7) - 30.0 * n for n in range(1440, -1, -1)]
    busy = [
        (start, end, Stage(n % 4)) for n, (start, end) in enumerate(pairwise(edges)) if n % 3 < 2
    ]
    dice = np.random.default_rng(1)
    drawn = sound(hypnogram(night(busy, hr_bpm=dice.integers(30, 240, 30 * 360)), Theme.LIGHT))
    assert drawn.size > 30_000, "not busy at all"
