"""What an expert expects on the maps of the real landscapes, as numbers.

The expectations come from published studies of these animals, not from this program.
"""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from corridors.barriers import costs_along
from corridors.cost import least_cost_path

pytestmark = pytest.mark.real

FOREST = (4, 5)


def core_that_holds_most_of(case, polygon):
    """Return the id of the core that overlaps a polygon most, and the share of the polygon it holds."""
    shares = case.vectors["cores"].intersection(polygon).area / polygon.area
    return int(shares.idxmax()), float(shares.max())


def park(result, name):
    areas = result.context["protected_areas"]
    return areas.loc[areas["name"] == name].geometry.union_all()


@pytest.mark.parametrize("species", ["amur_tiger", "amur_leopard"])
def test_one_core_across_the_border_ridge_from_hunchun_to_the_land_of_the_leopard(landscape, species):
    big_cats = landscape("land_of_big_cats")
    case = big_cats.result.cases[species]
    hunchun, in_hunchun = core_that_holds_most_of(
        case, park(big_cats.result, "Hunchun National Nature Reserve")
    )
    leopard, in_leopard = core_that_holds_most_of(
        case, park(big_cats.result, "Land of the Leopard National Park")
    )
    assert hunchun == leopard
    assert min(in_hunchun, in_leopard) > 0.5
    # The border ridge between 42.8 and 43.9 N lies inside that core.
    borders = big_cats.result.context["borders"]
    ridge = borders.loc[borders["border"] == "CN-RU"].geometry.union_all()
    band = shapely.box(*big_cats.place(130.5, 42.95), *big_cats.place(131.8, 43.9))
    stretch = ridge.intersection(band)
    core = case.vectors["cores"].geometry.loc[hunchun]
    assert stretch.intersection(core).length / stretch.length > 0.9
    row = case.vectors["cores"].loc[hunchun]
    assert set(row["countries"].split(", ")) == {"CN", "RU"}
    assert row["narrowest_neck_km"] > 11.3


def test_tiger_cores_have_the_size_experts_draw(landscape):
    # One core of 35 500 km2 across the border and the southern Sikhote-Alin of 19 600 km2 apart, measured
    # independently without splitting at necks; the neck rule parts the Pogranichny lobe from the first.
    case = landscape("land_of_big_cats").result.cases["amur_tiger"]
    cores = case.vectors["cores"]
    across = cores.loc[cores["border_contact_km"] > 50]
    across = across.loc[across["countries"].isin(["CN, RU", "RU, CN"])]
    assert across["area_km2"].sum() == pytest.approx(35_500, rel=0.05)
    sikhote_alin = cores.loc[cores["name"] == "Ussuriysky zapovednik"]
    assert sikhote_alin["area_km2"].iloc[0] == pytest.approx(19_600, rel=0.05)


def test_razdolnaya_belt_is_a_strong_barrier(landscape):
    # The link across the belt costs per straight kilometre at least three times the median way of the same
    # kind inside the forest of either core.
    big_cats = landscape("land_of_big_cats")
    case = big_cats.result.cases["amur_tiger"]
    leopard, _ = core_that_holds_most_of(case, park(big_cats.result, "Land of the Leopard National Park"))
    ussuri, _ = core_that_holds_most_of(case, park(big_cats.result, "Ussuriysky zapovednik"))
    links = case.vectors["links"]
    belt = links.loc[(links["core_a"] == min(leopard, ussuri)) & (links["core_b"] == max(leopard, ussuri))]
    ways = [
        ((131.3, 43.2), (130.5, 43.6)),
        ((131.2, 43.1), (131.35, 43.7)),
        ((131.0, 43.0), (131.2, 43.9)),
        ((130.6, 44.0), (130.9, 43.4)),
        ((130.3, 43.6), (131.2, 43.7)),
        ((132.58, 43.64), (133.1, 43.9)),
        ((133.0, 43.5), (133.0, 44.2)),
    ]
    ratios = []
    for start, end in ways:
        surface = big_cats.cost_from("amur_tiger", big_cats.cell(*start))
        straight = np.hypot(*np.subtract(big_cats.place(*start), big_cats.place(*end)))
        ratios.append(float(surface.values[big_cats.cell(*end)]) / straight)
    assert belt["cwd_to_euclid"].iloc[0] >= 3 * np.median(ratios)


def test_razdolnaya_belt_costs_one_road_and_one_railway(landscape):
    big_cats = landscape("land_of_big_cats")
    links = big_cats.result.cases["amur_tiger"].vectors["links"]
    rows, columns = big_cats.steps(
        links.loc[(links["core_a"] == 1) & (links["core_b"] == 2)].geometry.iloc[0]
    )
    paid = costs_along(big_cats.barriers("amur_tiger"), rows, columns)
    assert paid[paid > 0].tolist() == [25_000, 25_000]
    # With every bridge of 200 m or more open, a viaduct saves the road. The map does not say
    # what lies under a bridge, so bridges are closed.
    start, end = (rows[0], columns[0]), (rows[-1], columns[-1])
    bridges = big_cats.barriers("amur_tiger", structure_length_m={"tunnel": 100.0, "bridge": 200.0})
    closed, opened = (big_cats.cost_from("amur_tiger", start, e).values[end] for e in (None, bridges))
    assert 20_000 < closed - opened <= 25_000


@pytest.mark.parametrize(("species", "cost_m"), [("amur_tiger", 25_000), ("amur_leopard", 30_000)])
def test_narvinsky_pass_joins_the_two_halves_of_the_land_of_the_leopard(landscape, species, cost_m):
    # The road from Razdolnoye to Khasan parts the national park: 2 400 km2 on the ridge, 400 km2 around
    # Kedrovaya Pad. Between their centres it costs one crossing; its tunnel of 500 m under the pass, above
    # which leopards were recorded, gives all of that back. A structure built there, one step wide, gives as
    # much but for the way to it; elsewhere along the road it gives less.
    big_cats = landscape("land_of_big_cats")
    ridge, kedrovaya = big_cats.cell(131.233, 43.186), big_cats.cell(131.500, 43.117)

    def cost(**options):
        barriers = big_cats.barriers(species, **options)
        return float(big_cats.cost_from(species, ridge, barriers).values[kedrovaya])

    def gain(lon, lat):
        return closed - cost(structure_length_m={}, built=(lon, lat))

    closed = cost(structure_length_m={})
    assert closed - cost(crossing_cost_m=0.0) == pytest.approx(cost_m, rel=1e-9)
    assert closed - cost() == pytest.approx(cost_m, rel=1e-9)
    assert cost_m - 1_000 < gain(131.4185, 43.1393) <= cost_m
    # 14 km to the north-east, 10 and 20 km to the south-west.
    elsewhere = [gain(131.540, 43.232), gain(131.355, 43.060), gain(131.315, 42.976)]
    assert max(elsewhere) < 0.8 * cost_m


@pytest.mark.parametrize("name", ["land_of_big_cats", "lesser_khingan", "chikhachev", "eastern_sayan"])
def test_costs_per_country_sum_to_those_of_the_links(landscape, name):
    for case in landscape(name).result.cases.values():
        shared = case.tables["link_countries"].groupby("link_id")["cost_m"].sum()
        np.testing.assert_allclose(shared, case.vectors["links"]["cost_distance_m"], rtol=1e-9)


def test_best_stretch_of_the_amur_is_the_khingan_gorge(landscape):
    khingan = landscape("lesser_khingan").result
    case = khingan.cases["amur_tiger"]
    links = case.vectors["links"]
    across = links.loc[links["borders"].str.contains("CN-RU|RU-CN")]
    best = across["cost_distance_m"].idxmin()
    crossings = case.vectors["crossings"]
    latitude = crossings.loc[crossings["link_id"] == best].to_crs(4326).geometry.y
    assert ((latitude > 47.90) & (latitude < 48.88)).all()
    # It joins the large cores of the two banks.
    assert set(links.loc[best, ["core_a", "core_b"]]) == {1, 2}


def test_bastak_is_linked_to_pompeevsky_through_forest(landscape):
    khingan = landscape("lesser_khingan")
    surface = khingan.cost_from("amur_tiger", khingan.cell(133.1, 48.95))
    resistance, barriers = khingan.resistance("amur_tiger"), khingan.barriers("amur_tiger")
    rows, columns = least_cost_path(surface, resistance, khingan.cell(131.0, 48.4), barriers=barriers)
    cover = khingan.inputs.layers["landcover"].values[rows, columns]
    assert np.isin(cover, FOREST).mean() > 0.95
    on_railway = khingan.inputs.layers["railways"].values[rows, columns] > 0
    assert np.count_nonzero(np.diff(on_railway.astype(int)) == 1) <= 1


def test_chikhachev_ridge_is_one_core_in_russia_and_mongolia(landscape):
    chikhachev = landscape("chikhachev")
    cores = chikhachev.result.cases["snow_leopard"].vectors["cores"]
    ridge = shapely.box(*chikhachev.place(89.3, 49.65), *chikhachev.place(89.95, 50.2))
    inside = cores.intersection(ridge).area
    largest = cores.loc[inside.idxmax()]
    assert {"RU", "MN"} <= set(largest["countries"].split(", "))
    assert largest["border_contact_km"] > 20


@pytest.mark.parametrize("place", [(88.67, 50.0), (88.3, 50.05), (91.0, 50.0)])
def test_the_steppes_round_chikhachev_separate(landscape, place):
    chikhachev = landscape("chikhachev")
    cores = chikhachev.result.cases["snow_leopard"].vectors["cores"]
    assert not cores.contains(shapely.Point(chikhachev.place(*place))).any()


def test_eastern_sayan_has_cores_on_both_sides(landscape):
    cores = landscape("eastern_sayan").result.cases["snow_leopard"].vectors["cores"]
    across = cores.loc[cores["border_contact_km"] > 20]
    assert len(across) >= 2
    assert across["area_km2"].max() > 2_000
