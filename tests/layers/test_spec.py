from __future__ import annotations

import pytest
from pydantic import ValidationError

from corridors.layers.spec import DistanceTo, FractionOf, LayerSpec, SlopeOf


def test_sources_are_files_or_computed() -> None:
    spec = LayerSpec(
        sources=[
            "slope.tif",
            {"slope_of": "elevation.tif"},
            {"fraction_of": "cover.tif", "classes": [4]},
            {"distance_to": "roads"},
        ]
    )
    kinds = [type(source) for source in spec.sources]
    assert kinds == [str, SlopeOf, FractionOf, DistanceTo]
    assert spec.sources[2].classes == (4,)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"sources": []}, "at least 1 item"),
        ({"sources": [""]}, "at least 1 character"),
        ({"sources": [{"slop_of": "dem.tif"}]}, "a table with exactly one of slope_of"),
        ({"sources": [{"slope_of": "a.tif", "distance_to": "b"}]}, "exactly one of"),
        ({"sources": [{"slope_of": "a.tif", "radius": 1}]}, "Extra inputs"),
        ({"sources": [3]}, "a source is a file"),
        ({"sources": ["a.tif"], "kind": "raster"}, "continuous"),
        ({"sources": ["a.tif"], "colour": "red"}, "Extra inputs"),
        (
            {"sources": ["a.tif"], "class_column": "class"},
            "class_column is only for kind = lines; this layer is continuous",
        ),
        ({"sources": ["a.tif"], "kind": "lines", "class_column": "class"}, "belong together"),
        (
            {"sources": ["a.tif"], "kind": "lines", "class_column": "c", "classes": {"a": 0}},
            "greater than or equal to 1",
        ),
        (
            {"sources": ["a.tif"], "kind": "lines", "class_column": "c", "classes": {"a": "1"}},
            "valid integer",
        ),
        ({"sources": ["a.tif"], "impassable": [11]}, "impassable is only for kind = categories"),
        ({"sources": [{"slope_of": "a.tif"}], "kind": "categories"}, "computed source"),
        ({"sources": ["a"], "kind": "points", "population_unknown": 0}, "greater than 0"),
        ({"sources": ["a"], "kind": "polygons", "name_column": "a", "name_columns": ["b"]}, "not both"),
        ({"sources": ["a"], "optional": "yes"}, "valid boolean"),
        ({"sources": [{"fraction_of": "a.tif", "classes": []}]}, "at least 1 item"),
        ({"sources": [{"fraction_of": "a.tif", "classes": [1], "window_radius_km": -1}]}, "greater than 0"),
        (
            {"sources": [{"weighted_bands_of": "a.tif", "weights": {"deer": -1}}]},
            "greater than or equal to 0",
        ),
    ],
)
def test_what_cannot_be_meant_is_refused(wrong: dict, message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        LayerSpec(**wrong)


def test_several_faults_are_told_together() -> None:
    with pytest.raises(ValidationError, match=r"impassable .*; .*class_column"):
        LayerSpec(sources=["a.tif"], impassable=[1], class_column="a")


def test_a_specification_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        LayerSpec(sources=["a.tif"]).optional = True
