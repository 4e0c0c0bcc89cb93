"""Where to restore, which barrier to open, and where everything squeezes through."""

from corridors.restoration.gains import exact_gains
from corridors.restoration.openings import opening_gains
from corridors.restoration.pinch import pinch_points
from corridors.restoration.places import best_places
from corridors.restoration.reliefs import BarrierLines
from corridors.restoration.scores import improvement_scores

__all__ = [
    "BarrierLines",
    "best_places",
    "exact_gains",
    "improvement_scores",
    "opening_gains",
    "pinch_points",
]
