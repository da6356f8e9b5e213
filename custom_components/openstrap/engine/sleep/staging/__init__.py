"""Sleep stages of a finished night from heart rate and motion."""

from .night import StagedNight, stage_night
from .totals import StageMinutes

__all__ = ["StageMinutes", "StagedNight", "stage_night"]
