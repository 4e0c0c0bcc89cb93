"""The best set of proposals under a budget, judged by the model as far as that can be paid for.

Measuring all 65 536 sets of 16 proposals by the model would take days. So the worth of a set is approximated
to second order: what each proposal brings alone, plus what every pair brings more or less together. Of three
proposals that need one another it knows only the pairs. The set that is chosen is then measured by the model,
and both numbers are given.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import isnan
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from corridors.errors import CorridorsError, InputError, raise_all
from corridors.studies.proposals.change import changed, landscape_of
from corridors.studies.proposals.choose import ROUNDING, Choice, choose
from corridors.studies.proposals.compare import ranked_by
from corridors.studies.proposals.kinds import POLYGONS
from corridors.studies.proposals.measures import JOINT, STATUS_COLUMNS, measured
from corridors.studies.proposals.read import parts_named

if TYPE_CHECKING:
    from corridors.config import Workflow
    from corridors.pipeline.inputs import Inputs
    from corridors.studies.proposals.choose import Members, Worth
    from corridors.studies.proposals.compare import Comparison

BUDGETS = {"area": "area_km2", "cost": "cost", "number": ""}
STATUS = (*STATUS_COLUMNS, "corridor_protected_percent")
ORDER = "second order: what each brings alone, and every pair together"


@dataclass(frozen=True)
class Chosen:
    """The set chosen for one case.

    Parameters
    ----------
    case, measure : str
        Whom it is chosen for, and by the change of what.
    choice : Choice
        What was found with approximated worths.
    modelled : float
        What the set brings when the model is run with all of it.
    approximation : str
        How the worth of sets was approximated.
    """

    case: str
    measure: str
    choice: Choice
    modelled: float
    approximation: str = ORDER

    def text(self) -> str:
        """Return the choice in words, with how sure it is.

        Examples
        --------
        >>> choice = Choice(("north", "south"), 4.0, 90.0, "exact", 5.0, 20.0, {"north": 3.0, "south": 1.5})
        >>> print(Chosen("lynx", "protconn_percent", choice, 3.9).text())
        lynx: north, south bring 3.9 of protconn_percent (approximated: 4; exact; all together: 5)
          without north 3 less
          without south 1.5 less
        """
        choice, said = self.choice, ", ".join(self.choice.proposals)
        gap = (
            "not known: all together bring less"
            if isnan(choice.gap_percent)
            else f"{choice.gap_percent:.3g} %"
        )
        method = choice.method if choice.method == "exact" else f"heuristic, gap to all together {gap}"
        sure = f"approximated: {choice.worth:.4g}; {method}; all together: {choice.bound:.4g}"
        first = f"{self.case}: {said} bring {self.modelled:.4g} of {self.measure} ({sure})"
        return "\n".join(
            [first, *(f"  without {name} {more:.4g} less" for name, more in choice.adds.items())]
        )

    def table(self) -> pd.DataFrame:
        """Return the choice as one row."""
        choice = self.choice
        columns = {
            "species": self.case,
            "measure": self.measure,
            "proposals": "; ".join(choice.proposals),
            "use": choice.use,
            "worth_approximated": choice.worth,
            "worth_modelled": self.modelled,
            "adds": "; ".join(f"{name} {more:.6g}" for name, more in choice.adds.items()),
            "method": choice.method,
            "approximation": self.approximation,
            "bound_without_budget": choice.bound,
            "gap_percent": choice.gap_percent,
        }
        return pd.DataFrame([columns])


def select_proposals(
    workflow: Workflow,
    inputs: Inputs,
    proposals: gpd.GeoDataFrame,
    comparison: Comparison,
    *,
    budget: float,
    of: str = "area",
    least_share: Mapping[str, float] | None = None,
    case: str | None = None,
) -> Chosen:
    """Return the set of proposals that brings most within a budget, for one case.

    Parameters
    ----------
    workflow, inputs, proposals
        As for `compare_proposals`.
    comparison : Comparison
        Made with `interactions=True`.
    budget : float
        Square kilometres, money, or a number of proposals.
    of : "area", "cost" or "number"
        What the budget limits.
    least_share : mapping of str to float, optional
        The least share (0..1) of the area of the chosen set that each country shall have.
    case : str, optional
        The case it is chosen for; the first where absent.

    Raises
    ------
    InputError
        I280 as `choose`; I288 an unknown budget or case, no pairs, or a gain that is not assessed.
    """
    table, case = comparison.table, case or next(iter(workflow.cases))
    pairs = comparison.interactions[comparison.interactions["species"] == case]
    names = [str(name) for name in comparison.proposals["proposal"]]
    countries = [str(code) for code in table["country"].unique() if code != JOINT]
    raise_all(option_problems(of, case, workflow, least_share or {}, countries))
    check(pairs, names, proposals)
    own = table[(table["species"] == case) & table["proposal"].isin(names)]
    joint = own[own["country"] == JOINT].set_index("proposal")
    use = {n: 1.0 if of == "number" else float(joint[BUDGETS[of]].to_dict()[n]) for n in names}
    parts = shares_of(own, names, use)
    worth, measure = worth_of(pairs, names), str(pairs["measure"].iloc[0])
    choice = choose(use, worth, budget=budget, parts=parts, least_share=least_share)
    landscape = landscape_of(
        inputs.layers,
        workflow.cases[case],
        specs=workflow.layers,
        context=inputs.context,
        bounds=workflow.area.bounds,
    )
    before = measured(landscape)
    after = measured(changed(landscape, parts_named(proposals, choice.proposals)), baseline=before)
    return Chosen(case, measure, choice, after.joint(measure) - before.joint(measure))


def check_choice(
    workflow: Workflow,
    inputs: Inputs,
    proposals: gpd.GeoDataFrame,
    *,
    of: str = "area",
    least_share: Mapping[str, float] | None = None,
    by: str | None = None,
    threat: str | None = None,
) -> None:
    """Refuse what no set could be chosen from, before anything is compared: that takes minutes.

    Parameters
    ----------
    workflow, inputs, proposals, by, threat
        As for `compare_proposals`.
    of, least_share
        As for `select_proposals`.

    Raises
    ------
    InputError, Problems
        I288 as `select_proposals`; I280 a proposal whose use of the budget is not known.
    """
    names = [str(name) for name in proposals["proposal"].unique() if name != threat]
    known = inputs.context["countries"]["country"].unique() if "countries" in inputs.context else []
    case = next(iter(workflow.cases))
    problems = option_problems(of, case, workflow, least_share or {}, [str(code) for code in known])
    if len(names) < 2:
        what = "there is nothing to choose from"
        problems.append(
            InputError(what, code="I288", where="proposals", remedy="Give two proposals or more.")
        )
    problems += unassessed_problems(by or ranked_by(proposals, names), proposals, names)
    problems += unknown_use_problems(of, proposals, names)
    raise_all(problems)


def unassessed_problems(
    measure: str, proposals: gpd.GeoDataFrame, names: Sequence[str]
) -> list[CorridorsError]:
    """Return a problem where some proposals protect and nothing else, and the column does not see that."""
    kinds = parts_named(proposals, names).groupby("proposal", sort=False)["kind"].agg(set)
    only = [str(name) for name, kind in kinds.items() if kind == {"protect"}]
    if measure in STATUS or not only:
        return []
    what = f"what protection alone brings is not assessed by {measure}, so no set can be chosen by it"
    given, remedy = ", ".join(only), f"Choose by another column, such as --by {STATUS[1]}."
    return [InputError(what, code="I288", where="by", given=given, allowed=", ".join(STATUS), remedy=remedy)]


def unknown_use_problems(of: str, proposals: gpd.GeoDataFrame, names: Sequence[str]) -> list[CorridorsError]:
    """Return a problem for proposals without the cost or the area that the budget limits."""
    lacking = []
    for name in names:
        parts = parts_named(proposals, [name])
        no_cost = of == "cost" and not parts["cost"].notna().all()
        no_area = of == "area" and not parts.geometry.geom_type.isin(POLYGONS).any()
        lacking += [name] if no_cost or no_area else []
    if not lacking:
        return []
    what, remedy = f"the {of} of some proposals is not known", "Give every one its own, or limit the number."
    return [InputError(what, code="I280", where="budget", given=", ".join(lacking), remedy=remedy)]


def option_problems(
    of: str, case: str, workflow: Workflow, least_share: Mapping[str, float], countries: Sequence[str]
) -> list[CorridorsError]:
    """Return what is wrong with what was asked for; `countries` are those a share can be asked of."""
    problems: list[CorridorsError] = []
    if of not in BUDGETS:
        what, allowed = "no such budget", ", ".join(BUDGETS)
        problems.append(InputError(what, code="I288", where="budget", given=of, allowed=allowed))
    if case not in workflow.cases:
        what, allowed = "no such case", ", ".join(workflow.cases)
        problems.append(InputError(what, code="I288", where="case", given=case, allowed=allowed))
    for code, share in least_share.items():
        where = f"least share of {code}"
        if code not in countries:
            what, allowed = "no such country in the comparison", ", ".join(countries)
            problems.append(InputError(what, code="I288", where=where, given=code, allowed=allowed))
        if not 0 <= share <= 1:
            what = "no share"
            problems.append(InputError(what, code="I288", where=where, given=f"{share:g}", allowed="0 to 1"))
    if sum(least_share.values()) > 1 + ROUNDING:
        given, what = f"{sum(least_share.values()):g}", "the least shares are more than the whole together"
        problems.append(InputError(what, code="I288", where="least shares", given=given, allowed="1 at most"))
    return problems


def check(pairs: pd.DataFrame, names: list[str], proposals: gpd.GeoDataFrame) -> None:
    """Refuse what no choice can be made from."""
    if len(pairs) != len(names) * (len(names) - 1) // 2 or len(names) < 2:
        what, remedy = "there are no pairs to choose from", "Give two proposals or more, and measure pairs."
        raise InputError(what, code="I288", where="interactions", remedy=remedy)
    if pairs["interaction"].isna().any():
        what = f"the gain of {pairs['measure'].iloc[0]} is not known for every proposal"
        raise InputError(what, code="I288", where="by", remedy="Rank by another column.")
    raise_all(unassessed_problems(str(pairs["measure"].iloc[0]), proposals, names))


def shares_of(own: pd.DataFrame, names: list[str], use: Mapping[str, float]) -> dict[str, dict[str, float]]:
    """Return how much of each proposal's use lies in each country, in proportion to its area there."""
    parts: dict[str, dict[str, float]] = {}
    for name in names:
        rows = own[(own["proposal"] == name) & (own["country"] != JOINT)].set_index("country")["area_km2"]
        total = float(rows.sum())
        parts[name] = {str(c): use[name] * float(a) / total for c, a in rows.items() if total > 0}
    return parts


def worth_of(pairs: pd.DataFrame, names: list[str]) -> Worth:
    """Return the worth of sets to second order.

    Examples
    --------
    >>> columns = ["proposal_a", "proposal_b", "change_a", "change_b", "interaction"]
    >>> pairs = pd.DataFrame([("a", "b", 2.0, 1.0, 0.5)], columns=columns)
    >>> worth_of(pairs, ["a", "b"])(frozenset({"a", "b"}))
    3.5
    """
    alone: dict[str, float] = {}
    together: dict[frozenset[str], float] = {}
    columns = ("proposal_a", "proposal_b", "change_a", "change_b", "interaction")
    for a, b, gain_a, gain_b, more in zip(*(pairs[name] for name in columns), strict=True):
        alone |= {a: float(gain_a), b: float(gain_b)}
        together[frozenset((a, b))] = float(more)

    def worth(members: Members) -> float:
        own = [name for name in names if name in members]
        return sum(alone[n] for n in own) + sum(together[frozenset(p)] for p in combinations(own, 2))

    return worth
