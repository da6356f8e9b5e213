"""Leaves wearers' files whole for the backup that is about to copy them."""

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime
import logging
from typing import Final

from homeassistant.core import CALLBACK_TYPE, HassJob, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later
from homeassistant.util.hass_dict import HassKey

from .const import DOMAIN
from .store import StoreError, WearerStore
from .worker import Worker, WorkerClosed

_LOGGER = logging.getLogger(__name__)

# A backup waits no longer than this for a wearer's worker to come to the end of its job (s).
PATIENCE: Final = 30.0
# A file may stay frozen so long when nobody says that the backup is over (s). Frames go on into
# the journal meanwhile, which is a few MB an hour, so this may be as long as a slow backup takes.
FROZEN_FOR: Final = 3600.0

_RELEASE: HassKey[CALLBACK_TYPE] = HassKey(f"{DOMAIN}_backup")


async def async_pre_backup(hass: HomeAssistant) -> None:
    """Freeze the files of all wearers. Never raises: that would end the whole backup."""
    _forget_timer(hass)

    @callback
    def overdue(_now: datetime) -> None:
        del hass.data[_RELEASE]
        _LOGGER.warning("A backup has not come to an end; wearers' files are written to again")
        hass.async_create_task(_async_each(_workers(hass), _thaw), "openstrap thaw")

    hass.data[_RELEASE] = async_call_later(
        hass, FROZEN_FOR, HassJob(overdue, "openstrap backup", cancel_on_shutdown=True)
    )
    await _async_each(_workers(hass), _freeze)


async def async_post_backup(hass: HomeAssistant) -> None:
    """Let the files change again. Never raises."""
    _forget_timer(hass)
    await _async_each(_workers(hass), _thaw)


async def async_join_backup(hass: HomeAssistant, worker: Worker) -> None:
    """Freeze the file of a wearer who comes up while a backup is under way."""
    if _RELEASE in hass.data:
        await _async_each([worker], _join)


def _workers(hass: HomeAssistant) -> list[Worker]:
    entries = hass.config_entries.async_loaded_entries(DOMAIN)
    return [entry.runtime_data.worker for entry in entries]


def _forget_timer(hass: HomeAssistant) -> None:
    if (cancel := hass.data.pop(_RELEASE, None)) is not None:
        cancel()


def _freeze(store: WearerStore) -> None:
    store.freeze()


def _join(store: WearerStore) -> None:
    store.freeze(settle=False)


def _thaw(store: WearerStore) -> None:
    store.thaw()


async def _async_each(workers: Iterable[Worker], job: Callable[[WearerStore], None]) -> None:
    await asyncio.gather(*(_async_one(worker, job) for worker in workers))


async def _async_one(worker: Worker, job: Callable[[WearerStore], None]) -> None:
    try:
        async with asyncio.timeout(PATIENCE):
            await worker.async_run(job)
    except WorkerClosed:
        # Going down: what it leaves behind does not change any more.
        return
    except (StoreError, TimeoutError) as err:
        _LOGGER.warning("A wearer's file may be in two parts in the backup: %r", err)
