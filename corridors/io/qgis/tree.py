"""The layer tree of a project: groups and layers, frozen, and the identifier each layer has in the file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

if TYPE_CHECKING:
    from corridors.io.qgis.markup import Geometry
    from corridors.schema import RasterStyle, VectorStyle


@dataclass(frozen=True)
class ProjectLayer:
    """One layer of a project: a raster, or a table of a GeoPackage.

    `source` is the file, relative to the project and with forward slashes. Vectors have a `geometry`; their
    `table` is the layer inside the GeoPackage, `case` keeps the rows whose column `case` holds it, `label`
    is the column written beside the features. `proposal` keeps the rows of one proposal likewise.
    """

    title: str
    source: str
    style: RasterStyle | VectorStyle
    visible: bool = True
    geometry: Geometry | None = None
    table: str | None = None
    case: str | None = None
    label: str | None = None
    proposal: str | None = None


@dataclass(frozen=True)
class Group:
    """A group of layers and groups, top to bottom; switching it off hides everything in it."""

    name: str
    members: tuple[Group | ProjectLayer, ...]
    visible: bool = True
    expanded: bool = True


def numbered(members: Sequence[Group | ProjectLayer], place: str) -> Iterator[tuple[str, ProjectLayer]]:
    """Yield every layer of the tree, top to bottom, with an identifier made from its place in it."""
    for number, member in enumerate(members):
        here = f"{place}/{number}"
        if isinstance(member, Group):
            yield from numbered(member.members, f"{here} {member.name}")
        else:
            key = re.sub(r"\W+", "_", member.table or PurePosixPath(member.source).stem, flags=re.ASCII)
            yield f"{key}_{uuid5(NAMESPACE_URL, f'{here} {member.title}').hex}", member
