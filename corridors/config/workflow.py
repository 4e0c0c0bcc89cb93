"""The workflow file as a whole: an area, layers, species."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import ConfigDict, Field, PrivateAttr, field_validator, model_validator

from corridors.config.sections import Name, NotNegative, Positive, Section
from corridors.config.species import Species, case_keys
from corridors.errors import ConfigError, CorridorsError, raise_all
from corridors.grid import Bounds, metric_crs
from corridors.layers.spec import LayerSpec

Degrees = Annotated[float, Field(allow_inf_nan=False)]
CountryCode = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]


class Area(Section):
    """Where: the reporting area, its coordinate system and cells, and the countries that share it."""

    bounds: tuple[Degrees, Degrees, Degrees, Degrees] = Field(
        description="Reporting area: west, south, east, north in degrees."
    )
    crs: str = Field(description="Projected coordinate system in metres, such as EPSG:32652.")
    cell_size_m: Positive = Field(description="Side of a cell.")
    margin_km: NotNegative | None = Field(
        None,
        description="Computed around the reporting area; where absent, 20 % of its width or two home ranges.",
    )
    partners: tuple[CountryCode, ...] = Field((), description="Countries that work together, ISO alpha-2.")

    @field_validator("bounds")
    @classmethod
    def _lie_on_earth(cls, bounds: Bounds) -> Bounds:
        west, south, east, north = bounds
        if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
            what, given = "the bounds are no box", str(list(bounds))
            allowed = "west < east within -180..180, south < north within -90..90, in degrees"
            remedy = "The order is west, south, east, north."
            raise ConfigError(what, code="C103", given=given, allowed=allowed, remedy=remedy)
        return bounds

    @field_validator("crs")
    @classmethod
    def _is_metric(cls, crs: str) -> str:
        metric_crs(crs)
        return crs


class Data(Section):
    """Where the layers lie."""

    folder: str = Field(min_length=1, description="Folder of the layers, relative to the workflow file.")


class People(Section):
    """What proposals meet of people and their land: layers that no species needs."""

    population: Name | None = Field(None, description="Raster of persons per km²; settlements where absent.")
    livestock: Name | None = Field(None, description="Raster of head per km².")
    tenure: Name | None = Field(None, description="Polygons; their name says who holds the land.")
    cropland: tuple[int, ...] = Field((1,), description="Classes of `landcover` that are fields [P].")

    @property
    def kinds(self) -> dict[str, tuple[str, str]]:
        """What each layer named must be."""
        raster = {"population": self.population, "livestock": self.livestock}
        named = {key: (name, "continuous") for key, name in raster.items() if name is not None}
        return named if self.tenure is None else named | {"tenure": (self.tenure, "polygons")}


class Workflow(Section):
    """Everything one run needs to know.

    Where the file lay is kept as `folder`; paths in the file are relative to it.
    """

    name: Name = Field(description="Short name; the run folder is called so.")
    title: str = Field(min_length=1, description="Title on figures and reports.")
    data: Data
    area: Area
    layers: dict[Name, LayerSpec] = Field(min_length=1)
    species: tuple[Species, ...] = Field(min_length=1)
    people: People = People()
    _folder: str = PrivateAttr(default=".")

    @model_validator(mode="after")
    def _names_meet(self) -> Self:
        problems: list[CorridorsError] = []
        for key, species in case_keys(self.species).items():
            problems += unknown_layers(key, species, tuple(self.layers))
            problems += unfit_barriers(key, species, self.layers)
        problems += unfit_people(self.people, self.layers)
        raise_all(problems)
        return self

    @property
    def folder(self) -> str:
        """Folder of the workflow file."""
        return self._folder

    @property
    def cases(self) -> dict[str, Species]:
        """Species by case key."""
        return case_keys(self.species)

    @property
    def reporting_bounds(self) -> Bounds:
        """Reporting area: west, south, east, north in degrees."""
        return self.area.bounds

    def in_folder(self, folder: str) -> Workflow:
        """Return the same workflow, its paths relative to `folder`."""
        moved = self.model_copy()
        moved._folder = folder
        return moved


class WorkflowFile(Workflow):
    """What a workflow file may hold: everything one run needs to know, or what it changes of another file.

    Where a file extends another, what it leaves out is the other's.
    """

    model_config = ConfigDict(title="Workflow")

    extends: str | None = Field(
        None, description="Workflow file this one is laid over, relative to its folder: tables merge."
    )
    grid: dict[str, list[Any]] | None = Field(
        None,
        description="Dotted keys of a species and the values to try, such as movement.shape in quotes; every "
        "combination is a case. `species` names those that are varied; all where absent.",
    )


def unknown_layers(key: str, species: Species, layers: tuple[str, ...]) -> list[CorridorsError]:
    """Return a problem for every name of a layer the workflow does not define."""
    problems: list[CorridorsError] = []
    for name in (name for name in species.layers_named if name not in layers):
        near = difflib.get_close_matches(name, layers, n=1)
        remedy = (
            f"Did you mean {near[0]}?" if near else f"Add [layers.{name}], or give its predictor weight = 0."
        )
        what, where = f"there is no layer {name}", f"species {key}"
        problems.append(ConfigError(what, code="C108", where=where, allowed=", ".join(layers), remedy=remedy))
    return problems


def unfit_barriers(key: str, species: Species, layers: Mapping[str, LayerSpec]) -> list[CorridorsError]:
    """Return a problem for every barrier, opening and class of a barrier that its layer cannot be."""
    problems: list[CorridorsError] = []
    for name, barrier in species.movement.barriers.items():
        where = f"species {key}, movement.barriers.{name}"
        for layer, kinds in ((name, ("lines",)), (barrier.openings, ("points", "lines", "polygons"))):
            spec = layers.get(str(layer))
            if spec is not None and spec.kind not in kinds:
                what, allowed = f"layer {layer} is {spec.kind}", " or ".join(kinds)
                problems.append(ConfigError(what, code="C125", where=where, given=spec.kind, allowed=allowed))
        if isinstance(barrier.crossing_cost_m, Mapping) and name in layers:
            classes = tuple(layers[name].classes)
            problems += [
                unknown_class(each, classes, where) for each in barrier.crossing_cost_m if each not in classes
            ]
    return problems


def unfit_people(people: People, layers: Mapping[str, LayerSpec]) -> list[CorridorsError]:
    """Return a problem for every layer of people that is not there, or of another kind."""
    problems: list[CorridorsError] = []
    for key, (name, kind) in people.kinds.items():
        where = f"people.{key}"
        if name not in layers:
            what, allowed = f"there is no layer {name}", ", ".join(layers)
            problems.append(ConfigError(what, code="C108", where=where, allowed=allowed))
        elif layers[name].kind != kind:
            what, given = f"layer {name} is {layers[name].kind}", layers[name].kind
            problems.append(ConfigError(what, code="C125", where=where, given=given, allowed=kind))
    return problems


def unknown_class(name: str, classes: tuple[str, ...], where: str) -> ConfigError:
    """Return the problem of a cost for a class the layer does not name."""
    near = difflib.get_close_matches(name, classes, n=1)
    remedy = f"Did you mean {near[0]}?" if near else "Name it in class_column and classes of the layer."
    what = f"the layer has no class {name}"
    return ConfigError(
        what, code="C126", where=f"{where}.crossing_cost_m", allowed=", ".join(classes), remedy=remedy
    )
