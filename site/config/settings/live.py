"""Notices and live updates."""

import os

# Where browsers reach the live process: "/live/" behind a proxy, another port of the same host in development. Empty: none
# runs, and open pages poll.
LIVE_URL = os.environ.get("LIVE_URL", "")
LIVE_STREAMS = 5000  # of one process
LIVE_STREAMS_PER_PERSON = 12
LIVE_DAYS = 2  # how long a stream that was away can be told what it missed
DIGEST_HOUR = 8  # of daily and weekly mails, where the person lives
