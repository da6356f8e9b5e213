"""One verdict on whether the body is fighting something: two watches that check each other."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..baseline import DEGENERATE_BASELINE, need_baseline
from ..facts import DayFacts, calendar_days
from ..heart.illness import ALERT_BPM, NO_NIGHT_HR, WARN_BPM, Level
from ..signal.stats import median, sd
from .anomaly import BASELINE_DAYS, MIN_NIGHTS, RAISED_Z, SIGNS, Anomaly, anomaly, nightly_signs

NIGHT_HR: Final = "night_hr_median_bpm"
WALK_DAYS: Final = BASELINE_DAYS + 8
"""Earlier nights that are judged first, so that those that were raised are in no baseline. With
the baseline of the oldest no more than 120 days are looked at."""
ALERT_SPREADS: Final = 1.5
"""A rise in bpm counts only if it is also so many standard deviations of this wearer's nights:
three or four bpm are an ordinary night of people whose nights vary much (judgement, set so that a
steady year has few alerts)."""
LEAN_Z: Final = 1.0
"""Mean of the other signs over both nights from which they bear out the heart rate, standard
deviations (judgement, set so that a steady year has few alerts)."""
HALF_LEAN_Z: Final = 0.5
"""The same for the first step."""
ALONE_SPREADS: Final = 2.5
"""Where no other sign can be asked the heart rate alone must be so far (judgement)."""
BEFORE: Final = 2
"""Nights before a raised one that are not usual either: illness begins before it shows."""
MAX_RAISED: Final = 14
"""Nights out of a baseline from which being raised has become the rule, and no illness that comes
and goes (two weeks, judgement)."""
RULE_DAYS: Final = 28
"""Then a night is held against the days before it as they were: without that a wearer whose heart
rate has changed for good would be alerted for ever."""
HEART: Final = SIGNS[0].name
CYCLIC: Final = frozenset({HEART, "temperature"})
"""Signs that the second half of a cycle raises by itself (Shilaih et al. 2017, Sci Rep 7:1294)."""


@dataclass(frozen=True, slots=True)
class BodyAlert:
    """The verdict of a night, and what it rests on.

    ``above_bpm`` of the heart rate over its usual ``usual_bpm``, None where it cannot be told;
    ``night`` the night as a whole, or why there is none; ``flagged`` when that was far off for the
    second night in a row; ``signs`` the names of those raised; ``cyclic`` when a cycle explains
    them as well; ``nights`` in the larger of the two baselines.
    """

    level: Level
    above_bpm: float | None
    usual_bpm: float | None
    night: Anomaly | str
    flagged: bool
    signs: tuple[str, ...]
    cyclic: bool
    nights: int


def body_alert(
    facts: Mapping[date, DayFacts], day: date, luteal: Collection[date] = ()
) -> BodyAlert | str:
    """Judge a day's night, or say why not. ``luteal``: the days in the second half of a cycle.

    Two watches. The night signal (Alavi et al. 2022, Nat Med 28:175): heart rate at night above
    the median of earlier nights by 3 or 4 bpm, two nights in a row; here the 56 days before, of
    which 14 must be known, and a rise must also stand out of this wearer's own spread. The night
    as a whole (Hotelling, see ``anomaly``), two nights in a row. Red: the night signal at 4 bpm
    and the other signs, over both nights, one standard deviation toward illness on average; or
    the night as a whole; or, where no other sign is known, the heart rate alone if it is far off.
    Yellow: the night signal at 3 bpm with the other signs, at 4 bpm with half of that, or a whole
    night for the first time. One night without any value between two is passed over. Nights in
    red and the two before are in no later baseline, unless red has become the rule.
    """
    days = calendar_days(day, BASELINE_DAYS + WALK_DAYS, including=True)
    hr_bpm = np.array([_night_hr(facts, on) for on in days])
    return judge_nights(hr_bpm, nightly_signs(facts, days), [on in luteal for on in days])[-1]


def judge_nights(
    hr_bpm: NDArray[np.float64], signs: NDArray[np.float64], luteal: Sequence[bool]
) -> list[BodyAlert | str]:
    """Judge one night after the other, from the 57th on; see ``body_alert``.

    ``hr_bpm`` (n,) heart rate at night and ``signs`` (n, 4) of ``nightly_signs`` on consecutive
    days, NaN where not known; ``luteal`` (n,).
    """
    usable = np.ones(len(hr_bpm), dtype=bool)
    watch = _Watch(hr_bpm, signs, luteal)
    judged: list[BodyAlert | str] = []
    for at in range(BASELINE_DAYS, len(hr_bpm)):
        found = watch.judge(at, usable)
        judged.append(found)
        if not isinstance(found, str) and found.level is Level.RED:
            usable[at - BEFORE : at + 1] = False
    return judged


class _Watch:
    """The nights of a walk, judged one after the other."""

    def __init__(
        self, hr_bpm: NDArray[np.float64], signs: NDArray[np.float64], luteal: Sequence[bool]
    ) -> None:
        self.hr_bpm, self.signs, self.luteal = hr_bpm, signs, luteal
        self.spreads: dict[int, tuple[float, float]] = {}
        """Rise of the heart rate of a night: bpm, and in standard deviations."""
        self.lean: dict[int, float] = {}
        """Mean of the signs beside the heart rate, toward illness; none known: no entry."""
        self.candidates: set[int] = set()

    def judge(self, at: int, usable: NDArray[np.bool_]) -> BodyAlert | str:
        first = at - BASELINE_DAYS
        keep = usable[first:at]
        if BASELINE_DAYS - int(keep.sum()) > MAX_RAISED:
            keep = np.arange(BASELINE_DAYS) >= BASELINE_DAYS - RULE_DAYS
        night = anomaly(self.signs[first:at][keep], self.signs[at])
        heart = self.hr_bpm[first:at][keep]
        heart = heart[np.isfinite(heart)]
        usual = self._heart(at, heart)
        if usual is None and isinstance(night, str):
            if not np.isfinite(self.hr_bpm[at]):
                return NO_NIGHT_HR
            few = len(heart) < MIN_NIGHTS
            return need_baseline(len(heart), MIN_NIGHTS) if few else DEGENERATE_BASELINE
        z = self._signs(at, self.signs[first:at][keep])
        if not isinstance(night, str) and night.candidate:
            self.candidates.add(at)
        before = self._before(at)
        flagged = at in self.candidates and before in self.candidates
        level = self._level(at, before, flagged=flagged)
        above = self.spreads.get(at)
        raised = [name for name, value in z if value > RAISED_Z]
        if above is not None and above[0] >= WARN_BPM and HEART not in raised:
            raised.insert(0, HEART)
        return BodyAlert(
            level=level,
            above_bpm=None if above is None else above[0],
            usual_bpm=usual,
            night=night,
            flagged=flagged,
            signs=tuple(raised),
            cyclic=level > Level.GREEN and self.luteal[at] and CYCLIC.issuperset(raised),
            nights=max(
                len(heart) if usual is not None else 0,
                0 if isinstance(night, str) else night.nights,
            ),
        )

    def _heart(self, at: int, known: NDArray[np.float64]) -> float | None:
        """Remember how far the heart rate of a night is above the usual, which is returned."""
        centre, spread = median(known), sd(known)
        if (
            len(known) < MIN_NIGHTS
            or centre is None
            or not spread
            or not np.isfinite(self.hr_bpm[at])
        ):
            return None
        above = float(self.hr_bpm[at]) - centre
        self.spreads[at] = above, above / spread
        return centre

    def _signs(self, at: int, earlier: NDArray[np.float64]) -> list[tuple[str, float]]:
        """Remember which signs of a night are raised, each by itself; all that can be told."""
        known = np.isfinite(earlier)
        counts = known.sum(axis=0)
        filled = np.where(known, earlier, 0.0)
        mean = filled.sum(axis=0) / np.maximum(counts, 1)
        spread = np.sqrt(
            (np.where(known, earlier - mean, 0.0) ** 2).sum(axis=0) / np.maximum(counts - 1, 1)
        )
        tell = (counts >= MIN_NIGHTS) & np.isfinite(self.signs[at]) & (spread > 0.0)
        z = [
            (SIGNS[column].name, float((self.signs[at, column] - mean[column]) / spread[column]))
            for column in np.flatnonzero(tell).tolist()
        ]
        others = [(name, value) for name, value in z if name != HEART]
        if others:
            self.lean[at] = sum(value for _, value in others) / len(others)
        return z

    def _before(self, at: int) -> int:
        """Return the night before; the one before that where it was not recorded."""
        missing = not np.isfinite(self.hr_bpm[at - 1]) and not np.isfinite(self.signs[at - 1]).any()
        return at - 2 if missing else at - 1

    def _level(self, at: int, before: int, *, flagged: bool) -> Level:
        def rose(bpm: float, spreads: float) -> bool:
            return all(
                one in self.spreads
                and self.spreads[one][0] >= bpm
                and self.spreads[one][1] >= spreads
                for one in (before, at)
            )

        asked = at in self.lean and before in self.lean
        lean = 0.5 * (self.lean[at] + self.lean[before]) if asked else 0.0
        alone = not asked and rose(ALERT_BPM, ALONE_SPREADS)
        high = rose(ALERT_BPM, ALERT_SPREADS)
        if flagged or alone or (high and lean >= LEAN_Z):
            return Level.RED
        half = high and lean >= HALF_LEAN_Z
        near = lean >= LEAN_Z and rose(WARN_BPM, ALERT_SPREADS)
        if half or near or at in self.candidates:
            return Level.YELLOW
        return Level.GREEN


def _night_hr(facts: Mapping[date, DayFacts], day: date) -> float:
    return facts[day].values.get(NIGHT_HR, np.nan) if day in facts else np.nan
