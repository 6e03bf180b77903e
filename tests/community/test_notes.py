"""Notes: written, shown, found, liked, commented, tagged, chosen, flagged, removed; and who may do what."""

from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from PIL import Image

from accounts.flows import erase_account
from accounts.models import Profile, User
from community.errors import NotSound, TooFast
from community.flows import block, follow, mute
from community.flows import note_replies as replies
from community.flows import notes as flows
from community.flows.badges import refresh_badges
from community.models import Badge, FeedItem, Note, NoteComment, NoteLike, NotePicture, NoteReport, NoteTag, NoteThing
from kit import outbox, persons
from kit.clock import now
from kit.models import AuditEntry, Picture
from notices.models import Notice
from search.flows import reindex
from tests.factories import make_course, make_offer, make_user

pytestmark = pytest.mark.django_db


def picture(width: int = 40, height: int = 50, kind: str = "PNG") -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (width, height), "navy").save(out, kind)
    return SimpleUploadedFile(f"a.{kind.lower()}", out.getvalue())


def deliver() -> None:
    while due := outbox.due_message_ids(5000):
        for message in due:
            outbox.deliver(message_id=message)


def make_note(author: User, *, title: str = "My strings", tags: tuple[str, ...] = (), publish: bool = True) -> Note:
    """With a picture that nobody looks at: the row alone, no file."""
    number = Note.objects.count()
    note = flows.write_note(author=author, title=title, source="**New** ones", tags=tags, key=f"k{number}")
    cover = Picture.objects.create(title=title, file=f"pictures/none-{number}.webp", width=40, height=50)
    NotePicture.objects.create(note=note, picture=cover, position=1)
    return flows.publish_note(note=note) if publish else note


@pytest.fixture
def author(db: None) -> User:
    user = make_user(name="Mei")
    Profile.objects.filter(user=user).update(handle="mei", is_public=True)
    return user


def test_from_the_form_to_the_wall_without_javascript(author: User, client_of: Any, teacher: User) -> None:
    browser = client_of(author)
    course = make_course(teacher=teacher, title="Ukulele for all", lessons=1)
    form = {"title": "New strings", "source": "**Nylon**", "tags": "strings, 烏克麗麗", "pictures": [picture(), picture()]}
    address = browser.post("/en/notes/new/", {**form, "key": "one"})["Location"]
    note = Note.objects.get()
    assert address == f"/en/notes/{note.pk}/desk/"
    assert note.published_at is None
    assert note.pictures.count() == 2
    first = note.pictures.first()
    press = {"ref": f"course:{course.pk}", f"at-{first.pk}.x": "160", f"at-{first.pk}.y": "100"}
    browser.post(f"/en/notes/{note.pk}/tag/", press)
    thing = NoteThing.objects.get()
    assert (thing.picture_id, thing.x, thing.y) == (first.pk, 500, 250), "320 px wide, 400 high: half and a quarter"
    assert "Ukulele for all" in browser.get(address).content.decode()
    browser.post(f"/en/notes/{note.pk}/publish/")
    wall = Client().get("/en/notes/").content.decode()
    assert "New strings" in wall
    page = Client().get(f"/en/notes/{note.pk}-new-strings/").content.decode()
    for part in ("<strong>Nylon</strong>", "#烏克麗麗", f'href="#thing-{thing.pk}"', "Ukulele for all", 'property="og:image"'):
        assert part in page, part
    assert Client().get(f"/en/notes/{note.pk}-other/")["Location"] == f"/en/notes/{note.pk}-new-strings/"


def test_pictures_lose_where_they_were_taken_and_broken_ones_are_refused(author: User, client_of: Any) -> None:
    browser = client_of(author)
    form = {"title": "T", "source": "", "tags": "", "key": "one"}
    svg = SimpleUploadedFile("a.png", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>")
    answer = browser.post("/en/notes/new/", {**form, "pictures": [svg]}, follow=True)
    assert "no picture that we can read" in answer.content.decode()
    assert not NotePicture.objects.exists()
    out = BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    Image.new("RGB", (8, 8)).save(out, "JPEG", exif=exif)
    made = flows.add_picture(note=Note.objects.get(), upload=SimpleUploadedFile("a.jpg", out.getvalue()))
    with made.picture.file.open() as stored:
        assert b"SecretCamera" not in stored.read()
    assert made.picture.file.name.endswith(".webp")


def test_a_picture_beyond_the_limit_is_413_and_a_tenth_is_refused(author: User, client_of: Any, settings: Any) -> None:
    settings.NOTE_PICTURE_BYTES = 10
    answer = client_of(author).post("/en/notes/new/", {"title": "T", "pictures": [picture()], "key": "one"})
    assert answer.status_code == 413
    assert not Note.objects.exists()
    note = make_note(author)
    rows = [Picture(title="x", file=f"pictures/{n}.webp", width=4, height=5) for n in range(2, 10)]
    for place, row in enumerate(rows, start=2):
        row.save()
        NotePicture.objects.create(note=note, picture=row, position=place)
    with pytest.raises(NotSound):
        flows.add_picture(note=note, upload=picture())


def test_a_note_needs_a_picture_to_be_published(author: User) -> None:
    note = flows.write_note(author=author, title="T", source="", tags=[], key="a")
    with pytest.raises(NotSound):
        flows.publish_note(note=note)


def test_a_draft_is_seen_by_its_author_alone_anywhere(author: User, student: User, client_of: Any) -> None:
    note = make_note(author, title="Half a thought", publish=False)
    follow(user=student, person=author)
    deliver()
    for who in (Client(), client_of(student)):
        assert who.get(f"/en/notes/{note.pk}-half-a-thought/").status_code == 404
        for address in ("/en/notes/", "/en/notes/?by=mei", "/en/search/?q=thought", "/sitemap.xml"):
            assert "Half a thought" not in who.get(address).content.decode().replace("half-a-thought", "Half a thought")
    assert "Half a thought" not in client_of(student).get("/en/feed/").content.decode()
    assert client_of(author).get(f"/en/notes/{note.pk}-half-a-thought/").status_code == 200


@pytest.mark.parametrize("path", ["edit/", "desk/", "tag/", "publish/", "delete/", "pictures/{picture}/"])
def test_strangers_change_nothing_of_a_note(path: str, author: User, student: User, client_of: Any) -> None:
    note = make_note(author)
    address = f"/en/notes/{note.pk}/{path.format(picture=note.pictures.get().pk)}"
    stranger = client_of(student)
    assert stranger.post(address, {"do": "drop"}).status_code == (405 if path == "desk/" else 404)
    assert "/accounts/login/" in Client().post(address)["Location"]
    assert Note.objects.filter(pk=note.pk).exists()
    assert note.pictures.exists()


@pytest.mark.parametrize("path", ["remove/", "pick/"])
def test_members_neither_remove_nor_choose(path: str, author: User, student: User, client_of: Any) -> None:
    note = make_note(author)
    assert client_of(student).post(f"/en/notes/{note.pk}/{path}", {"reason": "x"}).status_code == 404
    assert client_of(student).get("/en/notes/reports/").status_code == 404
    note.refresh_from_db()
    assert note.removed_at is None
    assert not note.picks.exists()


def test_the_wall_is_narrowed_by_tag_in_either_script_and_by_person(author: User, student: User) -> None:
    make_note(author, title="Mine", tags=("烏克麗麗",))
    make_note(student, title="Theirs", tags=("brush",))
    wall = Client().get("/en/notes/?tag=乌克丽丽").content.decode()
    assert "Mine" in wall
    assert "Theirs" not in wall
    wall = Client().get("/en/notes/?by=mei").content.decode()
    assert "Mine" in wall
    assert "Theirs" not in wall
    assert Client().get("/en/notes/?by=nobody").status_code == 404


def test_likes_count_once_are_seen_by_those_who_follow_and_go_again(author: User, student: User, client_of: Any) -> None:
    note, fan = make_note(author), make_user()
    follow(user=fan, person=student)
    browser, address = client_of(student), f"/en/notes/{note.pk}/like/"
    for _twice in range(2):
        browser.post(address, {"on": "yes"})
    assert NoteLike.objects.count() == 1
    assert "likes this" in client_of(fan).get("/en/feed/?show=liked").content.decode()
    browser.post(address, {"on": "no"})
    assert not FeedItem.objects.filter(verb="liked").exists()
    assert client_of(author).post(address).status_code == 403, "nobody likes their own"
    with pytest.raises(IntegrityError), transaction.atomic():
        NoteLike.objects.bulk_create([NoteLike(note=note, user=student, at=now()) for _n in range(2)])


def test_comments_are_safe_once_a_key_and_told_to_the_author(author: User, student: User, client_of: Any) -> None:
    note = make_note(author)
    browser = client_of(student)
    for _twice in range(2):
        browser.post(f"/en/notes/{note.pk}/comment/", {"source": "<script>alert(1)</script> **yes**", "key": "one"})
    comment = NoteComment.objects.get()
    page = browser.get(note.path).content.decode()
    assert "<strong>yes</strong>" in page
    assert "<script>alert" not in page
    assert Notice.objects.get(kind="note.comment").user == author
    stranger = client_of(make_user())
    address = f"/en/notes/{note.pk}/comments/{comment.pk}/remove/"
    assert stranger.post(address).status_code == 404
    client_of(author).post(address)
    comment.refresh_from_db()
    assert comment.removed_at is not None
    assert browser.post(f"/en/notes/{note.pk}/comment/", {"source": " "}).status_code == 400


def test_the_eleventh_comment_of_a_minute_waits(author: User, student: User, client_of: Any) -> None:
    note, moment = make_note(author), now()
    NoteComment.objects.bulk_create(
        [
            NoteComment(note=note, author=student, source="s", html="s", renderer=1, created_at=moment, key=str(n))
            for n in range(10)
        ]
    )
    answer = client_of(student).post(f"/en/notes/{note.pk}/comment/", {"source": "more"})
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
    with pytest.raises(TooFast):
        flows.write_note(author=student, title="T", source="", tags=[], key="n")


def test_a_removed_note_is_gone_everywhere_and_its_author_told_why(
    author: User, student: User, moderator: User, client_of: Any
) -> None:
    note = make_note(author, title="Bad advice")
    follow(user=student, person=author)
    deliver()
    assert "Bad advice" in client_of(student).get("/en/feed/").content.decode()
    assert "Bad" in client_of(student).get("/en/search/?q=advice").content.decode()
    client_of(student).post(f"/en/notes/{note.pk}/report/", {"reason": "harmful"})
    assert "harmful" in client_of(moderator).get("/en/notes/reports/").content.decode()
    client_of(moderator).post(f"/en/notes/{note.pk}/remove/", {"reason": "This breaks fingers"})
    deliver()
    browser = client_of(student)
    assert browser.get(note.path).status_code == 404
    for address in ("/en/notes/", "/en/feed/", "/en/search/?q=advice", "/sitemap.xml"):
        assert f"/notes/{note.pk}-" not in browser.get(address).content.decode(), address
    assert "This breaks fingers" in Notice.objects.get(kind="note.removed").text
    assert "This breaks fingers" in client_of(author).get(note.path).content.decode()
    assert AuditEntry.objects.filter(action="note.removed", target=f"note:{note.pk}").count() == 1
    assert not NoteReport.objects.filter(decided_at=None).exists()


def test_a_flag_is_there_once_and_can_be_kept(author: User, student: User, moderator: User, client_of: Any) -> None:
    note = make_note(author)
    for _twice in range(2):
        replies.report_note(reporter=student, note=note, comment=None, reason="odd colours")
    report = NoteReport.objects.get()
    client_of(moderator).post(f"/en/notes/reports/{report.pk}/keep/")
    assert "odd colours" not in client_of(moderator).get("/en/notes/reports/").content.decode()
    assert Client().get(note.path).status_code == 200


def test_editors_choose_with_a_reason_that_stands_on_top(author: User, teacher: User, client_of: Any) -> None:
    note = make_note(author)
    browser = client_of(teacher)
    assert browser.post(f"/en/notes/{note.pk}/pick/", {"reason": " "}).status_code == 400
    browser.post(f"/en/notes/{note.pk}/pick/", {"reason": "Every step can be seen"})
    assert "Every step can be seen" in Client().get("/en/notes/").content.decode()
    browser.post(f"/en/notes/{note.pk}/pick/", {"do": "end"})
    assert "Every step can be seen" not in Client().get("/en/notes/").content.decode()


def test_a_tagged_lesson_shows_title_and_course_and_never_its_text(author: User, teacher: User) -> None:
    course = make_course(teacher=teacher, lessons=2, words="Paid words")
    note = make_note(author)
    flows.tag_thing(note=note, ref=f"lesson:{course.lessons.get(slug='day-2').pk}")
    page = Client().get(note.path).content.decode()
    assert "Lesson 2" in page
    assert course.title in page
    assert "Paid words" not in page


def test_points_lie_in_the_notes_own_pictures(author: User, student: User) -> None:
    note, other = make_note(author), make_note(student)
    with pytest.raises(NotSound):
        flows.tag_thing(note=note, ref="course:1", picture=other.pictures.get(), x=1, y=1)
    with pytest.raises(NotSound):
        flows.tag_thing(note=note, ref="course:1", picture=note.pictures.get(), x=1001, y=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        NoteThing.objects.create(note=note, ref="course:1", picture=note.pictures.get(), x=1001, y=1)


def test_what_is_for_sale_is_bought_in_place(author: User, student: User, client_of: Any) -> None:
    offer, note = make_offer(title="Strings"), make_note(author)
    flows.tag_thing(note=note, ref=f"offer:{offer.pk}")
    page = client_of(student).get(note.path).content.decode()
    assert f'name="place" value="note:{note.pk}"' in page
    thing = note.things.get()
    assert client_of(student).get(f"/en/notes/{note.pk}/to/{thing.pk}/")["Location"] == f"/en/shop/{offer.slug}/"
    assert client_of(student).get(f"/en/notes/{note.pk}/to/99999/")["Location"] == note.path.replace("/notes", "/en/notes")


def test_helpers_and_creators_are_known_by_rule(author: User, student: User, settings: Any) -> None:
    settings.CREATOR_NOTES, settings.CREATOR_LIKES = 2, 1
    notes = [make_note(author) for _n in range(2)]
    refresh_badges()
    assert not Badge.objects.exists(), "nobody has liked one yet"
    replies.like_note(user=student, note=notes[0])
    refresh_badges()
    assert [(row.user, row.kind) for row in Badge.objects.all()] == [(author, "creator")]
    assert "creator" in Client().get(f"/en{notes[0].path}").content.decode()
    flows.delete_note(note=notes[1])
    refresh_badges()
    assert not Badge.objects.exists(), "the rule is fulfilled no longer"


@pytest.mark.parametrize("number", [10, 1000])
def test_wall_and_note_take_as_many_queries_for_a_thousand(
    number: int, author: User, student: User, client_of: Any, django_assert_max_num_queries: Any
) -> None:
    moment = now()
    notes = Note.objects.bulk_create(
        [
            Note(author=author, title=f"N{n}", html="", created_at=moment, published_at=moment, key=f"n{n}", renderer=1)
            for n in range(number)
        ]
    )
    NoteTag.objects.bulk_create([NoteTag(note=note, name="t", folded="t") for note in notes])
    people = User.objects.bulk_create([User(email=f"p{n}@demo.test", name=f"P{n}") for n in range(number)])
    NoteLike.objects.bulk_create([NoteLike(note=notes[0], user=one, at=moment) for one in people])
    NoteComment.objects.bulk_create(
        [NoteComment(note=notes[0], author=one, source="s", html="s", renderer=1, created_at=moment, key="k") for one in people]
    )
    browser = client_of(student)
    with django_assert_max_num_queries(7):
        page = browser.get("/notes/?tag=t").context
    assert len(page["page"].notes) == min(number, 24)
    if page["older"]:
        older = browser.get(f"/notes/{page['older']}").context["page"].notes
        assert not {note.pk for note in older} & {note.pk for note in page["page"].notes}
    with django_assert_max_num_queries(12):
        assert browser.get(notes[0].path).status_code == 200


def test_who_leaves_takes_notes_and_pictures_along(author: User, student: User) -> None:
    note = make_note(author, title="Mine")
    own = make_note(student)
    replies.comment_on_note(author=author, note=own, source="kept", key="c")
    assert persons.everything_of(author)["notes"]["notes"][0]["title"] == "Mine"
    erase_account(user=author)
    assert not Note.objects.filter(pk=note.pk).exists()
    assert not Picture.objects.filter(title="Mine").exists()
    assert NoteComment.objects.get().author.name == ""


@pytest.mark.parametrize("keep_away", [mute, block])
def test_a_note_of_somebody_muted_or_blocked_is_not_found(client_of: Any, keep_away: Any) -> None:
    author, reader = make_user(), make_user()
    note = make_note(author, title="xylophonquokka")
    reindex(kind="note", ids=[str(note.pk)])
    pages = ("/en/search/?q=xylophonquokka", "/en/search/suggest/?q=xylophonquokka")
    assert all(note.path in client_of(reader).get(page).content.decode() for page in pages)
    keep_away(user=reader, person=author)
    assert not any(note.path in client_of(reader).get(page).content.decode() for page in pages)
