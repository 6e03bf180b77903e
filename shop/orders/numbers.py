"""Order numbers: random, so that nobody counts our sales or guesses a neighbour's, and easy to read aloud."""

import secrets

# Without 0 O 1 I L U: no two letters that look or sound alike (after Crockford's base 32).
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_number() -> str:
    """Such as `CY-7K3F-9Q2M-HX`: 30^10 possibilities, some 49 bits."""
    letters = "".join(secrets.choice(ALPHABET) for _letter in range(10))
    return f"CY-{letters[:4]}-{letters[4:8]}-{letters[8:]}"
