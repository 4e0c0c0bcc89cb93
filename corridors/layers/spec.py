"""What a workflow says about one layer: its kind, and its sources in order.

A source is a file of the data folder (`"osm.gpkg|roads"`) or something computed from one
(`{ slope_of = "elevation.tif" }`). Nothing is opened here.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Strict, Tag, model_validator

Kind = Literal["continuous", "categories", "lines", "points", "polygons"]
Text = Annotated[str, Strict(), Field(min_length=1)]
Whole = Annotated[int, Strict()]
Number = Annotated[float, Strict()]
NotNegative = Annotated[Number, Field(ge=0, allow_inf_nan=False)]
Positive = Annotated[Number, Field(gt=0, allow_inf_nan=False)]
YesNo = Annotated[bool, Strict()]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SlopeOf(_Frozen):
    """Slope in degrees of an elevation model (Horn 1981)."""

    slope_of: Text


class RuggednessOf(_Frozen):
    """Terrain ruggedness index of an elevation model (Riley et al. 1999)."""

    ruggedness_of: Text


class SouthnessOf(_Frozen):
    """How far the slopes of an elevation model face south, weighted by their steepness."""

    southness_of: Text


class FractionOf(_Frozen):
    """Share of a cell, or of a circle around it, that some classes of a categorical raster cover."""

    fraction_of: Text
    classes: tuple[Whole, ...] = Field(min_length=1)
    window_radius_km: Positive | None = None


class WeightedBandsOf(_Frozen):
    """Weighted sum of the bands of one raster, named by their descriptions."""

    weighted_bands_of: Text
    weights: dict[Text, NotNegative] = Field(min_length=1)


class DistanceTo(_Frozen):
    """Distance in km to another layer of the workflow.

    With `population_exponent` e, the distance to a settlement of p persons is divided by (p/1000)^e.
    """

    distance_to: Text
    population_exponent: NotNegative = 0.0


Derived = SlopeOf | RuggednessOf | SouthnessOf | FractionOf | WeightedBandsOf | DistanceTo
DERIVED_KEYS = (
    "slope_of",
    "ruggedness_of",
    "southness_of",
    "fraction_of",
    "weighted_bands_of",
    "distance_to",
)


def _source_tag(value: Any) -> str | None:
    if isinstance(value, str):
        return "file"
    named = [
        key for key in DERIVED_KEYS if (key in value if isinstance(value, dict) else hasattr(value, key))
    ]
    return named[0] if len(named) == 1 else None


LayerSource = Annotated[
    Annotated[Text, Tag("file")]
    | Annotated[SlopeOf, Tag("slope_of")]
    | Annotated[RuggednessOf, Tag("ruggedness_of")]
    | Annotated[SouthnessOf, Tag("southness_of")]
    | Annotated[FractionOf, Tag("fraction_of")]
    | Annotated[WeightedBandsOf, Tag("weighted_bands_of")]
    | Annotated[DistanceTo, Tag("distance_to")],
    Discriminator(
        _source_tag,
        custom_error_type="layer_source",
        custom_error_message="a source is a file, or a table with exactly one of " + ", ".join(DERIVED_KEYS),
    ),
]

KINDS_OF_KEY: dict[str, tuple[Kind, ...]] = {
    "impassable": ("categories",),
    "band": ("continuous", "categories", "lines", "points"),
    "nodata": ("continuous", "categories", "lines", "points"),
    "class_column": ("lines",),
    "structure_column": ("lines",),
    "classes": ("lines",),
    "name_column": ("lines", "points", "polygons"),
    "name_columns": ("polygons",),
    "country_column": ("points", "polygons"),
    "population_column": ("points",),
    "population_unknown": ("points",),
    "supplement": ("polygons",),
}


class LayerSpec(_Frozen):
    """One layer of a workflow; every key has its own sentence.

    Raises
    ------
    pydantic.ValidationError
        An unknown key, a wrong type or range, a key that does not fit the kind; all at once.

    Examples
    --------
    >>> LayerSpec(sources=["forest_cover.tif", {"fraction_of": "landcover.tif", "classes": [4, 5]}]).kind
    'continuous'
    """

    kind: Kind = Field(
        "continuous",
        description="How it comes onto the grid: continuous is averaged, of categories the commonest counts, "
        "lines, points and polygons are burnt on the grid and never resampled.",
    )
    sources: tuple[LayerSource, ...] = Field(
        min_length=1, description="In order; the first one present in the data folder is used."
    )
    impassable: tuple[Whole, ...] = Field((), description="Classes nothing walks through (the sea).")
    nodata: Number | None = Field(
        None, description="Value that means no data, where the file declares none; nan is allowed."
    )
    band: Annotated[Whole, Field(ge=1)] | Text | None = Field(
        None, description="Number from 1, or description, where a raster has several bands."
    )
    assume_crs: Text | None = Field(None, description="Coordinate system, where the file does not say.")
    optional: YesNo = Field(False, description="Left out, and said, where no source is present.")
    one_sided: Literal["stop", "accept"] = Field(
        "stop", description='"accept" where it is known that one country\'s side lacks the layer.'
    )
    class_column: Text | None = Field(None, description="Column that holds the class of a line.")
    classes: dict[Text, Annotated[Whole, Field(ge=1, le=255)]] = Field(
        default={},
        description="Number burnt for each class; the highest wins in a cell, other classes are left out.",
    )
    structure_column: Text | None = Field(
        None,
        description="Column that says where a line is a tunnel or a bridge, as brunnel in OpenStreetMap.",
    )
    name_column: Text | None = Field(None, description="Column that holds the name.")
    name_columns: tuple[Text, ...] = Field((), description="Columns of names; the first one filled counts.")
    country_column: Text | None = Field(None, description="Column of ISO alpha-2 or alpha-3 codes.")
    population_column: Text | None = Field(None, description="Column of persons; 0 means unknown.")
    population_unknown: Annotated[Positive, Field(le=1e9)] = Field(
        1000.0, description="Persons a settlement of unknown population counts with [P]."
    )
    supplement: Text | None = Field(
        None,
        description="Outlines added, marked as stylised, where the source has none of that name; "
        "a path relative to the workflow file.",
    )

    @model_validator(mode="after")
    def _keys_fit_the_kind(self) -> LayerSpec:
        faults = [
            f"{key} is only for kind = {' or '.join(kinds)}; this layer is {self.kind}"
            for key, kinds in KINDS_OF_KEY.items()
            if key in self.model_fields_set and self.kind not in kinds
        ]
        if self.kind != "continuous" and any(not isinstance(source, str) for source in self.sources):
            faults.append(f"a computed source is only for kind = continuous; this layer is {self.kind}")
        if bool(self.class_column) != bool(self.classes) and self.kind == "lines":
            faults.append("class_column and classes belong together")
        if self.name_column and self.name_columns:
            faults.append("give name_column or name_columns, not both")
        if faults:
            raise ValueError("; ".join(faults))
        return self

    @property
    def name_columns_in_order(self) -> tuple[str, ...]:
        """Columns to look for a name in, the first filled one counts."""
        return (self.name_column,) if self.name_column else self.name_columns
