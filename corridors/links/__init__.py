"""Links between core areas: which are neighbours, what the way costs, what it is exposed to."""

from corridors.links.edited import follow_link_ids, pair_problems
from corridors.links.exposure import link_exposure
from corridors.links.find import find_links
from corridors.links.neighbours import neighbouring_cores

__all__ = ["find_links", "follow_link_ids", "link_exposure", "neighbouring_cores", "pair_problems"]
