"""What a wearer told about their body and its sleep. All of it optional, none of it guessed."""

from dataclasses import dataclass
from datetime import date
import math
from typing import Literal

AGE_YEARS = (5, 120)
HEIGHT_CM = (50.0, 260.0)
WEIGHT_KG = (20.0, 400.0)
HR_MAX_BPM = (100.0, 230.0)
"""Upper end: the highest heart rate that the decoder takes for one."""
SLEEP_NEED_MIN = (240.0, 720.0)
"""Four to twelve hours a night, minutes: what nobody needs is a typing error (judgement)."""
BIRTH_YEAR = (1880, 2200)
"""Only against typing errors; ``check_age`` knows the day and is strict."""

type Sex = Literal["m", "f"]


class ProfileError(ValueError):
    """A field is out of its bounds; ``field`` names it."""

    def __init__(self, field: str) -> None:
        """Name the field."""
        super().__init__(f"{field} is out of bounds")
        self.field = field


@dataclass(frozen=True, slots=True)
class Profile:
    """A wearer's body; None is "not told". Raises ProfileError for a value out of bounds.

    ``sleep_need_min`` is what a night needs by the wearer's own word, without debt and strain,
    minutes; None leaves it to be learnt.
    """

    birth_year: int | None = None
    sex: Sex | None = None
    height_cm: float | None = None
    weight_kg: float | None = None
    hr_max_bpm: float | None = None
    sleep_need_min: float | None = None

    def __post_init__(self) -> None:
        """Refuse what no body has."""
        if self.sex not in ("m", "f", None):
            raise ProfileError("sex")
        for field, (low, high) in (
            ("birth_year", BIRTH_YEAR),
            ("height_cm", HEIGHT_CM),
            ("weight_kg", WEIGHT_KG),
            ("hr_max_bpm", HR_MAX_BPM),
            ("sleep_need_min", SLEEP_NEED_MIN),
        ):
            value = getattr(self, field)
            if value is None:
                continue
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise ProfileError(field)
            if not math.isfinite(value) or not low <= value <= high:
                raise ProfileError(field)
        if self.birth_year is not None and self.birth_year != int(self.birth_year):
            raise ProfileError("birth_year")

    def age_on(self, day: date) -> int | None:
        """Age in years in the year of ``day`` (only the year of birth is known).

        None where that is no wearer's age: then it is the clock that is wrong.
        """
        age = self._years_on(day)
        return age if age is not None and AGE_YEARS[0] <= age <= AGE_YEARS[1] else None

    def check_age(self, day: date) -> None:
        """Raise ProfileError when the age on ``day`` is not one of a wearer."""
        if self._years_on(day) is not None and self.age_on(day) is None:
            raise ProfileError("birth_year")

    def _years_on(self, day: date) -> int | None:
        return None if self.birth_year is None else day.year - int(self.birth_year)
