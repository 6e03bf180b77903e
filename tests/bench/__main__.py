"""`make bench`: requests per second of the main pages, each as a ratio to a bare Django view in the same run."""

import argparse
import logging
import os
import statistics
import time

SECONDS, ROUNDS = 2.0, 5
AUDIT_SECONDS = 60


def main() -> int:
    """Prints a Markdown table, or with --audit a line; exit code 1 where an aim is missed."""
    options = argparse.ArgumentParser()
    options.add_argument("--seconds", type=float, default=SECONDS)
    options.add_argument("--rounds", type=int, default=ROUNDS)
    options.add_argument("--only", default="", help="pages whose name holds this")
    options.add_argument(
        "--audit", type=int, default=0, metavar="ORDERS", help="time audit_money over so many orders, and no pages"
    )
    options.add_argument(
        "--shop",
        type=int,
        default=0,
        metavar="ORDERS",
        help="checkout, webhooks and settling beside so many orders, and no pages",
    )
    options.add_argument("--referrals", action="store_true", help="a referrer's pages with a million clicks, and no others")
    options.add_argument("--live", action="store_true", help="a thousand open streams on one process, and no pages")
    options.add_argument("--learning", action="store_true", help="long courses, big classes and a 500 MB film, and no others")
    options.add_argument("--community", action="store_true", help="the community among a million posts (make bench-data)")
    arguments = options.parse_args()
    prepare_environment()
    import django
    from django.conf import settings

    django.setup()
    # Building the data writes a line a page; the table is what this run is for.
    logging.disable(logging.INFO)
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0)
    if arguments.community:
        from tests.bench.community import pages

        return pages.measure()
    from django.test.utils import setup_databases, teardown_databases

    databases = setup_databases(verbosity=0, interactive=False)
    os.environ["DATABASE_URL"] = _address_of(settings.DATABASES["default"])
    try:
        if arguments.shop:
            from tests.bench import shop

            return shop.measure(arguments.shop)
        if arguments.referrals:
            from tests.bench import referrals

            return referrals.measure()
        if arguments.live:
            from tests.bench import live

            return live.measure()
        if arguments.learning:
            from tests.bench import learning

            return learning.measure()
        return _audit(arguments.audit) if arguments.audit else _measure(arguments)
    finally:
        teardown_databases(databases, verbosity=0)


def prepare_environment() -> None:
    """bench settings are production's: they want everything said. The values protect nothing."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.bench"
    os.environ.setdefault("SECRET_KEY", "bench-only-key-that-protects-nothing-0123456789-abcdefgh")
    os.environ.setdefault("STRIPE_SECRET_KEY", "sk_test_bench")
    os.environ.setdefault("STRIPE_WEBHOOK_SECRET", "whsec_bench")
    os.environ.setdefault("SITE_URL", "http://127.0.0.1:8000")
    os.environ.setdefault("ALLOWED_HOSTS", "127.0.0.1,testserver")


def _address_of(database: dict[str, str]) -> str:
    return f"postgresql://{database['USER']}@/{database['NAME']}?host={database['HOST']}"


def _audit(count: int) -> int:
    """Every invariant over many orders: a line for the slowest, and 60 s as the aim for all."""
    from shop.checkout.audit import CHECKS
    from shop.checkout.audit.check import look
    from tests.bench.orders import make_orders

    make_orders(count)
    seconds: dict[str, float] = {}
    broken = 0
    for check in CHECKS:
        began = time.perf_counter()
        broken += look(check).violations
        seconds[check.code] = time.perf_counter() - began
    slowest = ", ".join(f"{code} {seconds[code]:.1f}" for code in sorted(seconds, key=lambda code: -seconds[code])[:4])
    print(f"audit_money over {count:,} orders: {sum(seconds.values()):.1f} s ({slowest}), {broken} violations")
    return 1 if broken or sum(seconds.values()) > AUDIT_SECONDS else 0


def _measure(arguments: argparse.Namespace) -> int:
    from tests.bench.data import build
    from tests.bench.load import Request, rate
    from tests.bench.queries import queries_of
    from tests.bench.servers import gunicorn

    pages = [page for page in build() if arguments.only in page.name]
    yardstick = Request("GET", "/")
    rates: dict[str, list[float]] = {page.name: [] for page in pages}
    with gunicorn("tests.bench.bare:application") as bare, gunicorn("-c", "site/gunicorn.conf.py") as site:
        for page in pages:
            rate(site, page.request, seconds=0.5)
        for _round in range(arguments.rounds):
            for page in pages:
                base = rate(bare, yardstick, seconds=arguments.seconds / 2)
                rates[page.name].append(rate(site, page.request, seconds=arguments.seconds) / base)
        base = rate(bare, yardstick, seconds=arguments.seconds)
    print(f"Bare Django view: {base:.0f} requests/s\n")
    print("| page | requests/s | ratio | aim | queries |\n| --- | ---: | ---: | ---: | ---: |")
    missed = 0
    for page in pages:
        ratio = statistics.median(rates[page.name])
        missed += page.aim is not None and ratio < page.aim
        print(f"| {page.name} | {ratio * base:.0f} | {ratio:.3f} | {page.aim or '–'} | {queries_of(page.request)} |")
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
