"""The face, looked at from outside: `make check-pages`, `make lighthouse`, `make screenshots`.

Each serves the whole demo by gunicorn under settings/bench.py and opens it in Chromium as its people do.
"""
