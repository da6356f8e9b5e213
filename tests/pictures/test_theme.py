"""Colours that everybody can tell apart."""

from itertools import combinations

import numpy as np
from numpy.typing import NDArray
import pytest

from custom_components.openstrap.pictures import Theme
from custom_components.openstrap.pictures.theme import PALETTES, Palette

# Brettel, Vienot and Mollon 1997 as one matrix each, on linear RGB (Vienot 1999; Machado 2009
# for tritanopia), severity 1.
BLIND = {
    "protan": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deutan": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritan": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
    "none": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
}  # fmt: skip
TO_XYZ = np.array(((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505)))
WHITE = TO_XYZ.sum(axis=1)
TOLD_APART = 11.0
"""Distance in Lab that is seen at a glance, also where colours do not touch (just noticeable: 2.3)."""


def linear(colour: str) -> NDArray[np.float64]:
    """Linear RGB, 0 to 1."""
    assert len(colour) == 7
    share = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255.0
    return np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    """WCAG 2.2: from 1 to 21."""
    dark, light = sorted(float(linear(c) @ (0.2126, 0.7152, 0.0722)) for c in (one, other))
    return (light + 0.05) / (dark + 0.05)


def lab(rgb: NDArray[np.float64]) -> NDArray[np.float64]:
    """CIE Lab."""
    share = TO_XYZ @ np.clip(rgb, 0.0, 1.0) / WHITE
    f = np.where(share > 0.008856, np.cbrt(share), 7.787 * share + 16.0 / 116.0)
    return np.array((116.0 * f[1] - 16.0, 500.0 * (f[0] - f[1]), 200.0 * (f[1] - f[2])))


def test_contrast_is_what_the_standard_says() -> None:
    """Known pairs."""
    assert contrast("#ffffff", "#000000") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("palette", PALETTES.values(), ids=list(PALETTES))
def test_texts_can_be_read(palette: Palette) -> None:
    """4.5 for every text on everything that it stands on."""
    for back in (palette.back, palette.target, palette.workout):
        assert contrast(palette.text, back) >= 4.5
        assert contrast(palette.soft, back) >= 4.5
    assert contrast(palette.back, palette.accent) >= 4.5
    for filled in palette.bands.values():
        assert contrast(filled.text, filled.fill) >= 4.5


@pytest.mark.parametrize("palette", PALETTES.values(), ids=list(PALETTES))
def test_marks_can_be_seen(palette: Palette) -> None:
    """3 for what has a meaning; amber on white is told by its number and its dark text instead."""
    marks = [*palette.stages.values(), *palette.zones, palette.heart, palette.second]
    marks += [palette.third, palette.accent, palette.gain, palette.loss]
    for mark in marks:
        assert contrast(mark, palette.back) >= 3.0, mark


@pytest.mark.parametrize("eye", BLIND)
@pytest.mark.parametrize("theme", Theme)
def test_colours_differ_for_every_eye(theme: Theme, eye: str) -> None:
    """Of stages and of bands, where a colour stands for a thing."""
    palette = PALETTES[theme]
    bands = [filled.fill for filled in palette.bands.values()]
    for colours in (list(palette.stages.values()), bands, [palette.gain, palette.loss]):
        for one, other in combinations(colours, 2):
            seen = [lab(np.array(BLIND[eye]) @ linear(colour)) for colour in (one, other)]
            assert np.linalg.norm(seen[0] - seen[1]) >= TOLD_APART, (one, other)
