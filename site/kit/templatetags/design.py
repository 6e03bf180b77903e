"""Tags of the design system: they fill the templates of templates/design/ and hold no markup of their own."""

from functools import lru_cache
from typing import Any

from django import template
from django.template.loader import get_template
from django.urls import get_script_prefix
from django.utils.safestring import SafeString
from django.utils.translation import get_language, to_locale

from kit.money import format_money

register = template.Library()

# Notices speak in four tones; Django's message levels carry a fifth that nobody should see.
MESSAGE_TONES = {"debug": "info"}


def _render(name: str, /, **values: Any) -> SafeString:
    return get_template(f"design/{name}.html").render(values)


@lru_cache(maxsize=512)
def _icon(name: str, size: str, label: str) -> SafeString:
    return _render("icon", name=name, size=size, label=label)


@register.simple_tag
def icon(name: str, size: str = "", label: str = "") -> SafeString:
    """Draw a symbol of img/icons.svg; size is "", "s", "l" or "xl". Without a label it is decoration."""
    return _icon(name, size, str(label))


@register.simple_tag
def button(label: str, **params: Any) -> SafeString:
    """Render design/button.html; parameters it does not know become attributes (data_hx_post → data-hx-post)."""
    known = {"href", "kind", "size", "icon", "icon_after", "type", "name", "value", "form", "wide", "disabled", "busy"}
    own = {key: value for key, value in params.items() if key in known}
    rest = {key.replace("_", "-"): value for key, value in params.items() if key not in known}
    return _render("button", label=label, attrs=rest, **own)


@register.simple_block_tag
def card(content: str, href: str = "", tone: str = "", tag: str = "div", id: str = "") -> SafeString:
    """Wrap content in design/card.html."""
    return _render("card", content=content, href=href, tone=tone, tag=tag, id=id)


@register.simple_block_tag
def notice(content: str, tone: str = "info", title: str = "", live: bool = False) -> SafeString:
    """Wrap content in design/notice.html."""
    return _render("notice", content=content, tone=tone, title=title, live=live)


@register.filter
def tone(level_tag: str) -> str:
    """Translate the level of a Django message into the tone of a notice."""
    return MESSAGE_TONES.get(level_tag, level_tag or "info")


@register.filter
def money(amount: int | None, currency: str) -> str:
    """Write an amount in minor units as people read it: {{ order.total|money:order.currency }}."""
    return "" if amount is None else format_money(amount, currency)


@register.simple_tag
def path(address: str) -> str:
    """Prefix an absolute address with the language that the page was asked for by: "/shop/" → "/en/shop/"."""
    return get_script_prefix() + address.lstrip("/")


@register.simple_tag(takes_context=True)
def current(context: template.Context, address: str) -> SafeString:
    """Mark the link whose section holds the page shown."""
    request = context.get("request")
    here = bool(request) and request.path_info.startswith(address)  # type: ignore[union-attr]
    return SafeString('aria-current="page"' if here else "")


@register.simple_tag
def lang_tag() -> str:
    """The active language as HTML wants it: zh-hant → zh-Hant."""
    return to_locale(get_language() or "en").replace("_", "-")
