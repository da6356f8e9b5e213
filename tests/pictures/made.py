"""Results to draw, made by hand, and how a drawn picture is read back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from itertools import combinations
import re
from typing import Any
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import numpy as np

from custom_components.openstrap.engine.catalog import CATALOG
from custom_components.openstrap.engine.day_result import DayResult
from custom_components.openstrap.engine.metric import NO_SLEEP, Metric
from custom_components.openstrap.engine.sleep.hypnogram import Hypnogram, Segment, Stage, encode
from custom_components.openstrap.engine.training.track import Track
from custom_components.openstrap.pictures.canvas import text_width

BERLIN = ZoneInfo("Europe/Berlin")
DAY = date(2026, 1, 15)
SPACE = "{http://www.w3.org/2000/svg}"
MOST_BYTES = 60_000

STAGES = {
    Stage.WAKE: "waso_min",
    Stage.REM: "rem_min",
    Stage.LIGHT: "light_min",
    Stage.DEEP: "deep_min",
}


def at(hour: int, minute: int = 0, *, day: date = DAY, zone: tzinfo = BERLIN) -> float:
    """Epoch seconds of a local time; hours below 0 are of the evening before."""
    midnight = datetime.combine(day + timedelta(days=hour // 24), datetime.min.time(), zone)
    return (midnight.replace(hour=hour % 24, minute=minute)).timestamp()


def metrics_of(
    values: Mapping[str, float], note: str = NO_SLEEP, **more: Metric
) -> dict[str, Metric]:
    """Give every metric of the catalogue: these values, the others absent."""
    assert set(values) | set(more) <= set(CATALOG)
    return {
        key: spec.measured(values[key], 0.75, ("hr",)) if key in values else spec.absent(note)
        for key, spec in CATALOG.items()
    } | more


def track_dict(day: date, zone: tzinfo, hr_bpm: float | np.ndarray = 55.0) -> dict[str, Any]:
    """Make a track from six hours before midnight to the end of the day."""
    midnight, end = at(0, day=day, zone=zone), at(24, day=day, zone=zone)
    start = midnight - 6 * 3600.0
    minutes = int((end - start) // 60)
    hr = np.broadcast_to(np.asarray(hr_bpm, dtype=np.float64), (6 * minutes,)).copy()
    waking = start + 60.0 * np.arange(minutes) >= at(8, day=day, zone=zone)
    return Track(start, midnight, hr, np.full(minutes, 10.0), waking).to_dict()


def night(
    segments: Sequence[Segment],
    *,
    day: date = DAY,
    zone: ZoneInfo = BERLIN,
    hr_bpm: float | np.ndarray | None = 55.0,
    values: Mapping[str, float] | None = None,
    **details: Any,
) -> DayResult:
    """Make the result of a night of these stretches, its metrics by the stretches themselves."""
    asleep = [one for one in segments if one[2].asleep]
    found: dict[str, float] = {"rest_onset": segments[0][0], "rest_offset": segments[-1][1]}
    if asleep:
        found |= {"sleep_onset": asleep[0][0], "sleep_offset": asleep[-1][1]}
        found |= {
            key: sum(end - start for start, end, which in segments if which is stage) / 60.0
            for stage, key in STAGES.items()
        }
        found["sleep_min"] = sum(end - start for start, end, _ in asleep) / 60.0
    drawn = {"hypnogram": encode(Hypnogram.from_segments(segments))}
    if hr_bpm is not None:
        drawn["track"] = track_dict(day, zone, hr_bpm)
    metrics = metrics_of(found | dict(values or {}))
    return DayResult(day, zone.key, 1, metrics, details=drawn | details)


def usual_night(**kwargs: Any) -> DayResult:
    """Make a night from 23:00 to 07:00 with every stage."""
    edges = [at(-1), at(-1, 20), at(1), at(2), at(3, 30), at(3, 40), at(7)]
    stages = [Stage.WAKE, Stage.LIGHT, Stage.DEEP, Stage.LIGHT, Stage.WAKE, Stage.REM]
    return night(list(zip(edges, edges[1:], stages, strict=False)), **kwargs)


@dataclass(frozen=True)
class Box:
    """Where something of a picture is, and what."""

    left: float
    top: float
    right: float
    bottom: float
    what: str


class Drawn:
    """A picture, read back."""

    def __init__(self, svg: str) -> None:
        """Parse it, which fails for what is no XML."""
        self.root = ElementTree.fromstring(svg)  # noqa: S314  our own
        assert self.root.tag == f"{SPACE}svg"
        _, _, self.width, self.height = map(float, self.root.attrib["viewBox"].split())
        self.size = len(svg.encode())
        self.svg = svg

    @property
    def texts(self) -> list[str]:
        """What is written in it, in order."""
        return [one.text or "" for one in self.root.iter(f"{SPACE}text")]

    @property
    def title(self) -> str:
        """What a screen reader calls it."""
        return self.root.findtext(f"{SPACE}title") or ""

    @property
    def told(self) -> str:
        """What a screen reader tells of it."""
        return self.root.findtext(f"{SPACE}desc") or ""

    def rects(self, fill: str) -> list[Box]:
        """Rectangles of a colour."""
        return [
            box
            for one, box in zip(self._all("rect"), map(_rect, self._all("rect")), strict=True)
            if one.attrib["fill"] == fill
        ]

    def lines(self, stroke: str) -> list[list[tuple[float, float]]]:
        """Lines of a colour, each as its points."""
        return [
            line
            for one in self._all("path")
            if one.attrib.get("stroke") == stroke
            for line in _points(one.attrib["d"])
        ]

    def boxes(self) -> list[Box]:
        """All that is drawn."""
        found = [_rect(one) for one in self._all("rect")]
        for one in self._all("path"):
            places = [point for line in _points(one.attrib["d"]) for point in line]
            xs, ys = [x for x, _ in places], [y for _, y in places]
            found.append(Box(min(xs), min(ys), max(xs), max(ys), one.attrib["d"][:40]))
        return found + self.text_boxes()

    def text_boxes(self) -> list[Box]:
        """Where texts reach to, by estimate."""
        return [_text(one) for one in self._all("text")]

    def _all(self, tag: str) -> list[ElementTree.Element]:
        return list(self.root.iter(f"{SPACE}{tag}"))


def sound(svg: str) -> Drawn:
    """Read a picture back, and hold what is true of every one."""
    drawn = Drawn(svg)
    assert drawn.size < MOST_BYTES
    assert drawn.title
    assert drawn.told
    assert not re.search(r"\b(nan|inf|None)\b", svg)
    assert drawn.width == 360.0
    for box in drawn.boxes():
        assert -0.1 <= box.left <= box.right <= drawn.width + 0.1, box
        assert -0.1 <= box.top <= box.bottom <= drawn.height + 0.1, box
    for one in drawn.root.iter(f"{SPACE}text"):
        assert float(one.attrib["font-size"]) >= 12.0
        assert one.text is not None
    texts = drawn.text_boxes()
    for first, second in combinations(texts, 2):
        across = min(first.right, second.right) - max(first.left, second.left)
        down = min(first.bottom, second.bottom) - max(first.top, second.top)
        assert across <= 1.0 or down <= 4.0, (first, second)
    return drawn


def _rect(one: ElementTree.Element) -> Box:
    x, y, width, height = (float(one.attrib[name]) for name in ("x", "y", "width", "height"))
    return Box(x, y, x + width, y + height, "rect")


def _text(one: ElementTree.Element) -> Box:
    size, x, y = (float(one.attrib[name]) for name in ("font-size", "x", "y"))
    text = one.text or ""
    width = text_width(text, size, bold="font-weight" in one.attrib)
    share = {"start": 0.0, "middle": 0.5, "end": 1.0}[one.attrib.get("text-anchor", "start")]
    return Box(x - share * width, y - 0.8 * size, x + (1 - share) * width, y + 0.2 * size, text)


def _points(path: str) -> list[list[tuple[float, float]]]:
    lines = []
    for part in path.split("M")[1:]:
        line: list[tuple[float, float]] = []
        for command, told in re.findall(r"([MLHV])([^LHVZ]*)", f"M{part}"):
            numbers = [float(one) for one in told.split()]
            if command == "H":
                line.append((numbers[0], line[-1][1]))
            elif command == "V":
                line.append((line[-1][0], numbers[0]))
            else:
                line += zip(numbers[::2], numbers[1::2], strict=True)
        lines.append(line)
    return lines
