"""The action that writes a wearer's days to a file the caller names."""

from datetime import date
from pathlib import Path
from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv
import voluptuous as vol

from .. import answers
from ..coordinator import OpenStrapCoordinator
from ..export import FORMATS, ExportFile
from ..store import WearerStore
from .action import Answer, Fields, action_error, read_action
from .fields import ATTR_END_DATE, ATTR_START_DATE, RANGE, day_of, range_of, today

ATTR_PATH: Final = "path"
ATTR_FORMAT: Final = "format"
ATTR_OVERWRITE: Final = "overwrite"
CHUNK_DAYS: Final = 10
"""Days that are read in one job of the worker, and held in memory at once."""


async def _async_export(wearer: OpenStrapCoordinator, fields: Fields) -> Answer:
    """Write results and journal, never frames; all of it without a range."""
    hass, run = wearer.hass, wearer.worker.async_run
    path = Path(fields[ATTR_PATH])
    kind = fields.get(ATTR_FORMAT) or path.suffix.lstrip(".").lower()
    if kind not in FORMATS:
        raise action_error("export_format", known=", ".join(FORMATS))
    start, end = date.min, day_of(fields, ATTR_END_DATE) or today()
    if fields.get(ATTR_START_DATE) is not None:
        start, end = range_of(fields, most=None)
    start, end = await run(_known_range, start, end)
    await hass.async_add_executor_job(_check, hass, path, fields[ATTR_OVERWRITE])
    file = ExportFile(path, kind, overwrite=fields[ATTR_OVERWRITE])
    days = 0
    try:
        await hass.async_add_executor_job(file.open)
        for first, last in answers.chunks(start, end, CHUNK_DAYS):
            rows = await run(answers.exported, first, last)
            days += len(rows)
            await hass.async_add_executor_job(file.write, rows)
        await hass.async_add_executor_job(file.finish)
    except FileExistsError as err:
        raise action_error("file_exists", path=str(path)) from err
    except OSError as err:
        raise action_error("file_failed", path=str(path), reason=str(err)) from err
    finally:
        await hass.async_add_executor_job(file.discard)
    return {"path": str(path), "format": kind, "days": days}


def _known_range(store: WearerStore, start: date, end: date) -> tuple[date, date]:
    """Narrow a range to the days that have a result or an entry; to its end where none has."""
    known = (*store.known_days(start, end), *store.journal(start, end))
    return min(known, default=end), max(known, default=end)


def is_allowed(hass: HomeAssistant, path: Path) -> bool:
    """Tell whether Home Assistant may read and write there; asks the disk."""
    # No file has such a name, and looking for one is an error of its own.
    if "\0" in str(path):
        return False
    return path.is_absolute() and hass.config.is_allowed_path(str(path))


def _check(hass: HomeAssistant, path: Path, overwrite: bool) -> None:
    """Hold where files may be written; asks the disk, hence not in the event loop."""
    if not is_allowed(hass, path):
        raise action_error("path_not_allowed", path=str(path))
    if path.resolve().is_relative_to(Path(hass.config.path("www")).resolve()):
        # Anybody who knows the address reads what lies there, without a log-in.
        raise action_error("path_public", path=str(path))
    if not path.parent.is_dir():
        raise action_error("no_folder", path=str(path.parent))
    if path.exists() and not (overwrite and path.is_file()):
        raise action_error("file_exists", path=str(path))


ACTIONS: Final = (
    read_action(
        "export",
        RANGE
        | {
            vol.Required(ATTR_PATH): cv.string,
            vol.Optional(ATTR_FORMAT): vol.In(FORMATS),
            vol.Optional(ATTR_OVERWRITE, default=False): cv.boolean,
        },
        _async_export,
    ),
)
