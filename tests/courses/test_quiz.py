"""A quiz is passed by knowing, and by nothing else."""

import json
import time
from functools import partial
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction

import courses.flows.quiz as flow
from courses.flows import QuestionDraft, begin_attempt, finish_overdue_attempts, hand_in, revoke_seat
from courses.models import Attempt, Enrolment, Lesson, Quiz
from courses.reads.quiz import quiz_passed
from tests.courses.quiz_cast import QUESTIONS, RIGHT, Taker, everything, make_quiz, right_answers
from tests.courses_growth import queries
from tests.factories import enrol, make_cohort, make_course, make_user
from tests.shop.crowd import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def seat(teacher: Any, student: Any) -> Enrolment:
    seat: Enrolment = enrol(student, make_cohort(course=make_course(lessons=2)))
    return seat


@pytest.fixture
def lesson(seat: Enrolment) -> Lesson:
    lesson: Lesson = seat.cohort.course.lessons.get(position=1)
    return lesson


@pytest.fixture
def taker(seat: Enrolment, lesson: Lesson, client_of: Any) -> Taker:
    return Taker(client_of(seat.user), lesson, make_quiz(lesson, attempts=2, minutes=10))


def test_the_story_of_a_quiz_begun_answered_failed_and_passed(taker: Taker, seat: Enrolment, lesson: Lesson) -> None:
    card = taker.client.get(f"/en/courses/{lesson.course.slug}/day-1/").content.decode()
    assert "What is a ukulele?" in card
    assert "2 attempts left" in card
    first = taker.begin()
    page = taker.page()
    assert "How many strings?" in page
    assert "Hand in by" in page
    assert taker.send(first, {}).status_code == 302
    failed = taker.page()
    assert "Not passed yet" in failed
    assert "0 % of the points; 80 % are needed." in failed
    assert "1 attempt left" in failed
    second = taker.begin()
    taker.send(second, right_answers(second))
    assert "100 % of the points" in taker.page()
    second.refresh_from_db()
    assert (second.passed, second.earned, second.obtainable) == (True, 500, 500)
    assert quiz_passed(seat, taker.quiz)
    assert "Passed" in taker.client.get(f"/en/courses/{lesson.course.slug}/day-1/").content.decode()


def test_no_page_holds_an_answer_before_handing_in(taker: Taker) -> None:
    """Not the card, not the running attempt: right marks, explanations, words to choices, accepted answers, the order."""
    taker.begin()
    page = taker.page()
    for secret in ("G, C, E and A.", "A guitar!", "學習", "學习", "學習"):
        assert secret not in page
    assert "checked" not in page
    assert "selected" not in page


def test_items_to_be_ordered_are_shown_in_an_order_that_tells_nothing(seat: Enrolment, lesson: Lesson, client_of: Any) -> None:
    quiz, shown = make_quiz(lesson, [QUESTIONS[4]]), set()
    for _number in range(12):
        person = make_user()
        enrol(person, seat.cohort)
        taker = Taker(client_of(person), lesson, quiz)
        attempt, page = taker.begin(), taker.page()
        ids = [row["id"] for row in attempt.questions[0]["items"]]
        shown.add(tuple("CEG"[ids.index(ident)] for ident in sorted(ids, key=page.index)))
    assert len(shown) > 2


def test_ticking_everything_passes_nothing(taker: Taker) -> None:
    attempt = taker.begin()
    taker.send(attempt, everything(attempt, taker.page()))
    attempt.refresh_from_db()
    assert attempt.earned == 0


def test_several_ticks_in_a_single_choice_are_no_answer(taker: Taker) -> None:
    attempt = taker.begin()
    single = next(question for question in attempt.questions if question["kind"] == "single")
    taker.send(attempt, {single["id"]: [row["id"] for row in single["choices"]]})
    attempt.refresh_from_db()
    assert (attempt.earned, attempt.answers[single["id"]]) == (0, [])


def test_a_form_handed_in_twice_counts_once(taker: Taker) -> None:
    attempt = taker.begin()
    taker.send(attempt, {})
    taker.send(attempt, right_answers(attempt))
    taker.send(attempt, right_answers(attempt), to="answer")
    attempt.refresh_from_db()
    assert (attempt.passed, attempt.earned) == (False, 0)
    assert Attempt.objects.count() == 1


def test_two_tabs_share_one_attempt(taker: Taker) -> None:
    first = taker.begin()
    assert taker.begin() == first
    assert Attempt.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_double_clicks_begin_one_attempt_and_without_the_lock_they_fall_over_each_other(
    seat: Enrolment, lesson: Lesson, monkeypatch: Any
) -> None:
    def begin_together(quiz: Quiz) -> list[Any]:
        user = get_user_model().objects.get(pk=seat.user_id)
        return at_once([partial(begin_attempt, quiz=quiz, user=user, enrolment=seat)] * 6)

    begun = begin_together(make_quiz(lesson, attempts=3))
    assert {attempt.number for attempt in begun} == {1}
    assert Attempt.objects.count() == 1
    # The control: with the lock removed and a little time between looking and writing, the constraint must catch it.
    real = flow.frozen

    def slowly(quiz: Quiz) -> Any:
        time.sleep(0.2)
        return real(quiz)

    monkeypatch.setattr(flow, "lock_rows", lambda rows, ids: {})
    monkeypatch.setattr(flow, "frozen", slowly)
    raced = begin_together(make_quiz(lesson, attempts=3))
    assert any(isinstance(answer, IntegrityError) for answer in raced)


def test_attempts_end(taker: Taker) -> None:
    for _number in range(2):
        taker.send(taker.begin(), {})
    taker.begin()
    assert Attempt.objects.count() == 2
    page = taker.page()
    assert "You have used all your attempts." in page
    assert RIGHT in page  # nobody can profit any more


def test_right_answers_stay_hidden_while_an_attempt_could_profit(taker: Taker) -> None:
    attempt = taker.begin()
    wrong = next(question for question in attempt.questions if question["kind"] == "single")
    six = next(row["id"] for row in wrong["choices"] if not row["right"])
    taker.send(attempt, {wrong["id"]: [six]})
    page = taker.page()
    assert "A guitar!" in page
    assert "G, C, E and A." in page
    assert RIGHT not in page
    assert "學習" not in page


def test_what_is_answered_in_time_counts_and_nothing_after(taker: Taker, clock: Any) -> None:
    attempt = taker.begin()
    answers = right_answers(attempt)
    number = next(question["id"] for question in attempt.questions if question["kind"] == "number")
    assert taker.send(attempt, {number: answers[number]}, to="answer").status_code == 204
    clock.advance(minutes=11)
    assert taker.send(attempt, answers, to="answer").status_code == 409
    taker.send(attempt, answers)
    attempt.refresh_from_db()
    assert (attempt.earned, attempt.passed) == (100, False)


def test_the_browsers_clock_changes_nothing(taker: Taker, clock: Any) -> None:
    attempt = taker.begin()
    clock.advance(minutes=11)
    taker.send(attempt, right_answers(attempt), started_at="2099-01-01", deadline="2099-01-01", minutes="999")
    attempt.refresh_from_db()
    assert attempt.passed is False


def test_the_last_second_is_not_lost_to_a_slow_network(taker: Taker, clock: Any) -> None:
    attempt = taker.begin()
    clock.advance(minutes=10, seconds=8)
    taker.send(attempt, right_answers(attempt))
    attempt.refresh_from_db()
    assert attempt.passed


def test_what_nobody_hands_in_is_graded_from_what_was_saved(taker: Taker, clock: Any) -> None:
    attempt = taker.begin()
    taker.send(attempt, right_answers(attempt), to="answer")
    assert finish_overdue_attempts() == 0
    clock.advance(minutes=12)
    assert finish_overdue_attempts() == 1
    attempt.refresh_from_db()
    assert attempt.passed


def test_an_untouched_question_keeps_what_was_saved(taker: Taker) -> None:
    attempt = taker.begin()
    answers = right_answers(attempt)
    taker.send(attempt, answers, to="answer")
    one = attempt.questions[0]["id"]
    taker.client.post(f"{taker.path}answer/", {"attempt": 1, "asked": [one], f"q-{one}": answers[one]})
    taker.client.post(f"{taker.path}hand-in/", {"attempt": 1})
    attempt.refresh_from_db()
    assert attempt.passed


def test_an_edited_quiz_changes_no_attempt_that_has_begun(taker: Taker) -> None:
    attempt = taker.begin()
    quiz = taker.quiz
    quiz.questions = list(quiz.questions.raw_data)[:1]
    quiz.pass_percent = 1
    quiz.save()
    taker.send(attempt, {})
    attempt.refresh_from_db()
    assert (attempt.obtainable, attempt.pass_percent, attempt.passed) == (500, 80, False)


def test_whoever_may_not_read_the_lesson_learns_nothing_of_its_quiz(
    taker: Taker, seat: Enrolment, client_of: Any, teacher2: Any, lesson: Lesson
) -> None:
    attempt = taker.begin()
    stranger, mate = make_user(), make_user()
    enrol(mate, seat.cohort)
    for person in (stranger, teacher2):
        other = client_of(person)
        assert other.get(taker.path).status_code == 404
        for action in ("begin", "answer", "hand-in"):
            assert other.post(f"{taker.path}{action}/", {"attempt": 1}).status_code == 404
    assert client_of(mate).post(f"{taker.path}hand-in/", {"attempt": attempt.number}).status_code == 404
    late = make_quiz(lesson.course.lessons.get(position=2))
    assert taker.client.get(f"/en/courses/{lesson.course.slug}/day-2/quiz/{late.pk}/").status_code == 404
    assert taker.client.get(f"/en/courses/{lesson.course.slug}/day-1/quiz/{late.pk}/").status_code == 404
    revoke_seat(source=seat.source)
    assert taker.client.get(taker.path).status_code == 404
    attempt.refresh_from_db()
    assert attempt.finished_at is None


def test_a_free_preview_shows_the_card_but_no_quiz_to_strangers(taker: Taker, client: Any, lesson: Lesson) -> None:
    card = client.get(f"/en/courses/{lesson.course.slug}/day-1/").content.decode()
    assert "What is a ukulele?" in card
    assert taker.path.removeprefix("/en") not in card
    assert client.get(taker.path).status_code == 302


def test_the_team_tries_it_without_leaving_a_trace(taker: Taker, client_of: Any, teacher: Any, seat: Enrolment) -> None:
    own = Taker(client_of(teacher), seat.cohort.course.lessons.get(position=1), taker.quiz)
    for _number in range(3):
        attempt = own.begin()
        own.send(attempt, right_answers(attempt))
    assert Attempt.objects.filter(user=teacher, enrolment=None).count() == 3
    page = client_of(teacher).get(f"/en/teach/quizzes/{taker.quiz.pk}/").content.decode()
    assert "Nobody has taken it yet" in page
    assert not quiz_passed(seat, taker.quiz)


def test_the_database_holds_one_open_attempt_and_no_half_graded_one(taker: Taker) -> None:
    attempt = taker.begin()
    again = {field.attname: getattr(attempt, field.attname) for field in Attempt._meta.fields if field.attname != "id"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Attempt.objects.create(**{**again, "number": 2})
    with pytest.raises(IntegrityError), transaction.atomic():
        Attempt.objects.filter(pk=attempt.pk).update(finished_at=attempt.started_at)


def test_statistics_name_the_trap_and_the_question_that_does_not_tell_apart(
    taker: Taker, seat: Enrolment, lesson: Lesson, client_of: Any, teacher: Any, teacher2: Any
) -> None:
    quiz = make_quiz(lesson, [QUESTIONS[0], QUESTIONS[2], QuestionDraft("text", "Name a string", accepted=["G"])], shuffle=False)
    for number in range(6):
        person = make_user()
        enrol(person, seat.cohort)
        other = Taker(client_of(person), lesson, quiz)
        attempt = other.begin()
        answers = right_answers(attempt)
        single, _number, text = (question["id"] for question in attempt.questions)
        if number < 4:
            answers |= {single: [attempt.questions[0]["choices"][1]["id"]], _number: "3"}
        answers[text] = "G" if number % 2 else "Z"
        hand_in(attempt=attempt, given={key: value if isinstance(value, list) else [value] for key, value in answers.items()})
    page = client_of(teacher).get(f"/en/teach/quizzes/{quiz.pk}/").content.decode()
    assert "Six strings × 4" in page
    assert "33 %" in page
    assert "50 %" in page
    assert client_of(teacher2).get(f"/en/teach/quizzes/{quiz.pk}/").status_code == 404
    assert client_of(seat.user).get(f"/en/teach/quizzes/{quiz.pk}/").status_code == 404
    teacher_client = client_of(teacher)
    before = queries(teacher_client, f"/en/teach/quizzes/{quiz.pk}/")
    row = Attempt.objects.filter(quiz=quiz)[0]
    for _n in range(30):
        person = make_user()
        row.pk, row.user = None, person
        row.save()
    assert queries(teacher_client, f"/en/teach/quizzes/{quiz.pk}/") == before


def test_a_lesson_asks_no_more_with_ten_quizzes_than_with_one(seat: Enrolment, lesson: Lesson, client_of: Any) -> None:
    make_quiz(lesson)
    client, path = client_of(seat.user), f"/courses/{lesson.course.slug}/day-1/"
    one = queries(client, path)
    for _number in range(9):
        quiz = make_quiz(lesson)
        taker = Taker(client, lesson, quiz)
        taker.send(taker.begin(), {})
    assert queries(client, path) == one <= 12


def test_the_search_knows_no_answer(taker: Taker, lesson: Lesson) -> None:
    from courses.searching import lesson_entries

    words = json.dumps([entry.text for entry in lesson_entries([str(lesson.pk)])])
    assert RIGHT not in words
    assert "G, C, E" not in words


def test_hostile_words_are_shown_as_words(seat: Enrolment, lesson: Lesson, client_of: Any) -> None:
    evil = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'
    quiz = make_quiz(lesson, [QuestionDraft("text", evil, accepted=[evil], explanation=evil)], attempts=1)
    taker = Taker(client_of(seat.user), lesson, quiz)
    attempt = taker.begin()
    assert "<script>alert" not in taker.page()
    taker.send(attempt, {attempt.questions[0]["id"]: evil})
    assert "<script>alert" not in taker.page()
    assert "<img src=x" not in taker.page()
    assert Quiz.objects.get(pk=quiz.pk).tries.get().passed
