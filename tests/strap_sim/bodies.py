"""Bodies of the replies, byte by byte as straps send them."""

from typing import TYPE_CHECKING

from custom_components.openstrap.engine.protocol import Generation

from . import gatt
from .flash import stamp_of

if TYPE_CHECKING:
    from .strap import SimulatedStrap


def u32s(*values: int) -> bytes:
    """Write numbers of four bytes."""
    return b"".join((value & 0xFFFFFFFF).to_bytes(4, "little") for value in values)


_COMMIT = b"5eed0123abcd4567"
_GEN5_HARDWARE = (7, 52, 60)
_SIGNAL_PROCESSOR = (8, 6, 0)


def hello(strap: SimulatedStrap) -> bytes:
    """Say who the strap is: the body of 0x23 (gen4) or 0x91 (gen5)."""
    head = (
        u32s(round(strap.battery.percent * 10))
        + bytes((strap.battery.charging,))
        + u32s(*strap.stamp())
    )
    if strap.generation is Generation.GEN4:
        body = b"\4" + head + strap.config.serial.encode() + b"\0" + _COMMIT
        return (body + u32s(0, 0, 0, *strap.firmware_words)).ljust(124, b"\0")
    body = b"\1" + head + strap.config.serial.encode()[:11].ljust(11, b"\0")
    body += _COMMIT.ljust(24, b"0") + bytes(range(30)) + u32s(*_GEN5_HARDWARE)
    major, minor, build, unreleased = strap.firmware_words
    body += bytes((major, minor, build)) + u32s(unreleased)
    return body + bytes((*_SIGNAL_PROCESSOR, 0, strap.worn, 0))


def data_range(strap: SimulatedStrap, read_page: int) -> bytes:
    """Say what the strap holds: the body of 0x22."""
    strap.recorder.grow()
    flash = strap.flash
    trim = flash.oldest()
    read = next(
        (stamp_of(page.inners[0]) for page in flash.pages if page.number == read_page), flash.newest
    )
    raw = (flash.write_page + 1) % flash.total_pages if flash.wrap_count else 0
    return b"\1" + u32s(
        raw, read_page, flash.write_page, flash.trim_page, flash.wrap_count, flash.total_pages,
        flash.used, flash.free, *trim, *trim, *read, *flash.newest,
    )  # fmt: skip


def version(strap: SimulatedStrap) -> bytes:
    """Tell both firmwares: the body of 0x07."""
    return b"\1" + u32s(*strap.firmware_words, 17, 2, 2, 0)


def battery(strap: SimulatedStrap) -> bytes:
    """Tell the charge: the body of 0x1A."""
    if strap.generation is Generation.GEN4:
        return round(strap.battery.percent * 10).to_bytes(2, "little")
    return bytes((round(strap.battery.percent),))


def ext_battery(strap: SimulatedStrap) -> bytes:
    """Tell current, voltage and charge: the body of 0x62."""
    current = 60 if strap.battery.charging else -9
    body = bytearray(16)
    body[1:3] = (current & 0xFFFF).to_bytes(2, "little")
    body[5:7] = strap.battery.millivolts.to_bytes(2, "little")
    body[11:13] = round(strap.battery.percent).to_bytes(2, "little")
    return bytes(body)


def name(strap: SimulatedStrap) -> bytes:
    """Tell the owner's name for it: the body of 0x4C and 0x8D."""
    text = strap.config.name.encode()
    return bytes((1, 0, len(text))) + text


def location(_strap: SimulatedStrap) -> bytes:
    """Tell where it is worn: the body of 0x54."""
    return bytes((1, 0, 0xFF, 1))


def pack_info(_strap: SimulatedStrap) -> bytes:
    """Tell of a battery pack that is not there: the body of 0x97."""
    return bytes((1, 0)) + bytes(6) + b"none".ljust(16, b"\0") + bytes(4)


def value(strap: SimulatedStrap, uuid: str) -> bytes:
    """Give the value of a standard characteristic."""
    if uuid == gatt.BATTERY:
        gen4 = strap.generation is Generation.GEN4
        return bytes((100 if gen4 else round(strap.battery.percent),))
    texts = {
        gatt.MANUFACTURER: "WHOOP Inc.",
        gatt.MODEL: "5.0",
        gatt.SERIAL: strap.config.serial,
        gatt.FIRMWARE: ".".join(map(str, strap.firmware_words)),
        gatt.HARDWARE: "WG50_r52",
    }
    return texts[uuid].encode()
