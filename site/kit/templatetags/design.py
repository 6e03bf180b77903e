"""Tags of the design system: they fill the templates of templates/design/ and hold no markup of their own."""

from collections.abc import Callable, Sequence
from functools import lru_cache, wraps
from types import NoneType
from typing import Any

from django import template
from django.conf import settings
from django.forms import BoundField
from django.template.loader import get_template
from django.urls import get_script_prefix
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import get_language, to_locale

from kit.charts import chart_bars
from kit.money import format_money, percent_text

register = template.Library()

# Components that wrap a block; each file in templates/design/ says its parameters.
WRAPPERS = (
    "actionbar",
    "breadcrumb",
    "bubble",
    "card",
    "chips",
    "dialog",
    "disclosure",
    "facts",
    "hero",
    "notice",
    "post",
    "rows",
    "steps",
    "table",
    "tabs",
    "timeline",
)
MOST_FRETS = 31
CHOICE_GROUPS = ("radioselect", "checkboxselectmultiple")
MOST_KEPT = 4096
PLAIN = (str, int, float, NoneType, Promise)
# Notices speak in four tones; Django's message levels carry a fifth that nobody should see.
MESSAGE_TONES = {"debug": "info"}


def render_component(name: str, /, **values: Any) -> SafeString:
    """A template of design/, or of the room that its name names: "community/post"."""
    return get_template(f"{name}.html" if "/" in name else f"design/{name}.html").render(values)


@lru_cache(maxsize=MOST_KEPT, typed=True)
def _remembered(render: Callable[..., SafeString], _language: str, _prefix: str, /, *args: Any, **values: Any) -> SafeString:
    return render(*args, **values)


def _kept(render: Callable[..., SafeString]) -> Callable[..., SafeString]:
    """Decorates a component that shows its values and nothing else: rendered once for the same values, then remembered.

    The values' types count (a safe string is not its unsafe twin), and so do language and address prefix.
    Anything that may change behind its name, as a model's row, is rendered anew.
    """

    @wraps(render)
    def wrapped(*args: Any, **values: Any) -> SafeString:
        if all(isinstance(value, PLAIN) for value in (*args, *values.values())):
            return _remembered(render, get_language() or "", get_script_prefix(), *args, **values)
        return render(*args, **values)

    return wrapped


@register.simple_tag
@_kept
def icon(name: str, size: str = "", label: str = "") -> SafeString:
    """Draw a symbol of img/icons.svg; size is "", "s", "l" or "xl". Without a label it is decoration."""
    return render_component("icon", name=name, size=size, label=label)


@register.simple_tag
@_kept
def piece(component: str, **values: Any) -> SafeString:
    """Render a template from plain values, as an include with `only` does, and remember it: for rows.

    `component` is one of design/, or names its room: "community/post".
    """
    return render_component(component, **values)


@register.simple_tag
@_kept
def button(label: str, **params: Any) -> SafeString:
    """Render design/button.html; parameters it does not know become attributes (data_hx_post → data-hx-post)."""
    known = {"href", "kind", "size", "icon", "icon_after", "type", "name", "value", "form", "wide", "disabled", "busy"}
    own = {key: value for key, value in params.items() if key in known}
    rest = {key.replace("_", "-"): value for key, value in params.items() if key not in known and value not in ("", None)}
    return render_component("button", label=label, attrs=rest, **own)


def _wrapper(name: str) -> Callable[..., SafeString]:
    def wrap(content: str, **params: Any) -> SafeString:
        return render_component(name, content=content, **params)

    return wrap


for wrapper in WRAPPERS:
    register.simple_block_tag(_wrapper(wrapper), name=wrapper)


@register.simple_block_tag
def capture(content: str) -> str:
    """Keep what a block renders: {% capture as actions %}…{% endcapture %}, to hand it to a component."""
    return content


@register.simple_tag
def progress(done: int, total: int, label: str = "", hide_label: bool = False) -> SafeString:
    """Render design/progress.html; the finger stays inside the drawing at both ends."""
    percent = 100 * min(done, total) // max(total, 1)
    frets = [100 * fret // total for fret in range(1, total)] if total <= MOST_FRETS else []
    finger = min(max(percent, 2), 98)
    return render_component(
        "progress", done=done, total=total, label=label, hide_label=hide_label, percent=percent, frets=frets, finger=finger
    )


@register.simple_tag
def meter(value: int, total: int, label: str = "", tone: str = "", hide_label: bool = False) -> SafeString:
    """Render design/meter.html."""
    percent = 100 * min(value, total) // max(total, 1)
    return render_component("meter", done=value, total=total, label=label, tone=tone, hide_label=hide_label, percent=percent)


@register.simple_tag
def chart(rows: Sequence[tuple[Any, ...]], title: str, label_head: str = "", value_head: str = "") -> SafeString:
    """Render design/chart.html from (label, value) or (label, value, shown text) rows, values not negative."""
    bars = chart_bars(rows)
    best = next((bar for bar in bars if bar["top"]), None)
    summary = f"{title}: {best['label']} {best['text']}" if best else title
    return render_component("chart", bars=bars, title=title, summary=summary, label_head=label_head, value_head=value_head)


@register.filter
def tone(level_tag: str) -> str:
    """Translate the level of a Django message into the tone of a notice."""
    return MESSAGE_TONES.get(level_tag, level_tag or "info")


@register.filter
def is_optional(field: BoundField) -> bool:
    """Whether a form's field says that it may stay empty; one that fills itself does not."""
    own = field.field
    return not (own.required or own.disabled or getattr(own, "fills_itself", False))


@register.simple_tag
def field(bound: BoundField, hide_label: bool = False, hint: str = "", before: str = "", after: str = "") -> SafeString:
    """Render a form's field as design/field.html says. One tag reads the field: templates read it ten times as slowly."""
    if bound.is_hidden:
        return SafeString(bound)
    kind, errors, help_text = bound.widget_type, bound.errors, hint or bound.help_text
    notes = ""
    if errors:
        notes = render_component("field_notes", ident=bound.auto_id, help=help_text, errors=errors)
    elif help_text:
        notes = piece("field_notes", ident=bound.auto_id, help=help_text)
    values = {"label": bound.label, "optional": is_optional(bound), "hidden": hide_label, "notes": notes, "wrong": bool(errors)}
    if kind in CHOICE_GROUPS:
        return render_component("field_group", field=bound, **values)
    control = SafeString(bound)
    return piece("field_box", kind=kind, ident=bound.id_for_label, control=control, before=before, after=after, **values)


@register.filter
def percent(basis_points: int) -> str:
    """Write a rate in hundredths of a percent as people read it: {{ share.basis_points|percent }}."""
    return percent_text(basis_points)


@register.filter
def money(amount: int | None, currency: str) -> str:
    """Write an amount in minor units as people read it: {{ order.total|money:order.currency }}."""
    return "" if amount is None else format_money(amount, currency)


@register.simple_tag
def path(address: str) -> str:
    """Prefix an absolute address with the language that the page was asked for by: "/shop/" → "/en/shop/"."""
    return get_script_prefix() + address.lstrip("/")


@register.simple_tag
def alternates(address: str) -> list[tuple[str, str, str]]:
    """The address in every language: [(code, the language's own name, path with its prefix)]."""
    return [(code, name, f"/{code}{address}") for code, name in settings.LANGUAGES]


@register.simple_tag(takes_context=True)
def section(context: template.Context) -> str:
    """The part of the site that holds the page shown: "/learn/" for "/learn/today/"; "" outside of a request."""
    request = context.get("request")
    return f"/{request.path_info.split('/')[1]}/" if request else ""


@register.simple_tag(takes_context=True)
def current(context: template.Context, address: str) -> SafeString:
    """Mark the link to the section that holds the page shown; a piece is told it as `shown_section`."""
    here = context.get("shown_section") or section(context)
    return SafeString('aria-current="page"' if here == address else "")


@register.simple_tag
def lang_tag() -> str:
    """The active language as HTML wants it: zh-hant → zh-Hant."""
    return to_locale(get_language() or "en").replace("_", "-")
