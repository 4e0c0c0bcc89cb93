# ruff: noqa: ARG001 - numba prescribes what a builder of instructions takes
"""Eight numbers side by side: a type for numba that is one vector of the processor.

The loops of the solver read eight neighbours, eight weights and write one number; compilers give up on
proving that the arrays do not overlap, and leave such loops scalar. `Lanes` is a numba type whose value is an
LLVM vector, cut by LLVM to what the processor has. Every instruction stands beside its meaning in numpy,
which takes its place when nothing is compiled.

`a + b`, `a - b`, `a * b` work on vectors too. No instruction reorders a sum; `multiply_add` may round once
instead of twice, where the processor can.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic, models, overload, register_model

from corridors.kernels._jit import COMPILED

LANES = 8
ELEMENTS = {types.float32: ir.FloatType(), types.float64: ir.DoubleType()}
SUFFIX = {types.float32: "f32", types.float64: "f64"}
PLACE = ir.IntType(32)

Vector: TypeAlias = Any  # eight numbers inside a compiled function


class Lanes(types.Type):
    """The numba type of eight float32 or float64."""

    def __init__(self, element: Any) -> None:
        self.element = element
        super().__init__(name=f"{LANES} x {element}")


LANES_OF = {element: Lanes(element) for element in ELEMENTS}


def vector_of(element: Any) -> ir.VectorType:
    """Return the LLVM vector of a numba number."""
    return ir.VectorType(ELEMENTS[element], LANES)


@register_model(Lanes)
class LanesModel(models.PrimitiveModel):
    """How numba keeps `Lanes`: as the vector itself, in registers."""

    def __init__(self, manager: Any, kind: Lanes) -> None:
        super().__init__(manager, kind, vector_of(kind.element))  # type: ignore[no-untyped-call]


def instruction(meaning: Callable[..., Any]) -> Callable[[Callable[..., Any]], Any]:
    """Make an instruction of the builder below it, or its meaning where nothing is compiled."""
    return lambda builder: intrinsic(builder) if COMPILED else meaning


def _address(context: Any, builder: Any, kind: Any, array: Any, place: Any) -> Any:
    """Return the address of a number of a one-dimensional array, as one of a vector."""
    data = context.make_array(kind)(context, builder, array).data
    return builder.bitcast(builder.gep(data, [place]), vector_of(kind.dtype).as_pointer())


@instruction(lambda array, place: array[place : place + LANES].copy())
def load(typing: Any, array: Any, place: Any) -> Any:
    """Return array[place : place + 8]."""

    def build(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        address = _address(context, builder, array, *values)
        return builder.load(address, align=array.dtype.bitwidth // 8)

    return LANES_OF[array.dtype](array, types.int64), build


def _put(array: Any, place: int, lanes: Any) -> None:
    array[place : place + LANES] = lanes


@instruction(_put)
def store(typing: Any, array: Any, place: Any, lanes: Any) -> Any:
    """Write array[place : place + 8]."""

    def build(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        address = _address(context, builder, array, values[0], values[1])
        builder.store(values[2], address, align=array.dtype.bitwidth // 8)
        return context.get_dummy_value()

    return types.void(array, types.int64, lanes), build


@instruction(lambda number: np.full(LANES, number))
def spread(typing: Any, number: Any) -> Any:
    """Return one number in all lanes."""

    def build(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        nothing = ir.Constant(vector_of(number), ir.Undefined)
        return _shuffled(builder, builder.insert_element(nothing, values[0], PLACE(0)), nothing, [0] * LANES)

    return LANES_OF[number](number), build


def _shuffled(builder: Any, lanes: Any, others: Any, order: list[int]) -> Any:
    """Return lanes in an order; from 8 on it means the others."""
    return builder.shuffle_vector(lanes, others, ir.Constant(ir.VectorType(PLACE, LANES), order))


def _shuffle(order: list[int]) -> Any:
    """Return the instruction that picks lanes of two vectors in this order."""

    @instruction(lambda lanes, others: np.concatenate([lanes, others])[order])
    def shuffle(typing: Any, lanes: Any, others: Any) -> Any:
        return lanes(lanes, others), lambda _c, builder, _s, values: _shuffled(
            builder, values[0], values[1], order
        )

    return shuffle


evens = _shuffle(list(range(0, 2 * LANES, 2)))  # of a row cut in two vectors, the cells of even columns
odds = _shuffle(list(range(1, 2 * LANES, 2)))
first_pairs = _shuffle([lane + LANES * odd for lane in range(LANES // 2) for odd in (0, 1)])  # the way back
last_pairs = _shuffle([lane + LANES * odd for lane in range(LANES // 2, LANES) for odd in (0, 1)])
one_later = _shuffle(list(range(LANES - 1, 2 * LANES - 1)))  # the last of one vector, then seven of the next


@instruction(lambda factor, other, term: factor * other + term)
def multiply_add(typing: Any, factor: Any, other: Any, term: Any) -> Any:
    """Return factor * other + term."""

    def build(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        vector = vector_of(term.element)
        name = f"llvm.fmuladd.v{LANES}{SUFFIX[term.element]}"
        kind = ir.FunctionType(vector, [vector] * 3)
        return builder.call(cgutils.get_or_insert_function(builder.module, kind, name), values)  # type: ignore[no-untyped-call]

    return term(factor, other, term), build


@instruction(lambda lanes, part: np.divide(part, lanes, out=np.zeros_like(lanes), where=lanes > 0))
def share(typing: Any, lanes: Any, part: Any) -> Any:
    """Return part / lanes, and 0 in lanes that are not positive."""

    def build(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        nothing = ir.Constant(vector_of(lanes.element), None)
        return builder.select(
            builder.fcmp_ordered(">", values[0], nothing), builder.fdiv(values[1], values[0]), nothing
        )

    return lanes(lanes, part), build


@instruction(lambda lanes, yes, no: np.where(lanes > 0, yes, no))
def if_positive(typing: Any, lanes: Any, yes: Any, no: Any) -> Any:
    """Return `yes` in lanes that are positive, `no` in the others."""

    def build(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        nothing = ir.Constant(vector_of(lanes.element), None)
        return builder.select(builder.fcmp_ordered(">", values[0], nothing), values[1], values[2])

    return lanes(lanes, yes, no), build


@instruction(lambda lanes, like: lanes.astype(like.dtype))
def as_precise(typing: Any, lanes: Any, like: Any) -> Any:
    """Return the lanes in the precision of others."""

    def build(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        if lanes == like:
            return values[0]
        convert = builder.fpext if like.element == types.float64 else builder.fptrunc
        return convert(values[0], vector_of(like.element))

    return like(lanes, like), build


@instruction(lambda lanes: float(lanes.sum()))
def total(typing: Any, lanes: Any) -> Any:
    """Return the sum of the lanes in float64: neighbours first, then pairs, then halves."""

    def build(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        terms = [builder.extract_element(values[0], PLACE(lane)) for lane in range(LANES)]
        if lanes.element == types.float32:
            terms = [builder.fpext(term, ir.DoubleType()) for term in terms]
        while len(terms) > 1:
            terms = [builder.fadd(*pair) for pair in zip(terms[::2], terms[1::2], strict=True)]
        return terms[0]

    return types.float64(lanes), build


def _arithmetic(sign: Callable[[Any, Any], Any], name: str) -> None:
    """Let an operator work on lanes."""

    @instruction(sign)
    def combine(typing: Any, lanes: Any, others: Any) -> Any:
        return lanes(lanes, others), lambda _c, builder, _s, values: getattr(builder, name)(*values)

    @overload(sign)
    def chosen(lanes: Any, others: Any) -> Any:
        def combined(lanes: Any, others: Any) -> Any:
            return combine(lanes, others)

        return combined if isinstance(lanes, Lanes) and lanes == others else None


_arithmetic(operator.add, "fadd")
_arithmetic(operator.sub, "fsub")
_arithmetic(operator.mul, "fmul")
_arithmetic(operator.iadd, "fadd")
