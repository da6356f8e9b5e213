"""Read hex, say what it is."""

import argparse
from collections.abc import Iterable, Iterator
from dataclasses import is_dataclass
from enum import Enum
import json
import os
from pathlib import Path
import sys
from typing import Any, Final, TextIO

from openstrap.engine.protocol import (
    Generation,
    HexRejected,
    Inner,
    Trust,
    Undecodable,
    decode,
    field_specs,
    parse_hex,
)

from .inspect_words import REJECTIONS, notes, sentence, type_name, utc, when

LISTED: Final = 8
"""Numbers of a long row that the table shows."""
LONG: Final = 64
"""Characters of a long text, and of a rejected line, that are shown again."""


def main(arguments: list[str] | None = None) -> int:
    """Inspect a file or standard input; bad lines are answers, not errors."""
    parser = argparse.ArgumentParser(
        prog="script/inspect",
        description="Say what packets of a WHOOP strap are: one JSON object a packet.",
        epilog="Input: hex, one inner payload or whole frames a line. Empty lines and what "
        "follows a # are ignored. Trust: verified, empirical (plausible, not proven), disputed, "
        "refuted (its usual name is wrong), unknown. "
        "Offsets count from the packet type, those of parts (detail.…) from their own first byte.",
    )
    parser.add_argument("file", nargs="?", default="-", help="file to read, - for standard input")
    parser.add_argument("--table", action="store_true", help="for reading, instead of JSON")
    parser.add_argument(
        "--generation",
        type=Generation,
        choices=list(Generation),
        metavar="{gen4,gen5}",
        help="of payloads without a frame around them; guessed when not given",
    )
    options = parser.parse_args(arguments)
    try:
        if options.file == "-":
            inspect(sys.stdin.buffer, sys.stdout, options.generation, table=options.table)
        else:
            with Path(options.file).open("rb") as lines:
                inspect(lines, sys.stdout, options.generation, table=options.table)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read us has seen enough; the interpreter would complain once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        print(f"inspect: {options.file}: {error.strerror}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    return 0


def inspect(
    lines: Iterable[bytes],
    out: TextIO,
    generation: Generation | None = None,
    *,
    table: bool = False,
) -> None:
    """Write what each line holds, as soon as it is read."""
    for number, raw in enumerate(lines, start=1):
        text = raw.decode("utf-8-sig", "replace").partition("#")[0].strip()
        if not text:
            continue
        for answer in describe_line(text, generation):
            answer = {"line": number} | answer
            print(_table(answer) if table else json.dumps(answer), file=out, flush=True)


def describe_line(text: str, generation: Generation | None = None) -> Iterator[dict[str, Any]]:
    """Describe every packet of one line, then what is wrong with the rest of it."""
    rejected: HexRejected | None = None
    try:
        inners: Iterable[Inner] = parse_hex(text, generation)
    except HexRejected as error:
        inners, rejected = error.inners, error
    for inner in inners:
        yield describe(inner)
    if rejected is not None:
        shown = text if len(text) <= LONG else f"{text[:LONG]}…"
        yield {
            "kind": "rejected",
            "reason": rejected.reason,
            "summary": f"cannot be read: {REJECTIONS[rejected.reason]}",
            "input": shown,
        }


def describe(inner: Inner) -> dict[str, Any]:
    """Describe one packet: what it is, when, and every field; or why it cannot be read."""
    answer: dict[str, Any] = {
        "kind": "undecodable",
        "generation": str(inner.generation),
        "proven": inner.proven,
        "type": type_name(inner.data),
        "bytes": len(inner.data),
        "time": when(inner.data),
    }
    try:
        packet = decode(inner.data, inner.generation)
    except Undecodable as error:
        hint = ""
        if not inner.proven:
            hint = f"; {inner.generation} is a guess, try --generation"
        return answer | {
            "reason": error.reason,
            "summary": f"cannot be decoded: {error}{hint}",
            "hex": inner.data.hex(),
        }
    return answer | {
        "kind": packet.kind,
        "summary": sentence(packet),
        "notes": list(notes(packet, inner.data, inner.generation, proven=inner.proven)),
        "fields": list(_fields(packet)),
    }


def _fields(packet: object, prefix: str = "") -> Iterator[dict[str, Any]]:
    """Every field of a packet; those of its parts under dotted names."""
    for spec in field_specs(packet):
        value = getattr(packet, spec.name)
        name = prefix + spec.name
        if is_dataclass(value):
            yield from _fields(value, f"{name}.")
        elif isinstance(value, tuple) and value and is_dataclass(value[0]):
            for place, part in enumerate(value):
                yield from _fields(part, f"{name}[{place}].")
        else:
            yield {
                "name": name,
                "value": _plain(value),
                "unit": spec.unit,
                "trust": str(spec.trust),
                "meaning": spec.trust.word,
                "offset": spec.at,
            }


def _plain(value: Any) -> Any:
    """Give a value that JSON can hold."""
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Enum):
        return value.name
    return value


# --- for reading --------------------------------------------------------------


def _table(answer: dict[str, Any]) -> str:
    """Lay one answer out for eyes."""
    lines = [f"── line {answer['line']}: {answer['summary']}"]
    if answer["kind"] == "rejected":
        return "\n".join(
            [*lines, f"   reason      {answer['reason']}", f"   input       {answer['input']}", ""]
        )
    origin = "sure" if answer["proven"] else "guessed"
    lines.append(
        f"   packet      {answer['type']} / {answer['kind']}, {answer['bytes']} bytes, "
        f"{answer['generation']} ({origin})"
    )
    if answer["time"]:
        mark = "" if answer["time"]["clock_set"] else "   (clock not set)"
        lines.append(f"   time        {answer['time']['utc']}{mark}")
    if "reason" in answer:
        lines += [f"   reason      {answer['reason']}", f"   hex         {_shown(answer['hex'])}"]
    lines += [f"   note        {note}" for note in answer.get("notes", ())]
    rows = [_row(one) for one in answer.get("fields", ()) if one["value"] is not None]
    if rows:
        rows.insert(0, ("at", "field", "value", "unit", "trust"))
        widths = [max(len(row[column]) for row in rows) for column in range(5)]
        lines += ["   " + "  ".join(_pad(row, widths)).rstrip() for row in rows]
    return "\n".join([*lines, ""])


def _row(one: dict[str, Any]) -> tuple[str, str, str, str, str]:
    offset = "" if one["offset"] is None else str(one["offset"])
    value = _shown(one["value"])
    if one["unit"] == "s" and isinstance(one["value"], int):
        value += f" = {utc(one['value'])}"
    return offset, one["name"], value, one["unit"], f"{one['trust']} {Trust(one['trust']).word}"


def _pad(row: tuple[str, ...], widths: list[int]) -> Iterator[str]:
    yield row[0].rjust(widths[0])
    for cell, width in zip(row[1:], widths[1:], strict=True):
        yield cell.ljust(width)


def _shown(value: Any) -> str:
    """Write a value briefly."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, str) and len(value) > LONG:
        return f"{value[:LONG]}… ({len(value)})"
    if isinstance(value, list):
        if value and isinstance(value[0], list):
            return "; ".join(_shown(one) for one in value)
        listed = ", ".join(_shown(one) for one in value[:LISTED])
        return f"{listed}, … ({len(value)})" if len(value) > LISTED else f"[{listed}]"
    return str(value)


if __name__ == "__main__":
    sys.exit(main())
