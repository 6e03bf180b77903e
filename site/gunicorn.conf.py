"""gunicorn -c site/gunicorn.conf.py: runs from this folder, so that `config` is importable."""

import gc
import os
from pathlib import Path

chdir = str(Path(__file__).resolve().parent)
wsgi_app = "config.wsgi:application"
bind = os.environ.get("BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = int(os.environ.get("WEB_THREADS", "1"))
timeout = 30
max_requests = 5000
max_requests_jitter = 500
accesslog = None


def post_worker_init(worker: object) -> None:
    """What was imported stays: the collector need not look through it again, nor run several times a page."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
