"""The same pictures as PNG."""

import io

from PIL import Image
import pytest

from custom_components.openstrap.pictures import Theme, hypnogram, month, png_of, recovery_drivers
from custom_components.openstrap.pictures.canvas import Path, Rect, Sheet, Text
from custom_components.openstrap.pictures.theme import PALETTES

from .made import DAY, Drawn, usual_night
from .recoveries import recovered

LIGHT = PALETTES[Theme.LIGHT]


def read(png: bytes) -> Image.Image:
    """Open a picture."""
    return Image.open(io.BytesIO(png)).convert("RGB")


def colour(text: str) -> tuple[int, ...]:
    """Red, green and blue."""
    return tuple(bytes.fromhex(text[1:]))


@pytest.mark.full
def test_what_is_drawn_has_its_colour_in_its_place() -> None:
    """A band of sleep, the background, and two pixels for each unit."""
    svg = hypnogram(usual_night(), Theme.LIGHT)
    drawn, image = Drawn(svg), read(png_of(svg))
    assert image.size == (round(2 * drawn.width), round(2 * drawn.height))
    assert image.getpixel((0, 0)) == colour(LIGHT.back)
    for stage, fill in LIGHT.stages.items():
        (left, y), (right, _) = drawn.lines(fill)[-1]
        assert image.getpixel((round(left + right), round(2 * y))) == colour(fill), stage


@pytest.mark.full
def test_all_pictures_are_small_enough_to_send() -> None:
    """Far below what a notification takes."""
    for svg in (
        hypnogram(usual_night(), Theme.DARK, name="Zoë"),
        month({}, DAY, Theme.LIGHT),
        recovery_drivers(recovered(70), Theme.LIGHT),
        hypnogram(None, Theme.LIGHT),
    ):
        assert len(png_of(svg)) < 200_000


def test_shapes() -> None:
    """Rectangles, lines along and across, areas, dashes."""
    sheet = Sheet("#ffffff", "Title", 40.0)
    sheet.add(
        Rect(10, 10, 20, 20, "#ff0000"),
        Rect(40, 10, 20, 20, stroke="#0000ff", dash=True),
        Path((((70, 20), (90, 20)), ((80, 5), (80, 35))), "#00ff00", width=6, butt=True),
        Path((((100, 10), (120, 10), (120, 30), (100, 30)),), fill="#00ffff"),
        Path((((130, 20), (150, 20), (160, 30)),), "#ff00ff", width=6),
        Path((((170, 20), (200, 20)),), "#000000", width=4, dash=True),
    )
    image = read(png_of(sheet.svg()))
    for (x, y), found in {
        (20, 20): "#ff0000",
        (9, 20): "#ffffff",
        (30.5, 20): "#ffffff",
        (50, 20): "#ffffff",
        (85, 20): "#00ff00",
        (80, 30): "#00ff00",
        (110, 20): "#00ffff",
        (128, 20): "#ff00ff",
        (140, 20): "#ff00ff",
        (171, 20): "#000000",
        (174.5, 20): "#ffffff",
        (177, 20): "#000000",
    }.items():
        assert image.getpixel((round(2 * x), round(2 * y))) == colour(found), (x, y)


@pytest.mark.parametrize(
    ("one", "other"), [("Zoë – 5…", "Zoe - 5..."), ("山 · Thu", "Thu"), ("−7", "-7")]
)
def test_letters_that_the_font_lacks(one: str, other: str) -> None:
    """Are written without what it lacks, not as boxes."""
    shown = []
    for text in (one, other):
        sheet = Sheet("#ffffff", "Title", 30.0)
        sheet.add(
            Text(10, 20, text, 12, "#000000"), Text(200, 20, "Bold", 12, "#000000", bold=True)
        )
        image = read(png_of(sheet.svg()))
        assert min(image.convert("L").tobytes()) < 60
        shown.append(image.tobytes())
    assert shown[0] == shown[1]
