"""Writing what the cases of a run say together: rasters and their styles, tables, layers for QGIS."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from corridors.io import write_raster, write_table, write_text
from corridors.io.qgis import Group, raster_layer, raster_qml
from corridors.schema import TABLES, TOGETHER_GROUPS, raster
from corridors.schema.combinations import with_combinations

if TYPE_CHECKING:
    import xarray as xr

    from corridors.result import Result
    from corridors.schema import Raster

FOLDER = "together"


def write_together(result: Result, folder: Path, tags: dict[str, str]) -> tuple[Group, ...]:
    """Write run-level rasters and tables into a run folder; return their groups for the QGIS project."""
    for name in (name for name in TABLES if name in result.tables):
        write_table(result.tables[name], folder / f"{name}.csv")
    layers = []
    for name, values in sorted((str(name), one) for name, one in result.rasters.data_vars.items()):
        (folder / FOLDER).mkdir(exist_ok=True)
        entry, file = entry_of(values), f"{FOLDER}/{name}.tif"
        said = {"source_used": str(values.attrs["source_used"])} if "source_used" in values.attrs else {}
        write_raster(values, folder / file, tags=tags | said)
        write_text((folder / file).with_suffix(".qml"), raster_qml(entry.style))
        layers.append((entry.group, raster_layer(entry, f"./{file}")))
    groups = [(name, tuple(layer for group, layer in layers if group == name)) for name in TOGETHER_GROUPS]
    return tuple(Group(name, members, expanded=False) for name, members in groups if members)


def entry_of(values: xr.DataArray) -> Raster:
    """Return the schema's entry of a run-level raster, with the classes the raster itself names."""
    entry = raster(str(values.name))
    if "flag_values" not in values.attrs:
        return entry
    return with_combinations(entry, values.attrs["flag_values"], values.attrs["flag_meanings"])
