"""/design/: the gallery, in development."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from kit.templatetags import design

# Parts of error pages, and what only people who are signed in see.
ELSEWHERE = {"error.html", "broken_strings.html", "account_menu.html", "account_links.html", "tab_bar.html"}


@pytest.fixture
def page(client: Client) -> tuple[str, set[str]]:
    """The gallery's HTML and the names of the templates it was made of."""
    design._remembered.cache_clear()
    response = client.get("/design/")
    assert response.status_code == 200
    return response.content.decode(), {str(template.name) for template in response.templates}


@pytest.mark.urls("config.dev_urls")
def test_every_component_has_a_sample(page: tuple[str, set[str]]) -> None:
    _html, used = page
    files = {path.name for path in (Path(settings.ROOT) / "templates" / "design").glob("*.html")}
    assert {f"design/{name}" for name in files - ELSEWHERE} - used == set()


@pytest.mark.urls("config.dev_urls")
def test_every_symbol_asked_for_is_in_the_sprite() -> None:
    sprite = (Path(settings.ROOT) / "site" / "static" / "img" / "icons.svg").read_text()
    drawn = set(re.findall(r'id="([^"]+)"', sprite))
    asked = set()
    for path in (Path(settings.ROOT) / "templates").rglob("*.html"):
        asked |= set(re.findall(r'{% icon "([a-z-]+)"', path.read_text()))
        asked |= set(re.findall(r'\bicon(?:_after)?="([a-z-]+)"', path.read_text()))
    assert asked - drawn == set()


@pytest.mark.urls("config.dev_urls")
def test_components_need_neither_inline_style_nor_inline_script(page: tuple[str, set[str]]) -> None:
    html, _used = page
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)", html)


@pytest.mark.urls("config.dev_urls")
def test_a_field_says_its_error_where_the_screen_reader_looks(page: tuple[str, set[str]]) -> None:
    html, _used = page
    wrong = re.search(r'<input type="email"[^>]*aria-invalid="true"[^>]*>', html)
    assert wrong
    described = re.search(r'aria-describedby="([^"]+)"', wrong[0])
    assert described
    assert all(f'id="{name}"' in html for name in described[1].split())
