"""What can be enforced of docs/house.md: rooms, layers, names, the roof's promises."""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models
from importlinter.cli import lint_imports

ROOT = Path(__file__).resolve().parents[1]
LAYERS = ["config", "search", "pages", "shop", "courses", "community", "notices", "accounts", "stock", "kit"]
SHOP = ["checkout", "payouts", "fulfilment", "referrals", "invoices", "payments", "orders", "catalogue", "ledger"]
ROOMS = ("site", "courses", "community", "shop")


def own_files() -> Iterator[Path]:
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            if "migrations" not in path.parts and "__pycache__" not in path.parts:
                yield path


def test_site_is_a_launch_folder_and_never_a_package() -> None:
    assert not (ROOT / "site" / "__init__.py").exists()


def test_site_is_the_only_root_name_that_python_also_has() -> None:
    names = {path.stem for path in ROOT.iterdir() if not path.name.startswith(".")}
    inner = {path.stem for path in (ROOT / "site").iterdir() if path.is_dir() and (path / "__init__.py").exists()}
    assert names & set(sys.stdlib_module_names) == {"site"}
    assert not inner & set(sys.stdlib_module_names)


def test_imports_go_downward_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True) == 0


def layer_of(label: str, module: str) -> tuple[int, int] | None:
    """(room, place within the shop) of a model's module; None for other people's apps. Higher numbers lie lower."""
    room = module.split(".")[0]
    if room not in LAYERS:
        return None
    return LAYERS.index(room), SHOP.index(module.split(".")[1]) if room == "shop" else 0


def test_foreign_keys_go_downward_too() -> None:
    upward = []
    for model in apps.get_models():
        own = layer_of(model._meta.label, model.__module__)
        for field in model._meta.local_fields if own else []:
            if not isinstance(field, models.ForeignKey) or isinstance(field.remote_field.model, str):
                continue
            # uploaded_by_user comes with Wagtail's abstract image.
            target = layer_of(field.related_model._meta.label, field.related_model.__module__)
            if target is not None and own is not None and target < own and field.name != "uploaded_by_user":
                upward.append(f"{model._meta.label}.{field.name}")
    assert upward == []


def test_no_file_is_longer_than_three_hundred_lines() -> None:
    long = {str(path.relative_to(ROOT)): lines for path in own_files() if (lines := len(path.read_text().splitlines())) > 300}
    assert long == {}


def test_nobody_reads_the_clock_but_kit() -> None:
    """`timezone.now()` and friends would not follow CLOCK_OFFSET. The launcher stands outside of Django, and sessions
    end by the clock that Django wrote into them.
    """
    bad = re.compile(r"timezone\.now\(|datetime\.now\(|datetime\.utcnow\(|date\.today\(|auto_now_add=True|db_default=Now")
    kept = {"site/kit/clock.py", "site/accounts/sessions.py"}
    found = [str(path.relative_to(ROOT)) for path in own_files() if "launch" not in path.parts and bad.search(path.read_text())]
    assert sorted(set(found) - kept) == []


def test_writes_live_in_flows_not_in_save_or_signals() -> None:
    for path in own_files():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef) and node.name == "save" and "models" in str(path):
                pytest.fail(f"{path} overrides save()")


def test_templates_hold_no_inline_style_or_script() -> None:
    found = []
    for path in (ROOT / "templates").rglob("*.html"):
        if "mail" in path.parts or path.name in {"500.html", "503.html"}:
            continue
        text = path.read_text()
        if re.search(r"\sstyle=", text) or re.search(r"<script(?![^>]*(src=|application/(ld\+)?json))", text):
            found.append(str(path.relative_to(ROOT)))
    assert found == []


@pytest.mark.parametrize(
    "command",
    [
        [sys.executable, "manage.py", "check"],
        [sys.executable, "-c", "import sys; sys.path.insert(0, 'site'); import config.wsgi"],
    ],
)
def test_settings_are_never_guessed(command: list[str]) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode != 0
    assert "DJANGO_SETTINGS_MODULE is not set" in run.stderr


def test_production_refuses_a_moved_clock() -> None:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings.production",
        "CLOCK_OFFSET": "3d",
        "SECRET_KEY": "x",
        "SITE_URL": "https://x.test",
        "ALLOWED_HOSTS": "x.test",
        "CELERY_BROKER_URL": "redis://x",
    }
    run = subprocess.run(
        [sys.executable, "manage.py", "check"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert run.returncode != 0
    assert "CLOCK_OFFSET" in run.stderr
