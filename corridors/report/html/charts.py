"""Charts as SVG inside the page: the network, connectivity over dispersal distance, bars per proposal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from markupsafe import Markup

from corridors.report.html.shapes import looks_of
from corridors.report.html.tables import BASELINE, JOINT, in_kilometres
from corridors.schema import VECTORS

if TYPE_CHECKING:
    import pandas as pd

    from corridors.report.html.strings import Words
    from corridors.result import CaseResult

WIDTH, HEIGHT = 720, 300
LEFT, RIGHT, TOP, BOTTOM = 90, 20, 20, 48
LINE_COLOURS = {"length": "#0072b2", "cost": "#d55e00"}
MARKERS = {"length": "circle", "cost": "square"}
LARGEST_NODE_PX = 30.0
BAR_PX = 26
LONGEST_NAME = 38


def svg(width: float, height: float, title: str, parts: list[Markup]) -> Markup:
    """Return a drawing with its title for those who cannot see it."""
    frame = Markup(
        '<svg class="chart" viewBox="0 0 {0:.0f} {1:.0f}" role="img" aria-label="{2}" '
        'xmlns="http://www.w3.org/2000/svg"><title>{2}</title>{3}</svg>'
    )
    return frame.format(width, height, title, Markup("").join(parts))


def network_drawing(case: CaseResult, words: Words) -> Markup:
    """Return cores as circles by area and links as straight lines in the colour of their cost."""
    cores, links = case.vectors["cores"], case.vectors["links"]
    points = np.array([(p.x, p.y) for p in cores.geometry.representative_point()])
    low, high = points.min(axis=0), points.max(axis=0)
    scale = min((WIDTH - 120) / max(high[0] - low[0], 1), 420 / max(high[1] - low[1], 1))
    height = (high[1] - low[1]) * scale + 120
    places = dict(zip(cores.index, (points - low) * scale * (1, -1) + (60, height - 60), strict=True))
    line = Markup('<path d="M{:.1f} {:.1f}L{:.1f} {:.1f}" stroke="{}" stroke-width="{:.1f}"{}/>')
    drawn = []
    for look, (_, link) in zip(looks_of(links, VECTORS["links"]), links.iterrows(), strict=True):
        dashed = Markup(' stroke-dasharray="8 5"') if link.get("borders") else Markup("")
        ends = (*places[link["core_a"]], *places[link["core_b"]])
        drawn.append(line.format(*ends, look.colour, look.width, dashed))
    circle = Markup(
        '<circle cx="{0:.1f}" cy="{1:.1f}" r="{2:.1f}" fill="#1b7837" fill-opacity="0.75" stroke="#00441b"/>'
        '<text x="{0:.1f}" y="{3:.1f}" class="name" font-size="14" text-anchor="middle">{4}</text>'
    )
    sizes = LARGEST_NODE_PX * np.sqrt(cores["area_km2"] / cores["area_km2"].max())
    for core_id, size in zip(cores.index, sizes.clip(lower=5), strict=True):
        x, y = places[core_id]
        drawn.append(circle.format(x, y, size, y + 5, core_id))
    return svg(WIDTH, height, f"{words('network_title')}: {case.title}", drawn)


def connectivity_chart(table: pd.DataFrame, words: Words, *, title: str) -> Markup:
    """Return equivalent connected area over dispersal distance, by length and by cost."""
    table = table.dropna(subset="equivalent_connected_area_km2")  # cost without links to convert it
    xs, ys = table["dispersal_km"].to_numpy(float), table["equivalent_connected_area_km2"].to_numpy(float)
    most_x, most_y = xs.max(initial=1.0) * 1.05, max(float(ys.max(initial=0.0)) * 1.1, 1e-9)
    parts = axes(most_x, most_y, words, words("col_dispersal_km"), words("col_equivalent_connected_area_km2"))
    for distance, unsorted in table.groupby("distance", sort=False):
        colour = LINE_COLOURS.get(str(distance), "#009e73")
        rows = unsorted.sort_values("dispersal_km")
        across = [LEFT + x / most_x * (WIDTH - LEFT - RIGHT) for x in rows["dispersal_km"]]
        up = [
            HEIGHT - BOTTOM - y / most_y * (HEIGHT - TOP - BOTTOM)
            for y in rows["equivalent_connected_area_km2"]
        ]
        line = Markup('<path d="M{}" fill="none" stroke="{}" stroke-width="2.5"{}/>')
        dashed = Markup(' stroke-dasharray="7 4"') if distance == "cost" else Markup("")
        parts.append(
            line.format("L".join(f"{x:.1f} {y:.1f}" for x, y in zip(across, up, strict=True)), colour, dashed)
        )
        parts += [marker(str(distance), x, y, colour) for x, y in zip(across, up, strict=True)]
        said = words.get(f"word_{distance}", str(distance))
        # The two curves often meet at the right; their names stand apart, above and below.
        y = up[-1] - 12 if distance == "length" else up[-1] + 22
        text = Markup('<text x="{:.1f}" y="{:.1f}" text-anchor="end" fill="{}" class="name">{}</text>')
        parts.append(text.format(across[-1], y, colour, said))
    return svg(WIDTH, HEIGHT, title, parts)


def marker(distance: str, x: float, y: float, colour: str) -> Markup:
    """Return the mark of a point: shape as well as colour tells the curves apart."""
    if MARKERS.get(distance) == "square":
        return Markup('<rect x="{:.1f}" y="{:.1f}" width="9" height="9" fill="{}"/>').format(
            x - 4.5, y - 4.5, colour
        )
    return Markup('<circle cx="{:.1f}" cy="{:.1f}" r="5" fill="{}"/>').format(x, y, colour)


def axes(most_x: float, most_y: float, words: Words, name_x: str, name_y: str) -> list[Markup]:
    """Return the axes from 0 with a few ticks and their names."""
    parts = []
    tick = Markup(
        '<path d="M{0:.1f} {1:.1f}H{2:.1f}" stroke="#ddd"/>'
        '<text x="{3}" y="{4:.1f}" text-anchor="end">{5}</text>'
    )
    for value in ticks(most_y):
        y = HEIGHT - BOTTOM - value / most_y * (HEIGHT - TOP - BOTTOM)
        parts.append(tick.format(LEFT, y, WIDTH - RIGHT, LEFT - 6, y + 4, words.number(value)))
    below = Markup('<text x="{:.1f}" y="{}" text-anchor="middle">{}</text>')
    for value in ticks(most_x):
        x = LEFT + value / most_x * (WIDTH - LEFT - RIGHT)
        parts.append(below.format(x, HEIGHT - BOTTOM + 18, words.number(value)))
    parts.append(below.format((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, f"{name_x}, km"))
    parts.append(Markup('<text x="6" y="13">{}</text>').format(f"{name_y}, km²"))
    return parts


def shortened(name: str) -> str:
    """Return a name short enough to stand beside a bar.

    Examples
    --------
    >>> shortened("Joint reserve"), len(shortened("x" * 99))
    ('Joint reserve', 38)
    """
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…"


def ticks(most: float) -> list[float]:
    """Return three to six round numbers from 0 up to `most`.

    Examples
    --------
    >>> ticks(70.0)
    [0.0, 20.0, 40.0, 60.0]
    """
    rough = most / 5
    power = 10.0 ** np.floor(np.log10(rough))
    step = float(next(m * power for m in (1, 2, 5, 10) if m * power >= rough))
    return [round(n * step, 12) for n in range(int(most / step) + 1)]


def change_bars(comparison: pd.DataFrame, column: str, words: Words, *, title: str) -> Markup | None:
    """Return what each proposal changes jointly, as bars from 0; None where nothing is known."""
    frame = in_kilometres(comparison)
    joint = frame[(frame["country"] == JOINT) & (frame["proposal"] != BASELINE)]
    change = f"{column}_change"
    if change not in joint or not np.isfinite(joint[change].astype(float)).any():
        return None
    values = joint[change].astype(float).to_numpy()
    known = values[np.isfinite(values)]
    low, high = min(known.min(), 0.0), max(known.max(), 0.0)
    span = (high - low) or 1.0
    left, right = 300, WIDTH - 90
    parts = []
    row_text = Markup('<text x="{}" y="{:.0f}" text-anchor="end">{}</text>')
    bar = Markup('<rect x="{:.1f}" y="{:.0f}" width="{:.1f}" height="16" fill="{}"/>')
    value_text = Markup('<text x="{:.1f}" y="{:.0f}">{}</text>')
    zero = left + (0 - low) / span * (right - left)
    for number, (name, value) in enumerate(zip(joint["proposal"], values, strict=True)):
        y = 14 + number * BAR_PX
        parts.append(row_text.format(left - 12, y + 13, shortened(str(name))))
        if not np.isfinite(value):
            parts.append(value_text.format(zero + 6, y + 13, words("not_assessed")))
            continue
        end = left + (value - low) / span * (right - left)
        colour = "#0072b2" if value >= 0 else "#d55e00"
        parts.append(bar.format(min(zero, end), y, max(abs(end - zero), 1), colour))
        parts.append(value_text.format(max(zero, end) + 6, y + 13, words.number(float(value), signed=True)))
    height = 24 + len(values) * BAR_PX
    parts.append(Markup('<path d="M{:.1f} 6V{:.0f}" stroke="#000"/>').format(zero, height - 8))
    return svg(WIDTH, height, title, parts)
