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
from .barriers import EdgeCosts as EdgeCosts
from .barriers import combined as combined
from .barriers import edge_costs as edge_costs
from .barriers import openings_of as openings_of
from .cost import accumulated_cost as accumulated_cost
from .cost import cost_distance_matrix as cost_distance_matrix
from .cost import cost_surfaces as cost_surfaces
from .cost import least_cost_path as least_cost_path
from .links import find_links as find_links
from .links import link_exposure as link_exposure
from .corridor import conditional_transit_cost as conditional_transit_cost
from .corridor import corridor_bottlenecks as corridor_bottlenecks
from .corridor import corridor_polygons as corridor_polygons
from .corridor import least_cost_corridors as least_cost_corridors
from .corridor import path_density as path_density
from .corridor import resistant_kernels as resistant_kernels
from .network import connectivity_indices as connectivity_indices
from .network import to_graph as to_graph
from .border import border_crossings as border_crossings
from .border import border_lines as border_lines
from .border import core_borders as core_borders
from .border import country_shares as country_shares
from .border import link_shares as link_shares
from .config import Workflow as Workflow
from .config import load_workflow as load_workflow
from .result import CaseResult as CaseResult
from .result import Result as Result
from .pipeline import analyse as analyse
from .pipeline import read_inputs as read_inputs
from .pipeline import run as run
from .preflight import check as check
from .errors import CorridorsError as CorridorsError

__all__ = [
    "CaseResult",
    "CorridorsError",
    "EdgeCosts",
    "Grid",
    "LayerSpec",
    "Result",
    "Workflow",
    "accumulated_cost",
    "ahp_weights",
    "analyse",
    "border_crossings",
    "border_lines",
    "burn_resistance",
    "check",
    "choose_crs",
    "combined",
    "conditional_transit_cost",
    "connectivity_indices",
    "core_areas",
    "core_borders",
    "cores_from_polygons",
    "corridor_bottlenecks",
    "corridor_polygons",
    "cost_distance_matrix",
    "cost_surfaces",
    "country_shares",
    "edge_costs",
    "find_links",
    "habitat_mean",
    "impassable_mask",
    "inside",
    "least_cost_corridors",
    "least_cost_path",
    "link_exposure",
    "link_shares",
    "load_workflow",
    "openings_of",
    "path_density",
    "read_context",
    "read_inputs",
    "read_layers",
    "resistance_from_classes",
    "resistance_from_suitability",
    "resistant_kernels",
    "response_scores",
    "run",
    "same_grid",
    "to_graph",
    "weighted_overlay",
]
