"""python -m tests.face pages | lighthouse | screenshots [--only NAME] [--npm FOLDER]."""

import argparse
import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    options = argparse.ArgumentParser(prog="python -m tests.face", description=__doc__)
    options.add_argument("what", choices=["pages", "lighthouse", "screenshots"])
    options.add_argument("--only", default="", help="places whose name holds this")
    options.add_argument("--languages", default="zh-hant,zh-hans,en")
    options.add_argument("--windows", default="phone,desk")
    options.add_argument("--npm", type=Path, default=ROOT / "var" / "npm" / "node_modules", help="where the npm packages are")
    given = options.parse_args()
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright's loop runs in this thread
    from tests.face.school import open_school

    with open_school() as school:
        from tests.face.places import places

        wanted = [place for place in places() if given.only in place.name]
        languages, windows = given.languages.split(","), given.windows.split(",")
        if given.what == "pages":
            from tests.face.pages import check

            return check(school, wanted, languages, windows, given.npm)
        if given.what == "lighthouse":
            from tests.face.lighthouse import measure

            return measure(school, wanted, given.npm)
        from tests.face.pictures import take

        return take(school, wanted, languages, windows)


if __name__ == "__main__":
    raise SystemExit(main())
