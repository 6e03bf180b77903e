"""Finding source strings and judging catalogues without GNU gettext (launch/messages.py)."""

from pathlib import Path

import polib
import pytest

from launch.messages import Message, Source, faults, in_python, in_template, merge


def source(text: str, plural: str | None = None) -> Source:
    return Source(Message(text, plural, None), ["shop/a.py"])


def catalogue(*entries: polib.POEntry) -> polib.POFile:
    made = polib.POFile()
    made.extend(entries)
    return made


def test_strings_in_python_are_found_under_any_imported_name() -> None:
    code = (
        "from django.utils.translation import gettext_lazy as _l, ngettext, pgettext\n"
        "from django.utils import translation\n"
        "_l('Buy')\nngettext('%(n)s seat', '%(n)s seats', n)\npgettext('verb', 'Order')\n"
        "translation.gettext('Learn')\n_('Teach')\ngettext(variable)\nprint('not this')\n"
    )
    assert set(in_python(code)) == {
        Message("Buy", None, None),
        Message("%(n)s seat", "%(n)s seats", None),
        Message("Order", None, "verb"),
        Message("Learn", None, None),
        Message("Teach", None, None),
    }


def test_an_f_string_inside_gettext_is_refused() -> None:
    with pytest.raises(ValueError, match="line 1: an f-string"):
        list(in_python("_(f'Hello {name}')"))


def test_strings_in_templates_are_found_with_quotes_brackets_and_plurals() -> None:
    template = (
        '{% translate "It\'s (nearly) done" %} {% include \'a.html\' with label=_("Buy now") %}'
        '{% translate "May" context "month" as month %}'
        "{% blocktranslate trimmed count n=seats %}\n One seat of {{ all }}\n{% plural %}{{ n }} seats{% endblocktranslate %}"
    )
    assert list(in_template(template)) == [
        Message("It's (nearly) done", None, None),
        Message("Buy now", None, None),
        Message("May", None, "month"),
        Message("One seat of %(all)s", "%(n)s seats", None),
    ]


def test_missing_fuzzy_and_differently_filled_translations_are_faults() -> None:
    found = [source("Buy"), source("Sell"), source("Hello %(name)s"), source("%(n)s seat", "%(n)s seats")]
    made = catalogue(
        polib.POEntry(msgid="Sell", msgstr="賣", flags=["fuzzy"]),
        polib.POEntry(msgid="Hello %(name)s", msgstr="你好 %(nmae)s"),
        polib.POEntry(msgid="%(n)s seat", msgid_plural="%(n)s seats", msgstr_plural={0: "%(n)s 席"}),
    )
    assert [line.split(":")[0] for line in faults(made, found)] == [
        "not translated",
        "marked fuzzy",
        "placeholders differ (name, nmae)",
    ]


def test_merging_keeps_translations_and_brings_vanished_ones_back() -> None:
    first = merge(catalogue(polib.POEntry(msgid="Buy", msgstr="買")), [source("Sell")])
    assert [(entry.msgid, entry.obsolete) for entry in first] == [("Sell", False), ("Buy", True)]
    second = merge(first, [source("Buy", "Buys")])
    (entry,) = [entry for entry in second if not entry.obsolete]
    assert entry.msgstr_plural == {0: "買"}
    assert list(faults(second, [source("Buy", "Buys")])) == []


@pytest.mark.parametrize("language", ["zh_Hant", "zh_Hans"])
def test_people_are_addressed_politely_everywhere(language: str) -> None:
    root = Path(__file__).resolve().parents[2]
    rows = polib.pofile(str(root / f"site/locale/{language}/LC_MESSAGES/django.po"))
    assert [row.msgid for row in rows if "你" in row.msgstr + "".join(row.msgstr_plural.values())] == []
