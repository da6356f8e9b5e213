"""One line of text that the phone app shows, kept over restarts."""

from collections.abc import Mapping
from dataclasses import dataclass
import hashlib
from typing import Any, Final, Literal, Self, get_args

from homeassistant.core import HomeAssistant
from homeassistant.helpers.storage import Store
from homeassistant.util.hass_dict import HassKey

from .const import DOMAIN

type Level = Literal["info", "warn", "critical"]
LEVELS: Final[tuple[Level, ...]] = get_args(Level.__value__)
MAX_TEXT: Final = 500
MAX_TITLE: Final = 80
"""Characters that a phone's screen has room for (judgement)."""

_VERSION: Final = 1
_KEY: Final = f"{DOMAIN}.app_banner"
_HELD: HassKey[Banner | None] = HassKey(f"{DOMAIN}_app_banner")


@dataclass(frozen=True, slots=True)
class Banner:
    """What is shown: a text, how much it matters, and where to read more."""

    text: str
    level: Level = "info"
    title: str | None = None
    url: str | None = None

    @property
    def id(self) -> str:
        """Name the banner by what it says: a phone shows one that was dismissed no more."""
        said = "\n".join((self.level, self.title or "", self.text, self.url or ""))
        return hashlib.sha256(said.encode()).hexdigest()[:16]

    def to_dict(self) -> dict[str, Any]:
        """As the phone app reads it."""
        return {
            "id": self.id,
            "title": self.title,
            "text": self.text,
            "level": self.level,
            "action_url": self.url,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Undo ``to_dict``."""
        return cls(data["text"], data["level"], data["title"], data["action_url"])


async def async_banner(hass: HomeAssistant) -> Banner | None:
    """Give what is to be shown, None for nothing."""
    if _HELD not in hass.data:
        data = await _store(hass).async_load()
        # Another caller may have been faster.
        hass.data.setdefault(_HELD, Banner.from_dict(data) if data else None)
    return hass.data[_HELD]


async def async_set_banner(hass: HomeAssistant, banner: Banner | None) -> None:
    """Show a banner from now on; None shows nothing."""
    hass.data[_HELD] = banner
    if banner is None:
        await _store(hass).async_remove()
    else:
        await _store(hass).async_save(banner.to_dict())


def _store(hass: HomeAssistant) -> Store[dict[str, Any]]:
    return Store(hass, _VERSION, _KEY)
