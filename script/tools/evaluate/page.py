"""The page about accuracy: what was measured, beside what others published, in plain words."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from string import Template
from typing import Any, Final

from .page_tables import DASH, DRAWN, TABLES, UNPUBLISHED, Line

WORDS: Final = Path(__file__).with_name("page.md")
"""The words around the tables; ``$name`` stands for the table of a format."""


def page(results: Iterable[Mapping[str, Any]]) -> str:
    """Write the page from results of ``script/evaluate``; each names its ``format``.

    Raises KeyError when a format of the page has no result; ``UNPUBLISHED`` ones need none.
    """
    by_format = {str(result["format"]): result for result in results}
    shown = [name for name in TABLES if name not in UNPUBLISHED]
    tables = {name: _table(TABLES[name], by_format[name], DRAWN.get(name)) for name in shown}
    tables |= {name: _aims(TABLES[name]) for name in UNPUBLISHED}
    sure = {f"{name}_confidence": _confidence(by_format[name]) for name in shown}
    return Template(WORDS.read_text(encoding="utf-8")).substitute(
        tables | sure | {"confidence": _summary(by_format)}
    )


def _aims(lines: tuple[Line, ...]) -> str:
    """Say what is asked, where nothing that was measured may be shown."""
    rows = ["| What | Key | Aim | Others |", "| --- | --- | --- | --- |"]
    rows += [f"| {line.name} | `{line.key}` | {line.target} | {line.others} |" for line in lines]
    return "\n".join(rows)


def _table(lines: tuple[Line, ...], result: Mapping[str, Any], drawn: str | None) -> str:
    rows = [
        f"| What | Measured | 95 % of {drawn or 'people'} | Aim | Others |",
        "| --- | --- | --- | --- | --- |",
    ]
    for line in lines:
        measured = _number(result.get(line.key), line.decimals)
        between = result.get("intervals", {}).get(line.key)
        interval = (
            f"{_number(between[0], line.decimals)} to {_number(between[1], line.decimals)}"
            if between
            else DASH
        )
        rows.append(f"| {line.name} | {measured} | {interval} | {line.target} | {line.others} |")
    return "\n".join(rows)


def _confidence(result: Mapping[str, Any]) -> str:
    groups = result.get("confidence_table") or []
    if not groups:
        return "No answer of this kind carries a confidence."
    rows = ["| Confidence | Mean error | Answers |", "| --- | --- | --- |"]
    rows += [
        f"| {group['confidence']:.2f} | {group['error']:.3f} | {group['n']} |" for group in groups
    ]
    return "\n".join(rows)


def _summary(by_format: Mapping[str, Mapping[str, Any]]) -> str:
    rows = [
        "| Recording | Error is | Least sure third | Middle | Most sure third | Falls |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    relative = []
    for name in TABLES:
        result = {} if name in UNPUBLISHED else by_format[name]
        groups = result.get("confidence_table") or []
        if len(groups) < 3:
            continue
        thirds = [
            _mean(groups[at * len(groups) // 3 : (at + 1) * len(groups) // 3]) for at in range(3)
        ]
        relative.append([third / _mean(groups) for third in thirds])
        rows.append(_third_row(f"`{name}`", str(result.get("confidence_error", DASH)), thirds))
    together = [sum(column) / len(column) for column in zip(*relative, strict=True)]
    rows.append(_third_row("all", "relative to the mean error of each", together))
    return "\n".join(rows)


def _third_row(name: str, error: str, thirds: list[float]) -> str:
    """One line of thirds, and whether the error falls from each to the next."""
    first, middle, last = thirds
    falls = "yes" if first > middle > last else "not steadily" if first > last else "no"
    shown = " | ".join(f"{third:.3f}" for third in thirds)
    return f"| {name} | {error} | {shown} | {falls} |"


def _mean(groups: list[dict[str, Any]]) -> float:
    total = sum(group["n"] for group in groups)
    return float(sum(group["error"] * group["n"] for group in groups) / total)


def _number(value: Any, decimals: int) -> str:
    return DASH if value is None else f"{value:.{decimals}f}"
