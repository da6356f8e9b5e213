"""Pictures of a wearer, for any dashboard."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
import logging
from typing import Any, Final, override

from homeassistant.components.image import ImageEntity, ImageEntityDescription
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.event import async_track_time_change
from homeassistant.helpers.restore_state import RestoredExtraData, RestoreEntity
from homeassistant.util import dt as dt_util

from . import pictures
from .analysis import Nights, ShownDay
from .answers.briefs import BRIEFS
from .coordinator import OpenStrapConfigEntry, OpenStrapCoordinator
from .entity import OpenStrapEntity
from .pictures import Theme
from .store import StoreError, WearerStore
from .worker import WorkerClosed

_LOGGER = logging.getLogger(__name__)

# Nothing is fetched: the coordinator tells when there is more to draw.
PARALLEL_UPDATES = 0

SVG: Final = "image/svg+xml"
PNG: Final = "image/png"
DIGEST: Final = "digest"
UPDATED: Final = "updated"


@dataclass(frozen=True, slots=True)
class Subject:
    """What a picture is drawn from, besides the store."""

    nights: Nights
    today: date
    name: str


type Draw = Callable[[WearerStore, Subject, Theme], str]


def _of_day(picture: Callable[..., str], pick: Callable[[Nights], ShownDay | None]) -> Draw:
    """Make the drawing of a result that is published already."""

    def draw(_store: WearerStore, subject: Subject, theme: Theme) -> str:
        shown = pick(subject.nights)
        if shown is None:
            return picture(None, theme, name=subject.name)
        return picture(shown.result, theme, name=subject.name, provisional=not shown.final)

    return draw


def _month(store: WearerStore, subject: Subject, theme: Theme) -> str:
    """Draw five weeks of stored results; one that cannot be read is an empty place."""
    briefs = BRIEFS.read(store, pictures.first_day(subject.today), subject.today)
    days = {
        day: pictures.MonthDay(brief.value("recovery"), brief.value("strain"))
        for day, brief in briefs.items()
    }
    return pictures.month(days, subject.today, theme, name=subject.name)


DRAWINGS: Final[dict[str, Draw]] = {
    "hypnogram": _of_day(pictures.hypnogram, lambda nights: nights.night),
    "strain_curve": _of_day(pictures.strain_curve, lambda nights: nights.day),
    "month": _month,
    "recovery_drivers": _of_day(pictures.recovery_drivers, lambda nights: nights.night),
}


@dataclass(frozen=True, kw_only=True)
class OpenStrapImageDescription(ImageEntityDescription):
    """A picture, what it is looked at on, and whether that needs a PNG."""

    draw: Draw
    theme: Theme
    png: bool


def _describe(
    key: str, draw: Draw, theme: Theme, *, png: bool = False
) -> OpenStrapImageDescription:
    name = f"{key}_png" if png else key if theme is Theme.LIGHT else f"{key}_{theme}"
    return OpenStrapImageDescription(
        key=name,
        translation_key=name,
        entity_registry_enabled_default=name == key,
        draw=draw,
        theme=theme,
        png=png,
    )


IMAGES: Final = (
    *(_describe(key, draw, theme) for theme in Theme for key, draw in DRAWINGS.items()),
    # What phones show in a notification knows no SVG.
    *(_describe(key, draw, Theme.LIGHT, png=True) for key, draw in DRAWINGS.items()),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: OpenStrapConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the pictures of a wearer."""
    coordinator = entry.runtime_data
    async_add_entities(OpenStrapImage(hass, coordinator, one) for one in IMAGES)


class OpenStrapImage(OpenStrapEntity, ImageEntity, RestoreEntity):
    """One picture. Its time is that of the last change in it, also over restarts."""

    entity_description: OpenStrapImageDescription

    def __init__(
        self,
        hass: HomeAssistant,
        coordinator: OpenStrapCoordinator,
        description: OpenStrapImageDescription,
    ) -> None:
        """Prepare; it is drawn once it is added."""
        OpenStrapEntity.__init__(self, coordinator, description)
        ImageEntity.__init__(self, hass)
        self._attr_content_type = PNG if description.png else SVG
        self._picture: bytes | None = None
        self._digest: str | None = None
        self._drawing = False
        self._outdated = False

    @override
    async def async_added_to_hass(self) -> None:
        """Remember the picture of before, and draw whenever something is new."""
        await super().async_added_to_hass()
        if (stored := await self.async_get_last_extra_data()) is not None:
            self._restore(stored.as_dict())
        self.async_on_remove(self.coordinator.async_listen_results(self._async_redraw))
        # A calendar has one more day then, and what was today is not any more.
        self.async_on_remove(
            async_track_time_change(self.hass, self._async_redraw, hour=0, minute=0, second=1)
        )
        self._async_redraw()

    def _restore(self, stored: dict[str, Any]) -> None:
        with suppress(KeyError, TypeError, ValueError):
            self._attr_image_last_updated = datetime.fromisoformat(stored[UPDATED])
            self._digest = str(stored[DIGEST])

    @property
    @override
    def extra_restore_state_data(self) -> RestoredExtraData | None:
        """What tells after a restart whether the picture is still the same."""
        updated = self._attr_image_last_updated
        if updated is None:
            return None
        return RestoredExtraData({DIGEST: self._digest, UPDATED: updated.isoformat()})

    @override
    async def async_image(self) -> bytes | None:
        """Return the picture; draws it when somebody asks before that has been done."""
        if self._picture is None:
            await self._async_draw()
        return self._picture

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        """Change nothing: of what is published, pictures show results alone, which are told."""

    @callback
    def _async_redraw(self, _now: datetime | None = None) -> None:
        """Draw soon; what is asked while it is drawn comes after."""
        self._outdated = True
        if not self._drawing:
            self._drawing = True
            entry = self.coordinator.config_entry
            entry.async_create_task(self.hass, self._async_draw_all(), f"draw {self.entity_id}")

    async def _async_draw_all(self) -> None:
        try:
            while self._outdated:
                self._outdated = False
                if await self._async_draw():
                    self.async_write_ha_state()
        finally:
            self._drawing = False

    async def _async_draw(self) -> bool:
        """Draw in the worker's thread; tells whether the picture became another."""
        subject = Subject(
            self.coordinator.data.nights,
            dt_util.now().date(),
            self.coordinator.config_entry.title,
        )
        one = self.entity_description
        try:
            text = await self.coordinator.worker.async_run(one.draw, subject, one.theme)
        except (WorkerClosed, StoreError) as err:
            # The picture of before stays; the next result draws again.
            _LOGGER.debug("%s was not drawn: %r", self.entity_id, err)
            return False
        digest = sha256(text.encode()).hexdigest()
        same = digest == self._digest and self._attr_image_last_updated is not None
        if self._picture is None or not same:
            # Much longer than drawing as text: not in the thread that frames wait for.
            self._picture = (
                await self.hass.async_add_executor_job(pictures.png_of, text)
                if one.png
                else text.encode()
            )
        if same:
            return False
        self._digest = digest
        self._attr_image_last_updated = dt_util.utcnow()
        return True
