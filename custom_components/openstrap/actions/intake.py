"""The action that takes frames in, for scripts that have some."""

from typing import Final

from homeassistant.helpers import config_validation as cv
import voluptuous as vol

from ..coordinator import OpenStrapCoordinator
from ..engine.protocol import Generation
from ..phone.body import MAX_STRINGS
from .action import Answer, Fields, action_error, write_action

ATTR_FRAMES: Final = "frames"
ATTR_GENERATION: Final = "generation"


async def _async_ingest(wearer: OpenStrapCoordinator, fields: Fields) -> Answer:
    """Take hexadecimal strings in, as a phone sends them; the answer is what became of them."""
    frames, generation = fields[ATTR_FRAMES], fields.get(ATTR_GENERATION)
    if len(frames) > MAX_STRINGS:
        raise action_error("too_many_frames", count=str(len(frames)), most=str(MAX_STRINGS))
    report = await wearer.async_ingest_hex(
        frames, None if generation is None else Generation(generation)
    )
    return {
        "received": report.received,
        "new": report.new,
        "duplicate": report.duplicate,
        "decoded": report.decoded,
        "rejected": dict(report.rejected),
        "minutes": report.minutes,
        "days": [day.isoformat() for day in sorted(report.days)],
    }


ACTIONS: Final = (
    write_action(
        "ingest",
        {
            vol.Required(ATTR_FRAMES): vol.All(cv.ensure_list, [cv.string]),
            vol.Optional(ATTR_GENERATION): vol.In([one.value for one in Generation]),
        },
        _async_ingest,
    ),
)
