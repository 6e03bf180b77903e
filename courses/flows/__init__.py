"""All that changes in courses, a file per journey."""

from courses.flows.authoring import LessonDraft, add_lessons, change_lesson, create_course, publish_course, translate_course
from courses.flows.cartridge import CartridgeRefused, Imported, import_cartridge
from courses.flows.certificate import (
    issue_by_rule,
    issue_certificate,
    restore_certificate,
    revoke_certificate,
    set_certificate_rule,
)
from courses.flows.check_in import NoCardLeft, NotMissed, check_in, hide_check_in, make_up, remove_from_wall
from courses.flows.cohorts import create_cohort, set_seats
from courses.flows.days_off import TooLate, add_rest_days, let_pause, pause_seat, remove_rest_day, resume_seat
from courses.flows.documents import add_document, document_of, drop_document, keep_document, sweep_documents
from courses.flows.enrol import begin_day_one, bought_seats, grant_seat, restore_seat, revoke_seat
from courses.flows.homework import AlreadyHandedIn, RemarkAt, review_homework, save_draft, submit_homework
from courses.flows.import_jobs import upload_cartridge
from courses.flows.letters import NobodyToWrite, TooManyLetters, deliver_letter, readers_of, send_letter
from courses.flows.live import (
    announce_session,
    cancel_session,
    change_session,
    close_feed,
    make_feed,
    mark_attendance,
    note_joined,
)
from courses.flows.media import add_media, save_captions
from courses.flows.notes import change_note, delete_note, write_note
from courses.flows.pins import pin_lessons, pin_started_cohorts
from courses.flows.progress import complete_lesson, open_lesson, save_resume_point
from courses.flows.quiz import (
    ChoiceDraft,
    NoAttemptLeft,
    QuestionDraft,
    QuizRefused,
    QuizRules,
    begin_attempt,
    create_quiz,
    finish_overdue_attempts,
    hand_in,
    save_answers,
)
from courses.flows.reminders import send_reminders, set_reminder
from courses.flows.team import add_to_team, ensure_owner_rights, remove_from_team
from courses.flows.transcode import run_transcode, sweep_transcodes, transcode
from courses.flows.transfer import CannotTransfer, seat_ref_of, transfer_seat
from courses.flows.uploads import abort_upload, begin_upload, finish_upload, sent_parts, sign_part, sweep_uploads
from courses.flows.wait_list import (
    HasSeat,
    SeatsFree,
    expire_offers,
    hand_held_seats,
    join_wait_list,
    leave_wait_list,
    offer_next,
)

__all__ = [
    "AlreadyHandedIn",
    "CannotTransfer",
    "CartridgeRefused",
    "ChoiceDraft",
    "HasSeat",
    "Imported",
    "LessonDraft",
    "NoAttemptLeft",
    "NoCardLeft",
    "NobodyToWrite",
    "NotMissed",
    "QuestionDraft",
    "QuizRefused",
    "QuizRules",
    "RemarkAt",
    "SeatsFree",
    "TooLate",
    "TooManyLetters",
    "abort_upload",
    "add_document",
    "add_lessons",
    "add_media",
    "add_rest_days",
    "add_to_team",
    "announce_session",
    "begin_attempt",
    "begin_day_one",
    "begin_upload",
    "bought_seats",
    "cancel_session",
    "change_lesson",
    "change_note",
    "change_session",
    "check_in",
    "close_feed",
    "complete_lesson",
    "create_cohort",
    "create_course",
    "create_quiz",
    "delete_note",
    "deliver_letter",
    "document_of",
    "drop_document",
    "ensure_owner_rights",
    "expire_offers",
    "finish_overdue_attempts",
    "finish_upload",
    "grant_seat",
    "hand_held_seats",
    "hand_in",
    "hide_check_in",
    "import_cartridge",
    "issue_by_rule",
    "issue_certificate",
    "join_wait_list",
    "keep_document",
    "leave_wait_list",
    "let_pause",
    "make_feed",
    "make_up",
    "mark_attendance",
    "note_joined",
    "offer_next",
    "open_lesson",
    "pause_seat",
    "pin_lessons",
    "pin_started_cohorts",
    "publish_course",
    "readers_of",
    "remove_from_team",
    "remove_from_wall",
    "remove_rest_day",
    "restore_certificate",
    "restore_seat",
    "resume_seat",
    "review_homework",
    "revoke_certificate",
    "revoke_seat",
    "run_transcode",
    "save_answers",
    "save_captions",
    "save_draft",
    "save_resume_point",
    "seat_ref_of",
    "send_letter",
    "send_reminders",
    "sent_parts",
    "set_certificate_rule",
    "set_reminder",
    "set_seats",
    "sign_part",
    "submit_homework",
    "sweep_documents",
    "sweep_transcodes",
    "sweep_uploads",
    "transcode",
    "transfer_seat",
    "translate_course",
    "upload_cartridge",
    "write_note",
]
