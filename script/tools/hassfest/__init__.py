"""What Home Assistant's hassfest and the HACS action would find wrong, without either."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

from . import descriptions, manifest, quality_scale, repository, texts

DOMAIN: Final = "openstrap"

CHECKS: Final[Sequence[Callable[[Path, Path], Iterator[str]]]] = (
    manifest.check,
    repository.check,
    texts.check,
    descriptions.check,
    quality_scale.check,
)
"""Each takes the root of the repository and the folder of the integration, and gives faults."""


def faults_of(root: Path) -> list[str]:
    """Give everything that is wrong with a repository, a line each; nothing is changed."""
    package = root / "custom_components" / DOMAIN
    return [fault for check in CHECKS for fault in check(root, package)]
