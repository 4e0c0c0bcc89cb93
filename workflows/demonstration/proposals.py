"""Stylised proposals: where something was proposed, drawn as a belt of about the right size, or as a line."""

from __future__ import annotations

import shapely

from demonstration.areas import NOTICE, as_multi, belt_of_area, countries
from demonstration.shapes import frame


def proposals(place):
    """Return one row per part of a proposal, its columns named as in the world database and as ours."""
    owners = countries(place.facts).set_index("iso_a3").geometry
    rows, shapes = [], []
    for proposal in place.facts["proposals"]:
        for part in proposal["parts"]:
            rows.append(
                {
                    "NAME_ENG": proposal["name"],
                    "proposal": proposal["name"],
                    "kind": part["kind"],
                    "STATUS": "Proposed",
                    "cost": float(part["cost"]),
                    "ISO3": ";".join(part.get("countries", [])),
                    "basis": proposal["basis"],
                    "notice": NOTICE,
                }
            )
            shapes.append(outline(place, part, owners))
    return frame(rows, shapes)


def outline(place, part, owners):
    """Return the line of a road or fence, else the belt of the part's area on the land it may take."""
    if "area_km2" not in part:
        return shapely.LineString(part["line"])
    room = shapely.union_all([owners[country] for country in part["countries"]])
    return as_multi(belt_of_area(place, part["line"], part["area_km2"], room))
