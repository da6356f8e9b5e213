"""Files of every format with something broken in them: read or refused, never anything else."""

from datetime import date
from pathlib import Path
from random import Random

import pytest

from custom_components.openstrap.imports import ImportRefused, Part, Refusal
from custom_components.openstrap.imports.report import Survey
from custom_components.openstrap.imports.sniff import FORMATS

from .every_format import NOW, START, made
from .made_edge import history
from .makers import database, noop_tables
from .reading import BERLIN, parts_of

pytestmark = pytest.mark.full

TRIES = 60
SOURCES = {one.name: one.source for one in FORMATS}
ODD = (b"-1", b"1e308", b"9" * 25, b"nan", b"", b"\xff", b'"', b"0", b"\0")


def broken(whole: bytes, dice: Random) -> bytes:
    """Break a file: cut off, with wrong bytes, with a hole, with a piece twice, with odd numbers."""
    data, at = bytearray(whole), dice.randrange(len(whole))
    match dice.randrange(5):
        case 0:
            del data[at:]
        case 1:
            for _ in range(dice.choice([1, 3, 20, 200])):
                data[dice.randrange(len(data))] = dice.randrange(256)
        case 2:
            del data[at : at + dice.randrange(1, 2000)]
        case 3:
            data[at:at] = data[at : at + dice.randrange(1, 500)]
        case _:
            for _ in range(5):
                digits = [place for place, byte in enumerate(data) if chr(byte).isdigit()]
                place = dice.choice(digits)
                data[place : place + 1] = dice.choice(ODD)
    return bytes(data)


@pytest.mark.parametrize("name", [*sorted(SOURCES), "noop_csv", "noop database"])
def test_no_damage_breaks_a_reader(tmp_path: Path, name: str) -> None:
    """What is read has numbers that can be, and what is refused has a reason."""
    whole = tmp_path / "whole"
    if name == "openstrap_app":
        history(whole, date(2026, 3, 28), 3, zone=BERLIN)
    elif name == "noop database":
        database(whole, noop_tables(START))
    else:
        made(whole, name)
    dice, reasons = Random(name), set()
    for _ in range(TRIES):
        file = tmp_path / "broken"
        file.write_bytes(broken(whole.read_bytes(), dice))
        try:
            known, parts = parts_of(file)
            counted(known, parts).check()
        except ImportRefused as err:
            reasons.add(err.code)
    assert reasons & {Refusal.DAMAGED, Refusal.EMPTY}
    assert Refusal.GONE not in reasons


def counted(name: str, parts: list[Part]) -> Survey:
    """Count what is kept of parts."""
    survey = Survey(BERLIN, NOW, SOURCES[name])
    for part in parts:
        survey.add(part)
    return survey
