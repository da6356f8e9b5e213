"""A measured number and the budget it has to keep."""

from collections.abc import Callable
from dataclasses import dataclass
import gc
from statistics import median
import time
from typing import Any, Final, Literal

REPEATS: Final = 5
MANY: Final = 12  # more runs than that are counted, not listed


@dataclass(frozen=True, slots=True)
class Figure:
    """The median of several runs.

    ``budget`` is None where nothing was promised; ``sense`` says on which side of it
    the value has to lie.
    """

    name: str
    unit: str
    runs: tuple[float, ...]
    budget: float | None = None
    sense: Literal["over", "under"] = "under"
    note: str = ""

    @property
    def value(self) -> float:
        """The median."""
        return median(self.runs)

    @property
    def met(self) -> bool | None:
        """Whether the budget is kept; None without one."""
        if self.budget is None:
            return None
        return self.value > self.budget if self.sense == "over" else self.value < self.budget

    def to_dict(self) -> dict[str, Any]:
        """Give plain JSON types."""
        row: dict[str, Any] = {"name": self.name, "median": _short(self.value), "unit": self.unit}
        if self.budget is not None:
            row |= {"budget": f"{self.sense} {self.budget:.10g}", "met": self.met}
        if len(self.runs) > MANY:
            row |= {"runs": len(self.runs)}
        else:
            row |= {"runs": [_short(run) for run in self.runs]}
        return row | ({"note": self.note} if self.note else {})


def seconds(work: Callable[[], object], repeats: int = REPEATS) -> tuple[float, ...]:
    """Time some work, after one run that warms caches and imports."""
    work()
    return tuple(timed(work) for _ in range(repeats))


def timed(work: Callable[[], object]) -> float:
    """Time some work once."""
    gc.collect()  # so that no run pays for another's rubbish
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _short(value: float) -> float:
    """Four significant digits: the rest is noise."""
    return float(f"{value:.4g}")
