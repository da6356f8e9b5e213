"""A picture as PNG, for what shows no SVG: the notifications of phones.

Reads what this package's ``canvas`` writes, and no other SVG. Pillow comes with Home Assistant.
"""

from collections.abc import Iterator
from functools import lru_cache
import io
from itertools import pairwise
import math
import re
from typing import TYPE_CHECKING, Final
import unicodedata
from xml.etree import ElementTree

from .canvas import Point

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont, ImageFont

SPACE: Final = "{http://www.w3.org/2000/svg}"
PIXELS: Final = 2
"""Pixels a unit: 720 across, which the screen of a phone has in a notification."""
FINER: Final = 2
"""It is drawn so much larger, and then made small: edges are smooth by that alone."""
SCALE: Final = PIXELS * FINER
BOLD_STROKE: Final = 1.0 / 30.0
"""Thickness that makes letters bold, in sizes of the font: only one font comes with Pillow."""
DOT: Final = "·"
SIGNS: Final = {ord("–"): "-", ord("\u2212"): "-", ord("…"): "..."}
COMMANDS: Final = re.compile(r"([MLHVZ])([^MLHVZ]*)")


def png_of(svg: str) -> bytes:
    """Draw a picture of this package as PNG, 720 pixels across.

    The one font that comes with Pillow has plain Latin letters only: accents are left out, and so
    are letters of other scripts.
    """
    # Loaded when the first picture is wanted as PNG, which most wearers never do.
    from PIL import Image, ImageDraw  # noqa: PLC0415  loads with the first picture

    root = ElementTree.fromstring(svg)  # noqa: S314  our own
    _, _, width, height = (float(one) for one in root.attrib["viewBox"].split())
    size = (round(width * SCALE), round(height * SCALE))
    image = Image.new("RGB", size, "#000000")
    draw = ImageDraw.Draw(image)
    for one in root:
        match one.tag.removeprefix(SPACE):
            case "rect":
                _rect(draw, one)
            case "path":
                _path(draw, one)
            case "text":
                _text(draw, one)
    small = image.resize((round(width * PIXELS), round(height * PIXELS)), Image.Resampling.BOX)
    held = io.BytesIO()
    small.save(held, "PNG", optimize=True)
    return held.getvalue()


def _numbers(one: ElementTree.Element, *names: str) -> list[float]:
    return [SCALE * float(one.attrib.get(name, 0.0)) for name in names]


def _colour(one: ElementTree.Element, name: str) -> str | None:
    found = one.attrib.get(name, "none")
    return None if found == "none" else found


def _rect(draw: ImageDraw, one: ElementTree.Element) -> None:
    x, y, width, height, corner = _numbers(one, "x", "y", "width", "height", "rx")
    fill, stroke = _colour(one, "fill"), _colour(one, "stroke")
    right, bottom = x + width, y + height
    if "stroke-dasharray" in one.attrib and stroke is not None:
        corners = [(x, y), (right, y), (right, bottom), (x, bottom), (x, y)]
        _line(draw, corners, stroke, SCALE, dash=True)
        return
    corner = min(corner, width / 2.0, height / 2.0)
    line = SCALE if stroke else 0
    # Pillow counts the last pixel in.
    box = (x, y, max(right - 1.0, x), max(bottom - 1.0, y))
    draw.rounded_rectangle(box, corner, fill=fill, outline=stroke, width=line)


def _path(draw: ImageDraw, one: ElementTree.Element) -> None:
    fill, stroke = _colour(one, "fill"), _colour(one, "stroke")
    width = SCALE * float(one.attrib.get("stroke-width", 1.0))
    dash, caps = "stroke-dasharray" in one.attrib, "stroke-linecap" in one.attrib
    for points in _points(one.attrib["d"]):
        if fill is not None:
            draw.polygon(points, fill=fill)
        elif stroke is not None:
            _line(draw, points, stroke, width, dash=dash, caps=caps)


def _line(
    draw: ImageDraw,
    points: list[Point],
    stroke: str,
    width: float,
    *,
    dash: bool = False,
    caps: bool = False,
) -> None:
    if dash:
        for start, end in pairwise(points):
            for piece in _dashes(start, end):
                draw.line(piece, fill=stroke, width=round(width))
        return
    draw.line(points, fill=stroke, width=max(round(width), 1), joint="curve")
    if caps:
        half = width / 2.0
        for x, y in (points[0], points[-1]):
            draw.ellipse((x - half, y - half, x + half, y + half), fill=stroke)


def _dashes(start: Point, end: Point) -> Iterator[list[Point]]:
    """Cut a line into dashes of three units, three apart."""
    length = math.dist(start, end)
    step = 3.0 * SCALE
    for at in range(0, math.ceil(length / step), 2):
        shares = (min(step * n / length, 1.0) for n in (at, at + 1))
        yield [
            (start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1]))
            for share in shares
        ]


def _points(path: str) -> Iterator[list[Point]]:
    line: list[Point] = []
    for command, told in COMMANDS.findall(path):
        numbers = [SCALE * float(one) for one in told.split()]
        if command == "M" and line:
            yield line
            line = []
        if command == "H":
            line.append((numbers[0], line[-1][1]))
        elif command == "V":
            line.append((line[-1][0], numbers[0]))
        else:
            line += zip(numbers[::2], numbers[1::2], strict=True)
    yield line


def _text(draw: ImageDraw, one: ElementTree.Element) -> None:
    x, y, size = _numbers(one, "x", "y", "font-size")
    anchor = {"start": "ls", "middle": "ms", "end": "rs"}[one.attrib.get("text-anchor", "start")]
    stroke = size * BOLD_STROKE if "font-weight" in one.attrib else 0.0
    fill = one.attrib["fill"]
    draw.text(
        (x, y),
        _plain(one.text or ""),
        fill,
        _font(size),
        anchor,
        stroke_width=stroke,
        stroke_fill=fill,
    )


def _plain(text: str) -> str:
    """Write a text in the letters that the font has."""
    bare = unicodedata.normalize("NFKD", text.translate(SIGNS))
    return "".join(letter for letter in bare if letter.isascii() or letter == DOT).strip(f" {DOT}")


@lru_cache(maxsize=16)
def _font(size: float) -> FreeTypeFont | ImageFont:
    from PIL import ImageFont  # noqa: PLC0415  loads with the first picture

    return ImageFont.load_default(size)
