"""Layers of a workflow on one grid: aligned rasters, burnt lines, distances, terrain, outlines of context."""

from corridors.layers.context import read_context
from corridors.layers.countries import country_labels
from corridors.layers.extent import data_extent
from corridors.layers.read import impassable_mask, read_layers
from corridors.layers.spec import LayerSpec

__all__ = ["LayerSpec", "country_labels", "data_extent", "impassable_mask", "read_context", "read_layers"]
