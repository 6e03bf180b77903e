import pytest

from kit.money import check_amount, check_price, figures, format_money, parse_amount, split_by_weight, take_rate


def test_shares_sum_to_the_total_and_the_largest_remainder_gets_the_odd_unit() -> None:
    assert split_by_weight(100, [1, 1, 1]) == [34, 33, 33]
    assert split_by_weight(59900, [449, 150]) == [44900, 15000]
    assert split_by_weight(-100, [1, 1, 1]) == [-34, -33, -33]


def test_no_positive_weight_is_an_error() -> None:
    with pytest.raises(ValueError):
        split_by_weight(1, [0, 0])


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        (59900, "CNY", "¥599"),
        (500, "JPY", "JP¥500"),
        (500, "ISK", "ISK 5"),
        (-3050, "CNY", "-¥30.50"),
        (120000, "TWD", "NT$1,200"),
    ],
)
def test_money_reads_as_people_write_it(amount: int, currency: str, text: str) -> None:
    assert format_money(amount, currency) == text


def test_iceland_has_no_smaller_coin_than_the_krona() -> None:
    with pytest.raises(ValueError):
        check_amount(550, "ISK")


def test_what_people_type_becomes_minor_units() -> None:
    assert parse_amount("1,299.5", "CNY") == 129950
    with pytest.raises(ValueError):
        parse_amount("5.5", "JPY")
    with pytest.raises(ValueError):
        parse_amount("nan", "CNY")


def test_rates_round_down() -> None:
    assert take_rate(33, 3000) == 9


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        (500, "JPY", "500"),
        (1230, "KWD", "1.230"),
        (990000, "ISK", "9,900"),
        (120000, "TWD", "1,200"),
        (120050, "TWD", "1,200.50"),
        (1990, "USD", "19.90"),
        (200000, "EUR", "2,000.00"),
        (-3050, "CNY", "-30.50"),
        (0, "USD", "0.00"),
    ],
)
def test_figures_on_papers_have_the_currency_s_decimals(amount: int, currency: str, text: str) -> None:
    assert figures(amount, currency) == text


@pytest.mark.parametrize(
    ("amount", "currency", "is_sound"),
    [(49, "USD", False), (50, "USD", True), (49, "JPY", False), (50, "JPY", True), (399, "HKD", False), (400, "HKD", True),
     (0, "CNY", False), (1, "CNY", True), (29, "GBP", False), (30, "GBP", True), (150, "ISK", False), (-50, "USD", False)],
)  # fmt: skip
def test_a_price_is_one_that_stripe_charges(amount: int, currency: str, is_sound: bool) -> None:
    if is_sound:
        check_price(amount, currency)
    else:
        with pytest.raises(ValueError):
            check_price(amount, currency)
