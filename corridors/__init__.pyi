# Table of contents: what `corridors` offers, in the order it is used.
from .grid import Grid as Grid
from .grid import choose_crs as choose_crs
from .grid import inside as inside
from .grid import same_grid as same_grid
from .layers import LayerSpec as LayerSpec
from .layers import impassable_mask as impassable_mask
from .layers import read_context as read_context
from .layers import read_layers as read_layers
from .suitability import ahp_weights as ahp_weights
from .suitability import response_scores as response_scores
from .suitability import weighted_overlay as weighted_overlay
from .resistance import burn_resistance as burn_resistance
from .resistance import resistance_from_classes as resistance_from_classes
from .resistance import resistance_from_suitability as resistance_from_suitability
from .cores import core_areas as core_areas
from .cores import cores_from_polygons as cores_from_polygons
from .cores import habitat_mean as habitat_mean
from .cores import cut_cores as cut_cores
from .barriers import EdgeCosts as EdgeCosts
from .barriers import combined as combined
from .barriers import edge_costs as edge_costs
from .barriers import openings_of as openings_of
from .cost import accumulated_cost as accumulated_cost
from .cost import cost_distance_matrix as cost_distance_matrix
from .cost import cost_surfaces as cost_surfaces
from .cost import least_cost_path as least_cost_path
from .cost import cost_allocation as cost_allocation
from .cost import nearest_cost as nearest_cost
from .cost import on_whole_grid as on_whole_grid
from .cost.blocks import accumulated_cost_in_blocks as accumulated_cost_in_blocks
from .cost.blocks import cost_allocation_in_blocks as cost_allocation_in_blocks
from .cost.blocks import cost_in_pieces as cost_in_pieces
from .io import raster_on_disk as raster_on_disk
from .io import write_pieces as write_pieces
from .cluster import connect as connect
from .links import find_links as find_links
from .links import link_exposure as link_exposure
from .corridor import conditional_transit_cost as conditional_transit_cost
from .corridor import corridor_bottlenecks as corridor_bottlenecks
from .corridor import corridor_polygons as corridor_polygons
from .corridor import least_cost_corridors as least_cost_corridors
from .corridor import path_density as path_density
from .corridor import resistant_kernels as resistant_kernels
from .circuit import advanced_current as advanced_current
from .circuit import corridor_currents as corridor_currents
from .circuit import effective_resistances as effective_resistances
from .circuit import omnidirectional_current as omnidirectional_current
from .circuit import pairwise_current as pairwise_current
from .network import connectivity_indices as connectivity_indices
from .network import to_graph as to_graph
from .network import blended_priority as blended_priority
from .network import capacity_by_country as capacity_by_country
from .network import centrality as centrality
from .network import core_capacity as core_capacity
from .network import core_priority as core_priority
from .network import gain_of_cores as gain_of_cores
from .network import gain_of_links as gain_of_links
from .network import importance as importance
from .network import link_priority as link_priority
from .network import protected_connected as protected_connected
from .network import rank_stability as rank_stability
from .network import stepping_stone_network as stepping_stone_network
from .border import border_connectivity as border_connectivity
from .border import border_crossings as border_crossings
from .border import border_lines as border_lines
from .border import border_segments as border_segments
from .border import core_borders as core_borders
from .border import corridor_shares as corridor_shares
from .border import country_connectivity as country_connectivity
from .border import country_shares as country_shares
from .border import fence_scenarios as fence_scenarios
from .border import link_shares as link_shares
from .restoration import BarrierLines as BarrierLines
from .restoration import best_places as best_places
from .restoration import exact_gains as exact_gains
from .restoration import improvement_scores as improvement_scores
from .restoration import opening_gains as opening_gains
from .restoration import pinch_points as pinch_points
from .config import Workflow as Workflow
from .config import load_workflow as load_workflow
from .result import CaseResult as CaseResult
from .result import Result as Result
from .pipeline import analyse as analyse
from .pipeline import read_inputs as read_inputs
from .pipeline import run as run
from .preflight import check as check
from .studies.proposals import compare_proposals as compare_proposals
from .studies.proposals import read_proposals as read_proposals
from .studies.proposals import select_proposals as select_proposals
from .errors import CorridorsError as CorridorsError

__all__ = [
    "BarrierLines",
    "CaseResult",
    "CorridorsError",
    "EdgeCosts",
    "Grid",
    "LayerSpec",
    "Result",
    "Workflow",
    "accumulated_cost",
    "accumulated_cost_in_blocks",
    "advanced_current",
    "ahp_weights",
    "analyse",
    "best_places",
    "blended_priority",
    "border_connectivity",
    "border_crossings",
    "border_lines",
    "border_segments",
    "burn_resistance",
    "capacity_by_country",
    "centrality",
    "check",
    "choose_crs",
    "combined",
    "compare_proposals",
    "conditional_transit_cost",
    "connect",
    "connectivity_indices",
    "core_areas",
    "core_borders",
    "core_capacity",
    "core_priority",
    "cores_from_polygons",
    "corridor_bottlenecks",
    "corridor_currents",
    "corridor_polygons",
    "corridor_shares",
    "cost_allocation",
    "cost_allocation_in_blocks",
    "cost_distance_matrix",
    "cost_in_pieces",
    "cost_surfaces",
    "country_connectivity",
    "country_shares",
    "cut_cores",
    "edge_costs",
    "effective_resistances",
    "exact_gains",
    "fence_scenarios",
    "find_links",
    "gain_of_cores",
    "gain_of_links",
    "habitat_mean",
    "impassable_mask",
    "importance",
    "improvement_scores",
    "inside",
    "least_cost_corridors",
    "least_cost_path",
    "link_exposure",
    "link_priority",
    "link_shares",
    "load_workflow",
    "nearest_cost",
    "omnidirectional_current",
    "on_whole_grid",
    "opening_gains",
    "openings_of",
    "pairwise_current",
    "path_density",
    "pinch_points",
    "protected_connected",
    "rank_stability",
    "raster_on_disk",
    "read_context",
    "read_inputs",
    "read_layers",
    "read_proposals",
    "resistance_from_classes",
    "resistance_from_suitability",
    "resistant_kernels",
    "response_scores",
    "run",
    "same_grid",
    "select_proposals",
    "stepping_stone_network",
    "to_graph",
    "weighted_overlay",
    "write_pieces",
]
