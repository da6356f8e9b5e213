"""Watches a wearer's present: looks when records came, and tells what it has seen change."""

import asyncio
from collections.abc import Coroutine, Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
import logging
import time
from typing import Any, Final

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later
from homeassistant.util import dt as dt_util

from .coordinator import OpenStrapCoordinator
from .engine.recovery.bands import whole
from .engine.sleep.watch import GAP_S, Transition, TransitionKind
from .engine.training.going import Going
from .engine.training.workout_rules import FORGOTTEN_S
from .happening_search import band_name
from .happenings import Happening, HappeningKind, moment
from .live_look import AHEAD_S, FRESH_S, Held, Seen, load, look, shown
from .live_view import LiveView
from .store import StoreError, WearerStore
from .store.fired import span_key
from .worker import WorkerClosed

_LOGGER = logging.getLogger(__name__)

LOOK_SECONDS: Final = 60.0
"""At most one look in so long: a live state is of minutes, and each costs the worker its time."""
SHOW_S: Final = 240.0
"""Where nothing changed but the moment that was judged, it is published this often: the recorder
keeps every state."""
SCORE_SECONDS: Final = 90.0
"""So long a waking waits for its night's numbers: whoever has woken is told within two minutes."""
NOON_H: Final = 12


class LiveWatch:
    """Shows whether a wearer sleeps, lies in bed or trains, and tells when that changes."""

    def __init__(self, hass: HomeAssistant, coordinator: OpenStrapCoordinator) -> None:
        """Prepare; nothing is looked at yet."""
        self._hass = hass
        self._coordinator = coordinator
        self._held: Held | None = None
        self._looked_at = -LOOK_SECONDS
        self._looking = False
        self._again = False
        self._renew = False
        self._stopped = False
        self._failed = False
        self._workout: float | None = None
        # What happened first is told first, also where its score is waited for.
        self._telling = asyncio.Lock()
        self._unsub_look: CALLBACK_TYPE | None = None
        self._unsub_stale: CALLBACK_TYPE | None = None

    @callback
    def async_start(self) -> CALLBACK_TYPE:
        """Show what was known, and look whenever records or results came; returns what ends it."""
        stops = [
            self._coordinator.async_add_listener(self._on_published),
            self._coordinator.async_listen_results(self._on_results),
            self._coordinator.async_listen_workouts(self._on_workout),
        ]
        # Not while Home Assistant starts: what was known before a restart is shown first.
        self._looked_at = time.monotonic()
        self._run(self._async_load(), "live start")

        @callback
        def stop() -> None:
            self._stopped = True
            for unsub in stops:
                unsub()
            self._cancel(look=True, stale=True)

        return stop

    @callback
    def async_look_soon(self) -> None:
        """Look as soon as a look may be taken again."""
        if self._stopped or self._unsub_look is not None:
            return
        if self._looking:
            self._again = True
            return
        wait = self._looked_at + LOOK_SECONDS - time.monotonic()
        if wait <= 0:
            self._begin()
        else:
            self._unsub_look = async_call_later(self._hass, wait, self._on_look)

    @callback
    def _on_look(self, _now: datetime) -> None:
        self._unsub_look = None
        self._begin()

    @callback
    def _on_published(self) -> None:
        """Look when there is a newer record, and it is of now: a drain is judged at its end."""
        newest = self._coordinator.data.latest.record_ts
        known = None if self._held is None else self._held.watch.known_ts
        if newest is None or (known is not None and newest <= known):
            return
        if -AHEAD_S <= dt_util.utcnow().timestamp() - newest <= FRESH_S:
            self.async_look_soon()

    @callback
    def _on_results(self) -> None:
        # A result or a word of the wearer may change what the present is judged by.
        self._renew = True
        self.async_look_soon()

    @callback
    def _on_workout(self) -> None:
        # Somebody is at a button and wants to see what it did: that comes seldom and costs little.
        self._cancel(look=True)
        self._looked_at = -LOOK_SECONDS
        self.async_look_soon()

    @callback
    def _begin(self) -> None:
        self._looking = True
        self._looked_at = time.monotonic()
        self._run(self._async_look(), "live look")

    async def _async_look(self) -> None:
        try:
            await self._async_see()
            self._failed = False
        except WorkerClosed:
            return
        except Exception:
            # Told once: the next look comes in a minute.
            if not self._failed:
                self._failed = True
                _LOGGER.exception("The present could not be judged; it is tried again")
        finally:
            self._looking = False
        if self._again:
            self._again = False
            self.async_look_soon()

    async def _async_load(self) -> Held:
        if self._held is None:
            now = dt_util.utcnow().timestamp()
            found = await self._coordinator.worker.async_run(load, now=now)
            self._held = self._held or found
            self._show()
            self.async_look_soon()
        return self._held

    async def _async_see(self) -> None:
        run = self._coordinator.worker.async_run
        held = await self._async_load()
        now = dt_util.utcnow().timestamp()
        if self._renew:
            self._renew = False
            held = _forgetful(held)
        seen = await run(
            look,
            held,
            now=now,
            zone=dt_util.get_default_time_zone(),
            profile=self._coordinator.sweeper.profile,
        )
        if self._stopped:
            return
        self._held = seen.held
        self._show()
        self._tell(seen)

    @callback
    def _show(self, _now: datetime | None = None) -> None:
        """Publish what holds now, and plan for when it no longer will."""
        if (held := self._held) is None:
            return
        self._cancel(stale=True)
        now = dt_util.utcnow().timestamp()
        view, before = shown(held.watch, held.view, now), self._coordinator.data.live
        if _meaning(view) != _meaning(before) or _age_s(before, view) >= SHOW_S:
            self._coordinator.async_show_live(view)
        # Records say something for so long, and a workout that nobody ends is forgotten.
        lasting = ((held.watch.known_ts, GAP_S), (view.workout_since_ts, FORGOTTEN_S))
        ends = [ts + s for ts, s in lasting if ts is not None and ts + s >= now]
        if ends:
            self._unsub_stale = async_call_later(self._hass, min(ends) - now + 1.0, self._on_stale)

    @callback
    def _on_stale(self, now: datetime) -> None:
        self._unsub_stale = None
        self._show(now)
        # Whether a workout still goes on, only a look can tell.
        self.async_look_soon()

    @callback
    def _tell(self, seen: Seen) -> None:
        if seen.transitions:
            self._run(self._async_tell_all(seen.transitions), "sleep transitions")
        going = seen.workout
        if going is None:
            self._workout = None
        elif going.start_ts != self._workout:
            self._workout = going.start_ts
            self._run(self._async_tell_workout(going), "workout started")

    async def _async_tell_all(self, transitions: Iterable[Transition]) -> None:
        async with self._telling:
            for one in transitions:
                await self._async_tell(one)

    async def _async_tell(self, one: Transition) -> None:
        tell = self._coordinator.happenings.async_tell_once
        if one.kind is TransitionKind.FELL_ASLEEP:
            day = _night_of(one.ts)
            data = {"day": day.isoformat(), "happened_at": moment(one.ts)}
            key = _key(day, HappeningKind.FELL_ASLEEP)
            await self._async_go_on(key, _key(day, HappeningKind.WOKE_UP))
            await tell(key, Happening(HappeningKind.FELL_ASLEEP, one.ts, data=data))
        elif one.kind is TransitionKind.DOZED and one.onset_ts is not None:
            # So that the night that is still to come can be told.
            key = _key(_night_of(one.onset_ts), HappeningKind.FELL_ASLEEP)
            await self._coordinator.worker.async_run(WearerStore.release_nudge, [key])
        elif one.kind is TransitionKind.WOKE_UP:
            day = _local(one.ts).date()
            await self._async_score(day)
            woke_up = Happening(HappeningKind.WOKE_UP, one.ts, data=self._summary(day, one.ts))
            await tell(_key(day, HappeningKind.WOKE_UP), woke_up)

    async def _async_go_on(self, fell_asleep: str, woke_up: str) -> None:
        """Give both keys back to a night that goes on after its waking was told.

        Who is up for an hour in the small hours falls asleep again, and wakes in the morning.
        """
        run = self._coordinator.worker.async_run
        if woke_up in await run(WearerStore.fired_nudges):
            await run(WearerStore.release_nudge, [fell_asleep, woke_up])

    async def _async_score(self, day: date) -> None:
        """Let the night be scored now; waits for it, but not for ever."""
        task = self._run(self._coordinator.sweeper.async_score(day), "night's score")
        await asyncio.wait({task}, timeout=SCORE_SECONDS)

    def _summary(self, day: date, woke_ts: float) -> dict[str, Any]:
        found: dict[str, Any] = {
            "day": day.isoformat(),
            "happened_at": moment(woke_ts),
            "sleep_min": None,
            "recovery": None,
            "recovery_band": None,
            "provisional": True,
        }
        night = self._coordinator.data.nights.night
        if night is None or night.result.day != day:
            return found
        sleep, recovery = (night.result.metrics[key].value for key in ("sleep_min", "recovery"))
        found |= {"sleep_min": sleep, "provisional": not night.final}
        if recovery is not None:
            found |= {"recovery": whole(recovery), "recovery_band": band_name(recovery)}
        return found

    async def _async_tell_workout(self, going: Going) -> None:
        day = _local(going.start_ts).date()
        now = dt_util.utcnow().timestamp()
        await self._coordinator.happenings.async_tell_once(
            span_key(day, HappeningKind.WORKOUT_STARTED, going.start_ts, max(now, going.start_ts)),
            Happening(
                HappeningKind.WORKOUT_STARTED,
                going.start_ts,
                data={"start": moment(going.start_ts), "kind": going.kind},
            ),
        )

    @callback
    def _run(self, work: Coroutine[Any, Any, Any], name: str) -> asyncio.Task[None]:
        async def guarded() -> None:
            try:
                await work
            except WorkerClosed:
                pass
            except StoreError:
                _LOGGER.warning("What was seen of the present could not be told", exc_info=True)

        return self._coordinator.config_entry.async_create_background_task(
            self._hass, guarded(), f"openstrap {name}"
        )

    @callback
    def _cancel(self, *, look: bool = False, stale: bool = False) -> None:
        if look and self._unsub_look is not None:
            self._unsub_look()
            self._unsub_look = None
        if stale and self._unsub_stale is not None:
            self._unsub_stale()
            self._unsub_stale = None


def _key(day: date, kind: HappeningKind) -> str:
    return f"{day.isoformat()}:{kind}"


def _local(ts: float) -> datetime:
    return dt_util.as_local(dt_util.utc_from_timestamp(ts))


def _night_of(onset_ts: float) -> date:
    """Give the date of the noon that follows, by which an evening knows its night."""
    local = _local(onset_ts)
    return local.date() + timedelta(days=int(local.hour >= NOON_H))


def _meaning(view: LiveView) -> LiveView:
    """Leave out what changes with every look."""
    return replace(view, at_ts=None, confidence=0.0)


def _age_s(before: LiveView, view: LiveView) -> float:
    return (view.at_ts or 0.0) - (before.at_ts or 0.0)


def _forgetful(held: Held) -> Held:
    """Let habits be read anew."""
    return replace(held, habits=None)
