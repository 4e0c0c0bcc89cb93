from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from shapely.geometry import box

from corridors.errors import InputError, Problems
from corridors.grid import Grid
from corridors.layers import country_labels
from corridors.layers.countries import alpha_2, alpha_2_codes, countries_from
from corridors.layers.iso3166 import ALPHA_2, ALPHA_2_OF_ALPHA_3
from corridors.layers.spec import LayerSpec

SPEC = LayerSpec(kind="polygons", sources=["a"], country_column="iso", name_column="called")


def test_the_table_is_a_bijection_over_all_countries() -> None:
    assert len(ALPHA_2_OF_ALPHA_3) == len(ALPHA_2) == 249 + 1
    assert all(len(three) == 3 and len(two) == 2 for three, two in ALPHA_2_OF_ALPHA_3.items())


@pytest.mark.parametrize(
    ("code", "expected"),
    [("CHN", "CN"), ("PRK", "KP"), ("KOR", "KR"), ("RUS", "RU"), ("MNG", "MN"), ("KAZ", "KZ"), ("NA", "NA"),
     (" ru ", "RU"), ("-99", None), ("", None), (None, None), ("XYZ", None)],
)  # fmt: skip
def test_codes(code: str | None, expected: str | None) -> None:
    assert alpha_2(code) == expected


def test_every_unknown_code_is_named() -> None:
    with pytest.raises(InputError, match=r"I265.*\(empty\), -99, XYZ"):
        alpha_2_codes(["CHN", "-99", None, "XYZ"], where="countries")
    assert alpha_2_codes(["CHN", None], where="towns", empty_allowed=True) == ["CN", ""]


def test_pieces_of_a_country_become_one_row(countries: gpd.GeoDataFrame) -> None:
    pieces = countries.copy()
    pieces.loc[2] = ["AT", None, box(600_000, 0, 600_001, 1)]
    found = countries_from(pieces, SPEC, where="countries")
    assert found["country"].tolist() == ["AT", "CH"]
    assert found["name"].tolist() == ["Eastland", "Westland"]
    assert found.geometry.iloc[0].geom_type == "MultiPolygon"


def test_overlaps_stop(countries: gpd.GeoDataFrame) -> None:
    wide = countries.copy()
    wide.geometry = wide.geometry.buffer(1000)
    with pytest.raises(InputError, match=r"I225.*AT and CH overlap by \d+ km²"):
        countries_from(wide, SPEC, where="countries")
    wide.loc[2] = ["LI", "Third", wide.geometry.iloc[0]]
    with pytest.raises(Problems, match=r"(?s)AT and CH.*AT and LI.*CH and LI"):
        countries_from(wide, SPEC, where="countries")


def test_labels_follow_cell_centres(countries: gpd.GeoDataFrame, grid: Grid) -> None:
    labels, codes = country_labels(countries_from(countries, SPEC, where="countries"), grid)
    assert codes == {1: "AT", 2: "CH"}
    np.testing.assert_array_equal(labels.values, np.tile([2] * 5 + [1] * 5, (8, 1)))
    assert labels.dtype == np.uint16


def test_no_country_is_label_zero(countries: gpd.GeoDataFrame, grid: Grid) -> None:
    one = countries_from(countries.iloc[:1], SPEC, where="countries")
    assert (country_labels(one, grid)[0].values[:, 5:] == 0).all()
    assert not country_labels(one.iloc[:0], grid)[0].values.any()
