"""Which of the yard's languages serves a reader best."""

from django.conf import settings
from django.utils.translation import get_language


def preference(language: str = "") -> list[str]:
    """Language codes from best to worst for a reader: theirs, the other Chinese, the yard's own, the rest."""
    first = language or get_language() or settings.LANGUAGE_CODE
    near = [code for code, _name in settings.LANGUAGES if first.startswith("zh") and code.startswith("zh")]
    return list(dict.fromkeys([first, *near, settings.LANGUAGE_CODE, *(code for code, _name in settings.LANGUAGES)]))
