"""What the networks of the real landscapes add up to, against published figures.

Protected areas of Mongolia in the Eastern Sayan are stylised outlines: the source maps none there.
"""

from __future__ import annotations

import numpy as np
import pytest

from corridors.network import density_check, protected_connected

pytestmark = pytest.mark.real

LANDSCAPES = ["land_of_big_cats", "lesser_khingan", "chikhachev", "eastern_sayan"]


def cases_of(landscape, name):
    return landscape(name).result.cases.items()


@pytest.mark.parametrize("name", LANDSCAPES)
def test_fractions_of_protected_connected_land_sum_to_100(landscape, name):
    for _, case in cases_of(landscape, name):
        table = case.tables["protected_connectivity"].dropna(subset="protconn_percent")
        of = {part: table[f"protconn_{part}_percent"] for part in ("prot", "unprot", "trans")}
        np.testing.assert_allclose(sum(of.values()), 100)
        np.testing.assert_allclose(
            table["protconn_within_percent"] + table["protconn_contig_percent"], of["prot"]
        )
        assert (table["protconn_percent"] <= table["protconn_bound_percent"] * (1 + 1e-9)).all()
        assert (table["protconn_bound_percent"] <= table["prot_percent"] * (1 + 1e-9)).all()


@pytest.mark.parametrize(("country", "other"), [("MN", "RU"), ("RU", "MN")])
def test_land_connected_across_the_border_in_the_sayan_is_owed_to_the_neighbour_alone(
    landscape, country, other
):
    # Trans is 0.12, 0.08 and 0.04 % of ProtConn in Mongolia and 3.0, 2.8 and 1.9 % in Russia at 40, 80 and
    # 160 km: with the stylised outlines, Mongolian reserves hardly need Russian ones to be connected.
    sayan = landscape("eastern_sayan")
    reserves, countries = sayan.inputs.context["protected_areas"], sayan.inputs.context["countries"]
    distances = sayan.workflow.cases["snow_leopard"].network.dispersal_km

    def trans(kept):
        table = protected_connected(kept, countries, dispersal_km=distances)
        return table.loc[table["country"] == country, "protconn_trans_percent"].to_numpy()

    land = countries.set_index("country").geometry
    abroad = reserves.clip(land[other]).geometry.area.sum()
    assert abroad > 0
    assert (trans(reserves) > 0).all()
    np.testing.assert_allclose(trans(reserves.clip(land[country], keep_geom_type=True)), 0, atol=1e-9)


def test_a_mongolian_side_without_a_source_is_stylised_and_said_so(landscape):
    reserves = landscape("eastern_sayan").inputs.context["protected_areas"]
    assert set(reserves.loc[reserves["country"] == "MN", "origin"]) == {"stylised"}
    assert set(reserves.loc[reserves["country"] == "RU", "origin"]) == {"source"}


@pytest.mark.parametrize("name", LANDSCAPES)
def test_capacity_is_area_times_the_published_densities(landscape, name):
    for key, case in cases_of(landscape, name):
        network = landscape(name).workflow.cases[key].network
        table = case.tables["capacity"]
        for what in ("adults", "breeding_females"):
            for bound, density in zip(("low", "high"), getattr(network, f"{what}_per_100_km2"), strict=True):
                np.testing.assert_allclose(table[f"{what}_{bound}"], table["area_km2"] * density / 100)
        parts, joint = table[table["country"] != "all"], table[table["country"] == "all"]
        assert parts["area_km2"].sum() == pytest.approx(joint["area_km2"].iloc[0])


# Area in km2 and animals: Qi et al. 2021 and, twice, Xiao et al. 2016 (tiger); Hebblewhite et al. 2011 and
# Jiang et al. 2015 (leopard).
@pytest.mark.parametrize(
    ("species", "area_km2", "animals"),
    [
        ("amur_tiger", 47_813, 311),
        ("amur_tiger", 11_400, 38),
        ("amur_tiger", 11_400, 45),
        ("amur_leopard", 10_648, 105.3),
        ("amur_leopard", 21_173.7, 195.1),
    ],
)
def test_published_populations_lie_within_the_capacity_of_their_area(landscape, species, area_km2, animals):
    lowest, highest = landscape("land_of_big_cats").workflow.cases[species].network.adults_per_100_km2
    density, _ = density_check(area_km2, animals, published_per_100_km2=(lowest, highest))
    assert lowest <= round(density, 2) <= highest  # 311 tigers are 0.6505 per 100 km2


@pytest.mark.parametrize(("species", "animals"), [("amur_tiger", 45), ("amur_leopard", 89)])
def test_animals_known_on_both_sides_are_fewer_than_the_border_core_could_hold(landscape, species, animals):
    # Joint counts of the two countries' camera traps. Capacity is what land could hold, not what lives there.
    big_cats = landscape("land_of_big_cats")
    border_core = big_cats.result.cases[species].vectors["cores"].loc[1]
    assert animals < border_core["adults_low"]
    network = big_cats.workflow.cases[species].network
    _, note = density_check(
        border_core["area_km2"], animals, published_per_100_km2=network.adults_per_100_km2
    )
    assert "outside the published" in note
