"""script/evaluate: told by what is in a folder, one JSON object a path."""

import gzip
import json
from pathlib import Path
import shutil
import subprocess
import sys

import pytest

from .evaluated import ROOT, run

pytestmark = pytest.mark.full  # each starts the script anew


def test_reference_variability(shared_data: Path) -> None:
    """Raw windows as neurokit2, cleaned records as the rule of 20 %."""
    status, (found,) = run(shared_data / "rr_24h")
    assert status == 0
    assert found["windows"] >= 100
    for key in ("rmssd_rel_err_max", "sdnn_rel_err_max", "mean_nn_rel_err_max"):
        assert found[key] < 0.005
    assert found["clean_rmssd_rel_err_median"] <= 0.05
    assert found["clean_rmssd_rel_err_max"] <= 0.15
    assert len(found["per_record"]) == found["records"] == 20


def test_a_night_beside_its_reference(shared_data: Path) -> None:
    """The reference is worked out from the tables, as their description gives it."""
    status, (found,) = run(shared_data / "whoop_real_night")
    assert status == 0
    reference = found["reference"]
    assert reference["mean_hr_bpm"] == pytest.approx(66.7, abs=0.05)
    assert reference["lowest_5_min_hr_bpm"] == pytest.approx(55.8, abs=0.05)
    assert reference["mean_rr_ms"] == pytest.approx(896, abs=0.5)
    assert reference["rmssd_20_percent_ms"] == pytest.approx(62.9, abs=0.1)
    assert reference["rejected_pairs_fraction"] == pytest.approx(0.084, abs=0.001)
    assert reference["rr_coverage"] == pytest.approx(0.91, abs=0.005)
    assert found["resting_hr_bpm"] == pytest.approx(59.33, abs=0.01)
    raw = found["raw_records"]
    assert raw["heart_rate_and_intervals_as_said"] == raw["records"] == 550
    assert (raw["beats"], raw["runs"]) == (340, 19)


def test_a_copy_under_another_name(shared_data: Path, tmp_path: Path) -> None:
    """Other names, no compression, other people: told by columns; a file stands for its folder."""
    source = shared_data / "rr_24h"
    wanted = "013"
    for name, new in (("rr.csv.gz", "a.csv"), ("hrv_reference_record.csv", "b.csv")):
        file = source / name
        text = gzip.open(file, "rt").read() if name.endswith("gz") else file.read_text()
        lines = text.splitlines()
        kept = [line for line in lines[1:] if line.startswith(wanted + ",")]
        (tmp_path / new).write_text("\n".join([lines[0], *kept]).replace(wanted, "someone"))
    status, (found,) = run(tmp_path / "a.csv")
    assert status == 0
    assert found["per_record"][0]["record"] == "someone"
    assert found["windows"] == 0


def test_protocol_vectors(shared_data: Path, tmp_path: Path) -> None:
    """As a file of any name, or the folder it lies in."""
    copy = tmp_path / "copy.jsonl"
    shutil.copy(shared_data / "protocol_cases.jsonl", copy)
    status, found = run(copy, tmp_path)
    assert status == 0
    assert [result["cases"] == result["passed"] > 700 for result in found] == [True, True]
    assert [result["path"] for result in found] == [str(copy), str(tmp_path)]


def test_what_is_unknown_is_said_and_the_rest_runs(
    tmp_path: Path,
) -> None:
    """Nothing there, nothing known, not what it says it is: an error each, and status 2."""
    for name, content in (
        ("other", {"x.csv": "a,b\n1,2\n"}),
        ("garbled", {"x.csv": "record,rr_ms\na,ten\n", "y.csv": "record,rmssd_nn20\na,5\n"}),
        ("not_gzip", {"x.csv.gz": "record,rr_ms\n"}),
        ("words", {"x.jsonl": "{}\n"}),
        ("text", {"x.jsonl": "hello\n"}),
    ):
        (tmp_path / name).mkdir()
        for file, text in content.items():
            (tmp_path / name / file).write_text(text)
    (tmp_path / "fine").mkdir()
    series = "".join(f"a,{800 + 10 * (beat % 7)}\n" for beat in range(3000))
    (tmp_path / "fine" / "rr.csv").write_text("record,rr_ms\n" + series)
    (tmp_path / "fine" / "reference.csv").write_text("record,rmssd_nn20\na,24.4949\n")
    names = ("nowhere", "other", "garbled", "not_gzip", "words", "text", "fine")
    status, found = run(*(tmp_path / name for name in names))
    assert status == 2
    assert ["error" in result for result in found] == [True] * 6 + [False]
    assert found[0]["error"] == "no such file or folder"
    assert found[-1]["clean_rmssd_rel_err_median"] < 0.01


def test_engine_only() -> None:
    """No Home Assistant is loaded: a second would become ten."""
    code = "import sys, script.tools.evaluate.__main__; print('homeassistant' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"


def test_paths_are_meant_from_where_the_caller_stands(tmp_path: Path) -> None:
    """The script itself, from another folder; and its help."""
    script = str(ROOT / "script" / "evaluate")
    (tmp_path / "here").mkdir()
    done = subprocess.run(
        [script, "here"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert json.loads(done.stdout)["error"] == "holds no recording of a known format"
    shown = subprocess.run(
        [script, "--help"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert "script/evaluate [--page FILE] PATH..." in shown.stdout
    assert subprocess.run([script], capture_output=True, check=False).returncode == 2
