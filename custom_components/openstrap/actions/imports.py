"""The action that brings the history of another system in."""

from pathlib import Path
from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv
import voluptuous as vol

from ..coordinator import OpenStrapCoordinator
from ..import_job import ImportBusy, ImportWish, async_import
from ..imports import ImportRefused
from .action import Answer, Fields, action_error, write_action
from .export import ATTR_PATH, is_allowed

ATTR_DRY_RUN: Final = "dry_run"
ATTR_BASELINES: Final = "baselines"


async def _async_import(wearer: OpenStrapCoordinator, fields: Fields) -> Answer:
    """Tell what a file holds and, unless it is tried only, what became of it."""
    path = Path(fields[ATTR_PATH])
    await wearer.hass.async_add_executor_job(_check, wearer.hass, path)
    wish = ImportWish(dry_run=fields[ATTR_DRY_RUN], baselines=fields.get(ATTR_BASELINES))
    try:
        report = await async_import(wearer, path, wish)
    except ImportBusy as err:
        raise action_error("import_busy") from err
    except ImportRefused as err:
        raise action_error(f"import_{err.code}", path=str(path), **err.placeholders) from err
    return report.to_dict()


def _check(hass: HomeAssistant, path: Path) -> None:
    """Hold from where files may be read; asks the disk, hence not in the event loop."""
    if not is_allowed(hass, path):
        raise action_error("path_not_readable", path=str(path))
    if not path.exists():
        raise action_error("no_file", path=str(path))


ACTIONS: Final = (
    write_action(
        "import_history",
        {
            vol.Required(ATTR_PATH): cv.string,
            vol.Optional(ATTR_DRY_RUN, default=True): cv.boolean,
            vol.Optional(ATTR_BASELINES): cv.boolean,
        },
        _async_import,
    ),
)
