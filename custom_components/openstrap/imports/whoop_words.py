"""Titles of the tables of a WHOOP export, in the languages in which they were seen.

A title is compared without its unit, accents, case and punctuation. What a table is follows from
its titles; the names of the files are translated as well, and are not looked at.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
import re
from types import MappingProxyType
from typing import Final
import unicodedata


class Kind(StrEnum):
    """What a table tells of."""

    CYCLES = "cycles"
    SLEEPS = "sleeps"
    WORKOUTS = "workouts"
    JOURNAL = "journal"


WORDS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        # English; German; Spanish; French; Portuguese; other spellings.
        "cycle_start": (
            "cycle start time",
            "startzeit des zyklus",
            "hora de inicio del ciclo",
            "heure de debut du cycle",
            "hora de inicio do ciclo",
        ),
        "cycle_end": (
            "cycle end time",
            "endzeit des zyklus",
            "hora de finalizacion del ciclo",
            "heure de fin du cycle",
            "hora de fim do ciclo",
        ),
        "timezone": (
            "cycle timezone",
            "zeitzone des zyklus",
            "zona horaria del ciclo",
            "fuseau horaire du cycle",
            "fuso horario do ciclo",
            "cycle timezone offset",
            "timezone of cycle",
        ),
        "recovery": (
            "recovery score",
            "erholungswert",
            "puntuacion de recuperacion",
            "score de recuperation",
            "pontuacao de recuperacao",
        ),
        "resting_hr": (
            "resting heart rate",
            "ruheherzfrequenz",
            "frecuencia cardiaca en reposo",
            "frequence cardiaque au repos",
            "frequencia cardiaca em repouso",
        ),
        "hrv": (
            "heart rate variability",
            "herzfrequenzvariabilitat",
            "variabilidad de la frecuencia cardiaca",
            "variabilite de la frequence cardiaque",
            "variabilidade da frequencia cardiaca",
            "hrv",
            "hrv rmssd",
            "heart rate variability rmssd",
        ),
        "skin_temp": (
            "skin temp",
            "hauttemperatur",
            "temp cutanea",
            "temperature cutanee",
            "temp da pele",
            "skin temperature",
        ),
        "spo2": (
            "blood oxygen",
            "blutsauerstoff",
            "oxigeno en sangre",
            "niveau d oxygene",
            "de oxigenio no sangue",
        ),
        "day_strain": (
            "day strain",
            "tagesbelastung",
            "esfuerzo del dia",
            "effort du jour",
            "esforco diario",
        ),
        "energy": (
            "energy burned",
            "verbrannte energie",
            "energia quemada",
            "depense energetique",
            "energia queimada",
        ),
        "max_hr": ("max hr", "max hf", "fc max", "max heart rate"),
        "average_hr": (
            "average hr",
            "durchschnittliche hf",
            "fc promedio",
            "fc moyenne",
            "fc media",
            "average heart rate",
        ),
        "onset": (
            "sleep onset",
            "beginn des schlafs",
            "inicio del sueno",
            "premiers signes de sommeil",
            "inicio do sono",
        ),
        "wake": (
            "wake onset",
            "beginn des aufwachens",
            "inicio de la vigilia",
            "premiers signes de reveil",
            "inicio da vigilia",
        ),
        "performance": (
            "sleep performance",
            "schlafleistung",
            "calificacion del sueno",
            "performance sommeil",
            "desempenho do sono",
        ),
        "breathing": (
            "respiratory rate",
            "atemfrequenz",
            "frecuencia respiratoria",
            "frequence respiratoire",
            "frequencia respiratoria",
        ),
        "asleep": (
            "asleep duration",
            "schlafdauer",
            "duracion del sueno",
            "duree du sommeil",
            "duracao do sono",
        ),
        "in_bed": (
            "in bed duration",
            "dauer im bett",
            "tiempo en la cama",
            "temps passe au lit",
            "duracao na cama",
        ),
        "light": (
            "light sleep duration",
            "dauer des leichtschlafs",
            "duracion de sueno ligero",
            "duree du sommeil leger",
            "duracao do sono leve",
        ),
        "deep": (
            "deep duration",
            "dauer des tiefschlafs",
            "duracion de sueno profundo",
            "duree du sommeil profond",
            "duracao profundo",
            "deep sleep duration",
        ),
        "rem": (
            "rem duration",
            "dauer des rem schlafs",
            "duracion de sueno rem",
            "duree du sommeil paradoxal",
            "duracao rem",
        ),
        "awake": (
            "awake duration",
            "dauer des aufwachens",
            "tempo despierto a",
            "temps d eveil",
            "duracao de vigilia",
            "tiempo despierto a",
        ),
        "need": (
            "sleep need",
            "schlafbedarf",
            "sueno necesario",
            "besoins en sommeil",
            "necessidade de sono",
        ),
        "debt": (
            "sleep debt",
            "schlafdefizit",
            "deuda de sueno",
            "dette de sommeil",
            "debito de sono",
        ),
        "efficiency": (
            "sleep efficiency",
            "schlafeffizienz",
            "eficiencia del sueno",
            "efficacite du sommeil",
            "eficacia do sono",
            "eficiencia do sono",
        ),
        "consistency": (
            "sleep consistency",
            "schlafbestandigkeit",
            "regularidad del sueno",
            "regularite du sommeil",
            "consistencia do sono",
        ),
        "nap": ("nap", "nickerchen", "siesta", "sieste", "sesta"),
        "workout_start": (
            "workout start time",
            "startzeit des trainings",
            "hora de inicio del entrenamiento",
            "heure de debut de l entrainement",
            "hora de inicio do treino",
        ),
        "workout_end": (
            "workout end time",
            "endzeit des trainings",
            "hora de finalizacion del entrenamiento",
            "heure de fin de l entrainement",
            "hora de fim do treino",
        ),
        "duration": ("duration", "dauer", "duracion", "duree", "duracao"),
        "activity": (
            "activity name",
            "name der aktivitat",
            "nombre de la actividad",
            "nom de l activite",
            "nome da atividade",
        ),
        "activity_strain": (
            "activity strain",
            "aktivitatsbelastung",
            "esfuerzo de la actividad",
            "effort activite",
            "esforco da atividade",
        ),
        **{
            f"zone_{zone}": (
                f"hr zone {zone}",
                f"hf zone {zone}",
                f"zona {zone} de fc",
                f"zone fc {zone}",
                f"zona de fc {zone}",
                f"fc zona {zone}",
            )
            for zone in range(1, 6)
        },
        "gps": ("gps enabled", "gps aktiviert", "gps activado", "gps active", "gps ativado"),
        "distance": ("distance", "distanz", "distancia"),
        "altitude_gain": ("altitude gain",),
        "altitude_change": ("altitude change",),
        "question": (
            "question text",
            "fragetext",
            "texto de la pregunta",
            "texte de la question",
            "texto de pergunta",
            "question",
        ),
        "answer": (
            "answered yes",
            "beantwortet mit ja",
            "respondio que si",
            "reponse oui",
            "respondeu sim",
            "answered yes no",
        ),
        "notes": ("notes", "anmerkungen", "notas"),
    }
)
"""Field -> its titles."""

_CYCLE: Final = [
    "cycle_start",
    "cycle_end",
    "timezone",
    "recovery",
    "resting_hr",
    "hrv",
    "skin_temp",
    "spo2",
    "day_strain",
    "energy",
    "max_hr",
    "average_hr",
    "onset",
    "wake",
    "performance",
    "breathing",
    "asleep",
    "in_bed",
    "light",
    "deep",
    "rem",
    "awake",
    "need",
    "debt",
    "efficiency",
    "consistency",
]
_WORKOUT: Final = [
    "cycle_start",
    "cycle_end",
    "timezone",
    "workout_start",
    "workout_end",
    "duration",
    "activity",
    "activity_strain",
    "energy",
    "max_hr",
    "average_hr",
    "zone_1",
    "zone_2",
    "zone_3",
    "zone_4",
    "zone_5",
    "gps",
    "distance",
    "altitude_gain",
    "altitude_change",
]
_SLEEP: Final = [*_CYCLE[:3], *_CYCLE[12:], "nap"]
_JOURNAL: Final = ["cycle_start", "cycle_end", "timezone", "question", "answer", "notes"]
_DISTANCES: Final = ("distance", "altitude_gain", "altitude_change")
_NOT_IN_ALL: Final[tuple[tuple[Kind, list[str], tuple[tuple[str, ...], ...]], ...]] = (
    (Kind.CYCLES, _CYCLE, ((), ("consistency",))),
    (Kind.SLEEPS, _SLEEP, ((), ("consistency",))),
    (Kind.WORKOUTS, _WORKOUT, ((), _DISTANCES, ("gps",), ("gps", *_DISTANCES))),
    (Kind.JOURNAL, _JOURNAL, ((), ("notes",))),
)
"""The longest form of each table, and what some versions of it lack; all may lack the cycle's end."""
LAYOUTS: Final = tuple(
    (kind, tuple(field for field in longest if field not in (*lacking, *end)))
    for end in ((), ("cycle_end",))
    for kind, longest, lacks in _NOT_IN_ALL
    for lacking in lacks
)
"""Orders of columns by which a table in another language is known."""
_FIELDS: Final = {title: field for field, titles in WORDS.items() for title in titles}
_TRUE: Final = frozenset(
    {"true", "1", "yes", "ja", "si", "oui", "sim", "wahr", "vrai", "verdadero", "verdadeiro"}
)
_FALSE: Final = frozenset({"false", "0", "no", "nein", "non", "nao", "falsch", "faux", "falso"})
_UNIT: Final = re.compile(r"\(([^()]*)\)")


def plain(text: str) -> str:
    """Return words without accents, case and punctuation."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    kept = (
        " " if not char.isalnum() else char for char in letters if not unicodedata.combining(char)
    )
    return " ".join("".join(kept).split())


def field_of(title: str) -> str | None:
    """Tell what a column is, by its title; None for one that is not known."""
    return _FIELDS.get(plain(_UNIT.sub(" ", title))) or _FIELDS.get(plain(title))


def unit_of(title: str) -> str:
    """Return the unit of a title in plain letters, "%" for a share, "" where there is none."""
    if "%" in title:
        return "%"
    found = _UNIT.findall(title)
    return plain(found[-1].replace("°", " ")) if found else ""


def kind_of(fields: Iterable[str | None]) -> Kind | None:
    """Tell what a table is by its fields; None where they do not say."""
    known = set(fields)
    if {"question", "answer", "cycle_start"} <= known:
        return Kind.JOURNAL
    if "workout_start" in known and known & {"activity", "activity_strain", "workout_end"}:
        return Kind.WORKOUTS
    if {"nap", "onset", "wake"} <= known:
        return Kind.SLEEPS
    if "cycle_start" in known and len(known & {"wake", "recovery", "hrv", "day_strain"}) > 1:
        return Kind.CYCLES
    return None


def yes(cell: str) -> bool | None:
    """Tell whether a cell says yes; None where it says neither."""
    word = plain(cell)
    return True if word in _TRUE else False if word in _FALSE else None
