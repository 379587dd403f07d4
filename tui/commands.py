"""The command palette: exactly the keys that work on the screen it was opened from."""

from functools import partial
from typing import NamedTuple

from textual.actions import parse
from textual.binding import Binding
from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.dom import DOMNode
from textual.screen import Screen


class KeyHelp(NamedTuple):
    """One thing a screen can do: the key as people read it, what it does in words, and the action behind it.

    `why_not` is the reason where the role of the person at work forbids it.
    """

    key: str
    words: str
    action: str
    node: DOMNode
    why_not: str = ""


_PRINTED = {
    "question_mark": "?",
    "colon": ":",
    "at": "@",
    "escape": "Esc",
    "enter": "Enter",
    "tab": "Tab",
    "space": "Space",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "plus": "+",
    "minus": "-",
    "slash": "/",
}


def key_name(binding: Binding) -> str:
    """The key as it is printed on the keyboard."""
    if binding.key_display:
        return binding.key_display
    if binding.key.startswith("ctrl+"):
        return "Ctrl+" + binding.key.removeprefix("ctrl+").upper()
    return _PRINTED.get(binding.key, binding.key)


def key_help(screen: Screen[object]) -> tuple[KeyHelp, ...]:
    """What the keys do on this screen, one line an action: its own first, then those of all screens and the program.

    Keys of a focused widget (cursor movement, text editing) are not commands and are not listed.
    """
    found: dict[str, KeyHelp] = {}
    for node, binding, enabled, _tooltip in screen.active_bindings.values():
        why_not = _why_not(node, binding.action)
        listed = (enabled or why_not) and binding.description and not binding.system and node in (screen, screen.app)
        if not listed or binding.action.startswith(("app.focus_", "screen.copy_text")):
            continue
        # The footer has room for a word or two; help and palette say it in full.
        words = binding.tooltip or binding.description
        found.setdefault(binding.action, KeyHelp(key_name(binding), words, binding.action, node, why_not))
    own = {binding.action for binding in type(screen).__dict__.get("BINDINGS", ())}
    return tuple(sorted(found.values(), key=lambda each: each.action not in own))


def _why_not(node: DOMNode, action: str) -> str:
    forbidden = getattr(node, "forbidden", None)
    return (forbidden(parse(action)[1]) if forbidden is not None else None) or ""


class KeyCommands(Provider):
    """Every key of the screen, to be found by what it does."""

    async def discover(self) -> Hits:
        """All of them."""
        for each in key_help(self.screen):
            words = f"{each.words} [{each.key}]" + (" (unavailable)" if each.why_not else "")
            # As content, not as markup: a letter in brackets would be taken for a tag.
            yield DiscoveryHit(Content(words), partial(self._run, each), text=each.words, help=each.why_not or None)

    async def search(self, query: str) -> Hits:
        """Those whose words match."""
        matcher = self.matcher(query)
        for each in key_help(self.screen):
            if (score := matcher.match(each.words)) > 0:
                shown = matcher.highlight(each.words)
                hint = each.why_not or f"key {each.key}"
                yield Hit(score, shown, partial(self._run, each), text=each.words, help=hint)

    async def _run(self, each: KeyHelp) -> None:
        await self.app.run_action(each.action, default_namespace=each.node)
