"""Joining by answers and proof: looked at by moderators of that very space, and gone from storage after the decision."""

from collections.abc import Callable
from io import BytesIO
from typing import Any
from urllib.request import urlopen

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from accounts.flows import erase_account
from accounts.models import User
from community import access, flows
from community.errors import NotSound, Refused, TooFast
from community.flows.applying import drop_unused_proof
from community.models import Application, Membership, Space
from community.reads.places import interests_of
from kit.models import AuditEntry, OutboxMessage
from kit.outbox import deliver
from kit.persons import everything_of
from notices.models import Notice
from tests.factories import make_space, make_user

pytestmark = pytest.mark.django_db
Browser = Callable[[User], Client]
ADDRESS = "/community/moms/join/"
ANSWERS = {"answer_0": "Two, 3 and 5", "answer_1": "To sing"}


@pytest.fixture
def space(db: None) -> Space:
    space = make_space(slug="moms", name="Moms")
    asked = {"way": "answers", "questions": ["How many children?", "Why?"], "asks_proof": True, "interests": ["naps"]}
    Space.objects.filter(pk=space.pk).update(**asked)
    space.refresh_from_db()
    flows.join(user=make_user(), space=space, role="moderator")
    return space


def moderator_of(space: Space) -> User:
    return Membership.objects.get(space=space, role="moderator").user


def picture(kind: str = "PNG", size: tuple[int, int] = (8, 8)) -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", size, "red").save(out, kind)
    return SimpleUploadedFile("handbook.png", out.getvalue(), "image/png")


def applied(space: Space, user: User | None = None) -> Application:
    return flows.apply(user=user or make_user(), space=space, answers=["2", "x"], proof=picture(), interests=["naps"])


def deliver_all() -> None:
    for message in OutboxMessage.objects.filter(done_at=None):
        deliver(message_id=message.pk)


def test_an_application_waits_tells_the_moderators_and_gives_no_place(space: Space, client_of: Browser) -> None:
    user = make_user()
    answer = client_of(user).post(ADDRESS, {**ANSWERS, "proof": picture(), "interests": ["naps"]})
    assert answer.status_code == 302
    waiting = Application.objects.get()
    assert [entry["answer"] for entry in waiting.answers] == ["Two, 3 and 5", "To sing"]
    assert default_storage.exists(waiting.proof_key)
    assert not access.may_read(user, space)
    assert Notice.objects.get(kind="community.application").user == moderator_of(space)
    page = client_of(user).get(ADDRESS).content.decode()
    assert 'name="withdraw"' in page
    assert 'name="answer_0"' not in page


@pytest.mark.parametrize("accept", [True, False])
def test_the_decision_deletes_answers_and_document_from_storage_and_tells_the_applicant(
    space: Space, client_of: Browser, accept: bool
) -> None:
    user = make_user()
    waiting = applied(space, user)
    key, boss = waiting.proof_key, client_of(moderator_of(space))
    shown = boss.get(f"/community/moms/applications/{waiting.pk}/").content.decode()
    assert "How many children?" in shown
    proof = boss.get(f"/community/moms/applications/{waiting.pk}/proof/")["Location"]
    with urlopen(proof) as file:
        assert Image.open(BytesIO(file.read())).size == (8, 8)
    wish = {"do": "accept" if accept else "refuse", "reason": "Welcome <b>"}
    boss.post(f"/community/moms/applications/{waiting.pk}/decide/", wish)
    deliver_all()
    waiting.refresh_from_db()
    assert (waiting.proof_key, waiting.answers, waiting.decided_by) == ("", [], moderator_of(space))
    assert not default_storage.exists(key)
    assert access.may_write(user, space) == accept
    assert interests_of(user) == (["naps"] if accept else [])
    assert Notice.objects.get(user=user).text == "Welcome <b>"
    assert AuditEntry.objects.filter(action="space.application").count() == 1
    assert boss.get(f"/community/moms/applications/{waiting.pk}/proof/").status_code == 404
    assert not Notice.objects.filter(kind="community.application").exists()


def test_the_first_decision_stands(space: Space) -> None:
    waiting, boss = applied(space), moderator_of(space)
    flows.decide(by=boss, application=waiting, accept=False)
    flows.decide(by=boss, application=waiting, accept=True)
    assert not access.may_read(waiting.user, space)


def test_only_moderators_of_that_very_space_see_and_decide(space: Space, client_of: Browser) -> None:
    waiting, elsewhere, member = applied(space), make_user(), make_user()
    flows.join(user=elsewhere, space=make_space(), role="owner")
    flows.join(user=member, space=space)
    for person in (elsewhere, member, waiting.user):
        browser = client_of(person)
        for address in ("", f"{waiting.pk}/", f"{waiting.pk}/proof/"):
            assert browser.get(f"/community/moms/applications/{address}").status_code == 404
        assert browser.post(f"/community/moms/applications/{waiting.pk}/decide/", {"do": "accept"}).status_code == 404
        with pytest.raises(Refused):
            flows.decide(by=person, application=waiting, accept=True)
    other = make_space(slug="other")
    flows.join(user=elsewhere, space=other, role="moderator")
    assert client_of(elsewhere).get(f"/community/other/applications/{waiting.pk}/proof/").status_code == 404


def test_nobody_decides_about_themselves(space: Space) -> None:
    waiting = applied(space)
    flows.join(user=waiting.user, space=space, role="moderator")
    with pytest.raises(Refused):
        flows.decide(by=waiting.user, application=waiting, accept=True)


@pytest.mark.parametrize(
    ("file", "status"),
    [
        (SimpleUploadedFile("a.png", b"<svg onload=alert(1)>", "image/png"), 400),
        (SimpleUploadedFile("a.pdf", b"MZ not a pdf", "application/pdf"), 400),
        (SimpleUploadedFile("a.jpg", b"\xff\xd8\xff broken", "image/jpeg"), 400),
        (SimpleUploadedFile("a.png", b"x" * 2000, "image/png"), 413),
        (None, 400),
    ],
)
def test_a_document_that_is_none_or_too_large_is_refused_and_nothing_is_stored(
    space: Space, client_of: Browser, settings: Any, file: Any, status: int
) -> None:
    settings.PROOF_MAX_BYTES = 1000
    data = {**ANSWERS, "proof": file} if file else ANSWERS
    assert client_of(make_user()).post(ADDRESS, data).status_code == status
    assert not Application.objects.exists()
    assert not OutboxMessage.objects.filter(topic="proof.unused").exists()


def test_a_picture_with_too_many_pixels_is_refused(space: Space, settings: Any) -> None:
    settings.PROOF_MAX_PIXELS = 63
    with pytest.raises(NotSound):
        applied(space)


def test_a_pdf_is_taken_as_it_is_and_offered_by_a_signed_address_alone(space: Space) -> None:
    file = SimpleUploadedFile("../../etc/passwd.pdf", b"%PDF-1.4 x", "text/html")
    waiting = flows.apply(user=make_user(), space=space, answers=["2", "x"], proof=file)
    assert waiting.proof_key.startswith("proofs/")
    assert waiting.proof_key.endswith(".pdf")
    assert len(waiting.proof_key) == len("proofs/.pdf") + 32


@pytest.mark.parametrize("answers", [{}, {"answer_0": "2"}, {"answer_0": "2", "answer_1": "  "}, {"answer_0": "x" * 2001}])
def test_every_question_wants_an_answer_of_some_length(space: Space, client_of: Browser, answers: dict[str, str]) -> None:
    assert client_of(make_user()).post(ADDRESS, {**answers, "proof": picture()}).status_code == 400
    assert not Application.objects.exists()


def test_what_failed_on_the_way_leaves_no_document_behind(space: Space, monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker died between storage and database: an hour later the document is gone; one that waits is kept."""
    kept = applied(space)
    died = default_storage.save("proofs/0123.png", picture())
    drop_unused_proof({"key": died})
    drop_unused_proof({"key": kept.proof_key})
    assert not default_storage.exists(died)
    assert default_storage.exists(kept.proof_key)
    written = OutboxMessage.objects.get(topic="proof.unused")
    assert (written.payload, written.done_at) == ({"key": kept.proof_key}, None)


def test_a_withdrawn_application_and_one_of_a_person_who_leaves_for_good_are_deleted(space: Space, client_of: Browser) -> None:
    user, leaver = make_user(), make_user()
    withdrawn, erased = applied(space, user), applied(space, leaver)
    assert everything_of(leaver)["spaces"]["applications"][0]["answers"][0]["answer"] == "2"
    client_of(user).post(ADDRESS, {"withdraw": "yes"})
    erase_account(user=leaver)
    deliver_all()
    for key in (withdrawn.proof_key, erased.proof_key):
        assert not default_storage.exists(key)
    assert Application.objects.get().state == "withdrawn"


def test_what_nobody_decides_expires_with_its_document(space: Space, clock: Any) -> None:
    waiting = applied(space)
    clock.advance(days=59)
    assert flows.expire_applications() == 0
    clock.advance(days=2)
    assert flows.expire_applications() == 1
    deliver_all()
    assert not default_storage.exists(waiting.proof_key)
    assert Notice.objects.filter(user=waiting.user, kind="community.decision").exists()


def test_archiving_ends_applications(space: Space, owner: User) -> None:
    waiting = applied(space)
    flows.set_archived(by=owner, space=space, on=True)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.proof_key) == ("expired", "")


def test_one_waits_at_a_time_and_three_a_day_are_enough(space: Space) -> None:
    user, boss = make_user(), moderator_of(space)
    for _time in range(3):
        waiting = applied(space, user)
        with pytest.raises((Refused, TooFast)):
            applied(space, user)
        flows.decide(by=boss, application=waiting, accept=False)
    with pytest.raises(TooFast):
        applied(space, user)
    assert Application.objects.filter(user=user).count() == 3


def test_rules_that_changed_while_it_waited_are_accepted_before_the_first_post(space: Space, owner: User) -> None:
    Space.objects.filter(pk=space.pk).update(rules="Be kind.", rules_version=1)
    space.refresh_from_db()
    user = make_user()
    waiting = flows.apply(user=user, space=space, answers=["2", "x"], proof=picture(), accepted=1)
    Space.objects.filter(pk=space.pk).update(rules_version=2)
    flows.decide(by=moderator_of(space), application=waiting, accept=True)
    space.refresh_from_db()
    assert access.may_read(user, space)
    assert not access.may_write(user, space)
    flows.accept_rules(user=user, space=space, accepted=2)
    assert access.may_write(user, space)


def test_the_list_costs_the_same_for_many(space: Space, client_of: Browser, django_assert_max_num_queries: Any) -> None:
    boss = client_of(moderator_of(space))
    crowd = User.objects.bulk_create([User(email=f"c{n}@demo.test", name=f"N{n}") for n in range(200)])
    moment = space.created_at
    Application.objects.bulk_create([Application(space=space, user=one, answers=[], made_at=moment) for one in crowd])
    with django_assert_max_num_queries(8):
        assert boss.get("/community/moms/applications/").status_code == 200
