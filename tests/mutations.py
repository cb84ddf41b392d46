"""Mistakes that generated code could have: each a small change that a test of the package must notice."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator

_TRUE, _FALSE = ast.Constant(value=True), ast.Constant(value=False)
# Statements about members of an answer, which go by the names of these.
_STATES = ("refuse_", "omit_", "require")


class Mutation(ast.NodeTransformer):
    """Makes the change with a number."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.seen = -1
        self.said = ""

    def visit(self, node: ast.AST) -> ast.AST:
        """Put the change in the place of the node that it is about."""
        for changed in alternatives(node):
            self.seen += 1
            if self.seen == self.number:
                self.said = f"line {getattr(node, 'lineno', 0)}: {ast.unparse(node)}"
                return changed
        # What a check stands in is a statement of its own, which is gone as a whole.
        if isinstance(node, ast.Expr) and is_check(node.value):
            return node
        return self.generic_visit(node)


def mutants(node: ast.stmt) -> Iterator[tuple[str, ast.stmt]]:
    """Yield a statement once for each change, with a description of it."""
    number = 0
    while True:
        mutation = Mutation(number)
        changed = mutation.visit(copy.deepcopy(node))
        if mutation.seen < number:
            return
        assert isinstance(changed, ast.stmt)
        yield mutation.said, ast.fix_missing_locations(changed)
        number += 1


def alternatives(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what a node can be changed to so that a test must notice."""
    match node:
        case ast.Expr(value=ast.Call() as call):
            yield from _statements(node, call)
        case ast.AugAssign(target=ast.Name(id="xml")):
            yield ast.Pass()
        case ast.If():
            yield from _branches(node)
        case ast.Call():
            yield from _calls(node)
        case _:
            yield from _expressions(node)


def _expressions(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.BoolOp():
            yield from _choices(node)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield operand
        case ast.IfExp(body=body, orelse=orelse):
            yield from (body, orelse)
        case ast.Compare(left=left, comparators=comparators):
            yield from _limits(node, [left, *comparators])
        case ast.List(elts=items) if any(
            isinstance(each, ast.Starred) for each in items
        ):
            for place in range(len(items)):
                yield _with(node, elts=[*items[:place], *items[place + 1 :]])
        case _:
            pass


def _statements(node: ast.Expr, call: ast.Call) -> Iterator[ast.AST]:
    """Yield a statement as none, and one about several members without one of them."""
    if is_check(call) or is_effect(call) or is_state(call):
        yield ast.Pass()
    if is_state(call):
        for place in range(len(call.args)) if len(call.args) > 1 else ():
            kept = [*call.args[:place], *call.args[place + 1 :]]
            yield _with(node, value=_with(call, args=kept))


def _branches(node: ast.If) -> Iterator[ast.AST]:
    test = node.test
    is_other = is_check(test) or is_condition(test)
    if is_other or (isinstance(test, ast.Name) and test.id == "TYPE_CHECKING"):
        return
    # What has another class is refused by the function that is called then.
    if not (is_call_of(test, "isinstance") and is_build(node.body[0])):
        yield _with(node, test=_TRUE)
    yield _with(node, test=_FALSE)


def _with(node: ast.AST, **fields: object) -> ast.AST:
    changed = copy.copy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed


def _choices(node: ast.BoolOp) -> Iterator[ast.AST]:
    """Yield a choice turned around; one between nil and a value without either."""
    values = node.values
    if is_reading(values[0]):
        yield from values
    else:
        swapped = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield _with(node, op=swapped)


def _limits(node: ast.Compare, values: list[ast.expr]) -> Iterator[ast.AST]:
    """Yield a comparison of numbers with each of them moved by one.

    The least number stays where it is or gets larger: a smaller one is that of an answer before.
    """
    is_least = isinstance(node.ops[0], ast.GtE) or len(values) > 2
    for place, value in enumerate(values):
        match value:
            case ast.Constant(value=int() as number):
                is_first = place == 0 or len(values) == 2
                lower = [] if is_least and is_first else [number - 1]
                for moved in (*lower, number + 1):
                    changed = [*values]
                    changed[place] = ast.Constant(value=moved)
                    yield _with(node, left=changed[0], comparators=changed[1:])
            case _:
                pass


def _calls(node: ast.Call) -> Iterator[ast.AST]:
    name = _name(node.func)
    if is_check(node):
        yield _TRUE
    elif is_condition(node):
        yield from (_TRUE, _FALSE)
    elif is_reading(node):
        yield from _readings(node)
    elif name == "field":
        # A secret in a representation.
        yield from _without_keywords(node, lambda keyword: keyword == "repr")
    elif name in {"build_request", "_build"} or _is_class(node.func):
        # What was mended is known only where the page shows a document like that.
        yield from _without_keywords(node, lambda keyword: keyword != "repaired")
    elif name == "with_text":
        yield node.args[0]


def _without_keywords(
    node: ast.Call, is_left_out: Callable[[str | None], bool]
) -> Iterator[ast.AST]:
    """Yield a call without one of its arguments that have a name."""
    for place, keyword in enumerate(node.keywords):
        if is_left_out(keyword.arg):
            kept = [*node.keywords[:place], *node.keywords[place + 1 :]]
            yield _with(node, keywords=kept)


def _readings(node: ast.Call) -> Iterator[ast.AST]:
    """Yield the call of a reader as one of a member that need not be there, and of a text."""
    assert isinstance(node.func, ast.Attribute)
    name = node.func.attr
    if name.startswith("required_"):
        function = _with(node.func, attr=name.removeprefix("required_"))
        yield _with(node, func=function)
    last = node.args[-1] if node.args else None
    is_text = isinstance(last, ast.Attribute) and last.attr == "text"
    if isinstance(last, ast.Attribute) and not is_text:
        reader = ast.Name(id="str", ctx=ast.Load())
        yield _with(node, args=[*node.args[:-1], reader])
    if isinstance(last, ast.Dict):
        for place in range(len(last.keys)):
            kept = _with(
                last,
                keys=[*last.keys[:place], *last.keys[place + 1 :]],
                values=[*last.values[:place], *last.values[place + 1 :]],
            )
            yield _with(node, args=[*node.args[:-1], kept])


# What is what


def is_check(node: ast.AST) -> bool:
    """Whether a call checks a value."""
    if not isinstance(node, ast.Call):
        return False
    if _object(node.func) == "checks":
        return _name(node.func) != "as_items"
    return isinstance(node.func, ast.Name) and _name(node.func).lstrip("_").startswith(
        "validate_"
    )


def is_condition(node: ast.AST) -> bool:
    """Whether a call compares a value with documented ones."""
    return isinstance(node, ast.Call) and _object(node.func) == "conditions"


def is_state(node: ast.Call) -> bool:
    """Whether a call says what a member means that is nil, empty or blank."""
    return _object(node.func) == "members" and _name(node.func).startswith(_STATES)


def is_effect(node: ast.Call) -> bool:
    """Whether a call changes what the fake service keeps."""
    function = node.func
    return isinstance(function, ast.Attribute) and _object(function.value) == "memory"


def is_call_of(node: ast.AST, name: str) -> bool:
    """Whether a function with a name is called."""
    return isinstance(node, ast.Call) and _name(node.func) == name


def is_build(statement: ast.stmt) -> bool:
    """Whether a statement returns the document of a request."""
    return isinstance(statement, ast.Return) and is_call_of(
        statement.value or statement, "build_request"
    )


def is_reading(node: ast.AST) -> bool:
    """Whether a call reads a member."""
    return (
        isinstance(node, ast.Call)
        and _object(node.func) == "members"
        and not is_state(node)
    )


def _is_class(function: ast.expr) -> bool:
    return isinstance(function, ast.Name) and function.id[:1].isupper()


def _object(function: ast.expr) -> str:
    """Return the name of what a method is called of."""
    match function:
        case ast.Attribute(value=ast.Name(id=name)):
            return name
        case _:
            return ""


def _name(function: ast.expr) -> str:
    match function:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
        case _:
            return ""
