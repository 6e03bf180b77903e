"""Conversations: who may begin one, who reads it, what is sent, how far one has read."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from accounts.models import User
from community import flows
from community.errors import Refused
from community.flows.blocking import blocked_between
from community.models import Conversation, Correspondent, Message, MessageFile, MessageReport
from community.reads.messages import INBOX_PAGE, MESSAGES_PAGE, unread_conversations
from kit import outbox, persons
from kit.clock import now
from kit.models import AuditEntry, OutboxMessage
from kit.storage import PrivateStorage
from kit.text import RENDERER_VERSION
from notices.models import Notice
from notices.reads import inbox as notice_inbox
from tests.factories import make_course, make_offer, make_space, make_user

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


def ask(asker: User, answerer: User, source: str = "How do I tune it?", key: str = "one", **fields: Any) -> Message:
    return flows.write_to(author=asker, person=answerer, source=source, key=key, **fields)


def answer(message: Message, by: User, source: str = "With a tuner.", key: str = "reply") -> Message:
    return flows.send_message(author=by, conversation=message.conversation, source=source, key=key)


def deliver() -> None:
    for message_id in OutboxMessage.objects.filter(done_at=None, topic="message.written").values_list("pk", flat=True):
        outbox.deliver(message_id=message_id)


def a_picture(name: str = "uke.png") -> SimpleUploadedFile:
    body = BytesIO()
    Image.new("RGB", (40, 30), "red").save(body, "PNG")
    return SimpleUploadedFile(name, body.getvalue(), content_type="text/html")


# Who may be written to


def test_a_member_asks_a_teacher_from_the_course_and_both_see_it(student: User, teacher: User, client_of: SignIn) -> None:
    course = make_course(lessons=1, teacher=teacher, title="Ukulele")
    browser = client_of(student)
    landing = browser.get(f"/en/courses/{course.slug}/").content.decode()
    assert f"/en/messages/new/?about=course:{course.pk}" in landing
    form = browser.get(f"/en/messages/new/?about=course:{course.pk}").content.decode()
    assert "Lin" in form
    assert "Ukulele" in form
    sent = browser.post("/en/messages/new/", {"about": f"course:{course.pk}", "source": "Is it **hard**?"}, follow=True)
    talk = Conversation.objects.get()
    assert sent.redirect_chain[-1][0] == f"/en/messages/{talk.pk}/"
    assert (talk.asker, talk.answerer, talk.about_title) == (student, teacher, "Ukulele")
    page = client_of(teacher).get(f"/en/messages/{talk.pk}/").content.decode()
    assert "<strong>hard</strong>" in page
    assert f"/en/courses/{course.slug}/" in page
    assert "Ukulele" in client_of(teacher).get("/en/messages/").content.decode()


def test_asking_again_about_the_same_thing_goes_on_with_that_conversation(
    student: User, teacher: User, client_of: SignIn
) -> None:
    talk = ask(student, teacher).conversation
    response = client_of(student).get(f"/en/messages/new/?to={teacher.profile.handle}")
    assert response["Location"] == f"/en/messages/{talk.pk}/"
    ask(student, teacher, key="two")
    assert (Conversation.objects.count(), Message.objects.count()) == (1, 2)


def test_members_do_not_write_to_just_anybody(student: User, visitor: User, client_of: SignIn) -> None:
    with pytest.raises(Refused):
        ask(student, visitor)
    browser = client_of(student)
    assert browser.get(f"/en/messages/new/?to={visitor.profile.handle}").status_code == 404
    assert browser.post("/en/messages/new/", {"to": visitor.profile.handle, "source": "hi"}).status_code == 404
    assert browser.get("/en/messages/new/?to=nobody").status_code == 404
    assert not Conversation.objects.exists()


def test_members_who_follow_each_other_write_until_one_stops(student: User, visitor: User) -> None:
    flows.follow(user=student, person=visitor)
    with pytest.raises(Refused):
        ask(student, visitor)
    flows.follow(user=visitor, person=student)
    first = ask(student, visitor)
    assert first.conversation.is_peer
    assert first.conversation.due_at is None
    answer(first, visitor)
    assert ask(visitor, student, key="back").conversation == first.conversation
    flows.unfollow(user=student, person=visitor)
    with pytest.raises(Refused):
        answer(first, visitor, key="more")


def test_moderators_of_a_shared_space_are_asked_and_those_of_another_are_not(student: User, moderator: User) -> None:
    mine, other = make_space(), make_space()
    flows.join(user=student, space=mine)
    flows.join(user=moderator, space=other, role="moderator")
    with pytest.raises(Refused):
        ask(student, moderator)
    flows.join(user=moderator, space=mine, role="moderator")
    assert ask(student, moderator).no == 1


def test_the_owner_and_whoever_sells_are_asked(student: User, owner: User) -> None:
    seller = make_user(name="Shop")
    with pytest.raises(Refused):
        ask(student, seller)
    make_offer(seller=seller)
    assert ask(student, seller).no == ask(student, owner, key="two").no == 1


def test_the_page_of_people_lists_team_moderators_and_friends(
    student: User, teacher: User, moderator: User, visitor: User, client_of: SignIn
) -> None:
    space = make_space()
    flows.join(user=student, space=space)
    flows.join(user=moderator, space=space, role="moderator")
    page = client_of(student).get("/en/messages/new/").content.decode()
    assert teacher.profile.handle in page
    assert moderator.profile.handle in page
    assert visitor.profile.handle not in page


def test_about_a_thing_that_one_may_not_see_nothing_is_written(student: User, teacher: User, client_of: SignIn) -> None:
    hidden = make_course(lessons=0, teacher=teacher, title="Secret", publish=False)
    browser = client_of(student)
    assert browser.get(f"/en/messages/new/?about=course:{hidden.pk}").status_code == 404
    browser.post("/en/messages/new/", {"about": f"course:{hidden.pk}", "to": teacher.profile.handle, "source": "hm"})
    assert Conversation.objects.get().about == ""


# Strangers


def test_a_conversation_is_a_missing_one_to_everybody_else(
    student: User, teacher: User, owner: User, moderator: User, teacher2: User, client_of: SignIn, client: Client
) -> None:
    message = ask(student, teacher, files=[a_picture()])
    talk, file = message.conversation, message.files.get()
    paths = ["", "news/", f"files/{file.pk}/", "1/report/"]
    for stranger in (owner, moderator, teacher2):
        browser = client_of(stranger)
        for path in paths:
            missing = browser.get(f"/en/messages/999999/{path}").status_code
            assert browser.get(f"/en/messages/{talk.pk}/{path}").status_code == missing == 404, (stranger, path)
        assert browser.post(f"/en/messages/{talk.pk}/", {"source": "hi"}).status_code == 404
        assert browser.post(f"/en/messages/{talk.pk}/block/", {"block": "yes"}).status_code == 404
        assert browser.post(f"/en/messages/{talk.pk}/1/report/", {"reason": "x"}).status_code == 404
        assert "How do I tune it" not in browser.get("/en/messages/").content.decode()
    for path in ["", f"{talk.pk}/", "settings/", "new/", "reports/"]:
        assert client.get(f"/en/messages/{path}").status_code == 302
    assert Message.objects.count() == 1
    assert not MessageReport.objects.exists()


def test_a_flow_refuses_a_third_person(student: User, teacher: User, teacher2: User) -> None:
    message = ask(student, teacher)
    with pytest.raises(Refused):
        answer(message, teacher2)


# Sending


def test_the_same_key_sends_once_and_an_idempotency_key_takes_the_fields_place(
    student: User, teacher: User, client_of: SignIn
) -> None:
    talk = ask(student, teacher).conversation
    browser = client_of(student)
    for _n in range(2):
        browser.post(f"/en/messages/{talk.pk}/", {"source": "again"}, headers={"Idempotency-Key": "k1"})
    assert Message.objects.filter(source="again").count() == 1


def test_words_cannot_run(student: User, teacher: User, client_of: SignIn) -> None:
    nasty = "<script>alert(1)</script> <img src=x onerror=alert(1)> [x](javascript:alert(1)) \u202eabc"
    talk = ask(student, teacher, nasty).conversation
    page = client_of(teacher).get(f"/en/messages/{talk.pk}/").content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert 'href="javascript:' not in page
    assert "\u202e" not in page
    listed = client_of(teacher).get("/en/messages/").content.decode()
    assert "<script>alert" not in listed
    assert "<img src=x" not in listed


@pytest.mark.parametrize(("source", "status"), [("", 400), ("  \x00 ", 400), ("x" * 5001, 400)])
def test_an_empty_or_endless_message_is_refused(
    source: str, status: int, student: User, teacher: User, client_of: SignIn
) -> None:
    talk = ask(student, teacher).conversation
    response = client_of(student).post(f"/en/messages/{talk.pk}/", {"source": source})
    assert response.status_code == status
    assert talk.messages.count() == 1


def test_a_picture_is_encoded_again_and_opened_by_the_two_by_an_address_that_ends(
    student: User, teacher: User, client_of: SignIn
) -> None:
    talk = ask(student, teacher).conversation
    browser = client_of(student)
    browser.post(f"/en/messages/{talk.pk}/", {"source": "", "files": [a_picture("a/../<b>.png")]})
    file = MessageFile.objects.get()
    assert (file.content_type, file.name, file.key.startswith("messages/")) == ("image/webp", "<b>.png", True)
    for person in (student, teacher):
        response = client_of(person).get(f"/en/messages/{talk.pk}/files/{file.pk}/")
        assert response.status_code == 302
        assert "X-Amz-Expires" in response["Location"]
        assert "no-store" in response["Cache-Control"]
    page = browser.get(f"/en/messages/{talk.pk}/").content.decode()
    assert f"/en/messages/{talk.pk}/files/{file.pk}/" in page
    assert "&lt;b&gt;.png" in page


@pytest.mark.parametrize(
    ("name", "body", "status"),
    [
        ("x.svg", b"<svg onload=alert(1)>", 400),
        ("x.html", b"<script>", 400),
        ("x.png", b"\x89PNG\r\n\x1a\nbroken", 400),
        ("empty.txt", b"", 400),
        ("x.heic", b"\x00\x00\x00\x18ftypheic" + b"\x00" * 60, 400),
    ],
)
def test_other_files_are_refused_and_nothing_is_stored(
    name: str, body: bytes, status: int, student: User, teacher: User, client_of: SignIn
) -> None:
    talk = ask(student, teacher).conversation
    data = {"source": "look", "files": [SimpleUploadedFile(name, body)]}
    response = client_of(student).post(f"/en/messages/{talk.pk}/", data)
    assert response.status_code == status
    assert "look" in response.content.decode()  # nothing typed is lost
    assert talk.messages.count() == 1
    assert not MessageFile.objects.exists()


def test_a_large_file_is_413_and_too_many_are_400(student: User, teacher: User, client_of: SignIn, settings: Any) -> None:
    talk = ask(student, teacher).conversation
    settings.MESSAGE_FILE_MAX_BYTES = 10
    large = {"source": "", "files": [SimpleUploadedFile("a.txt", b"x" * 11)]}
    assert client_of(student).post(f"/en/messages/{talk.pk}/", large).status_code == 413
    many = {"source": "", "files": [SimpleUploadedFile(f"{n}.txt", b"x") for n in range(6)]}
    assert client_of(student).post(f"/en/messages/{talk.pk}/", many).status_code == 400
    assert talk.messages.count() == 1


# The limit


def test_twenty_messages_an_hour_to_strangers_then_429_with_retry_after(
    student: User, teacher: User, teacher2: User, client_of: SignIn, settings: Any, clock: Any
) -> None:
    settings.MESSAGES_PER_HOUR_TO_STRANGERS = 3
    first = ask(student, teacher)
    ask(student, teacher2, key="two")
    ask(student, teacher, key="three")
    browser = client_of(student)
    response = browser.post(f"/en/messages/{first.conversation_id}/", {"source": "four"})
    assert response.status_code == 429
    assert 0 < int(response["Retry-After"]) <= 3600
    assert "four" in response.content.decode()
    new = browser.post("/en/messages/new/", {"to": teacher2.profile.handle, "source": "five"})
    assert new.status_code == 429
    assert "Retry-After" in new
    answer(first, teacher)
    assert browser.post(f"/en/messages/{first.conversation_id}/", {"source": "four"}).status_code == 302
    assert browser.post("/en/messages/new/", {"to": teacher2.profile.handle, "source": "five"}).status_code == 302
    clock.advance(hours=2)
    assert browser.post("/en/messages/new/", {"to": teacher2.profile.handle, "source": "six"}).status_code == 302


# Reading


def test_unread_marks_go_with_opening_and_notices_with_them(student: User, teacher: User, client_of: SignIn) -> None:
    first = ask(student, teacher)
    answer(first, teacher)
    answer(first, teacher, key="more")
    deliver()
    told = Notice.objects.filter(user=student, kind="message.new")
    assert [notice.headline for notice in told] == ["Lin 傳了訊息給您"]  # one for both
    assert "tuner" not in str(told.get().params)
    assert unread_conversations(student) == 1
    page = client_of(student).get(f"/en/messages/{first.conversation_id}/")
    assert "New since your last visit" in page.content.decode()
    assert unread_conversations(student) == 0
    assert told.get().read_at is not None
    answer(first, teacher, key="again")
    deliver()
    assert told.all().count() == 2


def test_a_head_request_moves_no_mark(student: User, teacher: User, client_of: SignIn) -> None:
    first = ask(student, teacher)
    client_of(teacher).head(f"/en/messages/{first.conversation_id}/")
    assert unread_conversations(teacher) == 1


def test_open_pages_fetch_what_is_new_and_sending_there_brings_it(student: User, teacher: User, client_of: SignIn) -> None:
    first = ask(student, teacher)
    answer(first, teacher)
    browser, path = client_of(student), f"/en/messages/{first.conversation_id}/"
    news = browser.get(f"{path}news/?after=1").content.decode()
    assert "With a tuner" in news
    assert "How do I tune" not in news
    assert "?after=2" in news
    assert unread_conversations(student) == 0
    assert "bubble" not in browser.get(f"{path}news/?after=2").content.decode()
    sent = browser.post(path, {"source": "Thanks", "after": "2"}, headers={"HX-Request": "true"}).content.decode()
    assert "Thanks" in sent
    assert "With a tuner" not in sent
    assert "?after=3" in sent


def test_pages_by_keyset_hold_every_message_and_conversation_once(student: User, teacher: User, client_of: SignIn) -> None:
    talk, moment = ask(student, teacher).conversation, now()
    Message.objects.bulk_create(
        Message(
            conversation=talk,
            no=n,
            author=student,
            source="s",
            html=f"<p>word-{n}.</p>",
            renderer=1,
            created_at=moment,
            key=f"k{n}",
        )
        for n in range(2, MESSAGES_PAGE + 3)
    )
    Conversation.objects.update(last_no=MESSAGES_PAGE + 2)
    browser = client_of(student)
    newest = browser.get(f"/en/messages/{talk.pk}/").content.decode()
    assert "?before=3" in newest
    assert "word-3." in newest
    assert "word-2." not in newest
    assert "word-2." in browser.get(f"/en/messages/{talk.pk}/?before=3").content.decode()
    many(student, INBOX_PAGE + 5)
    first = browser.get("/en/messages/").context["inbox"]
    second = browser.get(f"/en/messages/?from={first.older}").context["inbox"]
    ids = [row.conversation.pk for row in (*first.rows, *second.rows)]
    assert len(ids) == len(set(ids)) == INBOX_PAGE + 6


def many(user: User, number: int) -> list[Conversation]:
    moment = now()
    people = User.objects.bulk_create([User(email=f"crowd{n}@demo.test", name=f"P{n}") for n in range(number)])
    talks = Conversation.objects.bulk_create(
        Conversation(asker=one, answerer=user, created_at=moment, last_no=1, last_text="t", about_title="x") for one in people
    )
    for one in ("asker", "answerer"):
        Correspondent.objects.bulk_create(
            Correspondent(conversation=talk, user=getattr(talk, one), last_at=moment) for talk in talks
        )
    return talks


@pytest.mark.parametrize("size", [10, 1000])
def test_inbox_and_conversation_take_the_same_queries_whatever_the_rows(
    size: int, teacher: User, client_of: SignIn, django_assert_max_num_queries: Any
) -> None:
    make_course(lessons=0, teacher=teacher, slug="about")
    talk = many(teacher, size)[0]
    Message.objects.bulk_create(
        Message(
            conversation=talk,
            no=n,
            author=talk.asker,
            source="s",
            html="s",
            renderer=RENDERER_VERSION,
            created_at=now(),
            key=f"k{n}",
        )
        for n in range(1, size + 1)
    )
    rows = Message.objects.filter(conversation=talk)
    MessageFile.objects.bulk_create(MessageFile(message=row, kind="image", name="x", key=f"x{row.pk}", size=1) for row in rows)
    Conversation.objects.filter(pk=talk.pk).update(last_no=size)
    browser = client_of(teacher)
    with django_assert_max_num_queries(8):
        assert browser.get("/en/messages/").status_code == 200
    with django_assert_max_num_queries(22):
        assert browser.get(f"/en/messages/{talk.pk}/").status_code == 200


# Block and report


def test_blocking_closes_both_ways_and_can_be_taken_back(student: User, teacher: User, client_of: SignIn) -> None:
    first = ask(student, teacher)
    deliver()
    browser = client_of(teacher)
    browser.post(f"/en/messages/{first.conversation_id}/block/", {"block": "yes"})
    assert blocked_between(student, teacher)
    for person in (student, teacher):
        response = client_of(person).post(f"/en/messages/{first.conversation_id}/", {"source": "still"})
        assert response.status_code == 403
    assert client_of(student).get(f"/en/messages/new/?about=&to={teacher.profile.handle}").status_code in (302, 404)
    assert notice_inbox(teacher)[0] == []  # the gate is shut
    assert "message-form" not in browser.get(f"/en/messages/{first.conversation_id}/").content.decode().replace(
        'form="message-form"', ""
    )
    browser.post(f"/en/messages/{first.conversation_id}/block/", {"block": "no"})
    assert answer(first, teacher).no == 2


def test_a_reported_message_is_shown_to_the_owner_alone_and_only_that_one(
    student: User, teacher: User, owner: User, moderator: User, client_of: SignIn
) -> None:
    space = make_space()
    for person in (student, teacher):
        flows.join(user=person, space=space)
    flows.join(user=moderator, space=space, role="moderator")
    first = ask(student, teacher, "my secret words")
    bad = answer(first, teacher, "very rude words")
    browser = client_of(student)
    assert browser.post(f"/en/messages/{first.conversation_id}/2/report/", {"reason": "rude"}).status_code == 302
    assert browser.post(f"/en/messages/{first.conversation_id}/1/report/", {"reason": "mine"}).status_code == 400
    assert [notice.user for notice in Notice.objects.filter(kind="message.report")] == [owner]
    page = client_of(owner).get("/en/messages/reports/").content.decode()
    assert "very rude words" in page
    assert "my secret words" not in page
    for stranger in (moderator, teacher, student):
        assert client_of(stranger).get("/en/messages/reports/").status_code == 404
        assert client_of(stranger).post(f"/en/messages/reports/{bad.pk}/", {"do": "remove"}).status_code == 404
    assert client_of(owner).get(f"/en/messages/{first.conversation_id}/").status_code == 404
    assert client_of(owner).post(f"/en/messages/reports/{first.pk}/", {"do": "remove"}).status_code == 404
    client_of(owner).post(f"/en/messages/reports/{bad.pk}/", {"do": "remove"})
    assert "very rude words" not in browser.get(f"/en/messages/{first.conversation_id}/").content.decode()
    assert "very rude words" not in browser.get("/en/messages/").content.decode()
    assert AuditEntry.objects.get(action="message.decided").actor_id == owner.pk


# Privacy


def test_export_holds_ones_own_words_and_erasing_takes_words_and_files(student: User, teacher: User) -> None:
    first = ask(student, teacher, "mine alone", files=[a_picture()])
    answer(first, teacher, "the teachers words")
    key = first.files.get().key
    data = persons.everything_of(student)["messages"]
    assert [row["source"] for row in data["messages"]] == ["mine alone"]
    persons.erase_everything(student)
    for message_id in OutboxMessage.objects.filter(topic="message.file_erased").values_list("pk", flat=True):
        outbox.deliver(message_id=message_id)
    assert not PrivateStorage().exists(key)
    assert [message.source for message in Message.objects.order_by("no")] == ["", "the teachers words"]


def test_the_notice_of_a_message_waits_a_minute_and_reading_cancels_its_mail(
    student: User, teacher: User, client_of: SignIn, mailoutbox: list[Any], clock: Any
) -> None:
    first = ask(student, teacher)
    deliver()
    mail = OutboxMessage.objects.get(topic="notice.mail")
    assert mail.due_at - now() > timedelta(seconds=50)
    client_of(teacher).get(f"/en/messages/{first.conversation_id}/")
    clock.advance(minutes=2)
    outbox.deliver(message_id=mail.pk)
    assert mailoutbox == []
