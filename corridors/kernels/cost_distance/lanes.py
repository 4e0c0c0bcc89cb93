# ruff: noqa: ARG001, ARG005 - numba prescribes what a builder of instructions takes
"""Sixteen numbers side by side: a type for numba that is one vector of the processor.

numba has no vector type of its own, and the loops of the solver are too tangled for a compiler to find the
vectors in them. `Lanes` is a numba type whose value is an LLVM vector; the functions below are single
instructions on it. LLVM cuts the vector to what the processor has (AVX-512, AVX2, SSE, NEON), so nothing
here depends on the machine, and no instruction joins or reorders sums: the bits are those of plain loops.

Inside a compiled function: `load`, `store`, `spread`, `a + b`, `a * b`, `minimum`, `any_less`,
`shifted_east`, `shifted_west`. They cannot be called from the interpreter.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any, TypeAlias

from llvmlite import ir  # type: ignore[import-untyped]
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic, models, overload, register_model

LANES = 16
WHOLE, MASK = ir.IntType(32), ir.IntType(LANES)
ELEMENTS = {types.float32: ir.FloatType(), types.float64: ir.DoubleType()}


Vector: TypeAlias = Any  # sixteen numbers inside a compiled function


class Lanes(types.Type):
    """The numba type of sixteen float32 or float64."""

    def __init__(self, element: Any) -> None:
        self.element = element
        super().__init__(name=f"{element} x {LANES}")


LANES_OF = {element: Lanes(element) for element in ELEMENTS}


def vector_of(element: Any) -> ir.VectorType:
    """Return the LLVM vector of sixteen of a numba number."""
    return ir.VectorType(ELEMENTS[element], LANES)


@register_model(Lanes)
class LanesModel(models.PrimitiveModel):
    """How numba keeps `Lanes`: as the vector itself, in registers."""

    def __init__(self, manager: Any, kind: Lanes) -> None:
        super().__init__(manager, kind, vector_of(kind.element))  # type: ignore[no-untyped-call]


def instruction(builder: Callable[..., Any]) -> Any:
    """Return the instruction a builder describes; numba calls the builder with the types at hand."""
    return intrinsic(builder)


def _address(context: Any, builder: Any, kinds: Any, values: Any) -> Any:
    """Return the address of cell [row, column] of a two-dimensional array, as one of a vector."""
    array = context.make_array(kinds[0])(context, builder, values[0])
    width = cgutils.unpack_tuple(builder, array.shape)[1]  # type: ignore[no-untyped-call]
    cell = builder.add(builder.mul(values[1], width), values[2])
    return builder.bitcast(builder.gep(array.data, [cell]), vector_of(kinds[0].dtype).as_pointer())


@instruction
def load(typing: Any, array: Any, row: Any, column: Any) -> Any:
    """Return cells [row, column : column + 16]."""

    def build(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        address = _address(context, builder, signature.args, values)
        return builder.load(address, align=array.dtype.bitwidth // 8)

    return LANES_OF[array.dtype](array, types.int64, types.int64), build


@instruction
def store(typing: Any, array: Any, row: Any, column: Any, lanes: Any) -> Any:
    """Write cells [row, column : column + 16]."""

    def build(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        address = _address(context, builder, signature.args, values)
        builder.store(values[3], address, align=array.dtype.bitwidth // 8)
        return context.get_dummy_value()

    return types.void(array, types.int64, types.int64, lanes), build


@instruction
def spread(typing: Any, number: Any) -> Any:
    """Return one number in all lanes."""

    def build(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        return _shuffled(builder, values[0], vector_of(number), [0] * LANES)

    return LANES_OF[number](number), build


@instruction
def shifted_east(typing: Any, lanes: Any, first: Any) -> Any:
    """Return every lane's western neighbour; the first lane gets `first`."""

    def build(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        order = [LANES, *range(LANES - 1)]
        return _shuffled(builder, values[1], vector_of(lanes.element), order, values[0])

    return lanes(lanes, lanes.element), build


@instruction
def shifted_west(typing: Any, lanes: Any, last: Any) -> Any:
    """Return every lane's eastern neighbour; the last lane gets `last`."""

    def build(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        order = [*range(1, LANES), LANES]
        return _shuffled(builder, values[1], vector_of(lanes.element), order, values[0])

    return lanes(lanes, lanes.element), build


def _shuffled(builder: Any, number: Any, vector: Any, order: list[int], lanes: Any = None) -> Any:
    """Return lanes in an order, where lane 16 is `number`; without `lanes`, lane 0 is."""
    nothing = ir.Constant(vector, ir.Undefined)
    single = builder.insert_element(nothing, number, WHOLE(0))
    places = ir.Constant(ir.VectorType(WHOLE, LANES), [WHOLE(place) for place in order])
    pair = (single, nothing) if lanes is None else (lanes, single)
    return builder.shuffle_vector(*pair, places)


@instruction
def minimum(typing: Any, lanes: Any, others: Any) -> Any:
    """Return the smaller of both in every lane; where a lane is NaN, that of `others`."""

    def build(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        return builder.select(builder.fcmp_ordered("<", *values), *values)

    return lanes(lanes, others), build


@instruction
def any_less(typing: Any, lanes: Any, others: Any) -> Any:
    """Return whether any lane is smaller than that of `others`."""

    def build(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        mask = builder.bitcast(builder.fcmp_ordered("<", *values), MASK)
        return builder.icmp_unsigned("!=", mask, MASK(0))

    return types.boolean(lanes, others), build


@instruction
def lowest_bit(typing: Any, bits: Any) -> Any:
    """Return the place of the lowest bit that is set."""

    def build(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        return builder.cttz(values[0], ir.IntType(1)(1))

    return types.int64(types.int64), build


@instruction
def highest_bit(typing: Any, bits: Any) -> Any:
    """Return the place of the highest bit that is set."""

    def build(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        return builder.sub(values[0].type(63), builder.ctlz(values[0], ir.IntType(1)(1)))

    return types.int64(types.int64), build


@instruction
def _sum(typing: Any, lanes: Any, others: Any) -> Any:
    return lanes(lanes, others), lambda context, builder, signature, values: builder.fadd(*values)


@instruction
def _product(typing: Any, lanes: Any, others: Any) -> Any:
    return lanes(lanes, others), lambda context, builder, signature, values: builder.fmul(*values)


@overload(operator.add)
def _add(lanes: Any, others: Any) -> Any:
    def added(lanes: Any, others: Any) -> Any:
        return _sum(lanes, others)

    return added if isinstance(lanes, Lanes) and lanes == others else None


@overload(operator.mul)
def _multiply(lanes: Any, others: Any) -> Any:
    def multiplied(lanes: Any, others: Any) -> Any:
        return _product(lanes, others)

    return multiplied if isinstance(lanes, Lanes) and lanes == others else None
