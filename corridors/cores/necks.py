"""Splitting a patch where its parts hang together by a narrow neck only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import ndimage
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from corridors.cost.sources import SQUARE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Mask = NDArray[np.bool_]
    Labels = NDArray[np.int32]

FORWARD = ((0, 1, 1.0), (1, 0, 1.0), (1, 1, 2.0**0.5), (1, -1, 2.0**0.5))


def halved(mask: Mask) -> Mask:
    """Return a mask on cells of half the size."""
    return np.repeat(np.repeat(mask, 2, axis=0), 2, axis=1)


def disc_fits(land: Mask, width_cells: float) -> Mask:
    """Return, on cells of half the size, where a disc of that diameter can stand inside the land.

    Half cells make a straight strip of n cells as wide as n, whether n is odd or even. What lies beyond the
    raster is unknown and narrows nothing.
    """
    fine = halved(land)
    if fine.all():
        return fine
    fits: Mask = ndimage.distance_transform_edt(fine) >= width_cells - 1e-9
    return fits & fine


def split_at_necks(
    mask: Mask, *, width_cells: float, least_cells: float, unknown: Mask | None = None
) -> Labels:
    """Return the parts of a mask, those joined only by a neck narrower than `width_cells` apart.

    Hearts are where a disc of that diameter can stand (a morphological opening); every cell goes to the
    heart nearest to it within the mask. A part smaller than `least_cells` is not split off: it stays with
    the rest, and so does a part without a heart.

    Parameters
    ----------
    mask
        Habitat, shape (rows, columns); its cells hang together over edges and corners.
    width_cells
        Necks of this width and wider hold.
    least_cells
        Smallest part worth splitting off.
    unknown
        Cells outside the analysis area: they narrow nothing.
    """
    patches = ndimage.label(mask, SQUARE)[0].astype(np.int32)
    hearts = _hearts(mask, width_cells, unknown)
    contested = _with_several(patches, hearts)
    if not contested.any():
        return patches
    hearts[~contested] = 0
    parts = _nearest_heart(contested, hearts)
    hearts[~np.isin(hearts, _worth_splitting(parts, patches, least_cells))] = 0
    parts = _nearest_heart(contested, hearts)
    return np.where(contested, parts + patches.max(), patches).astype(np.int32)


def _hearts(mask: Mask, width_cells: float, unknown: Mask | None) -> Labels:
    """Return the labels of the hearts on whole cells."""
    land = mask if unknown is None else mask | unknown
    fine = ndimage.label(disc_fits(land, width_cells) & halved(mask), SQUARE)[0]
    rows, columns = mask.shape
    # The four quarters of a cell touch, so those in a heart are all in the same one.
    hearts: Labels = fine.reshape(rows, 2, columns, 2).max(axis=(1, 3)).astype(np.int32)
    return hearts


def _with_several(patches: Labels, hearts: Labels) -> Mask:
    """Return the cells of patches that hold two hearts or more."""
    inside = hearts > 0
    pairs = np.unique(np.column_stack([patches[inside], hearts[inside]]), axis=0)
    patch, hearts_in_it = np.unique(pairs[:, 0], return_counts=True)
    return np.isin(patches, patch[hearts_in_it > 1])


def _worth_splitting(parts: Labels, patches: Labels, least_cells: float) -> list[int]:
    """Return the hearts whose part is large enough, and that of the largest part of every patch."""
    taken = parts > 0
    sizes = (
        pd.DataFrame({"patch": patches[taken], "heart": parts[taken]})
        .value_counts()
        .reset_index(name="cells")
    )
    sizes = sizes.sort_values(["cells", "heart"], ascending=[False, True])
    kept = (sizes["cells"] >= least_cells) | ~sizes.duplicated("patch")
    return sizes.loc[kept, "heart"].tolist()


def _nearest_heart(within: Mask, hearts: Labels) -> Labels:
    """Return the heart nearest to every cell, measured along steps within the mask."""
    seeds = hearts > 0
    node = within & ~ndimage.binary_erosion(seeds, SQUARE)
    number = np.full(within.shape, -1, dtype=np.int64)
    number[node] = np.arange(np.count_nonzero(node))
    starts = number[node & seeds]
    nearest = dijkstra(
        _steps(number), directed=False, indices=starts, min_only=True, return_predecessors=True
    )[2]
    parts = hearts.copy()
    parts[node] = hearts[node][nearest]
    return parts


def _steps(number: NDArray[np.int64]) -> csr_array:
    """Return the graph of steps between numbered neighbours (-1 is no node), lengths in cells."""
    rows, columns = number.shape
    starts, ends, lengths = [], [], []
    for dr, dc, length in FORWARD:
        here = number[: rows - dr, max(0, -dc) : columns - max(0, dc)]
        there = number[dr:, max(0, dc) : columns + min(0, dc)]
        both = (here >= 0) & (there >= 0)
        starts.append(here[both])
        ends.append(there[both])
        lengths.append(np.full(np.count_nonzero(both), length))
    size = int(number.max()) + 1
    return csr_array(
        (np.concatenate(lengths), (np.concatenate(starts), np.concatenate(ends))), shape=(size, size)
    )
