"""python -m launch.messages [--check]: the source strings, their translations and the compiled catalogues.

Django's makemessages needs GNU gettext, which no wheel brings; this does the same for our few conventions
with Python's own parser, Django's template reader and polib. Catalogues live in site/locale, sources are English.
"""

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polib
from django.conf import settings
from django.utils.translation.template import templatize

from launch.paths import ROOT, SITE

LOCALES = ("zh_Hant", "zh_Hans")
_ROOMS = ("templates", "site", "courses", "community", "shop")
_PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")
_CALL = re.compile(r"(?<![\w.])(?:n?p?gettext|_)\(")
# Arguments of each function: positions of context, singular and plural (None: it has none).
_SHAPES: dict[str, tuple[int | None, int, int | None]] = {
    "gettext": (None, 0, None),
    "ngettext": (None, 0, 1),
    "pgettext": (0, 1, None),
    "npgettext": (0, 1, 2),
}


@dataclass(frozen=True)
class Message:
    """A source string; `context` and `plural` as in gettext, None where there is none."""

    text: str
    plural: str | None
    context: str | None


@dataclass
class Source:
    """A source string and the files it was found in."""

    message: Message
    files: list[str]


def in_python(source: str) -> Iterator[Message]:
    """Strings given to gettext and its sisters, under whatever name a module imports them.

    Raises ValueError for an f-string there: it would be looked up after it was filled in, and never found.
    """
    tree = ast.parse(source)
    names = {"_": "gettext"}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
            names |= {alias.asname or alias.name: alias.name for alias in node.names}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        function = re.sub(r"_(lazy|noop)$", "", names.get(called, called))
        if function in _SHAPES:
            yield from _message(function, node.args)


def in_template(source: str) -> Iterator[Message]:
    """Strings of `translate`, `blocktranslate` and `_("…")` in a template."""
    calls = templatize(source)
    for match in _CALL.finditer(calls):
        # The reader leaves one call after another, among letters that stand for the markup.
        for end in (found.end() for found in re.finditer(r"\)", calls[match.end() :])):
            try:
                node = ast.parse(calls[match.start() : match.end() + end], mode="eval").body
            except SyntaxError:
                continue
            assert isinstance(node, ast.Call)
            assert isinstance(node.func, ast.Name)
            yield from _message("gettext" if node.func.id == "_" else node.func.id, node.args)
            break


def _message(function: str, arguments: list[ast.expr]) -> Iterator[Message]:
    positions = _SHAPES[function]
    words: list[str | None] = []
    for position in positions:
        argument = arguments[position] if position is not None and position < len(arguments) else None
        if isinstance(argument, ast.JoinedStr):
            raise ValueError(f"line {argument.lineno}: an f-string inside {function}()")
        value = argument.value if isinstance(argument, ast.Constant) else None
        words.append(value if isinstance(value, str) else None)
    context, text, plural = words
    if text:
        yield Message(text, plural, context)


def collect() -> list[Source]:
    """Every source string of the project with the files that hold it, in reading order."""
    found: dict[tuple[str | None, str], Source] = {}
    for room in _ROOMS:
        for path in sorted((ROOT / room).rglob("*")):
            name = path.relative_to(ROOT).as_posix()
            if "/migrations/" in name or name.startswith("site/launch/"):
                continue
            for message in _in_file(path):
                source = found.setdefault((message.context, message.text), Source(message, []))
                if message.plural:
                    source.message = message
                if name not in source.files:
                    source.files.append(name)
    return list(found.values())


def _in_file(path: Path) -> Iterator[Message]:
    reader = {".py": in_python, ".html": in_template, ".txt": in_template}.get(path.suffix)
    if reader is None or not path.is_file():
        return
    try:
        yield from reader(path.read_text(encoding="utf-8"))
    except (SyntaxError, ValueError) as error:
        raise SystemExit(f"{path.relative_to(ROOT)}: {error}") from error


def merge(catalogue: polib.POFile, found: list[Source]) -> polib.POFile:
    """A catalogue with exactly the strings found. Translations of vanished strings are kept as obsolete."""
    known = {(entry.msgctxt, entry.msgid): entry for entry in catalogue}
    fresh = polib.POFile(wrapwidth=110)
    fresh.metadata = catalogue.metadata
    for source in found:
        context, text, plural = source.message.context, source.message.text, source.message.plural
        entry = known.pop((context, text), None) or polib.POEntry(msgid=text, msgctxt=context)
        answer = _answer(entry)
        # Chinese has one form, so a string that gains or loses its plural keeps its translation.
        entry.msgid_plural, entry.msgstr_plural = plural or "", {0: answer} if plural else {}
        entry.msgstr = "" if plural else answer
        entry.obsolete = False
        entry.occurrences = [(name, "") for name in source.files]
        formatted = _PLACEHOLDER.search(text + (plural or ""))
        entry.flags = [flag for flag in entry.flags if flag == "fuzzy"] + ["python-format"] * bool(formatted)
        fresh.append(entry)
    for entry in known.values():
        if _answer(entry):
            entry.obsolete = True
            fresh.append(entry)
    return fresh


def faults(catalogue: polib.POFile, found: list[Source]) -> Iterator[str]:
    """What is wrong with a catalogue: strings without translation, doubtful ones, other placeholders."""
    known = {(entry.msgctxt, entry.msgid): entry for entry in catalogue if not entry.obsolete}
    for source in found:
        message, where = source.message, source.files[0]
        entry = known.get((message.context, message.text))
        if entry is None or not _answer(entry) or bool(entry.msgid_plural) != bool(message.plural):
            yield f"not translated: {message.text!r} ({where})"
        elif entry.fuzzy:
            yield f"marked fuzzy: {message.text!r} ({where})"
        else:
            needed = set(_PLACEHOLDER.findall(message.plural or message.text))
            given = set(_PLACEHOLDER.findall(_answer(entry)))
            if given != needed:
                yield f"placeholders differ ({', '.join(sorted(given ^ needed))}): {message.text!r} ({where})"


def _answer(entry: polib.POEntry) -> str:
    """The translation, in whichever of its places it stands."""
    return str(entry.msgstr_plural.get(0, "") if entry.msgid_plural else entry.msgstr)


def _opened(path: Path, locale: str) -> polib.POFile:
    if path.exists():
        return polib.pofile(str(path), wrapwidth=110)
    catalogue = polib.POFile(wrapwidth=110)
    catalogue.metadata = {
        "Language": locale,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=1; plural=0;",
    }
    return catalogue


def main(check: bool) -> int:
    """Rewrite the catalogues, or with `check` only say what is missing. Returns the exit code."""
    settings.configure(USE_I18N=True)
    found, problems = collect(), 0
    for locale in LOCALES:
        path = SITE / "locale" / locale / "LC_MESSAGES" / "django.po"
        catalogue = _opened(path, locale)
        compiled = path.with_suffix(".mo")
        if not check:
            catalogue = merge(catalogue, found)
            path.parent.mkdir(parents=True, exist_ok=True)
            catalogue.save(str(path))
            compiled.write_bytes(catalogue.to_binary())
        listed = list(faults(catalogue, found))
        for fault in listed:
            print(f"{locale}: {fault}")
        stale = not compiled.exists() or compiled.read_bytes() != catalogue.to_binary()
        if stale:
            print(f"{locale}: the compiled catalogue is not up to date: make messages")
        problems += len(listed) + stale
        print(f"{locale}: {len(found) - len(listed)} of {len(found)} strings translated")
    return 1 if check and problems else 0


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))
