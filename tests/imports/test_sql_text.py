"""A dump's statements, read and never run."""

from pathlib import Path

import pytest

from custom_components.openstrap.imports import ImportRefused, Refusal, open_import
from custom_components.openstrap.imports.sql_text import Told, rows_of


def rows(tmp_path: Path, dump: str) -> list[Told]:
    """Read the tables "days" and "naps" of a dump."""
    file = tmp_path / "dump.sql"
    file.write_text(dump, encoding="utf-8")
    with open_import(file, tmp_path) as opened:
        return list(rows_of(opened, opened.members[0], frozenset({"days", "naps"})))


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("7", 7),
        ("-7", -7),
        ("- 7", -7),
        ("+ 7.5", 7.5),
        ("1e3", 1000.0),
        ("'it''s'", "it's"),
        ("NULL", None),
        ("X'0a0b'", None),
        ("unistr('a\\u000a')", None),
        ("replace('a\\nb','\\n',char(10))", None),
        ("1 + 2", None),
    ],
)
def test_values(tmp_path: Path, written: str, value: object) -> None:
    """As they stand; what would have to be worked out is not known, and shifts nothing."""
    dump = f"CREATE TABLE days (a, b, c);\nINSERT INTO days VALUES(1,{written},'c');"
    assert rows(tmp_path, dump) == [("days", {"a": 1, "b": value, "c": "c"})]


def test_several_rows_of_a_statement(tmp_path: Path) -> None:
    """Each is a row, whichever order the columns are told in."""
    dump = "INSERT INTO days (b, a) VALUES (1, 2), (3, 4);"
    assert rows(tmp_path, dump) == [("days", {"b": 1, "a": 2}), ("days", {"b": 3, "a": 4})]


def test_columns_of_a_table(tmp_path: Path) -> None:
    """Kinds, defaults and constraints are no columns; a quoted name may be any word."""
    dump = (
        "CREATE TABLE IF NOT EXISTS `Days` (a DECIMAL(4, 2) DEFAULT (1 + (2)), [check] TEXT, -- x\n"
        ' "B" INTEGER /* , y */, UNIQUE (a, "B"), CHECK (a > 0));\n'
        "INSERT OR REPLACE INTO Days VALUES(1,2,3);"
    )
    assert rows(tmp_path, dump) == [("days", {"a": 1, "check": 2, "b": 3})]


def test_tables_and_statements_that_nobody_asked_for(tmp_path: Path) -> None:
    """They are passed over, and so is a row that some other table would have to give."""
    dump = (
        "CREATE TABLE other (a);\nINSERT INTO other VALUES(1);\n"
        "CREATE TABLE days AS SELECT 1;\nCREATE TABLE naps (a);\n"
        "INSERT INTO naps SELECT a FROM other;\nINSERT INTO naps VALUES(2);"
    )
    assert rows(tmp_path, dump) == [("naps", {"a": 2})]


def test_a_row_of_an_unknown_table_is_damage(tmp_path: Path) -> None:
    """Without the names of its columns its values have none."""
    with pytest.raises(ImportRefused) as caught:
        rows(tmp_path, "CREATE TABLE days AS SELECT 1;\nINSERT INTO days VALUES(1);")
    assert caught.value.code is Refusal.DAMAGED


def test_values_that_stand_before_their_table(tmp_path: Path) -> None:
    """No row, and nothing to stumble over."""
    dump = "CREATE TABLE days (a);\nINSERT VALUES INTO days;\nINSERT INTO days VALUES(1);"
    assert rows(tmp_path, dump) == [("days", {"a": 1})]
