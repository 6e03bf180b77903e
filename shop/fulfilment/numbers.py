"""Parcel numbers: short, random, easy to read from a label."""

import secrets

from shop.orders.numbers import ALPHABET


def new_number() -> str:
    """Such as `CY-S-7K3F9Q`: 30^6 possibilities; the database refuses the rare repeat."""
    return "CY-S-" + "".join(secrets.choice(ALPHABET) for _letter in range(6))
