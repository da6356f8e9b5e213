"""Each adapter of script/evaluate knows the folders of its own kind, and no others."""

from pathlib import Path

import pytest

from script.tools.evaluate.__main__ import ADAPTERS, evaluate
from tests.engine.recovery.people import FIRST
from tests.test_evaluate_whoop import (
    CYCLES,
    SLEEPS,
    VERSIONS,
    WORKOUTS,
    cycle,
    some_workouts,
    written,
)

pytestmark = pytest.mark.full

NAMES = [adapter.__name__.rpartition(".")[2] for adapter in ADAPTERS]
DESCRIBED_ONLY = {"whoop_export_stats"}
"""Statistics of people, and no recording of any."""


def known(path: Path) -> list[str]:
    """Return the names of all adapters that take the path for theirs."""
    return [name for name, adapter in zip(NAMES, ADAPTERS, strict=True) if adapter.knows(path)]


def test_folders_are_known_to_their_own_adapter_alone(shared_data: Path) -> None:
    """Whatever the order in which they are asked."""
    folders = {path.name: path for path in shared_data.iterdir() if path.is_dir()}
    assert set(NAMES) - {"whoop_export"} == set(folders) - DESCRIBED_ONLY
    for name, folder in folders.items():
        assert known(folder) == ([] if name in DESCRIBED_ONLY else [name])


def test_a_file_stands_for_its_folder(shared_data: Path) -> None:
    """Any of its tables will do."""
    for name in sorted(set(NAMES) - {"whoop_export"}):
        for file in sorted((shared_data / name).glob("*.csv*")):
            assert known(file) == [name]


@pytest.mark.parametrize("version", list(VERSIONS))
@pytest.mark.parametrize("nested", [False, True])
def test_exports_are_known_to_theirs_alone(tmp_path: Path, version: str, nested: bool) -> None:
    """All three tables of each version, of one person or a folder each."""
    cycles, workouts = VERSIONS[version]
    for who in ("a", "b") if nested else (".",):
        folder = tmp_path / who
        written(folder / "physiological_cycles.csv", cycles, [cycle(FIRST)])
        written(folder / "sleeps.csv", SLEEPS, [cycle(FIRST)])
        written(folder / "workouts.csv", workouts, some_workouts(2))
        written(folder / "journal_entries.csv", ["Cycle start time", "Question text"], [])
    assert known(tmp_path) == ["whoop_export"]
    found = evaluate(tmp_path)
    assert (found["format"], found["people"]) == ("whoop_export", 2 if nested else 1)


@pytest.mark.parametrize("header", [CYCLES, WORKOUTS])
def test_one_table_of_an_export_is_enough(tmp_path: Path, header: list[str]) -> None:
    """Cycles or workouts; what tells of sleep alone has nothing to be compared with."""
    written(tmp_path / "x.csv", header, [])
    assert known(tmp_path) == ["whoop_export"]
    written(tmp_path / "x.csv", SLEEPS, [])
    assert known(tmp_path) == []
