"""What is kept of steps: it comes back to the bit; what is damaged or foreign does not come back at all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
import xarray as xr
from affine import Affine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from same_values import assert_same

from corridors.grid import Grid
from corridors.io.step_codec import UnknownTypeError, digest_of
from corridors.io.step_store import Entry, StepStore

GRID = Grid("EPSG:32652", Affine(500, 0, 500_000, 0, -500, 4_800_000), (2, 3))


@dataclass(frozen=True)
class Habitat:
    suitability: xr.DataArray
    dropped: tuple[str, ...]


class Lines(NamedTuple):
    lines: gpd.GeoDataFrame
    cost_m: float


TYPES = {"Habitat": Habitat, "Lines": Lines}
ENTRY = Entry("tiger", "cores", "f" * 64, {"species.cores": "a"}, 1.5)


def there_and_back(folder: Path, value: Any) -> Any:
    store = StepStore(folder, TYPES)
    store.save(ENTRY, value)
    found = store.load("tiger", "cores", "f" * 64)
    assert found is not None
    return found[0]


plain = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
numbers = arrays.arrays(
    st.sampled_from(["<f8", "<f4", "u1", "<i8", "<u2", "?", "<U3", ">f8"]), arrays.array_shapes(max_side=4)
)
values = st.recursive(
    plain | numbers,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(st.text(max_size=5) | st.integers(), inner, max_size=4)
    ),
    max_leaves=12,
)
column = st.one_of(
    st.lists(st.floats(), min_size=3, max_size=3),
    st.lists(st.integers(-(2**60), 2**60), min_size=3, max_size=3),
    st.lists(st.none() | st.text() | st.floats() | st.booleans(), min_size=3, max_size=3).map(
        lambda items: pd.Series(items, dtype=object)
    ),
    st.lists(st.text(), min_size=3, max_size=3).map(lambda items: pd.Series(items, dtype=object)),
    st.lists(st.none() | st.text(), min_size=3, max_size=3).map(lambda items: pd.Series(items, dtype="str")),
    st.lists(st.none() | st.text(), min_size=3, max_size=3).map(
        lambda items: pd.Series(items, dtype="string")
    ),
    st.lists(st.none() | st.integers(-(2**60), 2**60), min_size=3, max_size=3).map(
        lambda items: pd.Series(items, dtype="Int64")
    ),
    st.lists(st.none() | st.booleans(), min_size=3, max_size=3).map(
        lambda items: pd.Series(items, dtype="boolean")
    ),
    st.lists(st.sampled_from(["a", "б"]), min_size=3, max_size=3).map(
        lambda items: pd.Series(items, dtype="category")
    ),
)
shapes = st.lists(
    st.sampled_from(
        [
            None,
            shapely.Point(1.1, -2),
            shapely.Point(1, 2, 3),
            shapely.LineString([(0, 0), (1e-9, 1)]),
            shapely.box(0, 0, 1, 1),
            shapely.MultiPolygon([shapely.box(0, 0, 1, 1), shapely.box(2, 2, 3, 3)]),
            shapely.Polygon(),
        ]
    ),
    min_size=3,
    max_size=3,
)
common = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@common
@given(values)
def test_values__come_back_to_the_bit(tmp_path: Path, value: Any) -> None:
    assert_same(value, there_and_back(tmp_path, value))


@common
@given(st.lists(column, max_size=4), shapes, st.text(), st.dictionaries(st.text(), values, max_size=2))
def test_tables_and_layers__come_back_to_the_bit(
    tmp_path: Path, columns: list[Any], geometry: list[Any], name: str, attrs: dict[str, Any]
) -> None:
    table = pd.DataFrame({f"c{place}": pd.Series(each) for place, each in enumerate(columns)})
    table = table.reindex([0, 1, 2]).set_index(pd.Index([7, 2, 2**40], name=name))
    table.attrs = {"notes": [("cut", "two cores, «три», 虎")], **attrs}
    assert_same(table, there_and_back(tmp_path, table))
    layer = gpd.GeoDataFrame(table, geometry=geometry, crs="EPSG:32652")
    layer.attrs = dict(table.attrs)
    assert_same(layer, there_and_back(tmp_path, layer))
    renamed = layer.rename_geometry("shape").set_index(pd.RangeIndex(1, 4, name="core_id"))
    assert_same(renamed, there_and_back(tmp_path, renamed))


@common
@given(arrays.arrays("<f8", (2, 3)), st.dictionaries(st.text(), values, max_size=2))
def test_rasters__come_back_to_the_bit(tmp_path: Path, cells: np.ndarray, attrs: dict[str, Any]) -> None:
    raster = GRID.like(cells, name="suitability").assign_attrs(attrs)
    assert_same(raster, there_and_back(tmp_path, raster))
    layers = xr.Dataset({"one": raster, "two": raster > 0}, attrs={"analysis_bounds": (1.0, 2.0), **attrs})
    back = there_and_back(tmp_path, layers)
    assert_same(layers, back)
    assert Grid.of(back) == GRID


def test_frozen_types_of_the_caller__come_back_and_no_others(tmp_path: Path) -> None:
    raster = GRID.like(np.array([[0.0, np.nan, -0.0], [1, 2, 3]]), name="suitability")
    lines = gpd.GeoDataFrame({"class": ["trunk"]}, geometry=[shapely.Point(0, 0)], crs=GRID.crs)
    for value in (Habitat(raster, ("prey",)), {"roads": Lines(lines, np.inf)}, GRID, GRID.crs):
        assert_same(value, there_and_back(tmp_path, value))
    for unknown in (object(), Path("x"), {1, 2}, 1j, np.array([1j]), pd.Series([1])):
        with pytest.raises(UnknownTypeError):
            StepStore(tmp_path, {}).save(ENTRY, unknown)
    with pytest.raises(UnknownTypeError):
        StepStore(tmp_path, {}).save(ENTRY, Habitat(raster, ()))


def test_arrays_that_come_back__can_be_changed_and_keep_their_order(tmp_path: Path) -> None:
    upright, lying = np.arange(6.0).reshape(2, 3), np.asfortranarray(np.arange(6.0).reshape(2, 3))
    a, b = there_and_back(tmp_path, (upright, lying))
    assert a.flags.c_contiguous
    assert b.flags.f_contiguous
    a[0, 0] = b[0, 0] = 9.0


def test_digest__is_of_everything_there_is_to_a_value() -> None:
    raster = GRID.like(np.zeros((2, 3)), name="suitability")
    table = pd.DataFrame({"a": [1, 2]})
    alike = [
        raster,
        raster.rename("other"),
        raster.assign_attrs(source_used="x"),
        raster.astype("float32"),
        GRID.like(np.full((2, 3), -0.0), name="suitability"),
        table,
        table.astype(float),
        table.rename_axis("id"),
        table.rename(columns={"a": "b"}),
        table.set_axis(pd.Index([0, 1], dtype="int64")),
        [1, 2],
        (1, 2),
        [True, 2],
        ["1", 2],
    ]
    digests = [digest_of(value) for value in alike]
    assert len(set(digests)) == len(alike)
    assert digests == [digest_of(value) for value in alike]


@pytest.fixture
def kept(tmp_path: Path) -> tuple[StepStore, Path]:
    store = StepStore(tmp_path / "steps", TYPES)
    store.save(ENTRY, {"a": np.arange(10)})
    (path,) = (tmp_path / "steps").rglob("*.step")
    return store, path


def test_damaged_by_a_single_byte_anywhere__is_not_there(kept: tuple[StepStore, Path]) -> None:
    store, path = kept
    whole = path.read_bytes()
    for place in range(len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert store.load("tiger", "cores", "f" * 64) is None
        store.entries()
    for length in range(0, len(whole), 7):
        path.write_bytes(whole[:length])
        assert store.load("tiger", "cores", "f" * 64) is None
        store.entries()


def test_of_another_step_case_or_fingerprint__is_not_there(kept: tuple[StepStore, Path]) -> None:
    store, path = kept
    assert store.load("tiger", "links", "f" * 64) is None
    assert store.load("leopard", "cores", "f" * 64) is None
    assert store.load("tiger", "cores", "f" * 63 + "e") is None  # the file is called by its beginning only
    path.rename(path.with_name(path.name.replace("cores", "links")))
    assert store.load("tiger", "links", "f" * 64) is None


def test_entries__say_what_they_rest_on_and_prune_leaves_those_named(kept: tuple[StepStore, Path]) -> None:
    store, path = kept
    store.save(replace(ENTRY, case="", step="layers"), [1])
    entries = {entry.step: entry for entry in store.entries()}
    result = entries["cores"].result
    assert entries["cores"] == replace(ENTRY, size_bytes=path.stat().st_size, result=result)
    (path.parent / ".partial-123.step").write_bytes(b"left by a killed run")
    store.prune([("", "layers", "f" * 64)])
    assert [entry.step for entry in store.entries()] == ["layers"]
    assert not path.parent.exists()
    found = store.load("", "layers", "f" * 64)
    assert found is not None
    assert found[0] == [1]


def test_no_folder__nothing_is_kept_and_nothing_made(tmp_path: Path) -> None:
    store = StepStore(tmp_path / "steps", {})
    assert store.entries() == []
    assert store.load("tiger", "cores", "f") is None
    store.prune([])
    assert list(tmp_path.iterdir()) == []


def test_result__is_the_hash_of_the_value_alone(tmp_path: Path) -> None:
    """However long the head is: the same value is the same result, another one is another."""
    store, results = StepStore(tmp_path, TYPES), []
    for seconds, parts, value in (
        (1.0, {}, 5.0),
        (123.456, {"species.cores": "a" * 33}, 5.0),
        (1.0, {}, 6.0),
    ):
        store.save(replace(ENTRY, seconds=seconds, parts=parts), {"a": np.full(9, value)})
        results.append(store.load("tiger", "cores", "f" * 64)[1])  # type: ignore[index]
    assert results[0] == results[1] != results[2]
