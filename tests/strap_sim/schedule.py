"""Faults drawn at random: one seed, one schedule, the same at every run."""

from collections.abc import Callable
from functools import partial
from random import Random
from typing import Final

from custom_components.openstrap.engine.protocol import Generation

from . import faults
from .faults import Fate, StrapFault
from .moments import Moment
from .sources import with_unknown_version
from .strap import SimulatedStrap

_ASKED: Final = (0x03, 0x0A, 0x0B, 0x14, 0x16, 0x17, 0x1A, 0x22, 0x23, 0x42, 0x4C, 0x8D, 0x91)
"""Commands whose replies may be wrong or missing."""
_CHANGES: Final = (
    faults.missing, faults.wrong_echo, faults.wrong_opcode, faults.failed, faults.truncated,
    faults.garbled,
)  # fmt: skip
_WHEN: Final = (Moment.CONNECT, Moment.ENCRYPTED, Moment.COMMAND, Moment.BURST, Moment.RECORD,
                Moment.END, Moment.ACK)  # fmt: skip
_OFTEN: Final = {Moment.RECORD: 200, Moment.CONNECT: 2, Moment.ENCRYPTED: 2, Moment.COMMAND: 12}

type _Draw = Callable[[Random], StrapFault]

_RADIO: Final[tuple[_Draw, ...]] = (
    lambda dice: faults.DropAfterBytes(dice.randrange(1, 12_000), dice.randrange(1, 4)),
    lambda dice: faults.Corrupt(dice.uniform(0.002, 0.1), dice.randrange(99), _limit(dice)),
    lambda dice: faults.Lose(dice.uniform(0.002, 0.1), dice.randrange(99), _limit(dice)),
    lambda dice: faults.Duplicate(dice.uniform(0.01, 0.2), dice.randrange(99), _limit(dice)),
    lambda dice: faults.Split(dice.uniform(0.05, 0.9), dice.randrange(99)),
    lambda dice: faults.Interleave(dice.uniform(0.05, 0.9), dice.randrange(99)),
    lambda _: faults.SmallMtu(),
    lambda dice: faults.SlowLink(dice.choice((20, 35, 130, 500))),
)
_WRITES: Final[tuple[_Draw, ...]] = (
    lambda dice: faults.WriteFate(_fate(dice), faults.ACK, dice.randrange(1, 6)),
    lambda dice: faults.WriteFate(_fate(dice), dice.choice(_ASKED), 1, dice.randrange(1, 3)),
    lambda dice: faults.IgnoredAck(
        dice.uniform(0.01, 5.0), dice.randrange(1, 6), only_end=dice.random() < 0.5
    ),
    lambda dice: faults.ReplyFault(
        dice.choice(_ASKED), dice.choice(_CHANGES), 1, dice.randrange(1, 4)
    ),
    lambda dice: faults.LateReply(dice.choice(_ASKED), dice.uniform(0.1, 12.0)),
    lambda dice: faults.HoldUp(
        dice.choice(("connect", "pair", "read", "write", "subscribe")),
        dice.uniform(0.01, 8.0),
        dice.choice((None, 1, 2, 5)),
    ),
)


def _limit(dice: Random) -> int:
    return dice.randrange(1, 12)


def _fate(dice: Random) -> Fate:
    return dice.choice([fate for fate in Fate if fate is not Fate.PASS])


def _happening(dice: Random, strap: SimulatedStrap) -> tuple[str, Callable[[], object]]:
    """Draw something that happens to the strap itself."""
    seconds = dice.choice((0.2, 3.0, 20.0, 90.0))
    jump = dice.choice((-100_000.0, -7_200.0, -5.0, 5.0, 7_200.0))
    happenings: list[tuple[str, Callable[[], object]]] = [
        ("drop", strap.drop),
        (f"mute {seconds} s", partial(strap.mute, seconds)),
        ("stall", strap.stall_history),
        ("resend", strap.resend_burst),
        ("restart", strap.restart),
        ("restart, clock lost", partial(strap.restart, lose_clock=True)),
        ("clock lost", strap.lose_clock),
        (f"clock jumps {jump} s", partial(strap.jump_clock, jump)),
        ("firmware", partial(strap.update_firmware, (41, 18, 0, 0))),
        (f"out of range {seconds} s", partial(strap.walk_away, seconds)),
        (f"phone {seconds} s", partial(strap.phone_takes, seconds)),
        ("keys lost", strap.bonding.forget),
        ("taken off", partial(strap.set_worn, False)),
        ("double tap", strap.double_tap),
        ("charger", partial(strap.battery.set_charging, True)),
    ]
    return dice.choice(happenings)


def schedule(strap: SimulatedStrap, seed: int, count: int = 3) -> list[str]:
    """Let so many things go wrong, drawn by the seed; gives what they are, to be shown.

    Every one of them ends: by itself, after a number of times, or by a new connection.
    Lost keys stay lost until the host removes its own.
    """
    dice = Random(seed)
    drawn = []
    for _ in range(count):
        sort = dice.choice(("radio", "write", "strap", "strap", "record"))
        if sort == "strap":
            moment = dice.choice(_WHEN)
            nth = dice.randrange(1, _OFTEN.get(moment, 6) + 1)
            name, action = _happening(dice, strap)
            strap.moments.at(moment, nth, action)
            drawn.append(f"{name} at {moment} {nth}")
        elif sort == "record" and strap.generation is Generation.GEN4:
            every = dice.randrange(2, 50)
            strap.source = with_unknown_version(strap.source, every, dice.choice((99, 25, 200)))
            drawn.append(f"unknown version every {every}")
        else:
            fault = dice.choice(_RADIO if sort == "radio" else _WRITES)(dice)
            strap.add_fault(fault)
            drawn.append(repr(fault))
    return drawn
