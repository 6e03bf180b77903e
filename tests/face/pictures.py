"""`make screenshots`: every page at both widths and in three languages, and contact sheets to look at."""

from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw

from tests.face.look import chromium, window_of
from tests.face.places import Place, in_language
from tests.face.school import School

FOLDER = Path(__file__).resolve().parents[2] / "var" / "screenshots"
CELL, COLUMNS, TALLEST = (260, 560), 8, 4


def take(school: School, places: Sequence[Place], languages: Sequence[str], windows: Sequence[str]) -> int:
    """Pictures under var/screenshots/<language>-<window>/, sheets beside them."""
    with chromium() as browser:
        for window in windows:
            for language in languages:
                folder = FOLDER / f"{language}-{window}"
                folder.mkdir(parents=True, exist_ok=True)
                taken = []
                for place in places:
                    with window_of(browser, school, place.who, window) as page:
                        page.goto(in_language(language, place.path), wait_until="networkidle")
                        path = folder / f"{place.name}.png"
                        page.screenshot(path=path, full_page=True)
                        taken.append((place.name, path))
                _sheets(taken, FOLDER / f"sheet-{language}-{window}")
    print(f"Pictures and contact sheets: {FOLDER}")
    return 0


def _sheets(taken: Sequence[tuple[str, Path]], name: Path) -> None:
    """Sheets of four rows: the top of each page, with its name."""
    per_sheet = COLUMNS * TALLEST
    for start in range(0, len(taken), per_sheet):
        part = taken[start : start + per_sheet]
        sheet = Image.new("RGB", (COLUMNS * CELL[0], -(-len(part) // COLUMNS) * CELL[1]), "white")
        pen = ImageDraw.Draw(sheet)
        for number, (title, path) in enumerate(part):
            with Image.open(path) as opened:
                shown = opened.convert("RGB")
            shown = shown.resize((CELL[0] - 10, round(shown.height * (CELL[0] - 10) / shown.width)))
            shown = shown.crop((0, 0, CELL[0] - 10, CELL[1] - 20))
            left, top = number % COLUMNS * CELL[0], number // COLUMNS * CELL[1]
            pen.text((left + 2, top + 2), title, fill="black")
            sheet.paste(shown, (left, top + 16))
        sheet.save(name.with_name(f"{name.name}-{start // per_sheet + 1}.png"))
