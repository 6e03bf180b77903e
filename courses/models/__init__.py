from courses.models.calendar import Pause, RestDay
from courses.models.certificate import Certificate, CertificateRule
from courses.models.cohort import Cohort, LessonPin
from courses.models.course import Course, Lesson, Media, Module, TeamMember
from courses.models.enrolment import Enrolment
from courses.models.homework import Assignment, HomeworkDraft, Remark, Review, Submission, SubmissionFile
from courses.models.imported import CartridgeImport, ImportJob, Prompt, UploadedDocument
from courses.models.letter import Letter
from courses.models.live import Attendance, CalendarFeed, LiveSession
from courses.models.page import CatalogPage, CoursePage, LessonPage
from courses.models.progress import CheckIn, CheckInReport, Note, ProgressEvent, Reminder, ResumePoint
from courses.models.quiz import Attempt, Quiz
from courses.models.transcode import Transcode
from courses.models.upload import MediaUpload
from courses.models.wait_list import WaitListEntry

__all__ = [
    "Assignment",
    "Attempt",
    "Attendance",
    "CalendarFeed",
    "CartridgeImport",
    "CatalogPage",
    "Certificate",
    "CertificateRule",
    "CheckIn",
    "CheckInReport",
    "Cohort",
    "Course",
    "CoursePage",
    "Enrolment",
    "HomeworkDraft",
    "ImportJob",
    "Lesson",
    "LessonPage",
    "LessonPin",
    "Letter",
    "LiveSession",
    "Media",
    "MediaUpload",
    "Module",
    "Note",
    "Pause",
    "ProgressEvent",
    "Prompt",
    "Quiz",
    "Remark",
    "Reminder",
    "RestDay",
    "ResumePoint",
    "Review",
    "Submission",
    "SubmissionFile",
    "TeamMember",
    "Transcode",
    "UploadedDocument",
    "WaitListEntry",
]
