"""Starts and stops everything the site needs on one machine: `python -m launch` with `site` on PYTHONPATH.

Standard library only, so that nothing here depends on what it starts.
"""
