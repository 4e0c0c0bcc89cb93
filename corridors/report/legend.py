"""The legend beside the map: what every line, patch and colour means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from matplotlib.colors import to_rgba
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from corridors import schema
from corridors.report.drawing import POINTS_PER_MM, is_stylised
from corridors.report.lettering import font_families

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from geopandas import GeoDataFrame
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.cm import ScalarMappable

TEXT_SIZE = 8
BAR_HEIGHT_INCHES = 0.14
BAR_STEP_INCHES = 0.85
HEADINGS = {
    "corridor": "Corridor: slack over the link's best path,\nkm of ideal habitat (does not compare links)"
}


def draw_legend(
    panel: Axes,
    vectors: Mapping[str, GeoDataFrame],
    context: Mapping[str, GeoDataFrame],
    *,
    ramps: Mapping[str, ScalarMappable],
    no_data_colour: str,
) -> None:
    """Fill an empty panel: features at the top, colour scales below them.

    Parameters
    ----------
    panel : matplotlib.axes.Axes
        The axes to fill; their frame is taken away.
    vectors, context : mapping of str to GeoDataFrame
        What the map shows.
    ramps : mapping of str to ScalarMappable
        The colour scale of every raster on the map, by its name in the schema.
    no_data_colour : str
        Colour of cells without data.
    """
    panel.set_axis_off()
    handles = [*_result_handles(vectors), *_context_handles(context)]
    if ramps:
        handles.append(Patch(facecolor=no_data_colour, edgecolor="#b0b0b0", label="sea or no data"))
    legend = panel.legend(
        handles=handles, loc="upper left", bbox_to_anchor=(0, 1), borderaxespad=0, frameon=False,
        handlelength=2.4, labelspacing=0.55, prop={"family": list(font_families()), "size": TEXT_SIZE},
    )  # fmt: skip
    panel_box, legend_box = panel.get_window_extent(), legend.get_window_extent()
    below = (legend_box.y0 - panel_box.y0) / panel_box.height
    inch = panel.figure.dpi / panel_box.height
    for number, (name, scale) in enumerate(reversed(list(ramps.items()))):
        bottom = below - (0.55 + number * BAR_STEP_INCHES) * inch
        _draw_scale(panel, name, scale, bottom=bottom, height=BAR_HEIGHT_INCHES * inch)


def _result_handles(vectors: Mapping[str, GeoDataFrame]) -> Iterator[Artist]:
    cores, links, crossings = (vectors.get(name) for name in ("cores", "links", "crossings"))
    if cores is not None:
        yield _handle(schema.VECTORS["cores"], f"core area ({len(cores)})")
    corridors = vectors.get("corridors")
    if corridors is not None and len(corridors):
        yield _handle(schema.VECTORS["corridors"], f"corridor ({len(corridors)})")
    for name, entry in schema.PROPOSED.items():
        if name in vectors and len(vectors[name]):
            yield _handle(entry, entry.title.lower())
    style = schema.VECTORS["links"].style
    if links is not None and isinstance(style, schema.Graduated):
        yield Line2D([], [], linestyle="none", label=f"link, least-cost path ({len(links)}):")
        for _, _, colour, width, label in style.ranges:
            yield Line2D([], [], color=colour, linewidth=width * POINTS_PER_MM, label=label)
    if crossings is not None and len(crossings):
        yield _handle(schema.VECTORS["crossings"], f"link crosses a border ({len(crossings)})")


def _context_handles(context: Mapping[str, GeoDataFrame]) -> Iterator[Artist]:
    shown = {name: features for name, features in context.items() if name in schema.CONTEXT and len(features)}
    if "borders" in shown:
        shown.pop("countries", None)
    shown.pop("analysis_area", None)
    for name, entry in schema.CONTEXT.items():
        if name not in shown:
            continue
        stylised = is_stylised(shown[name])
        if not stylised.all():
            yield _handle(entry, entry.title)
        if stylised.any():
            yield _handle(entry, f"{entry.title}, stylised outline", dash=True)


def _handle(entry: schema.Vector, label: str, *, dash: bool = False) -> Artist:
    style = entry.style
    if not isinstance(style, schema.Symbol):
        return Line2D([], [], label=label)
    width = style.width * POINTS_PER_MM
    line: Literal["--", "-"] = "--" if style.dash or dash else "-"
    if entry.geometry == "Point":
        return Line2D(
            [], [], linestyle="none", marker="o", markersize=width, markerfacecolor=style.colour,
            markeredgecolor="white", label=label,
        )  # fmt: skip
    if entry.geometry == "Line":
        return Line2D([], [], color=style.colour, linewidth=width, linestyle=line, label=label)
    fill = to_rgba(style.colour, style.opacity) if style.fill else "none"
    return Patch(facecolor=fill, edgecolor=style.outline, linewidth=width, linestyle=line, label=label)


def _draw_scale(panel: Axes, name: str, scale: ScalarMappable, *, bottom: float, height: float) -> None:
    """Draw the colour bar of a raster with the class breaks and labels of its style."""
    entry = schema.RASTERS[name]
    bar = panel.inset_axes((0.02, bottom, 0.86, height))
    colours = panel.figure.colorbar(scale, cax=bar, orientation="horizontal")
    if isinstance(entry.style, schema.Ramp):
        labels = [label.split(" ")[0] for _, _, label in entry.style.stops]
        colours.set_ticks([value for value, _, _ in entry.style.stops], labels=labels)
    colours.outline.set_linewidth(0.4)
    fonts = list(font_families())
    for text in bar.get_xticklabels():
        text.set(fontfamily=fonts, fontsize=7)
    heading = HEADINGS.get(name, f"{entry.title} ({entry.unit})")
    bar.set_title(heading, fontsize=TEXT_SIZE, loc="left", fontfamily=fonts, pad=4)
