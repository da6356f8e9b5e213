"""The colours of the pictures: one set for light screens, one for dark ones.

Texts reach a contrast of 4.5 on what they stand on, marks one of 3 (WCAG 2.2, 1.4.3 and 1.4.11),
and colours that stand for different things differ for the colour-blind too; tests hold both.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from ..engine.recovery.bands import Band
from ..engine.sleep.hypnogram import Stage


class Theme(StrEnum):
    """What a picture is looked at on."""

    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class Filled:
    """A colour of an area, and that of a text on it."""

    fill: str
    text: str


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours as ``#rrggbb``.

    ``text`` and ``soft`` are of what is read, ``grid`` of lines that only guide, ``empty`` of the
    outline of what is not known. ``zones`` are below zone 1 and zones 1 to 5.
    """

    back: str
    text: str
    soft: str
    grid: str
    empty: str
    heart: str
    second: str
    third: str
    accent: str
    target: str
    workout: str
    gain: str
    loss: str
    stages: Mapping[Stage, str]
    bands: Mapping[Band, Filled]
    zones: tuple[str, ...]


LIGHT: Final = Palette(
    back="#ffffff",
    text="#16191d",
    soft="#555d66",
    grid="#e1e5ea",
    empty="#a3acb6",
    heart="#c2185b",
    second="#00796b",
    third="#5b5fc7",
    accent="#1f2d3d",
    target="#dcefe9",
    workout="#eceff3",
    gain="#00796b",
    loss="#b5481a",
    stages={
        Stage.WAKE: "#d9730d",
        Stage.REM: "#a23b8f",
        Stage.LIGHT: "#3f94d8",
        Stage.DEEP: "#173a8a",
    },
    bands={
        Band.RED: Filled("#b3261e", "#ffffff"),
        Band.YELLOW: Filled("#f2c037", "#16191d"),
        Band.GREEN: Filled("#0b7a66", "#ffffff"),
    },
    zones=("#8a94a0", "#3f94d8", "#00897b", "#b58900", "#d9560b", "#a31545"),
)
DARK: Final = Palette(
    back="#1c1c1e",
    text="#f3f4f6",
    soft="#b4bbc4",
    grid="#37393d",
    empty="#6d747d",
    heart="#ff7aa8",
    second="#4fd1bd",
    third="#a9acff",
    accent="#e8edf4",
    target="#1f3b36",
    workout="#2c2e32",
    gain="#4fd1bd",
    loss="#ff9a6b",
    stages={
        Stage.WAKE: "#ffb04d",
        Stage.REM: "#f08fd6",
        Stage.LIGHT: "#7cc4ff",
        Stage.DEEP: "#3d7bff",
    },
    bands={
        Band.RED: Filled("#f0776c", "#1b0806"),
        Band.YELLOW: Filled("#f7d154", "#1a1500"),
        Band.GREEN: Filled("#23a58c", "#00120e"),
    },
    zones=("#838c97", "#7cc4ff", "#4fd1bd", "#f7d154", "#ff9240", "#ff6f91"),
)
PALETTES: Final = {Theme.LIGHT: LIGHT, Theme.DARK: DARK}
