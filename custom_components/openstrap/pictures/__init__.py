"""Pictures of what is known of a wearer, as SVG text: results of the engine in, nothing else."""

from .hypnogram import hypnogram
from .month import MonthDay, first_day, month
from .raster import png_of
from .recovery_drivers import recovery_drivers
from .strain_curve import strain_curve
from .theme import Theme

__all__ = [
    "MonthDay",
    "Theme",
    "first_day",
    "hypnogram",
    "month",
    "png_of",
    "recovery_drivers",
    "strain_curve",
]
