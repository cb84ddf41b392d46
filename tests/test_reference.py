"""The reference of the spec language says what the schemas say, and shows what packages do.

A fenced block says after its language what it is. `frame`: the service that all examples are part
of. `spec NAME`: what an example changes in it. `run`: Python, as a doctest. `wire`: what
`build_request` makes of `request` and `auth`, or the members in it. `answer`: what `answer` holds
in the Python after it. `mistake NAME` and `lint`: a bad spec, and what is said of it.

A table after `<!-- keys POINTER: KEY KEY + POINTER -->` has the keys of those parts of the schemas,
all of them unless some are named; `pytest --update-goldens` writes it.
"""

from __future__ import annotations

import ast
import contextlib
import doctest
import importlib
import json
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import pytest
import yaml
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from soapstone import naming
from soapstone.decode.schema import read_schema
from soapstone.diagnostics import Report
from soapstone.model import Primitive
from soapstone.pipeline import build_package, compile_service
from soapstone.plan.module import FUNCTIONS
from soapstone.runtime import reading

REPOSITORY = Path(__file__).parent.parent
REFERENCE = REPOSITORY / "specs" / "README.md"
TEXT = REFERENCE.read_text(encoding="utf-8")

Schema: TypeAlias = dict[str, object]

SCHEMAS: dict[str, Schema] = {
    f"{name}.schema.json": json.loads(read_schema(name))
    for name in ("operation", "service", "structure")
}
REGISTRY: Registry[bool | Mapping[str, Any]] = Registry()
REGISTRY = REGISTRY.with_resources(
    (name, Resource.from_contents(schema)) for name, schema in SCHEMAS.items()
)


# Parts of the schemas


def mapping(value: object) -> Schema:
    """Return a part of a schema that is known to be a mapping."""
    assert isinstance(value, dict)
    return value


def listed(value: object) -> list[object]:
    """Return a part of a schema that is known to be a list, or nothing."""
    return value if isinstance(value, list) else []


def raw(pointer: str) -> Schema:
    """Return the part of a schema that a pointer names, as it is written."""
    file, _, path = pointer.partition("#")
    schema = SCHEMAS[file]
    for step in filter(None, path.split("/")):
        schema = mapping(schema[step])
    return schema


def part(pointer: str) -> Schema:
    """Return the part of a schema that a pointer names, with what it refers to."""
    schema, file = raw(pointer), pointer.partition("#")[0]
    file_referred, _, path = str(schema.get("$ref", "")).partition("#")
    if not path:
        return schema
    return {**part(f"{file_referred or file}#{path}"), **schema}


def pointers() -> list[str]:
    """Return the pointers of all parts of the schemas that describe something."""

    def inside(pointer: str, node: object) -> Iterator[str]:
        if isinstance(node, dict):
            if isinstance(node.get("description"), str):
                yield pointer
            for key in node.keys() - {"examples", "default"}:
                yield from inside(f"{pointer}/{key}", node[key])

    return sorted(
        each for file, schema in SCHEMAS.items() for each in inside(f"{file}#", schema)
    )


MAPPINGS = [
    each for each in pointers() if "$ref" not in raw(each) and "properties" in raw(each)
]
SAMPLES = [
    (pointer, sample)
    for pointer in pointers()
    for sample in (
        *listed(part(pointer).get("examples")),
        *(part(pointer)[key] for key in ("default",) if key in part(pointer)),
    )
]


@pytest.mark.parametrize("pointer", MAPPINGS)
def test_every_key_is_explained(pointer: str) -> None:
    """A key has a title, a sentence and an example, which editors show as well."""
    for key in mapping(part(pointer)["properties"]):
        known = part(f"{pointer}/properties/{key}")
        assert {"title", "description"} <= known.keys(), key
        assert {"examples", "const"} & known.keys(), key


@pytest.mark.parametrize(("pointer", "sample"), SAMPLES)
def test_samples_of_the_schemas_are_valid(pointer: str, sample: object) -> None:
    """What a schema gives as an example or as the default, it takes itself."""
    Draft202012Validator({"$ref": pointer}, registry=REGISTRY).validate(sample)


# Tables of keys

TABLE = re.compile(r"(<!-- keys (.+?) -->\n)(?:\| key \| type .*\n(?:\|.*\n)*)?")
HEAD = "| key | type | default | meaning | example |\n| --- | --- | --- | --- | --- |\n"
SCALAR = ("string", "number", "boolean")
KINDS = {
    "string": "text",
    "object": "mapping",
    "array": "list",
    "boolean": "`true`, `false`",
}


class _Dumper(yaml.SafeDumper):
    """Quotes what a spec needs quoted, which is less than YAML 1.1 does: no dates, no `yes`."""

    yaml_implicit_resolvers = {}  # noqa: RUF012 -- overrides that of the library

    def represent_text(self, value: str) -> yaml.ScalarNode:
        """Choose the quotes that need no doubling, if any are needed."""
        style = '"' if "'" in value else None
        return self.represent_scalar("tag:yaml.org,2002:str", value, style)


_Dumper.add_representer(str, _Dumper.represent_text)
_Dumper.add_implicit_resolver(
    "tag:yaml.org,2002:null", re.compile("(~|null|)$"), ["~", "n", ""]
)
_Dumper.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile("(true|false)$"), ["t", "f"]
)
_Dumper.add_implicit_resolver(
    "tag:yaml.org,2002:int", re.compile("[0-9]+$"), list("0123456789")
)
_Dumper.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"[0-9]+\.[0-9]+$"), list("0123456789")
)


def inline(value: object) -> str:
    """Return a value as YAML on one line."""
    text = yaml.dump(
        value, Dumper=_Dumper, default_flow_style=True, width=1000, sort_keys=False
    )
    return text.removesuffix("\n").removesuffix("\n...")


def kind(schema: Schema) -> str:
    """Return in words what may stand under a key."""
    if "const" in schema:
        return f"`{inline(schema['const'])}`"
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in listed(schema["enum"]))
    types = listed(schema["type"]) or [schema["type"]]
    if set(types) >= set(SCALAR):
        types = ["scalar", *(each for each in types if each not in SCALAR)]
    return " or ".join(KINDS.get(str(each), str(each)) for each in types)


def cells(pointer: str, key: str) -> list[str]:
    """Return what a table says about one key."""
    schema = part(f"{pointer}/properties/{key}")
    default = f"`{inline(schema['default'])}`" if "default" in schema else ""
    if key in listed(part(pointer).get("required")):
        default = "**required**"
    samples = listed(schema.get("examples")) or [schema["const"]]
    examples = "<br>".join(f"`{key}: {inline(sample)}`" for sample in samples)
    found = [f"`{key}`", kind(schema), default, str(schema["description"]), examples]
    return [cell.replace("|", r"\|") for cell in found]


def line_of(cells_of_row: list[str]) -> str:
    """Return a row of a table."""
    return f"| {' | '.join(cells_of_row)} |\n"


def with_tables(text: str) -> str:
    """Return the reference with every table as the schemas have it."""

    def table(found: re.Match[str]) -> str:
        rows: list[str] = []
        for source in found[2].split(" + "):
            pointer, _, named = source.partition(": ")
            keys = named.split() or mapping(part(pointer)["properties"])
            rows.extend(line_of(cells(pointer, key)) for key in keys)
        return f"{found[1]}{HEAD}{''.join(rows)}"

    return TABLE.sub(table, text)


def test_tables_are_those_of_the_schemas(*, update_goldens: bool) -> None:
    """Every table of keys says what the schemas say today."""
    fresh = with_tables(TEXT)
    if update_goldens:
        REFERENCE.write_text(fresh, encoding="utf-8")
    stored = REFERENCE.read_text(encoding="utf-8")
    assert fresh == stored, "pytest --update-goldens rewrites the tables"


@pytest.mark.parametrize("pointer", MAPPINGS)
def test_every_key_stands_in_a_table(pointer: str) -> None:
    """The tables leave out no key, but where they have the same one from another mapping."""
    rows = [line.split(" | ") for line in TEXT.splitlines() if line.startswith("| `")]
    shown = [" | ".join(row[:2] + row[3:]) for row in rows]
    for key in mapping(part(pointer)["properties"]):
        row = line_of(cells(pointer, key)).rstrip().split(" | ")
        assert " | ".join(row[:2] + row[3:]) in shown, key


# Examples

FENCE = re.compile(
    r"^```(\w+)(?: (\w+)(?: ([\w-]+))?)?\n(.*?)^```$", re.DOTALL | re.MULTILINE
)
FILE = re.compile(r"^# (\w+\.yaml)\n", re.MULTILINE)
KEY = re.compile(r"^(?=[a-z_]+:)", re.MULTILINE)
OPERATION_FILE = "place_order.yaml"
NAMESPACE = "http://example.com/shop"

Files: TypeAlias = dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A block that shows something of an example, with its line in the reference."""

    kind: str
    text: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A spec, and what the reference shows of it.

    Attributes:
        files: What it says instead of the frame; nothing for the frame itself.
    """

    name: str
    files: Files
    steps: list[Step] = field(default_factory=list[Step])

    @property
    def lint(self) -> str:
        """What is said of it."""
        return "".join(step.text for step in self.steps if step.kind == "lint")


def files_of(text: str) -> Files:
    """Return the files of a block; what stands below no name is part of the operation."""
    first, *named = FILE.split(text)
    files = dict(zip(named[::2], named[1::2], strict=True))
    return files | ({OPERATION_FILE: first} if first.strip() else {})


def read_examples() -> tuple[Files, list[Example]]:
    """Return the frame, and all examples of the reference in their order."""
    frame: Files = {}
    examples = [Example(name="frame", files={})]
    for found in FENCE.finditer(TEXT):
        _, marker, name, text = found.groups()
        if marker == "frame":
            frame |= files_of(text)
        elif marker in {"spec", "mistake"}:
            examples.append(Example(name=name, files=files_of(text)))
        elif marker:
            line = TEXT.count("\n", 0, found.start()) + 1
            examples[-1].steps.append(Step(kind=marker, text=text, line=line))
    return frame, examples


FRAME, EXAMPLES = read_examples()


def by_key(text: str) -> dict[str, str]:
    """Return the parts of a mapping by their top-level keys."""
    return {each.partition(":")[0]: each for each in KEY.split(text) if each}


def laid_over(frame: str, text: str) -> str:
    """Return a file with the top-level keys of another text instead of its own.

    Where documents are shown, their absence is not allowed.
    """
    own, given = by_key(frame), by_key(text)
    if "examples" in given:
        own.pop("allow", "")
    return "".join((own | given).values())


def lay_out(example: Example, folder: Path) -> Path:
    """Write the specs of an example, and return the folder of the service."""
    service = folder / "shop"
    service.mkdir()
    for name in FRAME | example.files:
        text = laid_over(FRAME.get(name, ""), example.files.get(name, ""))
        (service / name).write_text(text, encoding="utf-8")
    return service


def findings(service: Path) -> str:
    """Return what `soapstone lint` says, but for the places."""
    report = Report()
    compile_service(service, report)
    return "".join(
        f"{each.severity.value}: {each.message} [{each.rule}]\n"
        + (f"  hint: {each.hint}\n" if each.hint else "")
        for each in report.diagnostics
    )


@contextlib.contextmanager
def imported(service: Path) -> Iterator[dict[str, object]]:
    """Generate the package of a service, and give its names while it can be imported."""
    package = build_package(service, Report())
    assert package is not None
    folder = service.parent / "generated"
    for path, content in package.files.items():
        target = folder / package.name / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    sys.path.insert(0, str(folder))
    try:
        root = importlib.import_module("shop")
        operation = importlib.import_module("shop.place_order")
        names = {name: getattr(root, name) for name in root.__all__}
        yield names | {
            name: value for name, value in vars(operation).items() if name[0] != "_"
        }
    finally:
        sys.path.remove(str(folder))
        for name in [each for each in sys.modules if each.split(".")[0] == "shop"]:
            del sys.modules[name]


def in_one_line(text: str) -> str:
    """Return XML without the line ends and the indentation that make it readable."""
    return "".join(line.strip() for line in text.splitlines())


def written(names: dict[str, object]) -> list[str]:
    """Return what the request is on the wire: as a whole, as an element, and its members."""
    build_request = names["build_request"]
    assert callable(build_request)
    values = [names[name] for name in ("request", "auth") if name in names]
    document = bytes(build_request(*values)).decode()
    members = re.search(r"<Request>(.*)</Request>", document)
    element = document.partition("?>")[2]
    return [document, element, *([members[1]] if members else [])]


def answer(text: str) -> str:
    """Return an answer of which the members are shown, or which is shown as a whole."""
    if re.match(r"<soap:|<PlaceOrder", text):
        return in_one_line(text)
    result = f"<PlaceOrderResult>{in_one_line(text)}</PlaceOrderResult>"
    return f'<PlaceOrderResponse xmlns="{NAMESPACE}">{result}</PlaceOrderResponse>'


def run(step: Step, names: dict[str, object]) -> None:
    """Run what a session shows, and compare what it says."""
    parser, name = doctest.DocTestParser(), REFERENCE.name
    session = parser.get_doctest(step.text, {}, name, name, step.line)
    session.globs = names
    said: list[str] = []
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    runner.run(session, out=said.append, clear_globs=False)
    assert not said, "".join(said)


@pytest.mark.parametrize("example", EXAMPLES, ids=[each.name for each in EXAMPLES])
def test_an_example_is_the_real_thing(example: Example, tmp_path: Path) -> None:
    """A spec has the mistakes that it shows and no others; the package does what is shown."""
    service = lay_out(example, tmp_path)
    assert findings(service) == example.lint
    if example.lint or not example.steps:
        return
    with imported(service) as names:
        for step in example.steps:
            if step.kind == "run":
                run(step, names)
            elif step.kind == "wire":
                assert in_one_line(step.text) in written(names)
            else:
                names["answer"] = answer(step.text)


def test_every_block_is_of_a_known_kind() -> None:
    """No spec, document or call is shown without a marker that has it run."""
    kinds = {(found[1], found[2]) for found in FENCE.finditer(TEXT)}
    assert kinds == {
        ("pycon", "run"),
        ("sh", None),
        ("text", None),
        ("text", "lint"),
        ("xml", "answer"),
        ("xml", "wire"),
        ("yaml", "frame"),
        ("yaml", "mistake"),
        ("yaml", "spec"),
    }


def test_mistakes_and_only_they_have_findings() -> None:
    """Each example is told from the others by its name, and whether it is bad by its marker."""
    blocks = [found for found in FENCE.finditer(TEXT) if found[3]]
    assert len({found[3] for found in blocks}) == len(blocks)
    bad = {found[3] for found in blocks if found[2] == "mistake"}
    assert {example.name for example in EXAMPLES if example.lint} == bad


# Tables and links by hand


def test_links_lead_somewhere() -> None:
    """Each link names a heading of the reference, or a file or folder of the project."""
    headings = re.findall(r"^#+ (.+)$", TEXT, re.MULTILINE)
    anchors = {
        re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        for heading in headings
    }
    for link in re.findall(r"\]\(([^)]+)\)", TEXT):
        path, _, anchor = link.partition("#")
        assert (REFERENCE.parent / path).exists(), link
        assert path or anchor in anchors, link


def test_the_contents_name_every_section() -> None:
    """The table of contents has each section, in its order."""
    _, contents, *_ = re.split(r"^## .*\n", TEXT, flags=re.MULTILINE)
    named = re.findall(r"\[(.+?)\]\(#", contents)
    assert ["Contents", *named] == re.findall(r"^## (.+)$", TEXT, re.MULTILINE)


def rows_after(marker: str) -> list[list[list[str]]]:
    """Return what is set in code in each cell of each row of a table."""
    table = TEXT.partition(f"<!-- {marker} -->\n")[2].partition("\n\n")[0]
    rows = [row.split("|")[1:-1] for row in table.splitlines()[2:]]
    return [[re.findall(r"`([^`]*)`", cell) for cell in row] for row in rows]


def test_every_spelling_of_a_value_is_read() -> None:
    """The table of types has all of them, and shows texts that an answer can hold."""
    rows = rows_after("primitives")
    assert [row[0] for row in rows] == [[each.value] for each in Primitive]
    for [name], _, written_so, read_as_well in rows:
        reader = getattr(reading, FUNCTIONS[Primitive(name)])
        for text in (*written_so, *read_as_well):
            reader(text)


def test_names_are_derived_as_shown() -> None:
    """The table of names says what the generator makes of a wire name."""
    rows = rows_after("names")
    assert rows
    for [wire_name], [attribute], [class_name] in rows:
        assert naming.attribute_name(wire_name, "") == attribute
        assert naming.class_name(wire_name) == class_name


def reported(call: ast.Call) -> list[str]:
    """Return the rule that a call of the runtime names, if it is one that reports."""
    reporters = {"Violation", "_at_least_one", "_at_most_one", "_reject"}
    if not isinstance(call.func, ast.Name) or call.func.id not in reporters:
        return []
    texts = [str(each.value) for each in call.args if isinstance(each, ast.Constant)]
    return [text for text in texts if re.fullmatch("[a-z_]+", text)][-1:]


def test_every_rule_of_a_violation_is_listed() -> None:
    """The table of violations has the rules that generated code reports, and no others."""
    runtime = REPOSITORY / "generator" / "soapstone" / "runtime"
    found: set[str] = set()
    for name in ("checks.py", "envelope.py"):
        for node in ast.walk(ast.parse((runtime / name).read_text(encoding="utf-8"))):
            found.update(reported(node) if isinstance(node, ast.Call) else [])
    rules = [rule for row in rows_after("violations") for rule in row[0]]
    assert sorted(rules) == sorted(found)
