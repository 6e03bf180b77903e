"""A carrier can call the number: by the rule of the country where the parcel goes."""

import pytest

from kit.phones import PhoneRefused, checked_phone

GOOD = {
    "CN": ["13800138000", "138 0013 8000", "+86 13800138000", "010-62301234", "0755-26001234", "4008123123", "+852 2123 4567"],
    "TW": [
        "0912345678",
        "0912-345-678",
        "+886 912 345 678",
        "02-2345-6789",
        "(02) 2345-6789 #12",
        "049-2345678",
        "+81 3 1234 5678",
    ],
    "US": ["+1 212 555 0100", "(212) 555-0100", "２１２ 555 0100"],
    "FR": ["+33 1 42 68 53 00", "01 42 68 53 00"],
}
BAD = {
    "CN": ["12345678901", "1380013800", "138001380001", "99999999", "0912", "+86 12345678901", "hello", "1380013800a"],
    "TW": ["0812345", "091234567", "09123456789", "1912345678", "+886 812", "0123456789", "<script>"],
    "US": ["123", "1" * 16, "call me", "+", "--------", "٢١٢٥٥٥٠١٠٠x"],
}


@pytest.mark.parametrize(("country", "phone"), [(code, phone) for code, phones in GOOD.items() for phone in phones])
def test_numbers_that_can_be_called_are_taken(country: str, phone: str) -> None:
    assert checked_phone(phone, country)


@pytest.mark.parametrize(("country", "phone"), [(code, phone) for code, phones in BAD.items() for phone in phones])
def test_numbers_that_nobody_can_call_are_refused(country: str, phone: str) -> None:
    with pytest.raises(PhoneRefused):
        checked_phone(phone, country)
