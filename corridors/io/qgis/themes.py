"""Map themes of a project: named sets of layers, switched on together by one click.

QGIS calls them visibility presets in the file. A theme also says which groups are on: without that, its
layers would stay hidden in a group that is switched off.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement

from corridors.errors import OutputError
from corridors.io.qgis.markup import xml_text
from corridors.io.qgis.tree import Group, ProjectLayer


@dataclass(frozen=True)
class Theme:
    """A map theme: its name in QGIS, and which layers of the tree it shows; all others it hides."""

    name: str
    layers: tuple[ProjectLayer, ...]


def themes_element(
    themes: Sequence[Theme],
    groups: Sequence[Group | ProjectLayer],
    layers: Sequence[tuple[str, ProjectLayer]],
) -> Element:
    """Return the themes as QGIS stores them; `layers` are those of the tree with their identifiers."""
    presets = Element("visibility-presets")
    for theme in themes:
        preset = SubElement(
            presets, "visibility-preset",
            {"name": xml_text(theme.name), "has-expanded-info": "0", "has-checked-group-info": "1"},
        )  # fmt: skip
        for identifier in identifiers(theme, layers):
            SubElement(preset, "layer", id=identifier, visible="1", style="default")
        nodes = SubElement(preset, "checked-group-nodes")
        for path in paths_holding(groups, frozenset(theme.layers)):
            SubElement(nodes, "checked-group-node", id=xml_text(path))
    return presets


def identifiers(theme: Theme, layers: Sequence[tuple[str, ProjectLayer]]) -> list[str]:
    """Return the identifiers of the layers of a theme, in the order of the tree.

    Raises
    ------
    OutputError
        O410 a theme shows a layer the project does not hold.
    """
    held = {layer for _, layer in layers}
    for layer in theme.layers:
        if layer not in held:
            what = "the theme shows a layer that the project does not hold"
            raise OutputError(what, code="O410", where=theme.name, given=layer.title)
    return [identifier for identifier, layer in layers if layer in theme.layers]


def paths_holding(
    members: Sequence[Group | ProjectLayer], shown: frozenset[ProjectLayer], above: str = ""
) -> Iterator[str]:
    """Yield the groups in which something is shown, each by the names from the top down to it."""
    for member in members:
        if isinstance(member, Group) and not shown.isdisjoint(leaves(member.members)):
            yield above + member.name
            yield from paths_holding(member.members, shown, f"{above}{member.name}/")


def leaves(members: Sequence[Group | ProjectLayer]) -> Iterator[ProjectLayer]:
    """Yield every layer in groups and groups of groups, top to bottom."""
    for member in members:
        if isinstance(member, Group):
            yield from leaves(member.members)
        else:
            yield member


def switched_on(members: Sequence[Group | ProjectLayer]) -> tuple[ProjectLayer, ...]:
    """Return the layers that are switched on by themselves, whether their groups are or not."""
    return tuple(layer for layer in leaves(members) if layer.visible)


def named_once(titles: Mapping[str, str]) -> dict[str, str]:
    """Return titles by key; where two are the same, the key stands behind, as QGIS needs names that differ.

    Examples
    --------
    >>> named_once({"a": "Lynx", "b": "Lynx", "c": "Wolf"})
    {'a': 'Lynx (a)', 'b': 'Lynx (b)', 'c': 'Wolf'}
    """
    said = list(titles.values())
    return {key: title if said.count(title) == 1 else f"{title} ({key})" for key, title in titles.items()}
