"""What a step of a case finds: rasters, vectors and tables by their names in the schema."""

from __future__ import annotations

from dataclasses import dataclass, field

import geopandas as gpd
import pandas as pd
import xarray as xr

from corridors.schema import TABLES


@dataclass(frozen=True)
class Findings:
    """Results of one step, or of several together; `columns` are to be added to the layer of that name."""

    rasters: dict[str, xr.DataArray] = field(default_factory=dict)
    vectors: dict[str, gpd.GeoDataFrame] = field(default_factory=dict)
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    columns: dict[str, pd.DataFrame] = field(default_factory=dict)

    def __or__(self, other: Findings) -> Findings:
        """Return both; what both name is the other's."""
        vectors = self.vectors | other.vectors
        for name, columns in other.columns.items():
            vectors[name] = vectors[name].assign(**{str(column): columns[column] for column in columns})
        return Findings(self.rasters | other.rasters, vectors, self.tables | other.tables)


def without_geometry(layer: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return a vector layer as a table, its id the first column."""
    return pd.DataFrame(layer.drop(columns=layer.geometry.name)).reset_index()


def columns_in_order(name: str, table: pd.DataFrame) -> pd.DataFrame:
    """Return a table of the schema with its columns in order; those one of a thing stand last.

    Raises
    ------
    KeyError
        A column the schema does not know: it would be lost without a word.
    """
    known = [column for column in TABLES[name].columns if column in table]
    others = [column for column in table if column not in known]
    if others and not TABLES[name].one_column_per:
        what = f"{name}: {', '.join(map(str, others))}"
        raise KeyError(what)
    return table[[*known, *others]]


def in_order(columns: tuple[str, ...], layer: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return a layer indexed by its id, the other columns of the schema in order."""
    identifier, *others = columns
    layer = layer if identifier not in layer else layer.set_index(identifier)
    found = [column for column in others if column in layer]
    return layer[[*found, layer.geometry.name]].rename_axis(identifier)
