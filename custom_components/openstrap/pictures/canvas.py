"""A sheet of shapes and texts, and the SVG that they make."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal
from xml.sax.saxutils import escape

type Anchor = Literal["start", "middle", "end"]
type Point = tuple[float, float]

WIDTH: Final = 360.0
"""Units across: the pixels of a phone, so that a size of text is what is seen there."""
MARGIN: Final = 16.0
FONTS: Final = "Roboto,'Segoe UI','Helvetica Neue',Arial,sans-serif"
NARROW: Final = frozenset(" .,:;'|!ijl()[]/·")
WIDE: Final = frozenset("mwMW@%–—…")
NARROW_EM: Final = 0.4
USUAL_EM: Final = 0.64
CAPITAL_EM: Final = 0.76
WIDE_EM: Final = 1.0
FULL_EM: Final = 1.05
"""Widths of letters in sizes of the font. What font a screen has is not known, so they are those of
a wide one (DejaVu Sans, which is there where nothing else is): no text is ever longer."""
BOLD_WIDER: Final = 1.13
FIRST_FULL: Final = 0x1100
"""Where scripts begin whose letters are as wide as they are high."""
ELLIPSIS: Final = "…"


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Estimate how long a text gets at most, in the units of its size."""
    total = sum(_letter_em(letter) for letter in text)
    return total * size * (BOLD_WIDER if bold else 1.0)


def _letter_em(letter: str) -> float:
    if letter in NARROW:
        return NARROW_EM
    if letter in WIDE:
        return WIDE_EM
    if ord(letter) >= FIRST_FULL and not "\u2000" <= letter <= "\u22ff":
        return FULL_EM
    return CAPITAL_EM if letter.isupper() else USUAL_EM


def fit(text: str, size: float, width: float, *, bold: bool = False) -> str:
    """Shorten a text, with an ellipsis, to what has room in a width."""
    if text_width(text, size, bold=bold) <= width:
        return text
    kept = text
    while kept and text_width(kept + ELLIPSIS, size, bold=bold) > width:
        kept = kept[:-1]
    return kept.rstrip() + ELLIPSIS


def wrap(text: str, size: float, width: float) -> list[str]:
    """Break a text into lines that have room in a width; a word too long for one is shortened."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, size) <= width:
            lines[-1] = longer
        else:
            lines.append(fit(word, size, width))
    return lines


def number(value: float) -> str:
    """Write a coordinate with the tenths that a screen can show."""
    text = f"{value:.1f}"
    return text.removesuffix(".0") if text != "-0.0" else "0"


@dataclass(frozen=True, slots=True)
class Rect:
    """A filled or outlined rectangle; ``round`` is the radius of its corners."""

    x: float
    y: float
    width: float
    height: float
    fill: str | None = None
    stroke: str | None = None
    round: float = 0.0
    dash: bool = False

    def svg(self) -> str:
        """As an element."""
        corner = f' rx="{number(self.round)}"' if self.round else ""
        line = f' stroke="{self.stroke}"' if self.stroke else ""
        dash = ' stroke-dasharray="3 3"' if self.dash else ""
        return (
            f'<rect x="{number(self.x)}" y="{number(self.y)}" width="{number(self.width)}" '
            f'height="{number(self.height)}"{corner} fill="{self.fill or "none"}"{line}{dash}/>'
        )


@dataclass(frozen=True, slots=True)
class Path:
    """Lines through points, each of several on its own; closed and filled, or with a stroke."""

    lines: tuple[tuple[Point, ...], ...]
    stroke: str | None = None
    fill: str | None = None
    width: float = 1.0
    dash: bool = False
    butt: bool = False
    """Lines end where they end, without the round cap of half their width."""

    def svg(self) -> str:
        """As an element."""
        close = "Z" if self.fill else ""
        parts = []
        for line in self.lines:
            (x, y), *rest = line
            parts.append(f"M{number(x)} {number(y)}")
            if len(rest) == 1 and rest[0][1] == y:
                parts.append(f"H{number(rest[0][0])}")
            elif len(rest) == 1 and rest[0][0] == x:
                parts.append(f"V{number(rest[0][1])}")
            else:
                parts.append("L" + " ".join(f"{number(x)} {number(y)}" for x, y in rest) + close)
        if self.fill:
            return f'<path d="{"".join(parts)}" fill="{self.fill}"/>'
        ends = "" if self.butt else ' stroke-linecap="round" stroke-linejoin="round"'
        dash = ' stroke-dasharray="3 3"' if self.dash else ""
        return (
            f'<path d="{"".join(parts)}" fill="none" stroke="{self.stroke}" '
            f'stroke-width="{number(self.width)}"{ends}{dash}/>'
        )


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text; ``x``, ``y`` are where its base line begins, is halved or ends."""

    x: float
    y: float
    text: str
    size: float
    fill: str
    anchor: Anchor = "start"
    bold: bool = False

    def svg(self) -> str:
        """As an element."""
        anchor = "" if self.anchor == "start" else f' text-anchor="{self.anchor}"'
        weight = ' font-weight="700"' if self.bold else ""
        return (
            f'<text x="{number(self.x)}" y="{number(self.y)}" font-size="{number(self.size)}" '
            f'fill="{self.fill}"{anchor}{weight}>{escape(_clean(self.text))}</text>'
        )


type Shape = Rect | Path | Text


@dataclass(slots=True)
class Sheet:
    """Shapes in the order in which they are laid on each other, on ``height`` units of paper."""

    back: str
    title: str
    height: float = 0.0
    shapes: list[Shape] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    """Sentences that say what the picture shows to who does not see it."""

    def add(self, *shapes: Shape) -> None:
        """Lay shapes on top; a text without letters is none."""
        self.shapes.extend(one for one in shapes if not isinstance(one, Text) or one.text)

    def rule(self, points: Sequence[Point], stroke: str, width: float = 1.0) -> None:
        """Draw a line through points."""
        self.add(Path((tuple(points),), stroke, width=width, butt=True))

    def tell(self, sentences: Iterable[str]) -> None:
        """Say more of what is shown."""
        self.told.extend(sentences)

    def svg(self) -> str:
        """Give the whole picture; the same shapes always give the same text."""
        wide, high = number(WIDTH), number(self.height)
        # Without a size of its own a picture is as large as what it stands in lets it be; twice
        # its units is what a screen with two pixels a unit shows one to one.
        root = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" '
            f'width="{number(2.0 * WIDTH)}" height="{number(2.0 * self.height)}" role="img" '
            f'aria-labelledby="title desc" font-family="{FONTS}">'
        )
        parts = [
            root,
            f'<title id="title">{escape(_clean(self.title))}</title>',
            f'<desc id="desc">{escape(_clean(" ".join(self.told)))}</desc>',
            Rect(0.0, 0.0, WIDTH, self.height, self.back).svg(),
            *(shape.svg() for shape in self.shapes),
            "</svg>",
        ]
        return "".join(parts)


def _clean(text: str) -> str:
    """Leave out what XML cannot hold, which a name might."""
    return "".join(letter for letter in text if letter.isprintable())
