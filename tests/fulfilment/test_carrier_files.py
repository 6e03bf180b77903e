"""/admin/shop/parcels/tracking/ and …/scan/, and the carriers' files."""

import csv
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from shop.fulfilment.carrier_files import FILES
from shop.fulfilment.flows import create_shipments, print_parcels, stop_shipments
from shop.fulfilment.models import Shipment
from shop.fulfilment.phones import national
from shop.orders.models import Delivery
from tests.factories import make_offer, make_sku
from tests.fulfilment.conftest import STORE, Maker

pytestmark = pytest.mark.django_db
ACT, TRACKING, SCAN = "/admin/shop/parcels/act/", "/admin/shop/parcels/tracking/", "/admin/shop/parcels/scan/"


@pytest.fixture
def parcels(paid_order: Maker) -> list[Shipment]:
    offer = make_offer(sku=make_sku(on_hand=50))
    return [create_shipments(order=paid_order(offers=[offer]))[0] for _one in range(3)]


@pytest.fixture
def to_store(paid_order: Maker) -> Shipment:
    return create_shipments(order=paid_order(offers=[make_offer(sku=make_sku(small=True))], delivery=STORE))[0]


def _rows(response: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))


def _file(browser: Client, rows: Any, carrier: str) -> Any:
    return browser.post(ACT, {"action": "file", "file": carrier, "parcel": [row.pk for row in rows]})


def _upload(browser: Client, data: bytes, carrier: str = "tcat") -> str:
    file = SimpleUploadedFile("back.csv", data)
    return str(browser.post(TRACKING, {"carrier": carrier, "file": file}).content.decode())


def _states() -> list[str]:
    return list(Shipment.objects.order_by("pk").values_list("state", flat=True))


@pytest.mark.parametrize("carrier", sorted(FILES))
def test_every_carriers_file_holds_its_parcels_and_our_numbers(
    carrier: str, parcels: list[Shipment], to_store: Shipment, packer: Any, client_of: Any
) -> None:
    rows = _rows(_file(client_of(packer), [*parcels, to_store], carrier))
    wanted = {"711": [to_store], "other": [*parcels, to_store]}.get(carrier, parcels)
    assert [next(cell for cell in row.values() if cell.startswith("CY-S-")) for row in rows] == [row.number for row in wanted]
    assert all("陳小晨" in row.values() for row in rows)
    assert all("0912345678" in row.values() for row in rows)


def test_no_cell_of_a_carriers_file_is_a_formula(parcels: list[Shipment], packer: Any, client_of: Any) -> None:
    Delivery.objects.update(name='=HYPERLINK("http://evil")', street="@SUM(1)\r\n2", phone="+886 912 345 678")
    row = _rows(_file(client_of(packer), parcels[:1], "other"))[0]
    assert row["name"].startswith("'=")
    assert row["phone"] == "0912345678"
    assert "\n" not in row["address"]
    assert not any(cell[:1] in {"=", "+", "-", "@", "\t"} for cell in row.values())


def test_what_may_not_leave_is_in_no_file(parcels: list[Shipment], packer: Any, client_of: Any) -> None:
    print_parcels(shipments=parcels, actor=packer)
    Delivery.objects.filter(order=parcels[0].order).update(street="Elsewhere 1")
    assert len(_rows(_file(client_of(packer), parcels, "tcat"))) == 2
    assert _file(client_of(packer), parcels[:1], "tcat").status_code == 302


@pytest.mark.parametrize(
    ("written", "country", "dialled"),
    [
        ("+886 912-345-678", "TW", "0912345678"),
        ("0912345678", "TW", "0912345678"),
        ("+86 139 0000 1234", "CN", "13900001234"),
        ("+1 202 555 0100", "TW", "0012025550100"),
        ("+44 20 7946 0000", "GB", "02079460000"),
    ],
)
def test_phone_numbers_are_written_as_the_country_dials_them(written: str, country: str, dialled: str) -> None:
    assert national(written, country) == dialled


@pytest.mark.parametrize(
    ("encoding", "delimiter", "head"),
    [("utf-8-sig", ",", "託運單號"), ("cp950", ",", "託運單號"), ("gb18030", "\t", "运单号"), ("utf-8", ";", "Tracking number")],
)
def test_a_carriers_file_is_compared_first_and_sent_after(
    encoding: str, delimiter: str, head: str, parcels: list[Shipment], packer: Any, client_of: Any
) -> None:
    lines = [delimiter.join(("x", "No", head)), *(delimiter.join(("1", row.number, f"90012345{row.pk}")) for row in parcels[:2])]
    browser = client_of(packer)
    page = _upload(browser, "\r\n".join(lines).encode(encoding))
    assert "2 parcels fit" in page
    assert _states() == ["to_pack"] * 3
    sent = {"carrier": "tcat", "confirmed": "yes", "lines": "\n".join(f"{row.number} 90012345{row.pk}" for row in parcels[:2])}
    for _again in range(2):
        browser.post(TRACKING, sent)
        assert _states() == ["shipped", "shipped", "to_pack"]
    first = Shipment.objects.get(pk=parcels[0].pk)
    assert (first.carrier, first.tracking) == ("tcat", f"90012345{first.pk}")
    assert "2 have left with their numbers before" in _upload(browser, "\r\n".join(lines).encode(encoding))


def test_rows_that_do_not_fit_are_named_and_keep_no_other_back(parcels: list[Shipment], packer: Any, client_of: Any) -> None:
    good, stopped, bare = parcels
    stop_shipments(order=stopped.order)
    rows = [
        "parcel,tracking",
        f"{good.number},900-1",
        f"{stopped.number},900-2",
        f"{bare.number},",
        "CY-S-ZZZZZZ,900-4",
        "nobody,900-5",
        f"{bare.number},<b>1</b>",
    ]
    browser = client_of(packer)
    page = _upload(browser, "\n".join(rows).encode())
    for text in (
        "1 parcel fits",
        f"{stopped.number} was stopped",
        "There is no tracking number in this row",
        "There is no parcel with this number",
        "There is no parcel number in this row",
        "This is no tracking number",
    ):
        assert text in page
    assert "<b>1" not in page
    lines = f"{good.number} 900-1\n{stopped.number} 900-2"
    answer = browser.post(TRACKING, {"carrier": "tcat", "confirmed": "yes", "lines": lines}, follow=True).content.decode()
    assert f"{stopped.number} was stopped" in answer
    assert _states() == ["shipped", "stopped", "to_pack"]


def test_one_number_for_two_parcels_is_refused(parcels: list[Shipment], packer: Any, client_of: Any) -> None:
    first, second, third = parcels
    browser = client_of(packer)
    page = _upload(browser, f"no,tracking\n{first.number},9001\n{second.number},9001".encode())
    assert page.count("more than once") == 2
    browser.post(TRACKING, {"carrier": "tcat", "confirmed": "yes", "lines": f"{first.number} 9001"})
    assert f"belongs to {first.number}" in _upload(browser, f"no,tracking\n{third.number},9001".encode())
    assert "has left with another tracking number: 9001" in _upload(browser, f"no,tracking\n{first.number},9002".encode())


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"a,b\n1,2", "No column of this file"),
        (b"PK\x03\x04\x00\x00", "This is no text file"),
        (b"\xff\xff\xff", "This is no text file"),
        (b"tracking\n" + b"1\n" * 2001, "too many rows"),
        (b"tracking\n" + b"1" * 1_000_001, "too large"),
        (b"", "empty"),
    ],
)
def test_what_is_no_list_is_refused_with_words(data: bytes, text: str, packer: Any, client_of: Any) -> None:
    assert text in _upload(client_of(packer), data)


def test_a_scanner_sends_parcel_after_parcel_without_javascript(parcels: list[Shipment], packer: Any, client_of: Any) -> None:
    browser, (first, second, _third) = client_of(packer), parcels
    answer = browser.post(SCAN, {"code": first.number.lower(), "carrier": "sf"})
    assert answer["Location"] == f"{SCAN}?carrier=sf&parcel={first.number}"
    assert "陳小晨" in browser.get(answer["Location"]).content.decode()
    answer = browser.post(SCAN, {"code": "SF123456", "carrier": "sf", "parcel": first.number}, follow=True)
    assert f"{first.number} is sent with SF123456" in answer.content.decode()
    browser.post(SCAN, {"code": f"{second.number}\t SF999999", "carrier": "sf"})
    assert _states() == ["shipped", "shipped", "to_pack"]
    assert Shipment.objects.get(pk=second.pk).tracking == "SF999999"


def test_with_htmx_only_the_field_comes_back(parcels: list[Shipment], packer: Any, client_of: Any) -> None:
    answer = client_of(packer).post(SCAN, {"code": parcels[0].number, "carrier": "sf"}, headers={"HX-Request": "true"})
    page = answer.content.decode()
    assert 'id="scan"' in page
    assert "<html" not in page
    assert "Now the carrier&#x27;s tracking number" in page or "Now the carrier's tracking number" in page


def test_a_scan_that_fits_nothing_says_so_and_sends_nothing(parcels: list[Shipment], packer: Any, client_of: Any) -> None:
    browser = client_of(packer)
    stop_shipments(order=parcels[0].order)
    for data, text in [
        ({"code": "900123"}, "Scan the parcel"),
        ({"code": "CY-S-ZZZZZZ"}, "There is no parcel with this number"),
        ({"code": "9001", "parcel": parcels[0].number}, "was stopped"),
        ({"code": "9001", "parcel": "<script>"}, "Scan the parcel"),
    ]:
        assert text in browser.post(SCAN, data, follow=True).content.decode()
    assert "shipped" not in _states()


@pytest.mark.parametrize("who", ["teacher", "student", "moderator"])
def test_others_scan_upload_and_export_nothing(
    who: str, request: pytest.FixtureRequest, parcels: list[Shipment], client_of: Any
) -> None:
    browser = client_of(request.getfixturevalue(who))
    line = f"{parcels[0].number} 900123"
    assert browser.post(SCAN, {"code": line}).status_code == 302
    assert browser.post(TRACKING, {"carrier": "tcat", "confirmed": "1", "lines": line}).status_code == 302
    assert _file(browser, parcels, "tcat").status_code == 302
    assert browser.get(SCAN).status_code == browser.get(TRACKING).status_code == 302
    assert Client().get(TRACKING)["Location"].startswith("/accounts/login/")
    assert _states() == ["to_pack"] * 3
