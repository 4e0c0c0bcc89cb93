"""Proposals compared with the landscape as it is, explained and chosen."""

from corridors.studies.proposals.change import Landscape, changed, landscape_of
from corridors.studies.proposals.choose import Choice, choose
from corridors.studies.proposals.compare import Comparison, compare_proposals
from corridors.studies.proposals.kinds import KINDS, Kind, kinds_table
from corridors.studies.proposals.measures import Measured, measured
from corridors.studies.proposals.ranges import SETTINGS
from corridors.studies.proposals.ranking import pareto_front, rank_ranges, ranks
from corridors.studies.proposals.read import proposals_from, read_proposals
from corridors.studies.proposals.select import Chosen, check_choice, select_proposals
from corridors.studies.proposals.write import write_comparison

__all__ = [
    "KINDS",
    "SETTINGS",
    "Choice",
    "Chosen",
    "Comparison",
    "Kind",
    "Landscape",
    "Measured",
    "changed",
    "check_choice",
    "choose",
    "compare_proposals",
    "kinds_table",
    "landscape_of",
    "measured",
    "pareto_front",
    "proposals_from",
    "rank_ranges",
    "ranks",
    "read_proposals",
    "select_proposals",
    "write_comparison",
]
