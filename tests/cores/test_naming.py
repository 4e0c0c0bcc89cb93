from __future__ import annotations

import geopandas as gpd
import pandas as pd
from shapely import box

from corridors.cores import disconnected, named_after

CRS = "EPSG:32652"


def cores():
    outlines = [box(0, 0, 10, 10), box(20, 0, 30, 10), box(50, 0, 60, 10)]
    return gpd.GeoDataFrame(
        {"name": ["", "", ""]}, geometry=outlines, index=pd.Index([1, 2, 3], name="core_id"), crs=CRS
    )


def test_the_largest_overlap_gives_the_name_and_gives_it_once():
    parks = gpd.GeoDataFrame(
        {"name": ["Birch", "Alder", None, "Cedar", "Dogwood", "Dogwood"]},
        geometry=[
            box(0, 0, 4, 10), box(5, 0, 24, 10), box(20, 0, 30, 10), box(40, 0, 50, 10),
            box(28, 0, 29, 10), box(58, 0, 60, 10),
        ],
        crs=CRS,
    )  # fmt: skip
    # Alder overlaps the first core by 50 and the second by 40; Dogwood, in two pieces, the second by 10 and
    # the third by 20; Cedar only touches.
    assert named_after(cores(), parks).to_dict() == {1: "Alder", 2: "", 3: "Dogwood"}


def test_a_tie_goes_to_the_first_name_and_a_name_is_kept():
    parks = gpd.GeoDataFrame({"name": ["B", "A"]}, geometry=[box(0, 0, 5, 10), box(5, 0, 10, 10)], crs=CRS)
    named = cores()
    named.loc[2, "name"] = "Own"
    assert named_after(named, parks).tolist() == ["A", "Own", ""]
    assert named["name"].tolist() == ["", "Own", ""]


def test_cores_without_a_link():
    links = gpd.GeoDataFrame({"core_a": [1], "core_b": [3]})
    assert disconnected(cores(), links) == [2]
    assert disconnected(cores(), links.iloc[:0]) == [1, 2, 3]
