"""What a scan of a journal hands back."""

from dataclasses import asdict, dataclass
from typing import Any, Final, Literal

type Kind = Literal["tag", "number"]

# Reasons why a pair was not tested, or is no finding.
CONSTANT: Final = "constant"
"""Its outcome, or the number itself, was always the same."""
WEAK: Final = "weak"
"""Real, but too small to name."""
CHANCE: Final = "chance"
"""Not beyond what chance gives in so many tests."""


@dataclass(frozen=True, slots=True)
class Effect:
    """One thing written down against one outcome, ``lag_days`` later.

    Of a tag ``effect`` is Cohen's d and ``shift`` the Hodges-Lehmann difference in the unit of
    the outcome; of a number Spearman's rho and the Theil-Sen slope, outcome a unit. Both are of
    the outcome without its weekday's median and what the day before foretold. ``usual_with`` and
    ``usual_without`` are medians as measured; None for a number. ``n_without`` of a number is 0.
    ``low`` and ``high`` (90 %) are known of findings only, and far from one sizes are understated.
    ``note`` says why it is no finding.
    """

    kind: Kind
    name: str
    outcome: str
    lag_days: int
    n_with: int
    n_without: int
    usual_with: float | None
    usual_without: float | None
    effect: float
    shift: float
    p: float
    p_rotated: float
    q: float = 1.0
    low: float | None = None
    high: float | None = None
    note: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON types."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A pair that was not tested and why."""

    name: str
    outcome: str
    note: str

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON types."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Insights:
    """What a scan of a journal found: at most five ``findings``, the surest first.

    ``tested`` are all pairs that were, findings among them, ``family`` how many the correction
    was made for, ``note`` why the scan as a whole says nothing.
    """

    findings: tuple[Effect, ...] = ()
    tested: tuple[Effect, ...] = ()
    refused: tuple[Refusal, ...] = ()
    entries: int = 0
    span_days: int = 0
    family: int = 0
    note: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON types; of the pairs without a finding only their number."""
        return {
            "findings": [effect.to_dict() for effect in self.findings],
            "tested": len(self.tested),
            "refused": [refusal.to_dict() for refusal in self.refused],
            "entries": self.entries,
            "span_days": self.span_days,
            "family": self.family,
            "note": self.note,
        }
