"""Five weeks of recovery as a calendar, with the strain of each day as a small bar."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
import math
from typing import Final

from ..engine.recovery.bands import GREEN_FROM, YELLOW_FROM, Band, band_of, whole
from . import words
from .canvas import MARGIN, WIDTH, Rect, Sheet, Text
from .frame import GAP, HEAD, SMALL, foot, head, key_columns, sheet_of
from .theme import PALETTES, Filled, Palette, Theme

WEEKS: Final = 5
WEEK_DAYS: Final = 7
SPACE: Final = 4.0
LEFT: Final = MARGIN + 48.0
CELL: Final = (WIDTH - MARGIN - LEFT - SPACE * (WEEK_DAYS - 1)) / WEEK_DAYS
CELL_HEIGHT: Final = 40.0
NUMBER: Final = 15.0
MOST_STRAIN: Final = 21.0
BAR: Final = 4.0
RANGES: Final = {
    Band.RED: (0, YELLOW_FROM - 1),
    Band.YELLOW: (YELLOW_FROM, GREEN_FROM - 1),
    Band.GREEN: (GREEN_FROM, 100),
}


@dataclass(frozen=True, slots=True)
class MonthDay:
    """What a day of the calendar shows: recovery (0 to 100) and strain (0 to 21), None unknown."""

    recovery: float | None
    strain: float | None


def first_day(today: date) -> date:
    """Give the Monday with which the picture of a day begins."""
    monday = today - timedelta(days=today.weekday())
    return monday - timedelta(weeks=WEEKS - 1)


def month(days: Mapping[date, MonthDay], today: date, theme: Theme, *, name: str = "") -> str:
    """Draw the week of ``today`` and the four before as SVG text.

    ``days`` holds those of which something is known; others are empty places, and days to come
    are no places at all. Numbers that are not finite are not known. ``name`` is of the wearer.
    """
    palette = PALETTES[theme]
    start = first_day(today)
    span = f"{words.day_of_month(start)} – {words.day_of_month(today)}"
    shown = {
        on: days.get(on, MonthDay(None, None))
        for on in (start + timedelta(days=at) for at in range((today - start).days + 1))
    }
    scores = {on: one.recovery for on, one in shown.items() if _known(one.recovery)}
    known = [score for score in scores.values() if score is not None]
    sheet = sheet_of(palette, words.MONTH, None, name)
    mean = words.plain(sum(known) / len(known)) + " %" if known else words.UNKNOWN
    head(sheet, palette, (name, span), mean, words.MEAN_RECOVERY)
    for column, weekday in enumerate(words.WEEKDAYS):
        middle = LEFT + column * (CELL + SPACE) + CELL / 2.0
        sheet.add(Text(middle, HEAD + 12.0, weekday, SMALL, palette.soft, "middle"))
    top = HEAD + 20.0
    for week in range(WEEKS):
        monday = start + timedelta(weeks=week)
        y = top + week * (CELL_HEIGHT + SPACE)
        label = words.day_of_month(monday)
        sheet.add(Text(MARGIN, y + CELL_HEIGHT / 2.0 + 4.0, label, SMALL, palette.soft))
    for on, one in shown.items():
        week, column = divmod((on - start).days, WEEK_DAYS)
        place = LEFT + column * (CELL + SPACE), top + week * (CELL_HEIGHT + SPACE)
        _draw_day(sheet, palette, one, place, today=on == today)
    bottom = _draw_key(sheet, palette, top + WEEKS * (CELL_HEIGHT + SPACE))
    empty = len(shown) - len(known)
    sheet.tell(
        [
            f"Recovery of {len(known)} days, {empty} without.",
            *(f"{words.day_words(on)}: {words.plain(score)} %." for on, score in scores.items()),
        ]
    )
    foot(sheet, palette, bottom, [f"{words.STRAIN_MARK}. {words.EMPTY_PLACE}"])
    return sheet.svg()


def _known(value: float | None) -> bool:
    return value is not None and math.isfinite(value)


def _draw_day(
    sheet: Sheet, palette: Palette, one: MonthDay, place: tuple[float, float], *, today: bool
) -> None:
    x, y = place
    colours = Filled(palette.back, palette.soft)
    if one.recovery is not None and math.isfinite(one.recovery):
        colours = palette.bands[band_of(one.recovery)]
        number = str(whole(one.recovery))
        sheet.add(
            Rect(x, y, CELL, CELL_HEIGHT, colours.fill, round=6.0),
            Text(x + CELL / 2.0, y + 22.0, number, NUMBER, colours.text, "middle", bold=True),
        )
    else:
        sheet.add(
            Rect(
                x + 0.5,
                y + 0.5,
                CELL - 1.0,
                CELL_HEIGHT - 1.0,
                stroke=palette.empty,
                round=6.0,
                dash=True,
            )
        )
    if one.strain is not None and math.isfinite(one.strain):
        room = CELL - 10.0
        length = room * min(max(one.strain / MOST_STRAIN, 0.0), 1.0)
        # A day without strain keeps a point: it is known, and none.
        bar = Rect(x + 5.0, y + CELL_HEIGHT - 9.0, max(length, BAR), BAR, colours.text, round=2.0)
        sheet.add(bar)
    if today:
        edge = Rect(x - 2.0, y - 2.0, CELL + 4.0, CELL_HEIGHT + 4.0, stroke=palette.text, round=8.0)
        sheet.add(edge)


def _draw_key(sheet: Sheet, palette: Palette, top: float) -> float:
    """Name the bands with their ranges; where that ends."""
    entries = [
        (words.BANDS[band], words.between(low, high), palette.bands[band].fill)
        for band, (low, high) in RANGES.items()
    ]
    return key_columns(sheet, palette, entries, top + GAP)
