"""`python -m tests.stripe_stand_in --port 8420 --webhook-url URL --state FILE`.

The secret that signs events comes by the environment, STRIPE_WEBHOOK_SECRET: a command line is read by everybody on the machine.
"""

import argparse
import os
import signal
import threading

from .clock import parse_offset
from .stand_in import StandIn


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.stripe_stand_in", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--webhook-url", default="", help="where to POST events; without it they only gather")
    parser.add_argument("--state", help="SQLite file that keeps everything over a restart")
    parser.add_argument("--public-url", default="", help="how browsers reach this server")
    parser.add_argument("--merchant", default="Courseyard", help="name shown on the hosted page")
    parser.add_argument("--settle-after", default="20s", help="delayed payments settle after this, or `never`")
    return parser.parse_args()


def main() -> None:
    """Serve until SIGTERM or Ctrl-C."""
    given = arguments()
    stand_in = StandIn(
        webhook_secret=os.environ.get("STRIPE_WEBHOOK_SECRET", "whsec_test"),
        webhook_url=given.webhook_url,
        state=given.state,
        port=given.port,
        public_url=given.public_url,
        host=given.host,
        merchant=given.merchant,
        settle_after=None if given.settle_after == "never" else parse_offset(given.settle_after),
    )
    done = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: done.set())
    stand_in.start()
    print(f"Stripe stand-in on {stand_in.base}", flush=True)
    done.wait()
    stand_in.close()


if __name__ == "__main__":
    main()
