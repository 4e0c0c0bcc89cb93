from __future__ import annotations

import numpy as np
import pytest
import reference_windows
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from corridors.circuit.windows import (
    Condition,
    plan_of,
    problem_fingerprint,
    sharing,
    window_currents,
    window_problem,
)
from corridors.circuit.windows.layout import block_correction, window_of
from corridors.errors import ConfigError, CorridorsError, InputError, RunError
from corridors.io import Checkpoint


def landscape(seed, shape=(9, 11), holes=0.15):
    """Return conductances with no data, and source strengths, some 0."""
    rng = np.random.default_rng(seed)
    conductance = np.exp(rng.uniform(-3, 0, shape))
    conductance[rng.random(shape) < holes] = np.nan
    strength = rng.random(shape)
    strength[rng.random(shape) < 0.2] = 0
    return conductance, strength


def solved(conductance, strength, **options):
    return window_currents(window_problem(conductance, strength, **options))


def relative(found, expected):
    return np.abs(found - expected).max() / expected.max()


# ---------------------------------------------------------------- worked numbers


def test_an_even_map_of_seven_by_seven_cells():
    even = np.ones((7, 7))
    found = solved(even, even, radius=2)
    assert found.current[3, 3] == pytest.approx(2.439891, abs=1e-6)
    assert found.current[0, 0] == pytest.approx(1.740616, abs=1e-6)
    assert found.current.sum() == pytest.approx(117.639261, abs=1e-6)
    assert (found.current == found.flow_potential).all()


def wall():
    conductance = np.ones((7, 7))
    conductance[:, 3] = 0.1
    conductance[3, 3] = 1
    return conductance


def test_current_is_channelled_by_a_gap_and_impeded_by_a_wall():
    found = solved(wall(), np.ones((7, 7)), radius=2, average="conductance")
    normalised = found.current / found.flow_potential
    assert normalised[3, 3] == pytest.approx(1.059958, abs=1e-6)
    assert normalised[1, 3] == pytest.approx(0.895594, abs=1e-6)
    assert normalised[3, 0] == pytest.approx(1.000038, abs=1e-6)
    assert found.current[3, 3] == pytest.approx(2.5862, abs=1e-4)


def test_sources_from_resistance_up_to_five():
    strength = np.where(wall() >= 1 / 5, wall(), 0)
    found = solved(wall(), strength, radius=2, average="conductance")
    assert found.current[3, 3] == pytest.approx(2.127790, abs=1e-6)
    assert found.current[3, 3] / found.flow_potential[3, 3] == pytest.approx(1.032577, abs=1e-6)


# ---------------------------------------------------------------- against the obvious way


@given(
    seed=st.integers(0, 10_000),
    radius=st.integers(1, 4),
    block=st.sampled_from([1, 3]),
    buffer=st.integers(0, 2),
    neighbours=st.sampled_from([4, 8]),
    average=st.sampled_from(["resistance", "conductance"]),
    published=st.booleans(),
)
@settings(max_examples=40)
def test_as_one_window_after_another(seed, radius, block, buffer, neighbours, average, published):
    conductance, strength = landscape(seed)
    assume(radius > block // 2)
    options = {"radius": radius, "block": block, "buffer": buffer, "neighbours": neighbours}
    options |= {"average": average, "published": published}
    correction = reference_windows.block_correction(radius, buffer, block, neighbours) if block > 1 else None
    expected = reference_windows.window_currents(conductance, strength, correction=correction, **options)
    found = solved(conductance, strength, **options)
    for mine, theirs in zip((found.current, found.flow_potential), expected, strict=True):
        assert np.abs(mine - theirs).max() <= 1e-9 * max(theirs.max(), 1e-300)


@pytest.mark.parametrize("shape", [(5, 12), (6, 6), (12, 4)])
def test_windows_that_the_map_cuts_on_both_sides(shape):
    conductance, strength = landscape(5, shape)
    correction = reference_windows.block_correction(4, 1, 3)
    options = {"radius": 4, "block": 3, "buffer": 1, "published": True}
    expected = reference_windows.window_currents(conductance, strength, correction=correction, **options)
    found = solved(conductance, strength, **options)
    assert relative(found.current, expected[0]) < 1e-10
    assert relative(found.flow_potential, expected[1]) < 1e-10


@pytest.mark.parametrize("comparison", ["within", "equal"])
def test_sources_that_must_match_their_target(comparison):
    conductance, strength = landscape(3)
    rng = np.random.default_rng(1)
    present, future = rng.integers(0, 4, (2, *strength.shape)).astype(float)
    present[2, 3], future[3:6, 3:6] = np.nan, np.nan
    second = rng.random(strength.shape)
    conditions = (
        Condition(present, future, comparison, -1.0, 1.0),
        Condition(second, None, "within", -0.3, 0.6),
    )
    as_tuples = [tuple(c._replace(future=c.present if c.future is None else c.future)) for c in conditions]
    for block in (1, 3):
        options = {"radius": 3, "block": block}
        expected = reference_windows.window_currents(conductance, strength, conditions=as_tuples, **options)
        found = solved(conductance, strength, conditions=conditions, correct_artifacts=False, **options)
        assert relative(found.current, expected[0]) < 1e-10


def test_the_correction_is_one_on_single_cells_and_symmetrical_on_blocks():
    window = window_of(radius=4, buffer=2, block=3)
    found = block_correction(window, neighbours=8, solver="band")[1:-1, 1:-1]
    assert found == pytest.approx(reference_windows.block_correction(4, 2, 3), rel=1e-9)
    for turned in (found.T, found[::-1], found[:, ::-1]):
        assert found == pytest.approx(turned, rel=1e-9)
    single = block_correction(window_of(radius=4, buffer=0, block=1), neighbours=8, solver="band")
    assert single == pytest.approx(1.0, abs=1e-12)


# ---------------------------------------------------------------- laws


def test_an_even_map_is_exactly_one_with_no_data_too():
    even, strength = landscape(4, (20, 24))
    even[~np.isnan(even)] = 0.05
    for options in ({"radius": 5}, {"radius": 4, "block": 3, "buffer": 2}, {"radius": 5, "neighbours": 4}):
        found = solved(even, strength, **options)
        assert found.current.max() > 0
        assert found.current.tobytes() == found.flow_potential.tobytes()


def test_an_even_map_is_exactly_one_by_multigrid():
    even, strength = landscape(4, (30, 30))
    found = solved(even * 0 + 0.3, strength, radius=10, solver="multigrid")
    assert found.current.tobytes() == found.flow_potential.tobytes()


def test_squares_as_published_are_not_one_on_an_even_map():
    even = np.ones((7, 7))
    found = solved(even, even, radius=2, published=True, average="conductance")
    normalised = found.current / found.flow_potential
    assert normalised.max() < 0.98
    assert normalised.min() > 0.93


def test_a_mirrored_map_gives_the_mirrored_current():
    conductance, strength = landscape(6)
    found = solved(conductance, strength, radius=3, block=1).current
    mirrored = solved(conductance[:, ::-1], strength[:, ::-1], radius=3, block=1).current[:, ::-1]
    assert relative(found, mirrored) < 1e-10


def test_conductance_scaled_changes_nothing_and_strength_scales_current():
    conductance, strength = landscape(7)
    found = solved(conductance, strength, radius=3).current
    assert relative(solved(conductance * 7, strength, radius=3).current, found) < 1e-10
    assert relative(solved(conductance, strength * 7, radius=3).current, found * 7) < 1e-10


def test_a_target_takes_what_its_sources_send():
    """Of one target alone, all current arrives there, and no cell carries more."""
    conductance, strength = landscape(8, holes=0)
    problem = window_problem(conductance, strength, radius=3)
    middle = np.flatnonzero((problem.targets.rows == 4) & (problem.targets.columns == 5))
    targets = problem.targets._replace(
        **{name: getattr(problem.targets, name)[middle] for name in ("rows", "columns", "amperes", "wanted")}
    )
    found = window_currents(problem._replace(targets=targets)).current
    assert found[4, 5] == pytest.approx(strength[4, 5], rel=1e-12)
    assert found.max() == found[4, 5]


def test_a_sealed_barrier_keeps_current_on_its_side():
    conductance, strength = np.ones((6, 8)), np.zeros((6, 8))
    strength[:, :4] = 1
    sealed = np.zeros((4, 6, 8))
    sealed[[0, 2], :, 3] = np.inf  # east and south-east out of column 3
    sealed[3, :, 4] = np.inf  # south-west out of column 4
    found = solved(conductance, strength, radius=3, series_resistance=sealed)
    assert (found.current[:, 4:] == 0).all()
    alone = solved(conductance[:, :4], strength[:, :4], radius=3)
    assert relative(found.current[:, :4], alone.current) < 1e-12
    assert (found.flow_potential[:, 4] > 0).any()  # where no barrier is, current spreads


# ---------------------------------------------------------------- solvers, threads, shares


def test_solvers_agree():
    conductance, strength = landscape(9, (30, 30))
    band, multigrid, direct = (
        solved(conductance, strength, radius=9, solver=solver) for solver in ("band", "multigrid", "direct")
    )
    assert relative(band.current, direct.current) < 1e-11
    assert relative(multigrid.current, direct.current) < 1e-6
    assert relative(multigrid.flow_potential, direct.flow_potential) < 1e-6
    assert multigrid.worst_residual <= 1e-6
    assert band.worst_residual < 1e-10


def test_what_multigrid_gives_up_on_is_solved_directly(monkeypatch):
    conductance, strength = landscape(10)
    from corridors.circuit.windows import solving
    from corridors.kernels.windows import NOT_SOLVED

    def give_up(landscape, window, targets, first, space, tolerance, sums):
        sums.states[:] = NOT_SOLVED

    expected = solved(conductance, strength, radius=3, solver="direct")
    monkeypatch.setattr(solving, "run_multigrid", give_up)
    found = solved(conductance, strength, radius=3, solver="multigrid")
    assert (found.current == expected.current).all()


@pytest.mark.parametrize("solver", ["band", "multigrid"])
def test_the_same_bytes_for_any_threads_and_shares(monkeypatch, solver):
    conductance, strength = landscape(11, (20, 20))
    problem = window_problem(conductance, strength, radius=4, solver=solver)
    expected = window_currents(problem)
    for threads, fewest in ((2, 32), (3, 7), (1, 400)):
        monkeypatch.setattr(sharing, "FEWEST_SHARES", fewest)
        found = window_currents(problem, workers=threads)
        assert found.current.tobytes() == expected.current.tobytes()
        assert found.flow_potential.tobytes() == expected.flow_potential.tobytes()


def test_the_plan_is_known_before():
    conductance, strength = landscape(12)
    plan = plan_of(window_problem(conductance, strength, radius=3, flow_potential=False))
    assert plan.solver == "band"
    assert plan.windows == plan.right_hand_sides == (strength > 0).sum()
    assert plan.nodes_per_window == 29
    assert plan_of(window_problem(conductance, strength, radius=3)).right_hand_sides == 2 * plan.windows


# ---------------------------------------------------------------- resumed


def test_an_interrupted_run_goes_on_and_gives_the_same_bytes(tmp_path):
    conductance, strength = landscape(13, (16, 16))
    problem = window_problem(conductance, strength, radius=4)
    expected = window_currents(problem)
    checkpoint = Checkpoint(tmp_path / "sums", problem_fingerprint(problem))
    told = []

    def break_off(step, fraction):
        told.append(fraction)
        if len(told) == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        window_currents(problem, checkpoint=checkpoint, progress=break_off)
    found = window_currents(
        problem, checkpoint=checkpoint, progress=lambda _step, fraction: told.append(fraction)
    )
    assert told[5] > told[4]  # five shares were not solved again
    assert found.current.tobytes() == expected.current.tobytes()
    assert found.without_current == expected.without_current


def test_another_computation_is_not_resumed(tmp_path):
    conductance, strength = landscape(14)
    first, other = (window_problem(conductance, strength, radius=radius) for radius in (3, 4))
    Checkpoint(tmp_path, problem_fingerprint(first)).save({"done": np.ones(1)})
    with pytest.raises(RunError, match="half"):
        window_currents(other, checkpoint=Checkpoint(tmp_path, problem_fingerprint(other)))


# ---------------------------------------------------------------- refused


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"radius": 12}, r"I291.*larger than the map.*12 cells.*9 x 11"),
        ({"radius": 0.5}, "radius: out of range"),
        ({"radius": 2, "block": 5}, "radius: out of range.*3 or more, beyond the block"),
        ({"radius": 3, "block": 2}, "block: out of range.*odd"),
        ({"radius": 3, "block": 13}, "block: out of range.*9"),
        ({"radius": 3, "buffer": -1}, "buffer"),
        ({"radius": 3, "neighbours": 6}, "neighbours"),
        ({"radius": 3, "average": "mode"}, "average"),
        ({"radius": 3, "solver": "fast"}, "no such solver"),
        ({"radius": 3, "conditions": (Condition(np.ones((2, 2))),)}, r"condition 1.*another shape"),
        ({"radius": 3, "conditions": (Condition(np.ones((9, 11)), None, "near"),)}, "no such comparison"),
        ({"radius": 3, "conditions": (Condition(np.ones((9, 11)), None, "within", 1, -1),)}, "lower limit"),
    ],
)
def test_options_out_of_range(options, match):
    with pytest.raises(CorridorsError, match=match):
        window_problem(*landscape(1), **options)


def test_all_problems_at_once():
    with pytest.raises(CorridorsError) as caught:
        window_problem(np.ones((4, 4)), np.ones((4, 5)), radius=9, block=2)
    text = str(caught.value)
    assert all(words in text for words in ("another shape", "larger than the map", "odd"))


def test_strengths_that_cannot_be():
    conductance, strength = landscape(1)
    strength[2, 2] = -1
    with pytest.raises(InputError, match=r"I211.*row 2, column 2"):
        window_problem(conductance, strength, radius=2)
    with pytest.raises(InputError, match="there is no source"):
        window_problem(conductance, np.zeros_like(strength), radius=2)
    with pytest.raises(ConfigError):
        window_problem(conductance, np.ones_like(strength), radius=np.nan)
