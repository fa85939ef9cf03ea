"""Arithmetic over series: `A / B * 100`."""

import ast
import operator
from collections.abc import Callable, Mapping
from decimal import Context, Decimal, DecimalException

from groundswell.kernel.errors import Invalid

LONGEST = 200
type Value = Decimal | int | None
_CONTEXT = Context(prec=28)
_DIGITS = Context(prec=15)
"""Of a quotient."""
_OPERATIONS: dict[type[ast.operator], Callable[[Decimal, Decimal], Decimal]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: _CONTEXT.divide,
}
_REFUSED = "names of series, numbers, + - * / and parentheses"


class Formula:
    """`A / (A + B)`. What is divided by zero, or made of nothing known, is None."""

    def __init__(self, text: str, names: frozenset[str], where: str = "formula") -> None:
        """Raises Invalid."""
        self._where = where
        try:
            self._body = ast.parse(text.strip(), mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            raise Invalid.on(where, _REFUSED) from error
        self._check(self._body, names)

    def of(self, values: Mapping[str, Value]) -> Decimal | None:
        try:
            value = self._value(self._body, values)
            return None if value is None else _DIGITS.plus(value)
        except DecimalException:
            return None

    def _check(self, node: ast.expr, names: frozenset[str]) -> None:
        match node:
            case ast.BinOp(left, op, right) if type(op) in _OPERATIONS:
                self._check(left, names)
                self._check(right, names)
            case ast.UnaryOp(ast.USub(), operand):
                self._check(operand, names)
            case ast.Name(name):
                if name not in names:
                    raise Invalid.on(self._where, f"no series {name!r}: {', '.join(sorted(names))}")
            case ast.Constant(int() | float() as value) if not isinstance(value, bool):
                pass
            case _:
                raise Invalid.on(self._where, _REFUSED)

    def _value(self, node: ast.expr, values: Mapping[str, Value]) -> Decimal | None:
        match node:
            case ast.BinOp(left, op, right):
                sides = self._value(left, values), self._value(right, values)
                return None if sides[0] is None or sides[1] is None else _OPERATIONS[type(op)](sides[0], sides[1])
            case ast.UnaryOp(_, operand):
                number = self._value(operand, values)
                return None if number is None else -number
            case ast.Name(name):
                known = values.get(name)
                return None if known is None else Decimal(known)
            case ast.Constant(value):
                return Decimal(str(value))
        return None
