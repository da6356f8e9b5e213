"""What the band itself says of a waking: its alarm went off, or it was taken off the wrist."""

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.openstrap.engine.protocol.encode import encode_event
from custom_components.openstrap.engine.protocol.event import EventId
from custom_components.openstrap.happenings import Happening, HappeningKind

from .bedroom import MIN, OFFSET, ONSET, Bedroom, evening
from .frames import inners, record

# A night is lived through in each.
pytestmark = pytest.mark.full

STEP = 2 * MIN


@pytest.fixture
async def bedroom(
    home: HomeAssistant, wearer: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> Bedroom:
    """Give a wearer who sleeps, a quarter of an hour before they would wake by themselves."""
    room = await evening(home, wearer, freezer)
    await room.live(ONSET + 25 * MIN)
    assert room.told(HappeningKind.FELL_ASLEEP)
    await room.at(OFFSET - 15 * MIN)
    assert room.until is not None
    await room.bring(room.until, OFFSET - 15 * MIN)
    assert room.shown("binary_sensor.asleep")[0] == "on"
    return room


async def wakes(room: Bedroom, until: float) -> tuple[Happening, float]:
    """Live on until waking is told, at the latest to a moment; and how far records then reached."""
    assert room.until is not None
    while not (told := room.told(HappeningKind.WOKE_UP)):
        assert room.until < until, "nobody woke"
        await room.live(room.until + STEP, step=STEP)
    [woke] = told
    return woke, room.until


@pytest.mark.parametrize(
    ("fired_min", "within_min"),
    [
        # A quarter of an hour awake is what is asked otherwise.
        (None, (15, 26)),
        (-1, (5, 13)),
        # Who slept on for an hour after it did not wake by it.
        (-60, (15, 26)),
    ],
)
async def test_an_alarm_is_evidence_of_waking(
    bedroom: Bedroom, fired_min: float | None, within_min: tuple[float, float]
) -> None:
    """Whoever gets up by it is believed sooner; the time of waking is the same."""
    if fired_min is not None:
        await bedroom.events(encode_event(EventId.ALARM_FIRED, int(OFFSET + fired_min * MIN)))
    woke, seen_ts = await wakes(bedroom, OFFSET + 30 * MIN)
    assert woke.ts == pytest.approx(OFFSET, abs=4 * MIN)
    low, high = within_min
    assert low * MIN <= seen_ts - OFFSET <= high * MIN
    assert bedroom.shown("binary_sensor.asleep")[0] == "off"
    assert woke.data["sleep_min"] is not None


async def off_wrist(room: Bedroom, minutes: float) -> None:
    """Live on with a band on the table: records without a pulse, and without a movement."""
    assert room.until is not None
    end = room.until + minutes * MIN
    while room.until < end:
        start, room.until = room.until, room.until + STEP
        await room.at(room.until)
        frames = [record(second, hr_bpm=0) for second in range(int(start), int(room.until))]
        await room.coordinator.async_ingest(inners(frames))
        await room.at(room.until + 6)
        await room.at(room.until + 67)


async def test_taking_the_band_off_is_waking(bedroom: Bedroom) -> None:
    """Once it has been off for ten minutes; it has the time at which it was taken off."""
    assert bedroom.until is not None
    off_ts = bedroom.until
    await bedroom.events(encode_event(EventId.WRIST_OFF, int(off_ts)))
    await off_wrist(bedroom, 8)
    assert not bedroom.told(HappeningKind.WOKE_UP), "it may have been shifted"
    await off_wrist(bedroom, 6)
    [woke] = bedroom.told(HappeningKind.WOKE_UP)
    assert woke.ts == int(off_ts)
    state, attributes = bedroom.shown("binary_sensor.asleep")
    assert (state, attributes["note"]) == ("unknown", "not_worn")
    assert woke.data["day"] == "2026-01-15"


async def test_a_pulse_says_that_an_event_was_lost(bedroom: Bedroom) -> None:
    """Taken off and put on again, of which only the first was heard: sleep goes on."""
    assert bedroom.until is not None
    off_ts = bedroom.until - 60 * MIN
    await bedroom.events(encode_event(EventId.WRIST_OFF, int(off_ts)))
    await bedroom.live(OFFSET - 3 * MIN, step=STEP)
    assert not bedroom.told(HappeningKind.WOKE_UP)
    assert bedroom.shown("binary_sensor.asleep")[0] == "on"
