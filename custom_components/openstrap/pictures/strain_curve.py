"""A day: how its strain grew, and in which zones the heart was."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from ..engine.day_result import DayResult
from ..engine.training.track import Track
from . import words
from .axis import Scale, clock_change, limits, rounded_out, time_axis
from .canvas import MARGIN, WIDTH, Path, Rect, Sheet, Text, fit, text_width
from .frame import GAP, HEAD, LINE, SIZE, SMALL, absent, foot, head, key_columns, sheet_of
from .theme import PALETTES, Palette, Theme

LEFT: Final = MARGIN + 26.0
RIGHT: Final = WIDTH - MARGIN - 4.0
CURVE: Final = 150.0
HEART: Final = 84.0
PANEL_GAP: Final = 20.0
MOST: Final = 21.0
TOPS: Final = (6.0, 10.0, 14.0, 18.0, MOST)
"""Where the scale of strain may end: a quiet day is no flat line."""
BAR_MIN: Final = 6
"""Minutes of one bar of heart rate: 240 a day, about one a pixel of a phone."""
SHOWN_WORKOUTS: Final = 3
BADGE: Final = 16.0
ZONES: Final = tuple(f"zone_{n}_min" for n in range(1, 6))


def strain_curve(
    result: DayResult | None, theme: Theme, *, name: str = "", provisional: bool = False
) -> str:
    """Draw how the strain of a day grew as SVG text, or say why there is none.

    Arguments as ``hypnogram`` has them. Zones are coloured where the wearer was awake; their
    minutes in words are those of the metrics.
    """
    palette = PALETTES[theme]
    if result is None:
        return absent(palette, words.STRAIN, None, name, words.NOTHING_YET)
    trends = result.details.get("trends") or {}
    curve = trends.get("curve")
    if not curve or len(curve["after_s"]) < 2:
        reason = words.why(result.metrics.get("strain"))
        return absent(palette, words.STRAIN, result.day, name, reason)
    zone = ZoneInfo(result.timezone)
    first, last = (
        datetime.combine(day, time(), zone).timestamp()
        for day in (result.day, result.day + timedelta(days=1))
    )
    x = Scale(first, last, LEFT, RIGHT)
    workouts = sorted(trends.get("workouts") or (), key=lambda one: one["start_ts"])
    target = _target(trends)
    sheet = sheet_of(palette, words.STRAIN, result.day, name)
    reached = float(curve["strain"][-1])
    aim = "" if target is None else words.TARGET.format(range=words.between(*target))
    head(sheet, palette, (name, words.day_words(result.day)), words.plain(reached, 1), aim)
    top = HEAD + 4.0
    heart = _heart(result, x)
    bottom = top + CURVE + (PANEL_GAP + HEART if heart else 0.0)
    y = _scale(reached, target, top)
    if target is not None:
        _draw_target(sheet, palette, target, y)
    _draw_workouts(sheet, palette, workouts, x, (top, bottom))
    time_axis(sheet, palette, x, zone, (top, bottom))
    _draw_curve(sheet, palette, curve, x, y)
    _number_workouts(sheet, palette, workouts, x, top)
    if heart is not None:
        _draw_heart(sheet, palette, result, heart, x, top + CURVE + PANEL_GAP)
    below = bottom + 22.0
    below = _list_zones(sheet, palette, result, below)
    below = _list_workouts(sheet, palette, workouts, zone, below)
    sheet.tell([f"Strain {words.plain(reached, 1)} of 21.", *([f"{aim}."] if aim else [])])
    foot(sheet, palette, below, _notes(result, x, zone, provisional))
    return sheet.svg()


def _target(trends: Mapping[str, Any]) -> tuple[float, float] | None:
    found = (trends.get("coach") or {}).get("strain_target")
    return None if found is None else (float(found["low"]), float(found["high"]))


def _scale(reached: float, target: tuple[float, float] | None, top: float) -> Scale:
    need = max(reached, 0.0 if target is None else target[1])
    most = next((one for one in TOPS if one >= need), MOST)
    return Scale(0.0, most, top + CURVE, top)


def _draw_target(sheet: Sheet, palette: Palette, target: tuple[float, float], y: Scale) -> None:
    low, high = (y.at(edge) for edge in target)
    sheet.add(Rect(LEFT, high, RIGHT - LEFT, low - high, palette.target))
    for edge in (low, high):
        line = ((LEFT, edge), (RIGHT, edge))
        sheet.add(Path((line,), palette.gain, width=1.0, dash=True, butt=True))


def _draw_workouts(
    sheet: Sheet,
    palette: Palette,
    workouts: Sequence[Mapping[str, Any]],
    x: Scale,
    span: tuple[float, float],
) -> None:
    """Shade the times of workouts."""
    top, bottom = span
    for one in workouts:
        left, right = x.at(one["start_ts"]), x.at(one["end_ts"])
        right = max(right, left + 2.0)
        sheet.add(Rect(left, top, right - left, bottom - top, palette.workout))


def _number_workouts(
    sheet: Sheet, palette: Palette, workouts: Sequence[Mapping[str, Any]], x: Scale, top: float
) -> None:
    """Mark the workouts as in the list below; a mark that would hide another stands lower."""
    taken: list[tuple[float, float]] = []
    for at, one in enumerate(workouts[:SHOWN_WORKOUTS], start=1):
        middle = x.at((one["start_ts"] + one["end_ts"]) / 2.0)
        middle = min(max(middle, LEFT + BADGE / 2.0), RIGHT - BADGE / 2.0)
        y = top + 2.0
        while any(abs(middle - other) < BADGE and y == used for other, used in taken):
            y += BADGE + 2.0
        taken.append((middle, y))
        _badge(sheet, palette, at, middle, y)


def _badge(sheet: Sheet, palette: Palette, at: int, middle: float, top: float) -> None:
    disc = Rect(middle - BADGE / 2.0, top, BADGE, BADGE, palette.accent, round=BADGE / 2.0)
    label = Text(middle, top + 12.0, str(at), SMALL, palette.back, "middle", bold=True)
    sheet.add(disc, label)


def _draw_curve(
    sheet: Sheet, palette: Palette, curve: Mapping[str, Any], x: Scale, y: Scale
) -> None:
    for value in (0.0, y.last / 2.0, y.last):
        at = y.at(value)
        sheet.rule([(LEFT, at), (RIGHT, at)], palette.grid)
        label = words.plain(value, 0 if value == int(value) else 1)
        sheet.add(Text(LEFT - 6.0, at + 4.0, label, SMALL, palette.soft, "end"))
    start = float(curve["start_ts"])
    line = tuple(
        (x.at(start + after), y.at(strain))
        for after, strain in zip(curve["after_s"], curve["strain"], strict=True)
    )
    end_x, end_y = line[-1]
    sheet.add(
        Path((line,), palette.accent, width=2.5),
        Rect(end_x - 4.0, end_y - 4.0, 8.0, 8.0, palette.accent, round=4.0),
    )


type _Bars = tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]


def _heart(result: DayResult, x: Scale) -> _Bars | None:
    """Start, mean heart rate and waking of each bar of the day; None where no rate is known."""
    if "track" not in result.details:
        return None
    track = Track.from_dict(result.details["track"]).of_day()
    hr, waking = track.minute_hr(), track.waking
    size = len(hr) // BAR_MIN
    if not size or not np.isfinite(hr).any():
        return None
    held = hr[: size * BAR_MIN].reshape(size, BAR_MIN)
    known = np.isfinite(held)
    count = known.sum(axis=1)
    mean = np.where(known, held, 0.0).sum(axis=1) / np.maximum(count, 1)
    awake = waking[: size * BAR_MIN].reshape(size, BAR_MIN).sum(axis=1) * 2 >= BAR_MIN
    ts = track.minute_ts[: size * BAR_MIN : BAR_MIN]
    return ts, np.where(count > 0, mean, np.nan), awake & (ts < x.last)


def _floors(result: DayResult) -> tuple[float, ...]:
    """Lower ends of the zones, bpm; empty where they are not known."""
    found = []
    for key in ZONES:
        metric = result.metrics.get(key)
        drivers = {} if metric is None else dict(metric.drivers)
        if "floor_bpm" not in drivers:
            return ()
        found.append(drivers["floor_bpm"])
    return tuple(found)


def _draw_heart(  # noqa: PLR0917  where, by what scales, and what of
    sheet: Sheet, palette: Palette, result: DayResult, bars: _Bars, x: Scale, top: float
) -> None:
    """Draw the heart rate of the day as bars in the colour of their zone."""
    ts, hr, awake = bars
    low, high = limits(hr) or (0.0, 0.0)
    first, last = rounded_out(low, high, 20.0, 40.0)
    y = Scale(first, last, top + HEART, top)
    for bpm in (first, last):
        sheet.rule([(LEFT, y.at(bpm)), (RIGHT, y.at(bpm))], palette.grid)
        sheet.add(Text(LEFT - 4.0, y.at(bpm) + 4.0, words.plain(bpm), SMALL, palette.soft, "end"))
    place = np.searchsorted(np.asarray(_floors(result)), hr, side="right")
    place = np.where(awake, place, 0)
    width = x.at(x.first + 60.0 * BAR_MIN) - LEFT
    for which, colour in enumerate(palette.zones):
        lines = tuple(
            ((middle, y.at(float(hr[i]))), (middle, top + HEART))
            for i in np.flatnonzero((place == which) & np.isfinite(hr))
            if (middle := x.at(float(ts[i])) + width / 2.0)
        )
        if lines:
            sheet.add(Path(lines, colour, width=width, butt=True))
    sheet.tell([f"Heart rate {words.between(low, high)} {words.BPM}."])


def _list_zones(sheet: Sheet, palette: Palette, result: DayResult, top: float) -> float:
    """Name the zones with their minutes; where that ends."""
    metrics = [metric for key in ZONES if (metric := result.metrics.get(key)) is not None]
    if len(metrics) < len(ZONES) or any(metric.value is None for metric in metrics):
        return top
    below = dict(metrics[0].drivers).get("below_min")
    minutes = [below, *(metric.value for metric in metrics)]
    names = [words.BELOW, *(words.ZONE.format(number=at + 1) for at in range(len(ZONES)))]
    entries = [
        (name, words.duration(spent), colour)
        for name, spent, colour in zip(names, minutes, palette.zones, strict=True)
    ]
    sheet.tell([", ".join(f"{name} {spent}" for name, spent, _ in entries) + "."])
    return key_columns(sheet, palette, entries, top)


def _list_workouts(
    sheet: Sheet,
    palette: Palette,
    workouts: Sequence[Mapping[str, Any]],
    zone: ZoneInfo,
    top: float,
) -> float:
    """Name the workouts with times and strain; where the list ends."""
    y = top
    for at, one in enumerate(workouts[:SHOWN_WORKOUTS], start=1):
        y += LINE + 2.0
        kind = words.KINDS.get(one["kind"], words.KINDS["other"])
        times = f"{words.clock(one['start_ts'], zone)}–{words.clock(one['end_ts'], zone)}"
        strain = words.plain(one.get("strain"), 1)
        right = f"{words.STRAIN.lower()} {strain}"
        room = WIDTH - 2.0 * MARGIN - 22.0 - text_width(right, SIZE) - GAP
        _badge(sheet, palette, at, MARGIN + BADGE / 2.0, y - 12.0)
        sheet.add(
            Text(MARGIN + 22.0, y, fit(f"{kind} {times}", SIZE, room), SIZE, palette.text),
            Text(WIDTH - MARGIN, y, right, SIZE, palette.soft, "end"),
        )
        sheet.tell([f"{kind} {times}, {right}."])
    if len(workouts) > SHOWN_WORKOUTS:
        y += LINE
        more = words.MORE.format(count=len(workouts) - SHOWN_WORKOUTS)
        sheet.add(Text(MARGIN + 22.0, y, more, SMALL, palette.soft))
    return y


def _notes(result: DayResult, x: Scale, zone: ZoneInfo, provisional: bool) -> list[str]:
    moved = clock_change(x.first, x.last, zone)
    strain = result.metrics.get("strain")
    return [
        *([f"{words.confidence(strain)}."] if strain and strain.value is not None else []),
        *([words.PROVISIONAL] if provisional else []),
        *([words.FORWARD_DAY] if moved > timedelta() else []),
        *([words.BACK_DAY] if moved < timedelta() else []),
    ]
