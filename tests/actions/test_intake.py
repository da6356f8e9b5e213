"""Taking frames in by an action."""

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.openstrap.phone.body import MAX_STRINGS

from ..frames import hexed, minute
from ..stored_days import local
from . import TODAY, Ask

pytestmark = pytest.mark.full


async def test_frames_come_in_once(ask: Ask, wearer: MockConfigEntry) -> None:
    """The answer counts them, and what was wrong with the others."""
    frames = hexed(minute(int(local(TODAY, 9))))
    answer = await ask("ingest", frames=[*frames, "xyz"], generation="gen4")
    assert (answer["received"], answer["new"], answer["decoded"]) == (61, 60, 60)
    assert sum(answer["rejected"].values()) == 1
    assert answer["days"] == ["2026-06-10"]
    again = await ask("ingest", frames=frames)
    assert (again["new"], again["duplicate"], again["days"]) == (0, 60, [])
    assert wearer.runtime_data.received == 121


async def test_too_many(ask: Ask) -> None:
    """As many as a phone may send at once."""
    key, placeholders = await ask.refused("ingest", frames=["00"] * (MAX_STRINGS + 1))
    assert (key, placeholders["most"]) == ("too_many_frames", str(MAX_STRINGS))
