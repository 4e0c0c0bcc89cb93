from __future__ import annotations

import geopandas as gpd
import pytest
from shapely.geometry import box

from corridors.layers.protected_areas import comparable, protected_areas_from
from corridors.layers.spec import LayerSpec

SPEC = LayerSpec(kind="polygons", sources=["a"], name_columns=["name:en", "name"])


def areas(*rows: tuple[str | None, str | None, tuple[float, float, float, float]]) -> gpd.GeoDataFrame:
    columns = {"name:en": [row[0] for row in rows], "name": [row[1] for row in rows], "class": "park"}
    return gpd.GeoDataFrame(columns, geometry=[box(*row[2]) for row in rows], crs="EPSG:32652")


SOURCE = areas(
    ("Quiet Hills", "Тихие", (0, 0, 10, 10)),
    (None, "Blue Lake", (20, 0, 30, 10)),
    ("quiet-hills", None, (10, 0, 12, 10)),
    (None, None, (40, 0, 50, 10)),
    ("", None, (60, 0, 70, 10)),
)


def test_pieces_of_one_name_become_one_and_unnamed_ones_stay_apart() -> None:
    found = protected_areas_from(SOURCE, SPEC)
    assert found["name"].tolist() == ["Quiet Hills", "Blue Lake", "", ""]
    assert found.geometry.area.tolist() == [120, 100, 100, 100]
    assert found["origin"].unique().tolist() == ["source"]
    assert list(found.columns) == ["name", "class", "country", "origin", "geometry"]


def test_the_supplement_adds_only_missing_names_wherever_they_lie() -> None:
    supplement = areas(
        ("QUIET HILLS.", None, (200, 200, 210, 210)),  # known, though drawn elsewhere
        ("Old Forest", None, (0, 0, 10, 10)),  # new, though it overlaps a known one
        (None, None, (300, 300, 310, 310)),  # without a name nobody can tell
    )
    found = protected_areas_from(SOURCE, SPEC, supplement=supplement)
    assert found["name"].tolist()[-1] == "Old Forest"
    assert len(found) == 5
    assert found.set_index("name")["origin"]["Old Forest"] == "stylised"


def test_the_country_is_the_one_overlapped_most() -> None:
    outlines = [box(-10, -10, 5, 20), box(5, -10, 45, 20)]
    countries = gpd.GeoDataFrame({"country": ["CH", "AT"]}, geometry=outlines, crs="EPSG:32652")
    found = protected_areas_from(SOURCE, SPEC, countries=countries)
    assert found["country"].tolist() == ["AT", "AT", "AT", ""]


def test_an_origin_stated_by_the_file_is_kept() -> None:
    found = protected_areas_from(SOURCE.assign(origin="stylised"), SPEC)
    assert set(found["origin"]) == {"stylised"}


def test_no_areas_give_no_rows() -> None:
    found = protected_areas_from(SOURCE.iloc[:0], SPEC)
    assert len(found) == 0
    assert "origin" in found


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("Муравьёвский", "МУРАВЬЕВСКИЙ", True),
        ("Rekaʹ (park)", "reka park", True),
        ("东北虎豹", "东北虎", False),
    ],
)
def test_names_are_compared_by_letters(a: str, b: str, same: bool) -> None:
    assert (comparable(a) == comparable(b)) is same
