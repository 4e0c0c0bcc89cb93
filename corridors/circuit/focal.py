"""Focal nodes: the cells (or network nodes) current enters and leaves by, under an id each."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from corridors.errors import InputError, raise_all

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import ArrayLike

    from corridors.circuit.nodes import Circuit

# Id -> flat cell numbers (row by row) of a raster, or node numbers of a network.
Focal: TypeAlias = Mapping[Any, NDArray[np.int64]]
LISTED = 20


def focal_from_labels(labels: ArrayLike) -> dict[int, NDArray[np.int64]]:
    """Return the cells of every label > 0, labels rising.

    Examples
    --------
    >>> {label: cells.tolist() for label, cells in focal_from_labels([[2, 0], [1, 2]]).items()}
    {1: [2], 2: [0, 3]}
    """
    flat = np.nan_to_num(np.asarray(labels), nan=0.0).ravel()
    found = np.flatnonzero(flat > 0)
    cells = found[np.argsort(flat[found], kind="stable")]
    parts = np.split(cells, np.flatnonzero(np.diff(flat[cells])) + 1)
    return {int(flat[part[0]]): part for part in parts if len(part)}


def focal_from_points(
    ids: Iterable[Any], rows: ArrayLike, columns: ArrayLike, shape: tuple[int, int]
) -> dict[Any, NDArray[np.int64]]:
    """Return the cells of every id; an id given several times is a region.

    Raises
    ------
    InputError
        I221 points outside the raster, with the nearest cell inside.
    """
    row, column = np.asarray(rows, dtype=np.int64), np.asarray(columns, dtype=np.int64)
    nearest = np.clip(row, 0, shape[0] - 1), np.clip(column, 0, shape[1] - 1)
    outside = (row != nearest[0]) | (column != nearest[1])
    names = list(ids)
    if outside.any():
        told = [
            f"{names[k]} (row {row[k]}, column {column[k]}; nearest cell {nearest[0][k]}, {nearest[1][k]})"
            for k in np.flatnonzero(outside)[:LISTED]
        ]
        what = f"{int(outside.sum())} of {len(names)} focal nodes lie outside the raster of {shape} cells"
        remedy = "Check the CRS, and whether rows and columns are swapped."
        raise InputError(what, code="I221", where="focal nodes", given="; ".join(told), remedy=remedy)
    found: dict[Any, list[int]] = {}
    for name, cell in zip(names, (row * shape[1] + column).tolist(), strict=True):
        found.setdefault(name, []).append(cell)
    return {name: np.unique(np.array(cells, dtype=np.int64)) for name, cells in found.items()}


def nodes_of(circuit: Circuit, cells: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the nodes some cells belong to, each once."""
    if circuit.nodes is None:
        return np.unique(cells)
    nodes = circuit.nodes.ravel()[cells]
    nodes = nodes[nodes >= 0]
    if not len(nodes):
        return np.empty(0, dtype=np.int64)
    # Marked rather than sorted: the cells of a core area are many, and mostly one node.
    first = int(nodes.min())
    there = np.zeros(int(nodes.max()) - first + 1, dtype=bool)
    there[nodes - first] = True
    return np.flatnonzero(there) + first


def check_focal(circuit: Circuit, focal: Focal, *, accept_no_data: bool = False) -> None:
    """Complain about focal nodes that are of no use.

    Parameters
    ----------
    accept_no_data
        Let focal nodes on no data pass; nothing flows to or from them.

    Raises
    ------
    InputError
        I222 focal nodes on no data, with the nearest cell that is not; I221 outside the circuit; I223 fewer
        than two.
    """
    problems = []
    if len(focal) < 2:
        given, allowed = f"{len(focal)}", "2 or more"
        what = "there are too few focal nodes"
        problems.append(InputError(what, code="I223", where="focal nodes", given=given, allowed=allowed))
    size = circuit.count if circuit.nodes is None else circuit.nodes.size
    outside = [
        name for name, cells in focal.items() if len(cells) and (np.min(cells) < 0 or np.max(cells) >= size)
    ]
    if outside:
        given = ", ".join(map(str, outside[:LISTED]))
        what = f"{len(outside)} of {len(focal)} focal nodes lie outside"
        problems.append(InputError(what, code="I221", where="focal nodes", given=given))
    lost = [name for name in focal if name not in outside and not len(nodes_of(circuit, focal[name]))]
    if lost and not accept_no_data:
        told = "; ".join(_nearest_told(circuit, name, focal[name]) for name in lost[:LISTED])
        what = f"{len(lost)} of {len(focal)} focal nodes lie on no data"
        remedy = "Move them, leave them out, or give the resistance there a value."
        problems.append(InputError(what, code="I222", where="focal nodes", given=told, remedy=remedy))
    raise_all(problems)


def _nearest_told(circuit: Circuit, name: Any, cells: NDArray[np.int64]) -> str:
    if circuit.nodes is None or not len(cells):
        return f"{name} (no cell)"
    row, column = divmod(int(cells[0]), circuit.nodes.shape[1])
    rows, columns = np.nonzero(circuit.nodes >= 0)
    nearest = np.argmin((rows - row) ** 2 + (columns - column) ** 2)
    return f"{name} (row {row}, column {column}; nearest valid cell {rows[nearest]}, {columns[nearest]})"


def wanted_pairs(focal: Focal, pairs: Iterable[tuple[Any, Any]] | None) -> list[tuple[Any, Any]]:
    """Return the pairs asked for, or all, in the order of the focal nodes.

    Raises
    ------
    InputError
        I223 an empty list; I226 a pair given twice, or an id paired with itself; I221 ids that do not exist.
    """
    if pairs is None:
        return list(combinations(focal, 2))
    found = list(pairs)
    problems = []
    if not found:
        problems.append(InputError("the list of pairs is empty", code="I223", where="pairs"))
    unknown = {name for pair in found for name in pair if name not in focal}
    if unknown:
        given = ", ".join(sorted(map(str, unknown))[:LISTED])
        problems.append(InputError("pairs name unknown focal nodes", code="I221", where="pairs", given=given))
    keys = [frozenset(pair) for pair in found]
    twice = {str(pair) for pair, key in zip(found, keys, strict=True) if len(key) < 2 or keys.count(key) > 1}
    if twice:
        given = ", ".join(sorted(twice)[:LISTED])
        what = "pairs are given twice, or lead from an id to itself"
        problems.append(InputError(what, code="I226", where="pairs", given=given))
    raise_all(problems)
    return found
