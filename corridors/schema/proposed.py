"""The layers of what is proposed: areas, lines and places, since a map layer holds one kind of geometry."""

from __future__ import annotations

from corridors.schema.styles import Symbol
from corridors.schema.vectors import Vector

PROPOSAL_COLUMNS = ("proposal", "kind", "status", "cost")

PROPOSED: dict[str, Vector] = {
    v.name: v
    for v in (
        Vector("proposals", "Proposals", "Polygon", PROPOSAL_COLUMNS,
               "Areas that are proposed, with the rank of every case behind the schema's columns.",
               Symbol("#2b6cb0", 0.9, "#08306b", opacity=0.3), "proposals", "proposal"),
        Vector("proposed_lines", "Proposed lines", "Line", PROPOSAL_COLUMNS,
               "Fences and roads that are proposed.", Symbol("#08306b", 1.2), "proposals", "proposal"),
        Vector("proposed_points", "Proposed places", "Point", PROPOSAL_COLUMNS,
               "Crossing structures and gates that are proposed.", Symbol("#08306b", 2.8), "proposals", "proposal"),
    )
}  # fmt: skip
