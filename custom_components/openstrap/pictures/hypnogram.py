"""A night: its stages as steps, and the heart beneath."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import Any, Final
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from ..engine.day_result import DayResult
from ..engine.metric import Metric
from ..engine.sleep.hypnogram import Hypnogram, Stage, decode
from ..engine.training.track import Track
from . import words
from .axis import Scale, clock_change, curves, draw_curve, limits, rounded_out, time_axis
from .canvas import MARGIN, WIDTH, Path, Rect, Sheet, Text, fit, text_width
from .frame import GAP, HEAD, SIZE, SMALL, absent, foot, head, sheet_of
from .theme import PALETTES, Palette, Theme

LANES: Final = (Stage.WAKE, Stage.REM, Stage.LIGHT, Stage.DEEP)
"""From the top down, as sleep is usually drawn."""
MINUTES: Final = {
    Stage.WAKE: "waso_min",
    Stage.REM: "rem_min",
    Stage.LIGHT: "light_min",
    Stage.DEEP: "deep_min",
}
LEFT: Final = 90.0
RIGHT: Final = WIDTH - 38.0
LANE: Final = 34.0
BAND: Final = 20.0
PANEL: Final = 70.0
STRIP: Final = 44.0
KEY: Final = 10.0
"""Room for the mark that shows a colour beside its name."""
LABEL_WIDTH: Final = LEFT - MARGIN - KEY - 6.0
HEART_GAP_S: Final = 120.0
"""Two minutes without a heart rate are a hole that is seen (judgement)."""
HEART_STEP: Final = 10.0
HEART_LEAST: Final = 20.0
HRV_LEAST: Final = 20.0
BREATH_LEAST: Final = 6.0
"""Ranges (bpm, ms, breaths a minute) that a panel shows at the least: an even night looks even."""


def hypnogram(
    result: DayResult | None, theme: Theme, *, name: str = "", provisional: bool = False
) -> str:
    """Draw the night that ended on a day as SVG text, or say why there is none.

    ``result`` None when no night is known at all. Durations in words are those of the metrics,
    which weigh how sure each epoch is; the bands are the most likely stages. ``name`` is of the
    wearer. ``provisional`` says that more of the day may come.
    """
    palette = PALETTES[theme]
    if result is None:
        return absent(palette, words.SLEEP, None, name, words.NO_NIGHT_YET)
    night = _night(result)
    if night is None:
        reason = words.why(_missing(result), words.NO_NIGHT_YET)
        return absent(palette, words.SLEEP, result.day, name, reason)
    zone = ZoneInfo(result.timezone)
    start, end = _span(result, night)
    x = Scale(start, end, LEFT, RIGHT)
    sheet = sheet_of(palette, words.SLEEP, result.day, name)
    _head(sheet, palette, result, name, zone)
    lanes = HEAD + 6.0 + LANE * len(LANES)
    heart = _heart(result, x)
    strips = _strips(result, palette, x)
    bottom = lanes + (GAP + PANEL if heart else 0.0) + (GAP + STRIP) * len(strips)
    time_axis(sheet, palette, x, zone, (HEAD, bottom))
    _draw_lanes(sheet, palette, result, night, x)
    _draw_edges(sheet, palette, result, x, bottom)
    y = lanes
    if heart is not None:
        _draw_heart(sheet, palette, heart, x, y + GAP)
        y += GAP + PANEL
    for strip in strips:
        _draw_strip(sheet, palette, strip, x, y + GAP)
        y += GAP + STRIP
    sheet.tell(_told(result, heart))
    foot(sheet, palette, bottom + 20.0, _notes(result, x, zone, provisional, heart is not None))
    return sheet.svg()


def _night(result: DayResult) -> Hypnogram | None:
    data = result.details.get("hypnogram")
    if data is None:
        return None
    night = decode(data)
    return night if len(night) and (night.stage != Stage.UNOBSERVED).any() else None


def _missing(result: DayResult) -> Metric | None:
    """Find the first number of a night that is absent, and says why."""
    found = (result.metrics.get(key) for key in ("rest_onset", "sleep_min"))
    return next((metric for metric in found if metric and metric.value is None), None)


def _value(result: DayResult, key: str) -> float | None:
    metric = result.metrics.get(key)
    return None if metric is None else metric.value


def _span(result: DayResult, night: Hypnogram) -> tuple[float, float]:
    """From going to bed, or the first epoch, to getting up, or the last."""
    onset, offset = _value(result, "rest_onset"), _value(result, "rest_offset")
    start = night.start_ts if onset is None else min(onset, night.start_ts)
    end = night.end_ts if offset is None else max(offset, night.end_ts)
    return start, end


def _head(sheet: Sheet, palette: Palette, result: DayResult, name: str, zone: ZoneInfo) -> None:
    onset, offset = _value(result, "sleep_onset"), _value(result, "sleep_offset")
    times = " – ".join(
        words.UNKNOWN if ts is None else words.clock(ts, zone) for ts in (onset, offset)
    )
    slept = words.full_duration(_value(result, "sleep_min"))
    head(sheet, palette, (name, words.day_words(result.day)), slept, times)


def _draw_lanes(
    sheet: Sheet, palette: Palette, result: DayResult, night: Hypnogram, x: Scale
) -> None:
    """Draw a band for each stretch of a stage in its lane, and steps between them."""
    middle = {stage: HEAD + 6.0 + LANE * (at + 0.5) for at, stage in enumerate(LANES)}
    for stage in LANES:
        y = middle[stage]
        sheet.rule([(LEFT, y), (RIGHT, y)], palette.grid)
        minutes = words.duration(_value(result, MINUTES[stage]))
        sheet.add(
            Rect(MARGIN, y - 12.0, 4.0, 24.0, palette.stages[stage], round=2.0),
            Text(MARGIN + KEY, y - 2.0, words.STAGES[stage], SIZE, palette.text, bold=True),
            Text(
                MARGIN + KEY,
                y + 13.0,
                fit(minutes, SMALL, LABEL_WIDTH),
                SMALL,
                palette.soft,
            ),
        )
    segments = night.segments()
    _draw_holes(
        sheet,
        palette,
        [(x.at(a), x.at(b)) for a, b, stage in segments if stage is Stage.UNOBSERVED],
    )
    steps = tuple(
        ((x.at(end), middle[stage]), (x.at(end), middle[after]))
        for (_, end, stage), (_, _, after) in pairwise(segments)
        if Stage.UNOBSERVED not in {stage, after}
    )
    if steps:
        sheet.add(Path(steps, palette.empty, width=1.0, butt=True))
    for stage in LANES:
        bands = tuple(
            ((x.at(begin), middle[stage]), (x.at(end), middle[stage]))
            for begin, end, which in segments
            if which is stage
        )
        if bands:
            sheet.add(Path(bands, palette.stages[stage], width=BAND, butt=True))


def _draw_holes(sheet: Sheet, palette: Palette, holes: Sequence[tuple[float, float]]) -> None:
    """Mark the stretches in which nothing was seen, each from left to right."""
    if not holes:
        return
    top, bottom = HEAD + 6.0, HEAD + 6.0 + LANE * len(LANES)
    middle = (top + bottom) / 2.0
    areas = tuple(((left, middle), (right, middle)) for left, right in holes)
    edges = tuple(((at, top), (at, bottom)) for hole in holes for at in hole)
    sheet.add(
        Path(areas, palette.workout, width=bottom - top, butt=True),
        Path(edges, palette.empty, width=1.0, dash=True, butt=True),
    )
    for left, right in holes:
        if right - left > text_width(words.NO_DATA, SMALL) + 4.0:
            at = (left + right) / 2.0
            sheet.add(Text(at, middle + 4.0, words.NO_DATA, SMALL, palette.soft, "middle"))


def _draw_edges(sheet: Sheet, palette: Palette, result: DayResult, x: Scale, bottom: float) -> None:
    """Mark falling asleep and waking up."""
    for key in ("sleep_onset", "sleep_offset"):
        if (ts := _value(result, key)) is not None:
            at = x.at(ts)
            sheet.add(
                Path(
                    (((at, HEAD), (at, bottom)),),
                    palette.accent,
                    width=1.0,
                    dash=True,
                    butt=True,
                )
            )


type _Series = tuple[NDArray[np.float64], NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class _Strip:
    """What else is known all night: how it is called, and its values every ``step_s``."""

    label: str
    unit: str
    least: float
    colour: str
    ts: NDArray[np.float64]
    values: NDArray[np.float64]
    step_s: float


def _heart(result: DayResult, x: Scale) -> _Series | None:
    """Give times and heart rate of the night, every ten seconds; None where none is known."""
    if "track" not in result.details:
        return None
    track = Track.from_dict(result.details["track"])
    inside = (track.step_ts >= x.first) & (track.step_ts <= x.last)
    hr = track.hr_bpm[inside]
    return (track.step_ts[inside], hr) if np.isfinite(hr).any() else None


def _strips(result: DayResult, palette: Palette, x: Scale) -> list[_Strip]:
    """Give the variation of the heart and the breath, as far as they are known."""
    found: list[_Strip] = []
    for key, label, unit, least, colour in (
        ("hrv", words.HRV, words.MS, HRV_LEAST, palette.second),
        ("breathing", words.BREATH, words.PER_MINUTE, BREATH_LEAST, palette.third),
    ):
        data: Mapping[str, Any] | None = result.details.get(key)
        if data is None:
            continue
        told = [np.nan if one is None else one for one in data["values"]]
        values = np.array(told, dtype=np.float64)
        step = float(data["step_s"])
        ts = float(data["start_ts"]) + step * np.arange(len(values), dtype=np.float64)
        inside = (ts >= x.first) & (ts <= x.last)
        if np.isfinite(values[inside]).any():
            found.append(_Strip(label, unit, least, colour, ts[inside], values[inside], step))
    return found


def _draw_heart(sheet: Sheet, palette: Palette, series: _Series, x: Scale, top: float) -> None:
    ts, hr = series
    low, high = limits(hr) or (0.0, 0.0)
    first, last = rounded_out(low, high, HEART_STEP, HEART_LEAST)
    y = Scale(first, last, top + PANEL, top)
    for bpm in (first, last):
        sheet.rule([(LEFT, y.at(bpm)), (RIGHT, y.at(bpm))], palette.grid)
        label = words.plain(bpm)
        sheet.add(Text(RIGHT + 4.0, y.at(bpm) + 4.0, label, SMALL, palette.soft))
    _label(
        sheet,
        palette,
        (words.HEART, words.between(low, high), words.BPM),
        top + 16.0,
        palette.heart,
    )
    draw_curve(sheet, curves(ts, hr, x, y, gap_s=HEART_GAP_S), palette.heart)


def _draw_strip(sheet: Sheet, palette: Palette, strip: _Strip, x: Scale, top: float) -> None:
    low, high = limits(strip.values) or (0.0, 0.0)
    spare = max(strip.least - (high - low), 0.0) / 2.0
    y = Scale(low - spare, high + spare, top + STRIP - 2.0, top + 2.0)
    label = strip.label, words.between(low, high), strip.unit
    _label(sheet, palette, label, top + 12.0, strip.colour)
    draw_curve(sheet, curves(strip.ts, strip.values, x, y, gap_s=2.5 * strip.step_s), strip.colour)


def _label(
    sheet: Sheet, palette: Palette, label: tuple[str, str, str], top: float, colour: str
) -> None:
    """Say what a line is, from where to where it goes, and in which unit."""
    name, values, unit = label
    if text_width(values, SMALL) > LABEL_WIDTH:
        low, dash, high = values.partition("–")
        values, unit = low + dash, high
    left = MARGIN + KEY
    sheet.add(
        Rect(MARGIN, top - 12.0, 4.0, 42.0, colour, round=2.0),
        Text(left, top - 1.0, name, SIZE, palette.text, bold=True),
        Text(left, top + 14.0, values, SMALL, palette.soft),
        Text(left, top + 28.0, unit, SMALL, palette.soft),
    )


def _notes(
    result: DayResult, x: Scale, zone: ZoneInfo, provisional: bool, heart: bool
) -> list[str]:
    moved = clock_change(x.first, x.last, zone)
    sleep = result.metrics.get("sleep_min")
    return [
        *([f"{words.confidence(sleep)}."] if sleep and sleep.value is not None else []),
        *([words.PROVISIONAL] if provisional else []),
        *([words.FORWARD] if moved > timedelta() else []),
        *([words.BACK] if moved < timedelta() else []),
        *([] if heart else [words.NO_HEART_RATE]),
    ]


def _told(result: DayResult, heart: _Series | None) -> list[str]:
    """Say the night in sentences."""
    parts = [
        f"{words.STAGES[stage]} {words.duration(_value(result, MINUTES[stage]))}" for stage in LANES
    ]
    told = [f"Slept {words.duration(_value(result, 'sleep_min'))}: {', '.join(parts)}."]
    if heart is not None and (ends := limits(heart[1])) is not None:
        told.append(f"Heart rate {words.between(*ends)} {words.BPM}.")
    return told
