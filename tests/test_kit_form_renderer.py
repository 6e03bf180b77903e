"""Fields are written quicker than Django writes them, and say the same."""

from typing import Any

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.test.html import parse_html

from kit.form_renderer import QuickRenderer
from kit.plain_select import PlainSelect

CHOICES = [("", "Choose"), ("TW", "台灣 <&>"), ("CN", 'Mainland "China"')]
ATTRS: dict[str, Any] = {"id": "id_x", "required": True, "disabled": False, "data-turn": '"quoted" & <tagged>'}


@pytest.mark.parametrize(
    ("widget", "value"),
    [
        (forms.TextInput(ATTRS), '<b> & "x"'),
        (forms.EmailInput(ATTRS), None),
        (forms.NumberInput(ATTRS), 5),
        (forms.HiddenInput(ATTRS), "x"),
        (forms.PasswordInput(ATTRS), "secret"),
        (forms.URLInput(ATTRS), "https://x.test/?a=1&b=2"),
        (forms.CheckboxInput(ATTRS), True),
        (forms.CheckboxInput(ATTRS), False),
        (forms.CheckboxInput(ATTRS), "yes"),
        (forms.DateInput(ATTRS), "2026-12-01"),
        (forms.RadioSelect(ATTRS, choices=CHOICES), "TW"),
        (forms.Textarea(ATTRS), "a\nb"),
    ],
)
def test_an_input_is_the_one_that_django_writes(widget: forms.Widget, value: Any) -> None:
    written = [widget.render("x", value, renderer=renderer) for renderer in (QuickRenderer(), DjangoTemplates())]
    assert parse_html(written[0]) == parse_html(written[1])


@pytest.mark.parametrize("value", ["TW", "", None, "XX"])
def test_a_plain_select_is_the_one_that_django_writes(value: Any) -> None:
    written = [kind(ATTRS, choices=CHOICES).render("x", value) for kind in (PlainSelect, forms.Select, PlainSelect)]
    assert parse_html(written[0]) == parse_html(written[1]) == parse_html(written[2])
