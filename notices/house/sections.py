"""An organization's own sections, checked before any is rendered: what they read, what they do, which tags they print.

A section arranges words. It reads the values that the shipped section of its place reads, and cannot include, compute,
call, or loop deeper than twice.
"""

from __future__ import annotations

import re
import types
import typing
from datetime import date
from html.parser import HTMLParser
from typing import Any, Final

import msgspec
from jinja2 import TemplateSyntaxError, nodes

from notices.context import Organization
from notices.environment import TEMPLATES, build_environment
from notices.layout import ELEMENT_IDS
from notices.letters import LetterBody

NAME: Final = re.compile(r"sections/([a-z]{2})/([a-z0-9_.]+)\.html\.j2")
LONGEST: Final = 20_000
_NOT_OWN: Final = {
    "ca.notice_date": "the date is compared with the row when a letter is read back",
}
_IN_BODY: Final[dict[str, Any]] = {
    name: hint for name, hint in typing.get_type_hints(LetterBody).items() if name not in ("layout", "signature")
}
_IN_PAGE: Final[dict[str, Any]] = {"organization": Organization}
_AROUND: Final = frozenset(["ca.title"])
"""Sections that stand outside the body of a letter."""
_ARRANGES: Final = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.Getattr, nodes.If, nodes.For,
    nodes.CondExpr, nodes.Filter, nodes.Test, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not,
    nodes.Concat, nodes.Assign, nodes.Tuple, nodes.List,
)  # fmt: skip
_DEEPEST: Final = 2
_TAGS: Final = frozenset(
    ["p", "div", "span", "b", "strong", "i", "em", "br", "ul", "ol", "li", "table", "thead", "tbody", "tr", "td", "th",
     "h1", "h2", "h3"]
)  # fmt: skip
_SINGLE: Final = frozenset(["br"])
_CLASS: Final = re.compile(r"own-[a-z0-9-]+")
_OUR_CLASSES: Final = frozenset(["keep", "agencies"])
_CODE: Final = re.compile(r"\{%.*?%\}|\{#.*?#\}|\{\{.*?\}\}", re.DOTALL)


def section_faults(name: str, source: str) -> tuple[str, ...]:
    """What is wrong with one section, as `file:line: message` lines; `name` is its path in the folder."""
    misplaced = _misplaced(name)
    if misplaced:
        return (f"{name}: {misplaced}",)
    if len(source) > LONGEST:
        return (f"{name}: {len(source):,} characters; at most {LONGEST:,}",)
    try:
        tree = build_environment().parse(source, name)
        build_environment().compile(source, name)
    except TemplateSyntaxError as error:
        return (f"{name}:{error.lineno}: {error.message}",)
    raw = next((line for line, kind, _ in build_environment().lex(source) if kind == "raw_begin"), None)
    if raw is not None:
        return (f"{name}:{raw}: {{% raw %}} cannot stand in a section: what is in it could not be checked",)
    values = _IN_PAGE if _element(name) in _AROUND else _IN_BODY
    return (*_acts(name, tree), *_reads(name, tree, values), *_tags(name, source))


def _element(name: str) -> str:
    return name.rpartition("/")[2].removesuffix(".html.j2")


def _misplaced(name: str) -> str:
    """Why no section can have that name; empty where one can."""
    found = NAME.fullmatch(name)
    if found is None:
        return "a section is named sections/<language>/<element id>.html.j2"
    language, element = found.groups()
    shipped = sorted(path.name.removesuffix(".html.j2") for path in (TEMPLATES / "sections" / language).glob("*"))
    if not shipped:
        return f"there are no letters in {language!r}; there are en and es"
    if element in _NOT_OWN:
        return f"this section stays as shipped: {_NOT_OWN[element]}"
    if element not in ELEMENT_IDS or element not in shipped:
        own = ", ".join(each for each in shipped if each not in _NOT_OWN)
        return f"no section of a letter has that id; there are {own}"
    return ""


def _acts(name: str, tree: nodes.Template) -> list[str]:
    """Whatever does more than arrange words."""
    faults = [
        f"{name}:{node.lineno}: {_WORDS.get(type(node), 'a calculation')} cannot stand in a section"
        for node in tree.find_all(nodes.Node)
        if not isinstance(node, _ARRANGES) and node.lineno is not None
    ]

    def deep(node: nodes.Node, depth: int) -> None:
        for child in node.iter_child_nodes():
            inner = depth + isinstance(child, nodes.For)
            if inner > _DEEPEST:
                faults.append(f"{name}:{child.lineno}: a loop in a loop in a loop")
            else:
                deep(child, inner)

    deep(tree, 0)
    return faults


_WORDS: Final[dict[type[nodes.Node], str]] = {
    nodes.Include: "include",
    nodes.Extends: "extends",
    nodes.Import: "import",
    nodes.FromImport: "import",
    nodes.Macro: "a macro",
    nodes.Call: "a call",
    nodes.CallBlock: "a call",
    nodes.Block: "a block",
    nodes.Getitem: "a value by its number or key",
    nodes.ScopedEvalContextModifier: "switching off the escaping of HTML",
}


def _reads(name: str, tree: nodes.Template, values: dict[str, Any]) -> list[str]:
    """Names that nothing declares, and parts that a value does not have."""
    made = {node.name for node in tree.find_all(nodes.Name) if node.ctx == "store"} | {"loop"}
    faults = [
        f"{name}:{node.lineno}: {node.name}: there is no such value; a section here reads {', '.join(values)}"
        for node in tree.find_all(nodes.Name)
        if node.ctx == "load" and node.name not in values and node.name not in made
    ]
    for node in tree.find_all(nodes.Getattr):
        owner = _type_of(node.node, values)
        if owner is not None and _part(owner, node.attr) is None:
            parts = ", ".join([*owner.__struct_fields__, *_properties(owner)])
            faults.append(f"{name}:{node.lineno}: {_spoken(node)}: there is no such value; there are {parts}")
        elif node.attr.startswith("_"):
            faults.append(f"{name}:{node.lineno}: {_spoken(node)}: names that begin with _ are not for templates")
    return faults


def _type_of(node: nodes.Node, values: dict[str, Any]) -> type[msgspec.Struct] | None:
    """The structure that an expression is, where that is known."""
    if isinstance(node, nodes.Name):
        return _structure(values.get(node.name))
    if isinstance(node, nodes.Getattr):
        owner = _type_of(node.node, values)
        return _structure(_part(owner, node.attr)) if owner is not None else None
    return None


def _structure(hint: Any) -> type[msgspec.Struct] | None:  # noqa: ANN401 - a type hint
    options = typing.get_args(hint) if isinstance(hint, types.UnionType) else (hint,)
    return next((each for each in options if isinstance(each, type) and issubclass(each, msgspec.Struct)), None)


def _part(owner: type[msgspec.Struct], name: str) -> Any:  # noqa: ANN401
    hints = typing.get_type_hints(owner, localns={"date": date})
    return hints[name] if name in owner.__struct_fields__ else object if name in _properties(owner) else None


def _properties(owner: type[msgspec.Struct]) -> list[str]:
    return [name for name, value in vars(owner).items() if isinstance(value, property)]


def _spoken(node: nodes.Getattr) -> str:
    inner = node.node
    before = (
        inner.name if isinstance(inner, nodes.Name) else _spoken(inner) if isinstance(inner, nodes.Getattr) else "…"
    )
    return f"{before}.{node.attr}"


class _Tags(HTMLParser):
    """Finds tags that have no place in a section, and those that are not closed."""

    def __init__(self, name: str) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self._name = name
        self.open: list[tuple[str, int]] = []

    def _place(self) -> str:
        return f"{self._name}:{self.getpos()[0]}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _TAGS:
            self.faults.append(f"{self._place()}: <{tag}> cannot stand in a section")
        for attribute, value in attrs:
            if attribute != "class":
                self.faults.append(f"{self._place()}: {attribute}= cannot stand in a section")
            else:
                self.faults += [
                    f"{self._place()}: class {word!r}: only classes own-…, {', '.join(sorted(_OUR_CLASSES))}"
                    for word in (value or "").split()
                    if word not in _OUR_CLASSES and not _CLASS.fullmatch(word)
                ]
        if tag not in _SINGLE:
            self.open.append((tag, self.getpos()[0]))

    def handle_endtag(self, tag: str) -> None:
        if self.open and self.open[-1][0] == tag:
            self.open.pop()
        else:
            self.faults.append(f"{self._place()}: </{tag}> closes nothing that is open here")

    def handle_comment(self, data: str) -> None:
        del data
        self.faults.append(f"{self._place()}: an HTML comment; write {{# … #}}, which is not sent")

    def handle_decl(self, decl: str) -> None:
        self.faults.append(f"{self._place()}: <!{decl[:20]}> cannot stand in a section")

    def unknown_decl(self, data: str) -> None:
        self.handle_decl(data)

    def handle_pi(self, data: str) -> None:
        self.handle_decl(data)


def _tags(name: str, source: str) -> list[str]:
    """Faults of the markup; what the template language says is blanked, so that lines stay where they are."""
    reader = _Tags(name)
    reader.feed(_CODE.sub(lambda code: re.sub(r"[^\n]", " ", code.group()), source))
    reader.close()
    return [*reader.faults, *(f"{name}:{line}: <{tag}> is not closed" for tag, line in reader.open)]
