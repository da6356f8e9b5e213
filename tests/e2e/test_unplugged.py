"""A proxy that loses its power while a real Home Assistant drains a band behind it."""

from pathlib import Path
import time

import pytest

from custom_components.openstrap.strap_dialer import AWAY_AFTER_S
from script.tools.home_assistant_client import Client, until
from script.tools.real_home_assistant import RealHomeAssistant
from tests.strap_sim.faults import SlowLink

from .figures import Figures
from .radio import Radio, adopt, leave, states, synced

pytestmark = pytest.mark.e2e


async def test_unplugged(
    home: RealHomeAssistant, owner: Client, radio: Radio, figures: Figures, tmp_path: Path
) -> None:
    """A proxy without power in the middle of a drain: one line each way, and it goes on by itself.

    What waits for the band to be heard again cannot tell an hour from the three minutes after
    which a band counts as away, so it is as long as that.
    """
    band = radio.band(5, 3000.0, SlowLink(130))
    proxy = await radio.join(owner)
    entry = await adopt(owner, home, band, "Unplugged")
    entities = await owner.entity_ids(entry)

    async def draining() -> bool | None:
        return True if len(band.strap.ledger.erasures) > 20 else None

    await until(draining)
    radio.do(radio.proxy.unplug)
    erased = band.strap.ledger.erased

    async def gone() -> bool | None:
        shown = await states(owner, entities, "connected")
        return True if shown["connected"] == "off" else None

    def told(words: str) -> int:
        lines = home.log.read_text().splitlines()
        return sum(words in line and entry in line for line in lines)

    async def away() -> bool | None:
        return True if told("is out of reach") else None

    await until(gone, timeout=30)
    await owner.close()  # a socket that nobody reads from for so long is dropped
    await until(away, timeout=AWAY_AFTER_S + 75, pause=1)
    assert band.strap.ledger.erased == erased
    begun = time.monotonic()
    radio.run(radio.proxy.replug())
    await synced(owner, entry, 150)
    figures.note(back_and_synced_after_s=time.monotonic() - begun)
    radio.do(lambda: band.verify(tmp_path))
    assert (told("is out of reach"), told("is back")) == (1, 1)
    await leave(owner, entry, proxy)
