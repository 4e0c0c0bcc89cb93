"""What each kind of proposal changes, and what it leaves: one table, for the program and the docs."""

from __future__ import annotations

from dataclasses import dataclass

POLYGONS = ("Polygon", "MultiPolygon")
LINES = ("LineString", "MultiLineString")
PLACES = ("Point", "MultiPoint", *LINES, *POLYGONS)


@dataclass(frozen=True)
class Kind:
    """One kind of proposal.

    Parameters
    ----------
    name : str
        As it stands in the column `kind`.
    geometry : tuple of str
        Types of geometry it may have.
    resistance, suitability, edges, cores, status : str
        What becomes of each; empty = unchanged.
    crossing_cost_m : float, optional
        What crossing its lines costs where no column says so, metres of ideal habitat [P].
    """

    name: str
    geometry: tuple[str, ...]
    resistance: str = ""
    suitability: str = ""
    edges: str = ""
    cores: str = ""
    status: str = ""
    crossing_cost_m: float | None = None

    @property
    def moves(self) -> bool:
        """Whether habitat or movement changes, not the status alone."""
        return bool(self.resistance or self.suitability or self.edges or self.cores)


KINDS = {
    kind.name: kind
    for kind in (
        Kind("protect", POLYGONS, status="protected"),
        Kind(
            "restore",
            POLYGONS,
            resistance="the median of the core areas, where it is higher",
            suitability="the median of the core areas, where it is lower",
            cores="outlines and ids unchanged; what became suitable adds to capacity",
        ),
        Kind("fence", LINES, edges="crossing costs crossing_cost_m more", crossing_cost_m=10_000.0),
        Kind("road", LINES, edges="crossing costs crossing_cost_m more", crossing_cost_m=25_000.0),
        Kind("crossing structure", PLACES, edges="barriers within a cell are free to cross there"),
        Kind("open gate", PLACES, edges="barriers within a cell are free to cross there"),
        Kind(
            "remove",
            POLYGONS,
            resistance="the highest",
            suitability="0",
            cores="its area is lost; ids unchanged",
        ),
    )
}
OPENINGS = ("crossing structure", "open gate")


def kinds_table() -> str:
    """Return the table of kinds as Markdown.

    Examples
    --------
    >>> print(kinds_table().splitlines()[2])
    | protect | - | - | - | - | protected |
    """
    columns = ("resistance", "suitability", "edges", "cores", "status")
    head = " | ".join(("kind", *columns))
    rows = [f"| {head} |", "|" + "---|" * (len(columns) + 1)]
    for kind in KINDS.values():
        cells = " | ".join((kind.name, *(getattr(kind, name) or "-" for name in columns)))
        rows.append(f"| {cells} |")
    return "\n".join(rows)
