"""Stages over epochs, and the text they are kept in."""

import json

from hypothesis import given, settings, strategies as st
import numpy as np
import pytest

from custom_components.openstrap.engine.sleep.hypnogram import (
    EPOCH_S,
    MAX_EPOCHS,
    Hypnogram,
    Stage,
    decode,
    encode,
)

START = 1_790_000_000.25


def made(stages: list[int], seed: int = 0) -> Hypnogram:
    """Return a night with these stages and some probabilities, unknown where not observed."""
    stage = np.array(stages, np.int8)
    probability = np.random.default_rng(seed).dirichlet(np.ones(4), len(stage))
    probability[stage < 0] = np.nan
    return Hypnogram(START, stage, probability)


def test_segments_are_runs_without_holes() -> None:
    """Segments are runs without holes."""
    night = made([0, 0, 1, 1, 1, -1, 3])
    assert night.segments() == [
        (START, START + 60, Stage.WAKE),
        (START + 60, START + 150, Stage.LIGHT),
        (START + 150, START + 180, Stage.UNOBSERVED),
        (START + 180, START + 210, Stage.REM),
    ]
    assert night.end_ts == START + 210
    assert made([]).segments() == []


def test_segments_make_it_again() -> None:
    """Segments make it again."""
    night = made([0, 0, 1, 1, -1, -1, 3, 2])
    again = Hypnogram.from_segments(night.segments())
    assert again.start_ts == night.start_ts
    assert again.stage.tolist() == night.stage.tolist()
    assert np.isnan(again.probability[4:6]).all()
    assert again.probability[6].tolist() == [0, 0, 0, 1]


def test_holes_between_segments_are_not_observed() -> None:
    """Holes between segments are not observed."""
    night = Hypnogram.from_segments([(0.0, 60.0, Stage.LIGHT), (120.0, 190.0, Stage.WAKE)])
    assert night.stage.tolist() == [1, 1, -1, -1, 0, 0, -1]
    assert len(Hypnogram.from_segments([])) == 0


def test_between_takes_epochs_by_their_middle() -> None:
    """Between takes epochs by their middle."""
    night = made([0, 1, 2, 3])
    part = night.between(START + 16, START + 75)
    assert part.start_ts == START + 30
    assert part.stage.tolist() == [1]
    assert night.between(START - 1e6, START + 1e6).stage.tolist() == [0, 1, 2, 3]
    assert len(night.between(START + 500, START + 100)) == 0


def test_shapes_must_agree() -> None:
    """Shapes must agree."""
    with pytest.raises(ValueError, match="four probabilities"):
        Hypnogram(0.0, np.zeros(3, np.int8), np.zeros((2, 4)))


def test_unobserved_is_neither_sleep_nor_wake() -> None:
    """Unobserved is neither sleep nor wake."""
    assert [stage.asleep for stage in Stage] == [False, False, True, True, True]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.sampled_from([-1, 0, 1, 2, 3]), max_size=200), st.integers(0, 5))
def test_what_was_stored_is_stable(stages: list[int], seed: int) -> None:
    """What was stored is stable."""
    night = made(stages, seed)
    text = encode(night)
    back = decode(json.loads(json.dumps(text)))
    assert back.start_ts == night.start_ts
    assert back.stage.tolist() == night.stage.tolist()
    known = night.stage >= 0
    assert np.isnan(back.probability[~known]).all()
    assert np.abs(back.probability[known] - night.probability[known]).max(initial=0) < 0.01 + 1e-9
    assert np.allclose(back.probability[known].sum(axis=1), 1.0)
    assert encode(back) == text


@pytest.mark.parametrize("row", [[1, 0, 0, 0], [0, 0, 0, 1], [1 / 3, 1 / 3, 1 / 3, 0], [0.25] * 4])
def test_percents_sum_to_a_hundred(row: list[float]) -> None:
    """Percents sum to a hundred."""
    night = Hypnogram(0.0, np.ones(1, np.int8), np.array([row], dtype=np.float64))
    back = decode(encode(night)).probability[0]
    assert back.sum() == pytest.approx(1.0)
    assert np.abs(back - row).max() < 0.0100001


def test_a_long_night_is_small() -> None:
    """A long night is small."""
    stages = np.repeat(np.random.default_rng(1).integers(-1, 4, 240), 8).tolist()
    assert len(json.dumps(encode(made(stages)))) < 12_000
    nine_hours = stages[: int(9 * 3600 / EPOCH_S)]
    assert len(json.dumps(encode(made(nine_hours)))) < 8_000


@pytest.mark.parametrize(
    "wrong",
    [
        {"start_ts": float("nan")},
        {"start_ts": None},
        {"runs": [[7, 4]]},
        {"runs": [[1, 0]]},
        {"runs": [[1, 3]]},
        {"runs": [[1, MAX_EPOCHS + 1]]},
        {"runs": 3},
        {"percent": "%%"},
        {"percent": "yMjI" * 4},
        {"percent": None},
    ],
)
def test_other_text_is_refused(wrong: dict[str, object]) -> None:
    """Other text is refused."""
    text = encode(made([0, 1, 1, 3]))
    with pytest.raises((ValueError, TypeError)):
        decode(text | wrong)
    for key in text:
        with pytest.raises(KeyError):
            decode({name: value for name, value in text.items() if name != key})
