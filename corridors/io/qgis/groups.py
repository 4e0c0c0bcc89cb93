"""The layer tree of a run: what goes into which group, under which title.

Groups and their order stand in `corridors.schema`; this page only fills them with what a run wrote.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corridors import schema
from corridors.io.privacy import publishable
from corridors.io.qgis.themes import Theme, named_once, switched_on
from corridors.io.qgis.tree import Group, ProjectLayer

if TYPE_CHECKING:
    from corridors.schema import Raster, Vector

PREDICTORS = "predictors"


@dataclass(frozen=True)
class CaseLayers:
    """What a case wrote: `rasters` maps schema names to files, `vectors` names tables of the GeoPackage.

    `title` heads the group (species, season, scenario); `species` stands at the end of every layer title.
    """

    key: str
    title: str
    species: str
    rasters: Mapping[str, str]
    vectors: Sequence[str]


def project_groups(
    cases: Sequence[CaseLayers],
    *,
    geopackage: str,
    context: Sequence[str] = (),
    predictors: Mapping[str, str] | None = None,
    together: Sequence[Group] = (),
) -> tuple[Group, ...]:
    """Return the layer tree of a run: shared groups, and one group per case, the first one switched on.

    Parameters
    ----------
    cases : sequence of CaseLayers
        In the order of the workflow.
    geopackage : str
        The GeoPackage with all vectors, relative to the project.
    context : sequence of str
        Names of the context layers that were written.
    predictors : mapping of str to str
        Files of the predictor rasters by layer name, relative to the project.
    together : sequence of Group
        What several cases say together; stands above them.

    Returns
    -------
    tuple of Group
        For `write_project`.

    Raises
    ------
    SecurityError
        X701 a layer the schema marks sensitive.

    Examples
    --------
    >>> case = CaseLayers("lynx", "Lynx, winter", "lynx", rasters={}, vectors=["cores"])
    >>> [group.name for group in project_groups([case], geopackage="corridors.gpkg", context=["borders"])]
    ['Lynx, winter', 'border, towns, roads, rivers']
    """
    rasters = [name for case in cases for name in case.rasters]
    vectors = [name for case in cases for name in case.vectors]
    publishable([*rasters, *vectors, *context, *(predictors or {})], where="project.qgz")
    shared = [vector_layer(schema.CONTEXT[name], geopackage) for name in schema.CONTEXT if name in context]
    places = [schema.CONTEXT[name].group for name in schema.CONTEXT if name in context]
    for name, source in (predictors or {}).items():
        shared.append(raster_layer(schema.raster(name), source))
        places.append(PREDICTORS)
        if name == schema.HILLSHADE.name:
            shared.append(raster_layer(schema.HILLSHADE, source))
            places.append(schema.HILLSHADE.group)
    return (
        *_filled(schema.SHARED_GROUPS_ABOVE, shared, places),
        *together,
        *(_case_group(case, geopackage, visible=number == 0) for number, case in enumerate(cases)),
        *_filled(schema.SHARED_GROUPS_BELOW, shared, places),
    )


def case_themes(cases: Sequence[CaseLayers], groups: Sequence[Group]) -> tuple[Theme, ...]:
    """Return a map theme per case: what is switched on in its own group, and in those all cases share.

    Parameters
    ----------
    cases : sequence of CaseLayers
        As they were given to `project_groups`.
    groups : sequence of Group
        What it returned.

    Examples
    --------
    >>> cases = [CaseLayers(key, key.title(), key, {}, ["cores"]) for key in ("lynx", "wolf")]
    >>> themes = case_themes(cases, project_groups(cases, geopackage="corridors.gpkg", context=["borders"]))
    >>> [(theme.name, [layer.title for layer in theme.layers]) for theme in themes][1]
    ('Wolf', ['Core areas, wolf', 'Borders (not a legal boundary)'])
    """
    first = [group.name for group in groups].index(cases[0].title)
    shared_above, shared_below = groups[:first], groups[first + len(cases) :]
    own = zip(named_once({case.key: case.title for case in cases}).values(), groups[first:], strict=False)
    return tuple(
        Theme(name, switched_on([*shared_above, *group.members, *shared_below])) for name, group in own
    )


def raster_layer(
    entry: Raster, source: str, *, species: str = "", visible: bool | None = None
) -> ProjectLayer:
    """Return a raster of the schema as a project layer, switched on as the schema says or as told."""
    title = layer_title(entry.title, entry.unit, species)
    return ProjectLayer(title, source, entry.style, visible=entry.visible if visible is None else visible)


def vector_layer(
    entry: Vector, geopackage: str, *, species: str = "", case: str | None = None, proposal: str | None = None
) -> ProjectLayer:
    """Return a vector of the schema as a project layer; `case` and `proposal` keep the rows of one."""
    style = entry.style
    unit = schema.COLUMNS[style.column].unit if isinstance(style, schema.Graduated) else ""
    return ProjectLayer(
        layer_title(entry.title, unit, species), geopackage, style, visible=entry.visible,
        geometry=entry.geometry, table=entry.name, case=case, label=entry.label,
        proposal=proposal,
    )  # fmt: skip


def layer_title(title: str, unit: str, species: str) -> str:
    """Return a layer's title: plain words, unit, species.

    Examples
    --------
    >>> layer_title("Resistance to movement", "1 = ideal habitat", "Amur tiger")
    'Resistance to movement (1 = ideal habitat), Amur tiger'
    """
    with_unit = f"{title} ({unit})" if unit and unit != "1" else title
    return f"{with_unit}, {species}" if species else with_unit


def _case_group(case: CaseLayers, geopackage: str, *, visible: bool) -> Group:
    layers = [
        vector_layer(schema.VECTORS[name], geopackage, species=case.species, case=case.key)
        for name in schema.VECTORS
        if name in case.vectors
    ]
    places = [schema.VECTORS[name].group for name in schema.VECTORS if name in case.vectors]
    for name, source in case.rasters.items():
        entry = schema.raster(name)
        layers.append(raster_layer(entry, source, species=case.species))
        places.append(entry.group)
    groups = _filled((*schema.CASE_GROUPS, PREDICTORS), layers, places)
    return Group(case.title, groups, visible=visible, expanded=visible)


def _filled(names: Sequence[str], layers: Sequence[ProjectLayer], places: Sequence[str]) -> tuple[Group, ...]:
    """Return the groups of `names`, in that order, that hold a layer; open where one is switched on."""
    groups = []
    for name in names:
        members = tuple(layer for layer, place in zip(layers, places, strict=True) if place == name)
        if members:
            groups.append(Group(name, members, expanded=any(layer.visible for layer in members)))
    return tuple(groups)
