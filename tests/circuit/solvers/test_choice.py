import pytest

from corridors.circuit.solvers import SolverPlan, check_memory, solver_for, solver_plan
from corridors.errors import ConfigError, ResourceError


@pytest.mark.parametrize(
    ("nodes", "raster", "expected"),
    [
        (200_000, True, "direct"),
        (200_001, True, "multigrid"),
        (200_000, False, "direct"),
        (200_001, False, "pyamg"),
    ],
)
def test_the_size_alone_chooses(nodes, raster, expected):
    assert solver_for(nodes, raster=raster) == expected


def test_a_named_solver_is_taken():
    assert solver_for(5, solver="cholmod") == "cholmod"
    with pytest.raises(ConfigError, match=r"C103.*solver.*cg\+amg.*direct, multigrid"):
        solver_for(5, solver="cg+amg")
    with pytest.raises(ConfigError, match=r"C103.*network.*direct, pyamg, cholmod"):
        solver_for(5, raster=False, solver="multigrid")


def test_the_plan_grows_with_what_is_kept():
    assert solver_plan(10**6, 50).memory_bytes > solver_plan(10**6, 50, kept=1).memory_bytes
    assert solver_plan(2**31, 1).memory_bytes > 2**31


def test_what_does_not_fit_is_refused_before_it_begins():
    check_memory(SolverPlan("direct", 10, 1, 1000))
    with pytest.raises(ResourceError, match=r"R301.*GB needed.*GB free"):
        check_memory(SolverPlan("direct", 10, 1, 10**18))
