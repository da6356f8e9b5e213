"""The repository: what the Marketplace (HACS) wants of it, brand images, forbidden imports."""

from collections.abc import Iterator
from pathlib import Path
import re
import struct
from typing import Final

from .manifest import home_assistant
from .reading import Unreadable, read_json

HACS_KEYS: Final = {
    "content_in_root",
    "country",
    "filename",
    "hacs",
    "hide_default_branch",
    "homeassistant",
    "name",
    "persistent_directory",
    "zip_release",
}
BRAND_SIZES: Final = {"icon.png": 256, "icon@2x.png": 512}
"""Sides of square images, pixels; the dark ones are of the same size."""
BRAND_NAMES: Final = re.compile(r"(dark_)?(icon|logo)(@2x)?\.png")
_PNG: Final = b"\x89PNG\r\n\x1a\n"
FORBIDDEN: Final = ("BleakScanner",)


def check(root: Path, package: Path) -> Iterator[str]:
    """Give what is wrong with the repository around the integration."""
    folders = [
        path.name
        for path in (root / "custom_components").iterdir()
        if path.is_dir() and path.name != "__pycache__"
    ]
    if folders != [package.name]:
        yield f"custom_components: {package.name} alone, not {', '.join(sorted(folders))}"
    yield from (
        f"{name} is missing, or empty"
        for name in ("README.md", "LICENSE")
        if not (root / name).exists() or not (root / name).stat().st_size
    )
    try:
        hacs = read_json(root / "hacs.json")
    except Unreadable as err:
        yield str(err)
    else:
        yield from _hacs(hacs)
    yield from _brand(package / "brand")
    for path in sorted(package.rglob("*.py")):
        if any(word in path.read_text() for word in FORBIDDEN):
            yield f"{path.relative_to(package)}: a scanner; Home Assistant scans for everybody"


def _hacs(hacs: dict[str, object]) -> Iterator[str]:
    yield from (f"hacs.json: {key} is not known" for key in hacs if key not in HACS_KEYS)
    if not isinstance(hacs.get("name"), str) or not hacs["name"]:
        yield "hacs.json: name is missing"
    needed = hacs.get("homeassistant")
    if not isinstance(needed, str) or not re.fullmatch(r"\d{4}\.\d{1,2}\.\d+", needed):
        yield "hacs.json: homeassistant is no version"
    elif _numbers(needed) > _numbers(_installed()):
        yield f"hacs.json: homeassistant {needed} is newer than the one that is tested"


def _numbers(version: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", version)[:3]]


def _installed() -> str:
    text = (home_assistant() / "const.py").read_text()
    found = [
        re.search(rf"^{name}_VERSION: Final = \"?([^\"\n]+)", text, re.MULTILINE)
        for name in ("MAJOR", "MINOR", "PATCH")
    ]
    return ".".join(match[1] for match in found if match)


def _brand(folder: Path) -> Iterator[str]:
    if not (folder / "icon.png").exists():
        yield "brand: icon.png is missing"
    for path in sorted(folder.glob("*")):
        if not BRAND_NAMES.fullmatch(path.name):
            yield f"brand: {path.name} is no name of a brand image"
            continue
        header = path.read_bytes()[:24]
        if header[:8] != _PNG or len(header) < 24:
            yield f"brand: {path.name} is no PNG"
            continue
        width, height = struct.unpack(">II", header[16:24])
        side = BRAND_SIZES.get(path.name.removeprefix("dark_"))
        if side is not None and (width, height) != (side, side):
            yield f"brand: {path.name} is {width} by {height}, not {side} by {side} pixels"
