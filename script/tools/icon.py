"""Draw ``brand/icon.png`` from ``docs/images/icon.svg``: python -m script.tools.icon."""

from pathlib import Path
from typing import Final

from . import ROOT
from .browser import browser

SOURCE: Final = ROOT / "docs" / "images" / "icon.svg"
TARGET: Final = ROOT / "custom_components" / "openstrap" / "brand" / "icon.png"
SIZE: Final = 256  # pixels, what Home Assistant asks of a brand icon


def draw(source: Path = SOURCE, target: Path = TARGET) -> None:
    """Render the drawing, its background left transparent."""
    with browser() as chromium:
        page = chromium.new_page(viewport={"width": SIZE, "height": SIZE})
        page.set_content(f"<style>body {{margin: 0}}</style>{source.read_text()}")
        target.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=target, omit_background=True)


if __name__ == "__main__":
    draw()
