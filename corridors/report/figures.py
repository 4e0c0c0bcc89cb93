"""The picture of one case: habitat, core areas, links and corridors, and the borders they meet.

`overview_figure` draws it and `figure_png` turns it into bytes; nothing here touches files or the global
state of pyplot. Colours are those of `corridors.schema`, as in the QGIS project.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.cm import ScalarMappable
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from matplotlib.transforms import Bbox
from matplotlib_scalebar.scalebar import ScaleBar

from corridors import schema
from corridors.grid import same_grid
from corridors.report.drawing import (
    draw_features,
    is_stylised,
    ramp_colours,
    shaded,
)
from corridors.report.legend import draw_legend
from corridors.report.lettering import font_families
from corridors.report.naming import name_everything
from corridors.report.sheet import sheet_for

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import xarray as xr
    from geopandas import GeoDataFrame
    from matplotlib.axes import Axes

    from corridors.grid import Bounds, Grid

LIGHTENED = 0.6
NO_DATA_COLOUR = "#e4e9ed"
DETAIL_CELLS = 0.5
PRINTED_DPI = 300
A4_INCHES = (297 / 25.4, 210 / 25.4)
# What is drawn, from the bottom to the top; countries, coasts and all, only stand in for missing borders.
FROM_THE_BOTTOM = (
    "rivers", "railways", "roads", "corridors", "cores", "protected_areas", "proposals", "countries",
    "borders", "links", "proposed_lines", "proposed_points", "crossings", "settlements", "reporting_area",
)  # fmt: skip


def overview_figure(
    rasters: xr.Dataset,
    vectors: Mapping[str, GeoDataFrame],
    context: Mapping[str, GeoDataFrame],
    *,
    grid: Grid,
    title: str,
    notes: Sequence[str] = (),
) -> Figure:
    """Return the overview of one case as a figure.

    Parameters
    ----------
    rasters : xarray.Dataset
        On `grid`: `suitability`, `corridor` and `elevation` (for relief), each drawn where it is there.
    vectors : mapping of str to GeoDataFrame
        `cores`, `links`, `crossings`, and of a comparison `proposals`, `proposed_lines`, `proposed_points`,
        each drawn where it is there and not empty; `corridors` where there is no raster `corridor`.
    context : mapping of str to GeoDataFrame
        `reporting_area`, `protected_areas`, `countries`, `borders`, `roads`, `railways`, `rivers`,
        `settlements`, each where it is there. All vectors in the coordinate system of the grid.
    grid : Grid
        The grid of the analysis.
    title : str
        Species, season, scenario and landscape; the first line stands out, further lines are smaller.
    notes : sequence of str
        What a reader must know: what is stylised, what is missing. Written below the map.

    Returns
    -------
    matplotlib.figure.Figure
        With an Agg canvas; write it with `figure_png`.

    Raises
    ------
    InputError
        I201, I202 rasters on another grid.
    """
    if rasters.data_vars:
        same_grid(grid.like(np.empty(grid.shape), name="grid"), rasters)
    view = _view(grid, context)
    sheet = sheet_for(view, [*notes, _standing_notes(grid, context)])
    figure = Figure(figsize=sheet.size, facecolor="white")
    FigureCanvasAgg(figure)
    axes = sheet.add_map(figure)
    _prepare(axes, view)
    if "corridor" in rasters:
        vectors = {name: features for name, features in vectors.items() if name != "corridors"}
    _draw_rasters(axes, rasters, grid)
    _draw_features(axes, vectors, context, detail_m=DETAIL_CELLS * grid.cell_size_m)
    taken = _draw_scale(axes)
    name_everything(axes, vectors, context, taken=taken)
    ramps = _ramps(rasters)
    draw_legend(sheet.add_panel(figure), vectors, context, ramps=ramps, no_data_colour=NO_DATA_COLOUR)
    sheet.write_title(figure, title)
    sheet.write_notes(figure)
    return figure


def figure_png(figure: Figure, *, dpi: float = 150, sheet_inches: tuple[float, float] | None = None) -> bytes:
    """Return a figure as PNG: the same figure gives the same bytes.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        For example from `overview_figure`.
    dpi : float
        Pixels per inch.
    sheet_inches : tuple of float, optional
        Sides of the sheet of paper it is printed on, the longer one first, such as `A4_INCHES`: the figure,
        lying or standing as its own shape is, is made as large as the sheet. Where absent it keeps its size.
    """
    drawn_dpi = dpi
    if sheet_inches is not None:
        sides = sorted(map(float, figure.get_size_inches()), reverse=True)
        drawn_dpi *= min(sheet / side for sheet, side in zip(sheet_inches, sides, strict=True))
    buffer = io.BytesIO()
    figure.savefig(
        buffer, format="png", dpi=drawn_dpi, metadata={"Software": None}, pil_kwargs={"dpi": (dpi, dpi)}
    )
    return buffer.getvalue()


# ---------------------------------------------------------------- the sheet


def _view(grid: Grid, context: Mapping[str, GeoDataFrame]) -> Bounds:
    """Return the box drawn: around the reporting area, else the whole grid."""
    left, bottom, right, top = grid.bounds
    area = context.get("reporting_area")
    if area is None or area.empty:
        return left, bottom, right, top
    west, south, east, north = (float(side) for side in area.total_bounds)
    edge = 0.03 * max(east - west, north - south)
    return max(left, west - edge), max(bottom, south - edge), min(right, east + edge), min(top, north + edge)


def _prepare(axes: Axes, view: Bounds) -> None:
    left, bottom, right, top = view
    axes.set(xlim=(left, right), ylim=(bottom, top), xticks=[], yticks=[], aspect="equal")
    axes.set_facecolor(NO_DATA_COLOUR)
    axes.set_autoscale_on(False)


def _standing_notes(grid: Grid, context: Mapping[str, GeoDataFrame]) -> str:
    """Return what holds for every overview."""
    cell_m = grid.cell_size_m
    notes = [
        f"Screening scale: cells of {cell_m:g} m; nothing narrower than 4 cells ({4 * cell_m / 1000:g} km) "
        "is resolved.",
        "Slack is measured within each link and does not compare links.",
        "Boundaries are not a legal statement. Grid north is up.",
    ]
    parks = context.get("protected_areas")
    if parks is not None and is_stylised(parks).any():
        notes.append("Protected areas with a dashed outline are stylised, not surveyed.")
    return " ".join(notes)


# ---------------------------------------------------------------- the map


def _ramps(rasters: xr.Dataset) -> dict[str, ScalarMappable]:
    """Return the colour scales in use, by raster."""
    found = {}
    for name, lightened in (("suitability", LIGHTENED), ("corridor", 0.0)):
        style = schema.RASTERS[name].style
        if name in rasters and isinstance(style, schema.Ramp):
            colours, span = ramp_colours(style, lightened=lightened)
            found[name] = ScalarMappable(span, colours)
    return found


def _draw_rasters(axes: Axes, rasters: xr.Dataset, grid: Grid) -> None:
    left, bottom, right, top = grid.bounds
    place: dict[str, Any] = {"extent": (left, right, bottom, top), "interpolation": "nearest"}
    for number, (name, scale) in enumerate(_ramps(rasters).items()):
        picture = scale.to_rgba(np.ma.masked_invalid(rasters[name].to_numpy()))
        if name == "suitability" and "elevation" in rasters:
            picture = shaded(picture, rasters["elevation"].to_numpy(), cell_size_m=grid.cell_size_m)
        axes.imshow(picture, zorder=1 + number, **place)


def _draw_features(
    axes: Axes, vectors: Mapping[str, GeoDataFrame], context: Mapping[str, GeoDataFrame], *, detail_m: float
) -> None:
    entries = {**schema.VECTORS, **schema.CONTEXT, **schema.PROPOSED}
    shown = {name: features for name, features in {**vectors, **context}.items() if len(features)}
    for number, name in enumerate(FROM_THE_BOTTOM):
        if name in shown and not (name == "countries" and "borders" in shown):
            draw_features(axes, shown[name], entries[name], detail_m=detail_m, zorder=5 + number)


def _draw_scale(axes: Axes) -> list[Bbox]:
    """Draw the scale bar and the north mark, and return the places they take in pixels."""
    fonts = list(font_families())
    bar = ScaleBar(
        1, "m", location="lower left", length_fraction=0.2, box_alpha=0.8, border_pad=0.6,
        font_properties={"family": fonts, "size": 9},
    )  # fmt: skip
    bar.set_zorder(22)
    axes.add_artist(bar)
    axes.annotate(
        "N", (0.965, 0.985), (0.965, 0.925), xycoords="axes fraction", textcoords="axes fraction",
        ha="center", va="center", fontsize=12, fontweight="bold", fontfamily=fonts, zorder=21,
        arrowprops={"arrowstyle": "-|>", "color": "black"},
        path_effects=[withStroke(linewidth=3, foreground="white")],
    )  # fmt: skip
    # The bar is laid out only when it is drawn, so its corner is kept free as a whole.
    corners = np.array([[[0, 0], [0.32, 0.08]], [[0.93, 0.9], [1, 1]]])
    return [Bbox(axes.transAxes.transform(corner)) for corner in corners]
