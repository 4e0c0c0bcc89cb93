"""Sections of a species in the workflow file, after habitat and movement: from core areas to restoration."""

from __future__ import annotations

import sys
from difflib import get_close_matches
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from corridors.errors import ConfigError, CorridorsError, raise_all

Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
NotNegative = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Fraction = Annotated[float, Field(ge=0, le=1)]
Resistance = Annotated[float, Field(ge=1, allow_inf_nan=False)]
OrEndless = Annotated[float, Field(ge=0, allow_inf_nan=True)]
Name = Annotated[str, Field(min_length=1, pattern=r"^[a-z0-9][a-z0-9_]*$")]
Words = Annotated[str, Field(min_length=1, pattern=r"\S")]
CoreId = Annotated[int, Field(ge=1)]
Range = tuple[Positive, Positive]
CoreFactor = Literal["resistance", "suitability", "size", "shape", "centrality"]
CORE_SOURCES = ("suitability", "polygons")
LinkFactor = Literal["closeness", "permeability", "core_value"]


class Section(BaseModel):
    """A section of the workflow file: nothing unknown in it, nothing changed after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, serialize_by_alias=True)


class Cores(Section):
    """What counts as a core area."""

    source: str = Field(
        "suitability",
        alias="from",
        min_length=1,
        description='"suitability", "polygons" of a layer, or core areas edited by hand: a file, as in '
        '"edited.gpkg|cores", relative to the workflow file.',
    )
    reason: Words | None = Field(None, description="Why core areas were edited, where rows do not say so.")
    author: Words | None = Field(None, description="Who edited them, where rows do not say so.")
    layer: str | None = Field(None, description="Layer of polygons for that source.")
    threshold: Annotated[float, Field(gt=0, lt=1)] = Field(description="Mean suitability in the window, 0-1.")
    window_radius_km: Positive = Field(description="Radius of a female home range.")
    floor: Fraction = Field(0.2, description="Least score of cover and terrain in the cell itself.")
    min_area_km2: Positive = Field(description="Smallest core area.")
    stepping_stone_km2: Positive | None = Field(None, description="Smallest stepping stone.")
    fill_holes_km2: NotNegative = Field(0.0, description="Holes up to this size are filled.")
    min_neck_km: Positive | None = Field(None, description="Parts joined by a narrower neck are split.")
    core_cut_cost_m: Literal["sealed"] | OrEndless = Field(
        "sealed",
        description="Cores are cut along barriers that cost more than this to cross, m of ideal habitat; "
        '"sealed" = along sealed ones only, inf = not at all [P].',
    )

    @model_validator(mode="after")
    def _comes_from_somewhere(self) -> Self:
        if self.file is not None and "." not in self.source:
            what, allowed = "neither a source nor a file", '"suitability", "polygons", or "file.gpkg|layer"'
            near = get_close_matches(self.source, CORE_SOURCES, n=1)
            remedy = f"Did you mean {near[0]}?" if near else ""
            given = self.source
            raise ConfigError(what, code="C103", where="from", given=given, allowed=allowed, remedy=remedy)
        return self

    @model_validator(mode="after")
    def _sizes_fit(self) -> Self:
        if self.source == "polygons" and self.layer is None:
            raise ConfigError(
                'from = "polygons" needs layer', code="C104", remedy="Name a layer of polygons."
            )
        stone = self.stepping_stone_km2
        if stone is not None and stone > self.min_area_km2:
            what, given = "a stepping stone is smaller than a core area", f"stepping_stone_km2 = {stone:g}"
            raise ConfigError(
                what, code="C103", given=given, allowed=f"at most min_area_km2 = {self.min_area_km2:g}"
            )
        return self

    @property
    def file(self) -> str | None:
        """File of core areas edited by hand, None where they are not."""
        return None if self.source in CORE_SOURCES else self.source

    @property
    def cut_above_m(self) -> float:
        """Cost of a crossing above which it cuts cores; every finite one lies below "sealed"."""
        return sys.float_info.max if isinstance(self.core_cut_cost_m, str) else self.core_cut_cost_m

    @property
    def smallest_km2(self) -> float:
        """Size of the smallest area that is kept."""
        return self.min_area_km2 if self.stepping_stone_km2 is None else self.stepping_stone_km2


class EditedPair(Section):
    """Two core areas, and who decided what about the link between them, and why."""

    core_a: CoreId
    core_b: CoreId
    reason: Words = Field(description="Why.")
    author: Words = Field(description="Who.")

    @model_validator(mode="after")
    def _are_two(self) -> Self:
        if self.core_a == self.core_b:
            what, given = "a link has two ends", f"core_a = core_b = {self.core_a}"
            raise ConfigError(what, code="C130", given=given)
        return self

    @property
    def pair(self) -> tuple[int, int]:
        """The two numbers, the smaller first."""
        return min(self.core_a, self.core_b), max(self.core_a, self.core_b)


Pairs = tuple[EditedPair, ...]


def check_pairs(lists: dict[str, Pairs]) -> None:
    """Refuse a pair that stands twice in a list, or is excluded and wanted at once.

    Raises
    ------
    ConfigError, Problems
        C131 twice, C132 at once.
    """
    problems: list[CorridorsError] = []
    for name, entries in lists.items():
        pairs = [entry.pair for entry in entries]
        for a, b in sorted({pair for pair in pairs if pairs.count(pair) > 1}):
            what, remedy = f"{a}-{b} stands in it more than once", "Remove one of them."
            problems.append(ConfigError(what, code="C131", where=f"links.{name}", remedy=remedy))
    never = {entry.pair for entry in lists["exclude"]}
    for name in ("include", "force"):
        for a, b in sorted(never & {entry.pair for entry in lists[name]}):
            what, remedy = f"{a}-{b} is in exclude and in {name}", "Take it out of one of them."
            problems.append(ConfigError(what, code="C132", where="links", remedy=remedy))
    raise_all(problems)


class Links(Section):
    """Which core areas are neighbours."""

    max_link_km: Positive | None = Field(None, description="Longest link: length of its least-cost path.")
    max_cost_distance_m: Positive | None = Field(None, description="Largest cost of a link.")
    neighbours: Literal["allocation", "nearest", "all"] = "allocation"
    nearest: Annotated[int, Field(ge=1)] | None = Field(
        None, description='Links every core keeps, with neighbours = "nearest".'
    )
    join_components: bool = Field(False, description="Join groups of cores that nearest leaves apart.")
    through_cores: bool = Field(False, description="Keep links whose path leads through a third core.")
    include: Pairs = Field((), description="By hand: only these pairs of core areas are looked at.")
    exclude: Pairs = Field((), description="By hand: these pairs are never linked.")
    force: Pairs = Field(
        (), description="By hand: these pairs are linked, neighbours or not, however long, through any core."
    )

    @model_validator(mode="after")
    def _nearest_has_a_number(self) -> Self:
        if (self.nearest is None) == (self.neighbours == "nearest"):
            what, remedy = 'neighbours = "nearest" and nearest go together', "Give both or neither."
            raise ConfigError(what, code="C104", where="links.nearest", remedy=remedy)
        return self

    @model_validator(mode="after")
    def _pairs_agree(self) -> Self:
        check_pairs({"include": self.include, "exclude": self.exclude, "force": self.force})
        return self

    @property
    def rules(self) -> dict[str, Any]:
        """Options of `find_links` as the program decides alone."""
        return self.model_dump(exclude={"include", "exclude", "force"})

    @property
    def options(self) -> dict[str, Any]:
        """Options of `find_links`, pairs edited by hand among them."""
        pairs = {name: [entry.pair for entry in getattr(self, name)] for name in ("exclude", "force")}
        include = [entry.pair for entry in self.include] or None
        return {**self.rules, "include": include, **pairs}

    @property
    def edits(self) -> tuple[tuple[str, EditedPair], ...]:
        """Every pair edited by hand, after the name of its list."""
        lists = {"include": self.include, "exclude": self.exclude, "force": self.force}
        return tuple((name, entry) for name, entries in lists.items() for entry in entries)


class Corridors(Section):
    """How corridor polygons are cut."""

    rule: Literal["slack_m", "percent", "width_km"] = "slack_m"
    value: Positive = 10_000.0


class Network(Section):
    """How connectivity is measured."""

    dispersal_km: tuple[Positive, ...] = Field(
        min_length=1, description="Ground distances at which the probability of dispersal is 0.5."
    )
    node_weight: Literal["quality_area", "area", "capacity"] = "quality_area"
    adults_per_100_km2: Range | None = Field(
        None, description="Published densities of adults, lowest and highest, for what cores could hold."
    )
    breeding_females_per_100_km2: Range | None = Field(
        None, description="Published densities of breeding females, lowest and highest."
    )
    core_factors: dict[CoreFactor, NotNegative] = Field(
        {"resistance": 1.0, "suitability": 1.0, "size": 1.0, "shape": 1.0, "centrality": 1.0},
        min_length=1,
        description="What makes a core valuable, by weight [P].",
    )
    link_factors: dict[LinkFactor, NotNegative] = Field(
        {"closeness": 1.0, "permeability": 1.0, "core_value": 1.0},
        min_length=1,
        description="What gives a link priority, by weight [P].",
    )

    @model_validator(mode="after")
    def _densities_go_together(self) -> Self:
        given = [self.adults_per_100_km2, self.breeding_females_per_100_km2]
        if given.count(None) == 1:
            what = "densities of adults and of breeding females go together"
            raise ConfigError(what, code="C104", where="network", remedy="Give both or neither.")
        if self.node_weight == "capacity" and None in given:
            what = 'node_weight = "capacity" needs densities'
            raise ConfigError(what, code="C104", where="network", remedy="Give adults_per_100_km2.")
        for name, densities in zip(("adults", "breeding_females"), given, strict=True):
            if densities is not None and densities[0] > densities[1]:
                what, shown = "the lowest density is above the highest", f"{densities[0]:g}, {densities[1]:g}"
                raise ConfigError(what, code="C103", where=f"network.{name}_per_100_km2", given=shown)
        return self


class Current(Section):
    """Current through the landscape as if animals walked at random (circuit theory)."""

    window_radius_km: Positive | None = Field(
        None,
        description="Radius of the windows in which current flows from everywhere; absent = no such map.",
    )
    block_km: Positive = Field(
        5.5, description="Side of the blocks that share a window: larger is faster and coarser [P]."
    )


class Restoration(Section):
    """Where restoring land or opening a barrier is looked for."""

    radii_km: tuple[Positive, ...] = Field(
        (1.0, 2.0, 4.0), min_length=1, description="Radii of the circles that would be restored [P]."
    )
    places_per_link: Annotated[int, Field(ge=1)] = Field(
        3, description="Places looked at closely for every link [P]."
    )
    segment_km: Positive = Field(1.0, description="Length of the stretches of barrier opened in turn [P].")
    together_m: NotNegative = Field(
        0.0, description="Other barriers this near are opened with a stretch, as by one bridge over all [P]."
    )


class Border(Section):
    """Fences along borders: what they would do, and where gates would help first."""

    fence_crossing_cost_m: Positive = Field(
        10_000.0, description="What a crossing of a permeable border fence costs, m of ideal habitat [P]."
    )
    borders: tuple[str, ...] | None = Field(
        None, description="Borders looked at, such as CN-RU; absent = all a core area or link crosses."
    )
    fences: str | None = Field(None, description="Layer of lines to look at instead of borders.")
    gates: str | None = Field(
        None, description="Layer of places where fences are open, instead of the best ones."
    )
    gates_n: Annotated[int, Field(ge=0)] = Field(3, description="Gates looked for, one after the other [P].")
    segment_km: Positive = Field(5.0, description="Length of the stretches of fence told apart [P].")
