"""PC and flux of another program: Graphab, on the ten patches that come with the R package graph4lg.

Distances are the accumulated costs it lists for the 45 links of a complete graph; every patch has 10 000 m²
in a landscape of 60 000 m squared; the probability is 0.5 at a cost of 600.
"""

from __future__ import annotations

from itertools import combinations

import networkx as nx
import numpy as np
import pytest

from corridors.network import connectivity_indices, node_importance

# Rows: patch 1 to patches 2 .. 10, patch 2 to patches 3 .. 10, and so on.
COSTS = (
    (2926.14948, 1812.957518, 2993.659151, 2628.177868, 1258.614372, 3169.94952, 1655.95247, 2418.195308,
     1480.39612),
    (1114.02039, 284.741166, 303.6284668, 2380.527111, 461.0315352, 2777.865208, 1290.650955, 2602.308859),
    (1181.530060, 816.0487776, 1267.335148, 1357.820430, 1664.673246, 2187.439850, 1489.116896),
    (371.1381372, 2410.421756, 431.7655548, 2814.830922, 1261.384975, 2639.274572),
    (2082.555498, 547.4285064, 2479.893596, 1377.047926, 2304.337246),
    (2001.827774, 407.2375928, 1159.580936, 231.6812432),
    (2406.236940, 852.7909928, 2230.680590),
    (1563.990102, 178.35534),
    (1388.433752,),
)  # fmt: skip
FLUXES = (8856.424618, 26999.766171, 18888.867367, 26458.812624, 27450.908249, 24316.290070, 25700.845968,
          20946.138083, 18034.768157, 23825.932962)  # fmt: skip


@pytest.fixture(scope="module")
def patches() -> nx.Graph[int]:
    graph: nx.Graph[int] = nx.Graph(node_weight="area")
    graph.add_nodes_from(range(1, 11), weight=0.01)
    costs = [cost for row in COSTS for cost in row]
    for (a, b), cost in zip(combinations(range(1, 11), 2), costs, strict=True):
        graph.add_edge(a, b, path_length_km=cost, cost_distance_m=cost)
    return graph


def test_graphab__pc(patches: nx.Graph[int]) -> None:
    table = connectivity_indices(patches, dispersal_km=[600], landscape_km2=3600)
    assert table.loc[0, "probability_of_connectivity"] == pytest.approx(2.480545943431007e-10, rel=1e-8)


def test_graphab__flux(patches: nx.Graph[int]) -> None:
    """Graphab's F of a patch sums the areas of others times p*; dPC's flux is twice its area times that."""
    total = connectivity_indices(patches, dispersal_km=[600]).loc[0, "equivalent_connected_area_km2"] ** 2
    flux = node_importance(patches, dispersal_km=[600])["dpc_flux_percent"].to_numpy()
    np.testing.assert_allclose(flux / 100 * total / (2 * 0.01) * 1e6, FLUXES, rtol=1e-7)
