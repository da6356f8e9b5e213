"""Looks for what happened after each analysis, and when a nudge comes due; tells it once."""

from collections.abc import Mapping
from datetime import date, datetime
import logging
from typing import Final

from homeassistant.core import CALLBACK_TYPE, HassJob, HomeAssistant, callback
from homeassistant.helpers.event import async_track_point_in_utc_time
from homeassistant.util import dt as dt_util

from .coordinator import OpenStrapCoordinator
from .engine.insight.nudges import QuietHours
from .happening_search import search
from .happenings import Happening, HappeningKind
from .store import StoreError, WearerStore
from .worker import WorkerClosed

_LOGGER = logging.getLogger(__name__)

STEP_GOAL: Final = "step_goal"
"""Option of the entry; absent as long as the wearer has none."""
QUIET: Final = QuietHours()


class HappeningFinder:
    """Tells what follows from the results of one wearer, and what the live watch has missed."""

    def __init__(self, hass: HomeAssistant, coordinator: OpenStrapCoordinator) -> None:
        """Prepare; nothing is looked for yet."""
        self._hass = hass
        self._coordinator = coordinator
        self._looking = False
        self._again = False
        self._stopped = False
        self._unsub_timer: CALLBACK_TYPE | None = None

    @callback
    def async_start(self) -> CALLBACK_TYPE:
        """Look now, and after each analysis; returns what ends it."""
        stops = [
            self._coordinator.async_listen_results(self.async_look),
            self._coordinator.happenings.async_listen(self._heard),
        ]
        # What a crash has kept from being told, and nudges that came due meanwhile.
        self.async_look()

        @callback
        def stop() -> None:
            self._stopped = True
            for unsub in stops:
                unsub()
            self._cancel_timer()

        return stop

    @callback
    def async_look(self) -> None:
        """Look for what happened; once more after the present look if there is one."""
        self._again = True
        if self._looking or self._stopped:
            return
        self._looking = True
        self._coordinator.config_entry.async_create_background_task(
            self._hass, self._async_look(), "openstrap happenings"
        )

    async def _async_look(self) -> None:
        try:
            while self._again and not self._stopped:
                self._again = False
                await self._async_tell()
        except WorkerClosed:
            pass
        except Exception:
            _LOGGER.exception(
                "What happened could not be found; it is tried after the next analysis"
            )
        finally:
            self._looking = False

    async def _async_tell(self) -> None:
        now = dt_util.utcnow().timestamp()
        found = await self._coordinator.worker.async_run(
            search,
            now=now,
            zone=dt_util.get_default_time_zone(),
            step_goal=self._coordinator.config_entry.options.get(STEP_GOAL),
            quiet=QUIET,
        )
        await self._async_retract(found.holding)
        for one in found.found:
            await self._coordinator.happenings.async_tell_once(
                one.key, one.happening, also=one.also, notice=one.notice
            )
        self._cancel_timer()
        if found.look_again_ts is not None and not self._stopped:
            self._unsub_timer = async_track_point_in_utc_time(
                self._hass,
                HassJob(self._on_time, "openstrap nudges"),
                dt_util.utc_from_timestamp(found.look_again_ts),
            )

    async def _async_retract(self, holding: Mapping[date, frozenset[str]]) -> None:
        """Forget what was told, but not read yet, and does not hold any more."""
        worker = self._coordinator.worker
        if not worker.read_only:
            try:
                await worker.async_run(WearerStore.retract_notices, holding)
            except StoreError:
                _LOGGER.warning("What does not hold any more could not be forgotten", exc_info=True)

    @callback
    def _on_time(self, _now: datetime) -> None:
        self._unsub_timer = None
        self.async_look()

    @callback
    def _heard(self, happening: Happening) -> None:
        # Whoever watches live knows before an hour has passed that the night is over.
        if happening.kind is HappeningKind.WOKE_UP:
            self.async_look()

    @callback
    def _cancel_timer(self) -> None:
        if self._unsub_timer is not None:
            self._unsub_timer()
            self._unsub_timer = None
