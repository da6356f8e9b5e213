"""What all pictures have in common: the head, the foot, and the picture that says why."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from . import words
from .canvas import MARGIN, WIDTH, Rect, Sheet, Text, fit, text_width, wrap
from .theme import Palette

TITLE_SIZE: Final = 18.0
VALUE_SIZE: Final = 22.0
SIZE: Final = 13.0
SMALL: Final = 12.0
"""The least that is read at arm's length on a phone."""
HEAD: Final = 62.0
"""Where a picture begins below its head."""
LINE: Final = 17.0
GAP: Final = 12.0
KEY_GAP: Final = 4.0
ABSENT_HEIGHT: Final = 180.0


def sheet_of(palette: Palette, title: str, day: date | None, name: str) -> Sheet:
    """Begin a picture: its title, and whose and of which day it is.

    ``name`` is of the wearer, empty to leave it out.
    """
    parts = [*([name] if name else []), *([words.day_words(day)] if day else [])]
    sheet = Sheet(palette.back, ", ".join([title, *parts]))
    sheet.add(Text(MARGIN, 31.0, title, TITLE_SIZE, palette.text, bold=True))
    return sheet


def head(sheet: Sheet, palette: Palette, left: tuple[str, str], value: str, right: str) -> None:
    """Set the headline number, and the line below the title.

    ``left`` is a name, shortened where there is no room, and what is never shortened.
    """
    edge = WIDTH - MARGIN
    name, fixed = left
    end = f" · {fixed}" if name and fixed else fixed
    room = edge - MARGIN - GAP - text_width(right, SIZE) - text_width(end, SIZE)
    shown = f"{fit(name, SIZE, room)}{end}" if name and room > 2.0 * SIZE else fixed
    sheet.add(
        Text(edge, 32.0, value, VALUE_SIZE, palette.text, "end", bold=True),
        Text(MARGIN, 51.0, shown, SIZE, palette.soft),
        Text(edge, 51.0, right, SIZE, palette.soft, "end"),
    )


def foot(sheet: Sheet, palette: Palette, top: float, sentences: Sequence[str]) -> None:
    """Set sentences below the picture, and let it end there."""
    y = top
    for line in wrap(" ".join(sentences), SMALL, WIDTH - 2.0 * MARGIN):
        y += LINE
        sheet.add(Text(MARGIN, y, line, SMALL, palette.soft))
    sheet.height = y + GAP
    sheet.tell(sentences)


def key_columns(
    sheet: Sheet, palette: Palette, entries: Sequence[tuple[str, str, str]], top: float
) -> float:
    """Explain colours in columns: (name, what to say of it, colour) each; where that ends."""
    column = (WIDTH - 2.0 * MARGIN + KEY_GAP) / len(entries)
    width = column - KEY_GAP
    for at, (name, said, colour) in enumerate(entries):
        left = MARGIN + column * at
        sheet.add(
            Rect(left, top, width, 5.0, colour, round=2.5),
            Text(left, top + 20.0, fit(name, SMALL, width), SMALL, palette.text),
            Text(left, top + 35.0, fit(said, SMALL, width), SMALL, palette.soft),
        )
    return top + 38.0


def absent(palette: Palette, title: str, day: date | None, name: str, reason: str) -> str:
    """Draw the picture that says why there is none."""
    sheet = sheet_of(palette, title, day, name)
    head(sheet, palette, (name, words.day_words(day) if day else ""), words.UNKNOWN, "")
    lines = wrap(reason, SIZE, WIDTH - 4.0 * MARGIN)
    y = HEAD + (ABSENT_HEIGHT - HEAD - LINE * len(lines)) / 2.0
    for line in lines:
        sheet.add(Text(WIDTH / 2.0, y, line, SIZE, palette.text, "middle"))
        y += LINE
    sheet.height = max(ABSENT_HEIGHT, y + GAP)
    sheet.tell([reason])
    return sheet.svg()
