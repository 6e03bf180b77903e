"""Pages for what went wrong."""

import pytest
from django.template.loader import get_template
from django.test import Client


@pytest.mark.urls("config.dev_urls")
@pytest.mark.parametrize(("prefix", "language"), [("", "zh-Hant"), ("/zh-hans", "zh-Hans"), ("/en", "en")])
def test_an_unknown_address_answers_in_the_language_asked_for(client: Client, prefix: str, language: str) -> None:
    response = client.get(f"{prefix}/nothing-here/")
    assert response.status_code == 404
    html = response.content.decode()
    assert f'<html lang="{language}">' in html
    assert f'href="{prefix}/"' in html
    assert 'rel="canonical"' not in html


@pytest.mark.parametrize("name", ["500.html", "503.html"])
def test_the_last_resort_pages_need_nothing_and_speak_all_three_languages(name: str) -> None:
    html = get_template(name).render({})
    assert all(f'lang="{language}"' in html for language in ("zh-Hant", "zh-Hans", "en"))
    assert "<script" not in html
    assert "style=" not in html
