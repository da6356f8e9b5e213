"""What a person debugging a strap gets to see."""

import io
import json
from pathlib import Path
import subprocess
import sys
from typing import Any

from hypothesis import given, strategies as st
import pytest

from script.tools import ROOT
from script.tools.inspect_frames import inspect, main

from . import material
from .material import ALL, GEN5, WORKED_FRAMES, Sample


def answers(*lines: str, generation: Any = None) -> list[dict[str, Any]]:
    """Inspect lines and read the JSON."""
    out = io.StringIO()
    inspect([line.encode() for line in lines], out, generation)
    return [json.loads(line, parse_constant=pytest.fail) for line in out.getvalue().splitlines()]


def table(*lines: str) -> str:
    """Inspect lines as a table."""
    out = io.StringIO()
    inspect([line.encode() for line in lines], out, table=True)
    return out.getvalue()


@pytest.mark.parametrize("sample", ALL, ids=[one.name for one in ALL])
def test_every_kind(sample: Sample) -> None:
    """A sentence, and every field with value, unit and trust."""
    (found,) = answers(sample.inner.hex(), generation=str(sample.generation))
    assert found["line"] == 1
    assert found["summary"]
    assert found["generation"] == sample.generation
    assert found["fields"]
    for field in found["fields"]:
        assert set(field) == {"name", "value", "unit", "trust", "meaning", "offset"}
    assert table(sample.inner.hex())


def test_a_record() -> None:
    """Value, unit and trust of a field, and the time in words."""
    (found,) = answers(material.r24().hex())
    fields = {one["name"]: one for one in found["fields"]}
    assert found["kind"] == "summary"
    assert found["summary"] == "summary record 34217036: heart rate 109 bpm, intervals 555, 564 ms"
    assert found["time"]["utc"] == "2026-06-08T14:22:54.432Z"
    assert fields["hr_bpm"] == {
        "name": "hr_bpm", "value": 109, "unit": "bpm", "trust": "V", "meaning": "verified", "offset": 17,
    }  # fmt: skip
    assert fields["u16_68"]["meaning"] == "refuted"
    assert "gen4 is a guess" in found["notes"][0]


@pytest.mark.parametrize(
    ("change", "note"),
    [
        ((17, 0), "heart rate 0 means no reading"),
        ((17, 250), "heart rate 250 is an artefact (25 to 230 is possible)"),
        ((18, 9), "9 intervals declared where 8 fit: none read"),
        ((20, 200), "1 of 2 intervals impossible and left out"),
        ((10, 0), "the strap's clock was not set: this time means nothing"),
    ],
)
def test_notes(change: tuple[int, int], note: str) -> None:
    """What to know before believing a field."""
    inner = bytearray(material.r24())
    inner[change[0]] = change[1]
    (found,) = answers(inner.hex())
    assert note in found["notes"]
    assert note in table(inner.hex())


def test_comments_spaces_and_several_frames() -> None:
    """Lines as people keep them."""
    found = answers(
        "", "# notes of the night", "  aa 0800 a8 23002300 ada86a2d  # hello", "aa0800a823014c00f2b5cdce" * 2
    )  # fmt: skip
    assert [(one["line"], one["type"], one["proven"]) for one in found] == [
        (3, "COMMAND", True), (4, "COMMAND", True), (4, "COMMAND", True),
    ]  # fmt: skip


def test_bad_lines_are_answers() -> None:
    """A reason in plain words, and the lines behind go on."""
    found = answers(
        "zz", "aa0", "00ff", "2f18", "\udcff".encode("utf-8", "surrogateescape").decode("latin-1")
    )
    assert [one["kind"] for one in found] == ["rejected"] * 3 + ["undecodable"] + ["rejected"]
    assert [one["reason"] for one in found[:4]] == [
        "not_hex",
        "odd_length",
        "unknown_type",
        "too_short",
    ]
    assert "shorter" in found[3]["summary"]
    assert "not_hex" in table("zz")
    assert "too_short" in table("2f18")


def test_good_frames_before_a_bad_one() -> None:
    """Both are told."""
    good = WORKED_FRAMES[0][1]
    found = answers(good + good[:-2])
    assert [one["kind"] for one in found] == ["command", "rejected"]


def test_commands_that_are_never_sent() -> None:
    """Seen on the air, marked as such."""
    (found,) = answers("23a7990100000000")
    assert "not a command that this project ever sends" in found["notes"]


@given(
    st.lists(st.sampled_from(ALL).map(lambda one: one.inner) | st.binary(max_size=120), max_size=4)
)
def test_any_bytes(inners: list[bytes]) -> None:
    """No line makes it stumble, in either form."""
    lines = [inner.hex() for inner in inners]
    answers(*lines)
    answers(*lines, generation=GEN5)
    table(*lines)


@pytest.mark.parametrize("arguments", [["--frobnicate"], ["--generation", "gen6"], ["a", "b"]])
def test_usage_errors(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """End with 2."""
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert "usage" in capsys.readouterr().err


def test_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file by name; one that is not there is an error of usage."""
    path = tmp_path / "lines.txt"
    path.write_text("23002300\nzz\n")
    assert main([str(path), "--generation", "gen5"]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert json.loads(first)["generation"] == "gen5"
    assert json.loads(second)["reason"] == "not_hex"
    assert main([str(tmp_path / "none.txt")]) == 2
    assert "none.txt" in capsys.readouterr().err
    assert main([str(tmp_path)]) == 2


def command(*arguments: str) -> list[str]:
    """Run the module as the script does."""
    return [sys.executable, "-m", "script.tools.inspect_frames", *arguments]


def test_standard_input() -> None:
    """As a filter."""
    done = subprocess.run(
        command(), input=b"23002300\n", capture_output=True, check=True, cwd=ROOT
    )  # fmt: skip
    assert json.loads(done.stdout)["type"] == "COMMAND"
    assert done.stderr == b""


def test_reader_that_has_seen_enough() -> None:
    """``| head`` ends it without a word."""
    with subprocess.Popen(
        command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT
    ) as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        process.stdin.write(b"23002300\n" * 10)
        process.stdin.flush()
        assert process.stdout.readline()
        process.stdout.close()
        try:
            process.stdin.write(b"23002300\n" * 20_000)
            process.stdin.close()
        except BrokenPipeError:
            pass
        assert process.stderr.read() == b""
        assert process.wait(timeout=30) == 0


def test_it_does_not_load_home_assistant() -> None:
    """It must start at once."""
    code = "import script.tools.inspect_frames, sys; print('homeassistant' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, text=True, cwd=ROOT
    )
    assert done.stdout.strip() == "False"
