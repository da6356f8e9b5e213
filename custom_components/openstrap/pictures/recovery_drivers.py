"""A recovery, its band, and what each input added to it or took from it."""

import math
from typing import Final

from ..engine.baseline import Status
from ..engine.day_result import DayResult
from ..engine.metric import Metric
from ..engine.recovery.bands import GREEN_FROM, YELLOW_FROM, Band, band_of, whole
from . import words
from .axis import Scale
from .canvas import MARGIN, WIDTH, Path, Point, Rect, Sheet, Text, fit, text_width
from .frame import HEAD, SIZE, SMALL, absent, foot, head, sheet_of
from .theme import PALETTES, Palette, Theme

RADIUS: Final = 66.0
THICK: Final = 16.0
CENTRE: Final = (MARGIN + RADIUS + THICK / 2.0, HEAD + RADIUS + THICK)
NUMBER: Final = 34.0
ARC_STEPS: Final = 24
GAP_POINTS: Final = 0.8
"""Points of the scale left free between two bands."""
EDGES: Final = {
    Band.RED: (0.0, YELLOW_FROM - GAP_POINTS),
    Band.YELLOW: (YELLOW_FROM + GAP_POINTS, GREEN_FROM - GAP_POINTS),
    Band.GREEN: (GREEN_FROM + GAP_POINTS, 100.0),
}
ROW: Final = 38.0
NAME_RIGHT: Final = 160.0
BARS_LEFT: Final = 168.0
BARS_RIGHT: Final = WIDTH - MARGIN - 48.0
LEAST_POINTS: Final = 10.0
"""Points that half of the bars' room stands for at the least: small changes look small."""
SOURCES: Final = {
    "hrv": ("rmssd_ms", "ms", 0),
    "resting_hr": ("resting_hr_bpm", "bpm", 0),
    "breathing": ("breathing_rate_brpm", "/min", 1),
    "sleep": ("sleep_performance", "% of need", 0),
}
"""Metric, unit and decimals of what a driver is about."""
POINTS: Final = "_points"


def recovery_drivers(
    result: DayResult | None, theme: Theme, *, name: str = "", provisional: bool = False
) -> str:
    """Draw a day's recovery as SVG text, or say why there is none.

    Arguments as ``hypnogram`` has them.
    """
    palette = PALETTES[theme]
    if result is None:
        return absent(palette, words.RECOVERY, None, name, words.NO_NIGHT_YET)
    metric = result.metrics.get("recovery")
    if metric is None or metric.value is None:
        return absent(palette, words.RECOVERY, result.day, name, words.why(metric))
    score = metric.value
    band = band_of(score)
    sheet = sheet_of(palette, words.RECOVERY, result.day, name)
    head(sheet, palette, (name, words.day_words(result.day)), "", "")
    _draw_gauge(sheet, palette, score)
    _draw_band(sheet, palette, metric, band)
    points = [
        (driver.removesuffix(POINTS), gained)
        for driver, gained in metric.drivers
        if driver.endswith(POINTS)
    ]
    usual = score - math.fsum(gained for _, gained in points)
    top = CENTRE[1] + 34.0
    if points:
        _draw_drivers(sheet, palette, result, points, top)
    bottom = top + 24.0 + ROW * len(points)
    sheet.tell([f"Recovery {whole(score)} of 100, {words.BANDS[band].lower()}."])
    status = dict(part.partition("=")[::2] for part in (metric.note or "").split(";"))
    foot(
        sheet,
        palette,
        bottom - 4.0,
        [
            *([words.USUAL.format(points=whole(usual))] if points else []),
            *([words.LEARNING] if status.get("baseline") == Status.PROVISIONAL else []),
            *([words.PROVISIONAL] if provisional else []),
        ],
    )
    return sheet.svg()


def _on_arc(points: float, radius: float) -> Point:
    """Where a number of the scale stands: 0 left, 100 right, over the top."""
    angle = math.pi * (1.0 - points / 100.0)
    return CENTRE[0] + radius * math.cos(angle), CENTRE[1] - radius * math.sin(angle)


def _draw_gauge(sheet: Sheet, palette: Palette, score: float) -> None:
    for band, (low, high) in EDGES.items():
        outer, inner = RADIUS + THICK / 2.0, RADIUS - THICK / 2.0
        along = [low + (high - low) * at / ARC_STEPS for at in range(ARC_STEPS + 1)]
        ring = [_on_arc(at, outer) for at in along] + [_on_arc(at, inner) for at in along[::-1]]
        sheet.add(Path((tuple(ring),), fill=palette.bands[band].fill))
    at = min(max(score, 0.0), 100.0)
    needle = (_on_arc(at, RADIUS - THICK), _on_arc(at, RADIUS + THICK * 0.75))
    x, y = CENTRE
    sheet.add(
        Path((needle,), palette.back, width=9.0, butt=True),
        Path((needle,), palette.text, width=4.0),
        Text(x, y - 4.0, f"{whole(score)}", NUMBER, palette.text, "middle", bold=True),
        Text(x, y + 14.0, "%", SIZE, palette.soft, "middle"),
    )


def _draw_band(sheet: Sheet, palette: Palette, metric: Metric, band: Band) -> None:
    """Say the band in a word, and how sure it is."""
    colours = palette.bands[band]
    left = CENTRE[0] + RADIUS + THICK / 2.0 + 20.0
    word = words.BANDS[band]
    width = text_width(word, SIZE + 2.0, bold=True) + 20.0
    y = HEAD + 22.0
    sheet.add(
        Rect(left, y, width, 26.0, colours.fill, round=13.0),
        Text(left + width / 2.0, y + 18.0, word, SIZE + 2.0, colours.text, "middle", bold=True),
        Text(left, y + 46.0, words.confidence(metric), SIZE, palette.soft),
    )


def _draw_drivers(
    sheet: Sheet,
    palette: Palette,
    result: DayResult,
    points: list[tuple[str, float]],
    top: float,
) -> None:
    """Draw a bar to the right for what was added, to the left for what was taken."""
    most = max(LEAST_POINTS, *(abs(gained) for _, gained in points))
    x = Scale(-most, most, BARS_LEFT, BARS_RIGHT)
    zero, right = x.at(0.0), WIDTH - MARGIN
    bottom = top + 14.0 + ROW * len(points)
    sheet.add(
        Text(MARGIN, top + 4.0, words.ADDED, SIZE, palette.text, bold=True),
        Text(right, top + 4.0, words.IN_POINTS, SMALL, palette.soft, "end"),
    )
    sheet.rule([(zero, top + 14.0), (zero, bottom)], palette.empty)
    for at, (driver, gained) in enumerate(points):
        y = top + 14.0 + ROW * (at + 0.5)
        label = words.DRIVERS.get(driver, driver.replace("_", " "))
        colour = palette.gain if gained >= 0.0 else palette.loss
        end = x.at(gained)
        value = _value(result, driver)
        sheet.add(
            Text(
                MARGIN,
                y - 1.0 if value else y + 5.0,
                fit(label, SIZE, NAME_RIGHT - MARGIN),
                SIZE,
                palette.text,
            ),
            Text(MARGIN, y + 14.0, fit(value, SMALL, NAME_RIGHT - MARGIN), SMALL, palette.soft),
            Rect(min(zero, end), y - 8.0, abs(end - zero), 16.0, colour, round=2.0),
            Text(right, y + 5.0, words.signed(gained), SIZE, palette.text, "end", bold=True),
        )
        sheet.tell([f"{label} {value}: {words.signed(gained)}."])


def _value(result: DayResult, driver: str) -> str:
    """Write the number that a driver is about, empty where it is not known."""
    key, unit, decimals = SOURCES.get(driver, ("", "", 0))
    metric = result.metrics.get(key)
    if metric is None or metric.value is None:
        return ""
    return f"{words.plain(metric.value, decimals)} {unit}"
