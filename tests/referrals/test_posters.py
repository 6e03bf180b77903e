"""Posters of a link: drawn on the server, with a picture of one's own or of one's own accepted homework."""

from io import BytesIO
from typing import Any

import pytest
import segno
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from accounts.models import User
from courses.models import Assignment, Submission
from kit.clock import now
from kit.lines import NOT_AT_END, NOT_AT_START
from kit.models import AuditEntry
from kit.outbox import deliver, due_message_ids
from kit.storage import PrivateStorage
from shop.referrals import flows
from shop.referrals.drawing import DESIGNS, Sheet, Words, draw_poster, printable
from shop.referrals.models import Link, PosterPicture
from tests.factories import enrol, make_cohort, make_course, make_user

pytestmark = pytest.mark.django_db
WORDS = Words("從零基礎到自由彈唱", "¥599", "Mei", "Scan", "I earn.", "Courseyard", "https://x.test/r/mei/")


def _picture(colour: str = "red", size: tuple[int, int] = (40, 30)) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, colour).save(out, "PNG")
    return out.getvalue()


def _upload(content: bytes, name: str = "me.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def _shown(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content)).convert("RGB")


@pytest.fixture
def course_link(referrer: User, programme: Any, offer: Any) -> Link:
    return flows.create_link(owner=referrer, target=f"/courses/{offer.course.slug}/", code="mei")


@pytest.fixture
def browser(client_of: Any, referrer: User, course_link: Link) -> Client:
    signed_in: Client = client_of(referrer)
    return signed_in


@pytest.fixture
def accepted(referrer: User) -> Submission:
    """The referrer's own homework with a picture, accepted."""

    seat = enrol(referrer, make_cohort(course=make_course(lessons=1)))
    key = PrivateStorage().save("homework/poster-test.png", BytesIO(_picture("lime")))  # type: ignore[arg-type]
    task = Assignment.objects.create(lesson=seat.cohort.course.lessons.get(), prompt="Play it")
    return Submission.objects.create(
        assignment=task, enrolment=seat, key=key, content_type="image/png", state="accepted", submitted_at=now()
    )


@pytest.mark.parametrize("design", list(DESIGNS))
def test_each_design_is_a_picture_with_the_art_and_a_code(design: str) -> None:
    plain, red = (_shown(draw_poster(design, WORDS, art)) for art in (None, _picture("red")))
    assert plain.size == red.size == (1080, 1440)
    assert _shown(draw_poster(design, WORDS, None, scale=2)).size == (2160, 2880)
    colours: list[Any] = list(red.getcolors(10**7) or [])
    reds = sum(count for count, (r, g, b) in colours if r > 230 and g < 40 and b < 40)
    assert reds > 50_000, "the art is there"
    other = _shown(draw_poster(design, Words(**{**vars(WORDS), "address": "https://x.test/r/other/"}), None))
    assert plain.tobytes() != other.tobytes(), "the code leads to the link"


@pytest.mark.parametrize("scale", [1, 2])
@pytest.mark.parametrize(
    ("design", "x", "y", "side"), [("sunny", 728, 1088, 280), ("night", 410, 960, 260), ("postcard", 742, 1112, 250)]
)
def test_the_code_is_the_links_address_module_by_module(design: str, x: int, y: int, side: int, scale: int) -> None:
    """Read from the JPEG at the middle of each module, border and all, as a camera would."""
    border, code = 2, segno.make(WORDS.address, error="m")
    modules = [list(row) for row in code.matrix_iter(border=border)]
    shown, step = _shown(draw_poster(design, WORDS, _picture(), scale=scale)).convert("L"), (side - 24) * scale / len(modules)
    read = [
        [
            int(shown.getpixel(((x + 12) * scale + int((column + 0.5) * step), (y + 12) * scale + int((row + 0.5) * step))) < 128)  # type: ignore[operator]
            for column in range(len(modules))
        ]
        for row in range(len(modules))
    ]
    assert read == modules


def _lines(title: str, width: int, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    drawn: list[str] = []
    sheet = Sheet(1)
    monkeypatch.setattr(sheet.pen, "text", lambda _at, row, **_how: drawn.append(row))
    sheet.text(title, 0, 0, width, size=60, colour="#000", lines=20)
    return drawn


@pytest.mark.parametrize("width", range(300, 960, 30))
def test_no_line_of_a_title_begins_with_closing_punctuation(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    title = "「從零基礎到自由彈唱，圓你音樂夢」，三十天（附琴）。他說：「好！」"
    lines = _lines(title, width, monkeypatch)
    assert "".join(lines) == title
    assert not [line for line in lines if line[0] in NOT_AT_START or line[-1] in NOT_AT_END]


def test_no_single_character_stands_on_the_last_line(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _lines("從零基礎到自由彈唱吧了", 600, monkeypatch) == ["從零基礎到自", "由彈唱吧了"]


@pytest.mark.parametrize("design", list(DESIGNS))
@pytest.mark.parametrize("title", ["超" * 400, "W" * 300, "مرحبا שלום", "😀" * 40, "", "<b>&amp;</b>", "a\x00b\r\nc\u202e"])
def test_any_title_gives_a_poster(design: str, title: str) -> None:
    words = Words(title, "US$1,234,567.89" * 9, title, title, title, title, "https://x.test/r/mei/")
    assert _shown(draw_poster(design, words, None)).size == (1080, 1440)


def test_what_the_font_lacks_is_left_out() -> None:
    assert printable("好😀 日\u202e\n子") == "好 日 子"


def test_the_page_has_text_and_three_posters_and_tells_that_one_earns(browser: Client, offer: Any) -> None:
    page = browser.get("/en/promote/links/mei/").content.decode()
    assert "ready to send" in page
    assert "earns a share if you buy" in page
    assert page.count('class="poster"') == 3
    for design in DESIGNS:
        response = browser.get(f"/en/promote/links/mei/poster/{design}.jpg")
        assert (response.status_code, response["Content-Type"]) == (200, "image/jpeg")
        assert _shown(response.content).size == (1080, 1440)
    assert browser.get("/en/promote/links/mei/poster/sunny.pdf").content.startswith(b"%PDF")
    assert browser.get("/en/promote/links/mei/poster/other.jpg").status_code == 404
    assert browser.get("/en/promote/links/mei/poster/other.pdf").status_code == 404


def test_a_poster_is_drawn_anew_only_where_something_changed(browser: Client, offer: Any, owner: User) -> None:
    from shop.catalogue.flows import set_price

    address = "/en/promote/links/mei/poster/sunny.jpg"
    tag = browser.get(address)["ETag"]
    assert browser.get(address, headers={"if-none-match": tag}).status_code == 304
    set_price(offer=offer, currency="CNY", amount=64900, actor=owner)
    changed = browser.get(address, headers={"if-none-match": tag})
    assert (changed.status_code, changed["ETag"] != tag) == (200, True)


def test_a_picture_of_ones_own_is_on_it_and_goes_again(browser: Client, course_link: Link) -> None:
    assert browser.post("/en/promote/links/mei/picture/", {"picture": _upload(_picture("blue"))}).status_code == 302
    key = PosterPicture.objects.get(link=course_link).key
    picture = _shown(browser.get("/en/promote/links/mei/poster/sunny.jpg").content)
    red, green, blue = picture.getpixel((540, 300))  # type: ignore[misc]
    assert blue > 200 > 60 > red + green
    browser.post("/en/promote/links/mei/no-picture/")
    assert not PosterPicture.objects.exists()
    for message_id in due_message_ids():
        deliver(message_id=message_id)
    assert not PrivateStorage().exists(key)


@pytest.mark.parametrize(
    "content",
    [b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"GIF89a", b"", b"\x89PNG\r\n\x1a\n broken", b"%PDF-1.7", b"ID3 sound"],
)
def test_what_is_no_picture_is_refused_and_nothing_is_stored(browser: Client, content: bytes) -> None:
    assert browser.post("/en/promote/links/mei/picture/", {"picture": _upload(content)}).status_code == 422
    assert not PosterPicture.objects.exists()


def test_a_picture_with_too_many_pixels_is_refused(browser: Client) -> None:
    bomb = _picture("white", (9000, 9000))
    assert browser.post("/en/promote/links/mei/picture/", {"picture": _upload(bomb)}).status_code == 422


def test_homework_is_shown_only_with_consent_which_is_on_record(browser: Client, course_link: Link, accepted: Submission) -> None:
    name = f"{accepted.pk}-0"
    browser.post("/en/promote/links/mei/homework/", {"work": name})
    assert not PosterPicture.objects.exists()
    browser.post("/en/promote/links/mei/homework/", {"work": name, "consent": "on"})
    row = PosterPicture.objects.get()
    assert (row.submission, row.key) == (accepted, accepted.key)
    assert row.consented_at is not None
    red, green, blue = _shown(browser.get("/en/promote/links/mei/poster/sunny.jpg").content).getpixel((540, 300))  # type: ignore[misc]
    assert green > 200 > 60 > red + blue
    browser.post("/en/promote/links/mei/no-picture/")
    assert not PosterPicture.objects.exists()
    assert PrivateStorage().exists(accepted.key), "the homework itself stays"
    trail = AuditEntry.objects.filter(target=f"link:{course_link.pk}").order_by("pk").values_list("action", flat=True)
    assert list(trail) == ["poster.homework", "poster.homework_withdrawn"]


@pytest.mark.parametrize("state", ["submitted", "returned"])
def test_homework_that_is_not_accepted_is_not_offered(browser: Client, accepted: Submission, state: str) -> None:
    Submission.objects.update(state=state)
    assert "homework/" not in browser.get("/en/promote/links/mei/").content.decode()
    browser.post("/en/promote/links/mei/homework/", {"work": f"{accepted.pk}-0", "consent": "on"})
    assert not PosterPicture.objects.exists()


def test_nobody_puts_anothers_homework_on_a_poster(browser: Client, accepted: Submission) -> None:
    accepted.enrolment.user = make_user()
    accepted.enrolment.save()
    browser.post("/en/promote/links/mei/homework/", {"work": f"{accepted.pk}-0", "consent": "on"})
    assert not PosterPicture.objects.exists()


def test_the_database_refuses_homework_without_consent(course_link: Link, accepted: Submission) -> None:
    from django.db import IntegrityError

    with pytest.raises(IntegrityError):
        PosterPicture.objects.create(link=course_link, submission=accepted, key=accepted.key, created_at=now())


def test_a_stranger_finds_nothing(browser: Client, student: User, client_of: Any) -> None:
    for path in ("", "poster/sunny.jpg", "poster/sunny.pdf"):
        assert client_of(student).get(f"/en/promote/links/mei/{path}").status_code == 404
        assert Client().get(f"/en/promote/links/mei/{path}").status_code == 302
    for path in ("picture/", "homework/", "no-picture/"):
        assert client_of(student).post(f"/en/promote/links/mei/{path}", {"picture": _upload(_picture())}).status_code == 404


def test_a_link_that_was_switched_off_has_no_poster(browser: Client, course_link: Link) -> None:
    Link.objects.update(killed_at=now())
    assert browser.get("/en/promote/links/mei/").status_code == 404


def test_twenty_queries_however_much_homework_there_is(browser: Client, accepted: Submission) -> None:
    counts = []
    browser.get("/en/promote/links/mei/")
    for more in (0, 8):
        for _one in range(more):
            Submission.objects.create(
                assignment=accepted.assignment, enrolment=accepted.enrolment, key="", content_type="", state="accepted",
                submitted_at=now(),
            )  # fmt: skip
        with CaptureQueriesContext(connection) as queries:
            browser.get("/en/promote/links/mei/")
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 20
