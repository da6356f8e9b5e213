"""What other systems call an activity, as the few kinds that are told apart here."""

from typing import Final

from ..engine.told import WorkoutKind
from .whoop_words import plain

_STEMS: Final[tuple[tuple[WorkoutKind, tuple[str, ...]], ...]] = (
    ("swim", ("swim", "schwimm", "natacion", "nadar", "natation", "natacao")),
    ("cycle", ("cycling", "cycle", "biking", "bike", "spin", "radfahr", "rad ", "ciclismo", "velo", "cyclisme")),
    ("walk", ("walk", "hiking", "hike", "rucking", "spazier", "wander", "gehen", "caminar",
              "caminata", "senderismo", "marche", "randonnee", "caminhada")),
    ("run", ("running", "run", "jog", "laufen", "lauf", "correr", "carrera", "course a pied",
             "corrida")),
    ("strength", ("strength", "weightlift", "powerlift", "weight", "kraft", "gewicht", "fuerza",
                  "pesas", "musculation", "musculacao", "halterofilia", "crossfit")),
    ("yoga", ("yoga", "pilates", "stretch", "dehnen", "meditation", "breathwork")),
    ("cardio", ("cardio", "hiit", "high intensity", "rowing", "rudern", "remo", "elliptical", "crosstrainer",
                "functional fitness", "boxing", "box", "stair", "jump rope", "assault bike",
                "dance", "tanz", "aerob")),
)  # fmt: skip
"""In the order in which they are asked; beginnings of words."""


def kind_of_activity(name: str | None) -> WorkoutKind | None:
    """Tell the kind of a named activity, "other" for one that is none of them; None without."""
    words = f" {plain(name or '')} "
    if not words.strip():
        return None
    for kind, stems in _STEMS:
        if any(f" {stem}" in words for stem in stems):
            return kind
    return "other"
