"""The language of templates: fields, loops over a list, and conditions; nothing else.

Templates are uploaded, so what they may do is listed, not what they may not: no call, no
arithmetic, no attribute but a column. So a template always ends, with output of limited size.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2.sandbox import SandboxedEnvironment

from reports.documents.template_fields import Field

FILTERS = ("length",)
DEEPEST = 6  # conditions and loops within one another
LONGEST_LOOPS = 200_000  # characters of the document that stand in loops, all together
LISTS = ("table", "sentences")
_LOOP = ("index", "first", "last", "length")
_ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.For,
    nodes.If, nodes.CondExpr, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not,
    nodes.Const, nodes.Filter,
)  # fmt: skip
_WRONG = (
    "标签写错了：{{ 和 }}、{% 和 %} 要成对，for 要有 endfor，if 要有 endif；"
    "{%tr …%} 要独占表里的一行"
)
ODD = "这里只能写字段、对表和段落的 for 循环、if 判断，不能写别的"


@dataclass(frozen=True)
class Fault:
    """What is wrong at a line of the source (from 1), as part of a Chinese sentence."""

    line: int
    text: str


def environment() -> SandboxedEnvironment:
    """The environment of templates: text is escaped, and only the fields are defined."""
    found = SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    found.globals.clear()
    found.filters = {name: found.filters[name] for name in FILTERS}
    found.tests.clear()
    return found


def faults(source: str, fields: dict[str, Field]) -> list[Fault]:
    """What is wrong with the `source` of a template, in the order of its lines."""
    try:
        tree = environment().parse(source)
    except TemplateSyntaxError as error:
        return [Fault(error.lineno, _WRONG)]
    except RecursionError:
        return [Fault(1, "标签套得太深")]
    loops = sum(
        len(data.data)
        for loop in tree.find_all(nodes.For)
        for data in loop.find_all(nodes.TemplateData)
    )
    found = list(_walk(tree, fields, {}, 0))
    if loops > LONGEST_LOOPS:
        found.append(Fault(1, "循环里的内容太多"))
    return found or list(_uncompiled(source))


def _uncompiled(source: str) -> Iterator[Fault]:
    """Faults that only compiling finds, such as a loop over a reserved name."""
    try:
        environment().from_string(source)
    except TemplateSyntaxError as error:
        yield Fault(error.lineno, _WRONG)


def used(source: str) -> set[str]:
    """Names in the `source` of a template."""
    return {node.name for node in environment().parse(source).find_all(nodes.Name)}


def _walk(
    node: nodes.Node, fields: dict[str, Field], rows: dict[str, str], depth: int
) -> Iterator[Fault]:
    """Faults of `node` and the nodes in it; `rows` maps loop variables to their fields."""
    if not isinstance(node, _ALLOWED) or depth > DEEPEST:
        yield Fault(node.lineno, "判断套得太深" if depth > DEEPEST else ODD)
    elif isinstance(node, nodes.For):
        yield from _loop(node, fields, rows, depth)
    elif isinstance(node, nodes.Getattr):
        yield from _attribute(node, fields, rows)
    elif isinstance(node, nodes.Name):
        if node.name not in fields and node.name not in rows:
            yield Fault(node.lineno, f"没有“{node.name}”这个字段")
    else:
        if isinstance(node, nodes.Output):
            yield from _printed(node, fields, rows)
        elif isinstance(node, nodes.Compare | nodes.Filter):
            yield from _counted(node, fields)
        elif isinstance(node, nodes.CondExpr) and node.expr2 is None:
            yield Fault(node.lineno, "“… if …”后面要写 else")
        deeper = depth + isinstance(node, nodes.If | nodes.CondExpr)
        for child in node.iter_child_nodes():
            yield from _walk(child, fields, rows, deeper)


def _loop(
    node: nodes.For, fields: dict[str, Field], rows: dict[str, str], depth: int
) -> Iterator[Fault]:
    over = _whole(node.iter)
    name = over.name if isinstance(over, nodes.Name) else ""
    if name and name not in fields and name not in rows:
        yield Fault(node.lineno, f"没有“{name}”这个字段")
    elif name not in fields or fields[name].kind not in LISTS:
        yield Fault(node.lineno, "for 循环只能对表和段落的字段")
    elif rows:
        yield Fault(node.lineno, "循环里不能再有循环")
    elif not isinstance(node.target, nodes.Name) or node.test or node.recursive or node.else_:
        yield Fault(node.lineno, ODD)
    else:
        within = {node.target.name: name, "loop": "loop"}
        for child in node.body:
            yield from _walk(child, fields, within, depth + 1)


def _whole(node: nodes.Node) -> nodes.Node:
    """What `node` is the first rows of, as ``venues`` of ``venues[:10]``; else `node`."""
    if not isinstance(node, nodes.Getitem) or not isinstance(node.arg, nodes.Slice):
        return node
    bounds = [bound for bound in (node.arg.start, node.arg.stop) if bound is not None]
    plain = node.arg.step is None and all(map(_is_number, bounds))
    return node.node if plain else node


def _is_number(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Const) and isinstance(node.value, int)


def _attribute(
    node: nodes.Getattr, fields: dict[str, Field], rows: dict[str, str]
) -> Iterator[Fault]:
    base = node.node.name if isinstance(node.node, nodes.Name) else ""
    over = rows.get(base)
    if base and over is None and base not in fields:
        yield Fault(node.lineno, f"没有“{base}”这个字段")
    elif over is None:
        yield Fault(node.lineno, ODD)
    elif node.attr not in (_LOOP if over == "loop" else fields[over].columns):
        yield Fault(node.lineno, f"“{over}”没有“{node.attr}”这一列")


def _printed(node: nodes.Output, fields: dict[str, Field], rows: dict[str, str]) -> Iterator[Fault]:
    """Faults of an output: a list or a row is not text, it needs a loop or a column."""
    for one in node.nodes:
        if not isinstance(one, nodes.Name):
            continue
        over = rows.get(one.name)
        if over is None and one.name in fields and fields[one.name].kind in LISTS:
            yield Fault(one.lineno, f"“{one.name}”是表或段落，要用 for 循环写")
        elif over == "loop" or (over is not None and fields[over].kind == "table"):
            yield Fault(one.lineno, f"“{one.name}”是一行，要写明哪一列，如 {one.name}.area")


def _counted(node: nodes.Compare | nodes.Filter, fields: dict[str, Field]) -> Iterator[Fault]:
    """Faults of a filter or a comparison: only lists have a length, only numbers an order."""
    if isinstance(node, nodes.Filter):
        over = fields.get(node.node.name) if isinstance(node.node, nodes.Name) else None
        if node.name not in FILTERS or over is None or over.kind not in LISTS:
            yield Fault(node.lineno, ODD)
        return
    compared = [node.expr, *(one.expr for one in node.ops)]
    ordered = any(one.op not in ("eq", "ne") for one in node.ops)
    if any(one.op in ("in", "notin") for one in node.ops):
        yield Fault(node.lineno, ODD)
    elif ordered and not all(_is_number(one) or _counts(one) for one in compared):
        yield Fault(node.lineno, "大于、小于只能比较 loop.index、length 和数字")


def _counts(node: nodes.Node) -> bool:
    if isinstance(node, nodes.Getattr):
        return isinstance(node.node, nodes.Name) and node.node.name == "loop"
    return isinstance(node, nodes.Filter)
