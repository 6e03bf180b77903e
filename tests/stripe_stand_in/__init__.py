"""Courseyard's own stand-in for Stripe: the API the site uses, a hosted page, signed webhooks, and controls.

Standard library only, and nothing of the site: the site meets it as it meets Stripe, over HTTP, by the official SDK.
In tests: `with StandIn(webhook_secret="whsec_test") as stand_in:`. As a server: `python -m tests.stripe_stand_in`.
"""

from .stand_in import StandIn

__all__ = ["StandIn"]
