"""A Common Cartridge becomes a course: nothing is lost silently, nothing comes twice, and a hostile one leaves nothing."""

import io
import stat
import warnings
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.utils import translation

from community.models import Topic
from courses.cartridge.archive import Archive
from courses.flows import CartridgeRefused, import_cartridge
from courses.models import CartridgeImport, Course, ImportJob, LessonPage, Media, Quiz
from kit.embeds import FRAME_HOSTS
from kit.outbox import deliver, due_message_ids
from kit.storage import client as s3
from tests.courses.cartridges import VERSIONS, files_of, zipped
from tests.factories import enrol, make_cohort, make_offer

pytestmark = pytest.mark.django_db
PLAIN = files_of("1.1")


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def body_of(course: Course, title: str) -> list[Any]:
    page = LessonPage.objects.get(lesson__course=course, title=title)
    return list(page.body.raw_data)


def keys_in_storage() -> set[str]:
    found = s3().list_objects_v2(Bucket=settings.S3_PRIVATE_BUCKET).get("Contents", [])
    return {row["Key"] for row in found}


@pytest.mark.parametrize("version", list(VERSIONS))
def test_every_version_becomes_a_course(version: str, teacher: Any) -> None:
    done = import_cartridge(file=zipped(files_of(version)), teacher=teacher)
    course = done.course
    assert course.title == "Ukulele from afar"
    assert [module.title for module in course.modules.all()] == ["Week 1", "Week 2", "Not in the outline"]
    titles = list(course.lessons.values_list("title", flat=True))
    assert titles[:5] == ["First page", "Second page", "A film", "A link", "Introduce yourself"]
    assert titles[5:] == ["Quiz", "Tuner", "Record", "Chords", "Lost", "Bank", "Hidden"]
    assert course.lessons.get(title="Record").assignment.prompt == "Two minutes, please."
    assert course.lessons.get(title="Quiz").day == 2


def test_a_page_keeps_its_words_headings_code_table_picture_film_and_links(teacher: Any) -> None:
    course = import_cartridge(file=zipped(PLAIN), teacher=teacher).course
    blocks = body_of(course, "First page")
    assert [block["type"] for block in blocks][:6] == ["heading", "text", "code", "table", "media", "embed"]
    words = " ".join(str(block["value"]) for block in blocks)
    assert "<b>down</b>" in words
    assert "<li>G</li>" in words
    assert blocks[2]["value"]["code"] == "for chord in song:\n    strum(chord)"
    assert blocks[3]["value"]["rows"] == [{"values": ["C", "3"]}]
    assert [column["heading"] for column in blocks[3]["value"]["columns"]] == ["Chord", "Fret"]
    assert blocks[5]["value"]["url"].startswith("https://www.youtube.com/embed/")
    assert 'href="https://maps.example/embed/1"' in words
    assert f'href="/courses/{course.slug}/day-2/"' in words
    assert 'href="https://good.example/?a=1&amp;b=2"' in words
    assert "chords.pdf" in [Media.objects.get(pk=block["value"]["media"]).title for block in blocks if block["type"] == "media"]
    for evil in ("javascript:", "<script", "onclick", "alert"):
        assert evil not in words


def test_films_links_tools_discussions_quizzes_and_papers(teacher: Any) -> None:
    cohortless = import_cartridge(file=zipped(PLAIN), teacher=teacher).course
    assert body_of(cohortless, "A film")[0]["type"] == "embed"
    assert "https://good.example/page?x=1&amp;y=2" in body_of(cohortless, "A link")[0]["value"]
    assert "https://tuner.example/launch" in body_of(cohortless, "Tuner")[0]["value"]
    assert body_of(cohortless, "Introduce yourself")[0] == {
        **body_of(cohortless, "Introduce yourself")[0], "type": "heading", "value": "Part two",
    }  # fmt: skip
    quiz = Quiz.objects.get(course=cohortless, title="Check yourself")
    assert [block.block_type for block in quiz.questions] == ["single", "single", "multiple", "text"]
    assert quiz.attempts == 3
    assert [row["right"] for row in quiz.questions[2].value["choices"]] == [True, True, False]
    assert quiz.questions[2].value["explanation"] == "A spoon is for soup."
    assert list(quiz.questions[3].value["accepted"]) == ["G"]
    assert cohortless.lessons.get(title="Quiz").assignment.prompt == "Tell your story."
    assert Quiz.objects.filter(course=cohortless, title="Bank").exists()
    kinds = dict(Media.objects.filter(course=cohortless).values_list("title", "content_type"))
    assert kinds == {
        "uke.png": "image/png", "chords.pdf": "application/pdf", "notes.docx": "application/octet-stream",
    }  # fmt: skip


def test_a_discussion_is_a_topic_on_the_board_of_every_class(teacher: Any, student: Any) -> None:
    course = import_cartridge(file=zipped(PLAIN), teacher=teacher).course
    assert not Topic.objects.exists()
    for _number in range(2):
        cohort = make_cohort(course=course)
        topic = Topic.objects.get(space__about=cohort.seat_ref)
        assert topic.title == "Introduce yourself"
        assert topic.about == f"lesson:{course.lessons.get(title='Introduce yourself').pk}"
        assert "why the ukulele?" in topic.posts.get(no=1).source


def test_every_item_and_every_file_is_accounted_for(teacher: Any) -> None:
    lines = import_cartridge(file=zipped(PLAIN), teacher=teacher).lines
    files = [line.name for line in lines if line.what == "file"]
    assert sorted(files) == sorted(PLAIN)
    items = [line.name for line in lines if line.what == "item"]
    listed = "First page|Second page|A film|A link|Part two|Introduce yourself|Quiz|Tuner|Record|Chords|Lost"
    assert set(items) == set(listed.split("|"))
    left = {line.name: line.note for line in lines if line.state == "left"}
    unused = ["odd/thing.xyz", "trick.png", "course_settings/module_meta.xml"]
    assert set(left) == {"Lost", "No key?", "nowhere.png", *unused}
    assert all(left.values())


def test_the_same_file_again_changes_nothing(teacher: Any, teacher2: Any) -> None:
    first = import_cartridge(file=zipped(PLAIN), teacher=teacher)
    counts = (Course.objects.count(), Media.objects.count(), Quiz.objects.count(), len(keys_in_storage()))
    again = import_cartridge(file=zipped(PLAIN), teacher=teacher)
    assert (again.course, again.is_repeat) == (first.course, True)
    assert [line.name for line in again.lines] == [line.name for line in first.lines]
    assert counts == (Course.objects.count(), Media.objects.count(), Quiz.objects.count(), len(keys_in_storage()))
    assert import_cartridge(file=zipped(PLAIN), teacher=teacher2).course != first.course


def test_the_course_is_published_priced_and_sold_in_the_same_minute(teacher: Any, student: Any, client_of: Any) -> None:
    from courses.flows import publish_course

    course = import_cartridge(file=zipped(PLAIN), teacher=teacher).course
    publish_course(course=course, actor=teacher)
    cohort = make_cohort(course=course)
    make_offer(cohort=cohort, course=course)
    enrol(student, cohort)
    page = client_of(student).get(f"/en/courses/{course.slug}/day-1/")
    assert page.status_code == 200
    words = page.content.decode()
    assert "Holding it" in words
    assert "youtube-nocookie.com/embed/fvhNadKjE8g" in words
    assert "<iframe" not in words
    assert "https://www.youtube-nocookie.com" in page.headers["Content-Security-Policy"]
    assert client_of(student).get(f"/en/courses/{course.slug}/").status_code == 200


def link_info() -> zipfile.ZipInfo:
    info = zipfile.ZipInfo("shadow")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


def named(name: str) -> io.BytesIO:
    return zipped({**PLAIN, name: "x"})


def overlapping() -> io.BytesIO:
    """Two entries of the directory that point at the same bytes."""
    data = bytearray(zipped(PLAIN).getvalue())
    second = data.index(b"PK\x01\x02", data.index(b"PK\x01\x02") + 4)
    data[second + 42 : second + 46] = b"\x00\x00\x00\x00"
    return io.BytesIO(bytes(data))


def twice() -> io.BytesIO:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        out = zipped(PLAIN)
        with zipfile.ZipFile(out, "a") as archive:
            archive.writestr("Film.XML", "x")
    out.seek(0)
    return out


def with_xml(text: str) -> io.BytesIO:
    return zipped({**PLAIN, "imsmanifest.xml": text})


BILLION = '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;">]><manifest>&b;</manifest>'
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE m [<!ENTITY x SYSTEM "file:///etc/passwd">]><manifest>&x;</manifest>'
HOSTILE = {
    "climbs": lambda: named("../../etc/evil"),
    "climbs inside": lambda: named("a/../../evil"),
    "absolute": lambda: named("/etc/evil"),
    "windows": lambda: named("C:\\evil"),
    "backslash": lambda: named("..\\evil"),
    "drive": lambda: named("C:/evil"),
    "long name": lambda: named("x" * 400),
    "a link": lambda: zipped({**PLAIN, "shadow": "/etc/passwd"}, shadow=link_info()),
    "a bomb": lambda: zipped({**PLAIN, "bomb.txt": b"0" * (40 * 1024**2)}),
    "overlapping": overlapping,
    "two of one name": twice,
    "entities": lambda: with_xml(BILLION),
    "outside entities": lambda: with_xml(OUTSIDE),
    "utf-16 entities": lambda: with_xml(BILLION.replace("?>", ' encoding="UTF-16"?>').encode("utf-16")),  # type: ignore[arg-type]
    "entities in a part": lambda: zipped({**PLAIN, "topic.xml": OUTSIDE.replace("manifest", "topic")}),
    "deep": lambda: with_xml("<manifest>" + "<item>" * 5000 + "</item>" * 5000 + "</manifest>"),
    "broken xml": lambda: with_xml("<manifest><item></manifest>"),
    "no manifest": lambda: zipped({"readme.txt": "hello"}),
    "another root": lambda: with_xml("<html/>"),
    "no zip": lambda: io.BytesIO(b"not a zip at all"),
    "empty": lambda: io.BytesIO(b""),
    "cut off": lambda: io.BytesIO(zipped(PLAIN).getvalue()[:2000]),
}


@pytest.mark.parametrize("name", list(HOSTILE))
def test_a_hostile_or_broken_archive_is_refused_in_words_and_nothing_is_stored(name: str, teacher: Any) -> None:
    before = keys_in_storage()
    with pytest.raises(CartridgeRefused) as refusal:
        import_cartridge(file=HOSTILE[name](), teacher=teacher)
    assert str(refusal.value)
    assert not Course.objects.exists()
    assert keys_in_storage() == before


def test_a_file_that_is_damaged_inside_undoes_everything(teacher: Any) -> None:
    """The last file's bytes are wrong: by then others are in storage, and they go again."""
    raw = zipped({**PLAIN, "papers/chords.pdf": b"%PDF-" + bytes(range(256)) * 40}).getvalue()
    data, before = bytearray(raw), keys_in_storage()
    at = raw.index(b"papers/chords.pdf") + 60
    data[at : at + 8] = b"\xff" * 8
    with pytest.raises(CartridgeRefused):
        import_cartridge(file=io.BytesIO(bytes(data)), teacher=teacher)
    assert not Course.objects.exists()
    assert not Media.objects.exists()
    assert keys_in_storage() == before


def test_the_limits_stop_what_is_merely_huge(teacher: Any, monkeypatch: Any) -> None:
    from courses.cartridge import archive

    monkeypatch.setattr(archive, "MOST_FILES", 5)
    with pytest.raises(CartridgeRefused, match="too many"):
        Archive(zipped(PLAIN))
    monkeypatch.undo()
    monkeypatch.setattr(archive, "MOST_BYTES", 100)
    with pytest.raises(CartridgeRefused, match="too large"):
        Archive(zipped(PLAIN))


def test_the_command_prints_what_became_what(teacher: Any, tmp_path: Any, capsys: Any) -> None:
    path = tmp_path / "course.imscc"
    path.write_bytes(zipped(PLAIN).getvalue())
    teacher.language = "en"
    teacher.save()
    call_command("import_cartridge", str(path), "--teacher", teacher.email, "--title", "Another name")
    printed = capsys.readouterr().out
    assert "used  item: First page" in printed
    assert "left  file: odd/thing.xyz" in printed
    assert "Another name: 12 lessons, 2 quizzes, 3 files" in printed
    call_command("import_cartridge", str(path), "--teacher", teacher.email)
    assert "Imported before" in capsys.readouterr().out
    path.write_bytes(b"nothing")
    with pytest.raises(CommandError, match="nothing was stored"):
        call_command("import_cartridge", str(path), "--teacher", teacher.email)
    with pytest.raises(CommandError, match="nobody who teaches"):
        call_command("import_cartridge", str(path), "--teacher", "stranger@demo.test")


def test_a_teacher_uploads_a_cartridge_and_reads_the_report(teacher: Any, teacher2: Any, student: Any, client_of: Any) -> None:
    browser, place = client_of(teacher), "/admin/courses/import/"
    file = SimpleUploadedFile("course.imscc", zipped(PLAIN).getvalue())
    assert browser.post(place, {"file": file, "title": ""}).status_code == 302
    for _delivery in range(2):
        for pk in due_message_ids():
            deliver(message_id=pk)
    job = ImportJob.objects.get()
    assert job.state == "done"
    assert job.key not in keys_in_storage()
    assert CartridgeImport.objects.count() == 1
    report = browser.get(f"{place}{job.course_id}/").content.decode()
    assert "odd/thing.xyz" in report
    assert "Ukulele from afar" in browser.get(place).content.decode()
    assert client_of(teacher2).get(f"{place}{job.course_id}/").status_code == 404
    assert "Ukulele from afar" not in client_of(teacher2).get(place).content.decode()
    assert client_of(student).get(place).status_code in (302, 403, 404)
    browser.post(place, {"file": SimpleUploadedFile("bad.imscc", b"no zip"), "title": ""})
    for pk in due_message_ids():
        deliver(message_id=pk)
    refused = ImportJob.objects.latest("pk")
    assert (refused.state, refused.course) == ("refused", None)
    assert refused.message


def blocks_of(html: str) -> list[Any]:
    from courses.cartridge.html import read_page

    return read_page(html, lambda href: ("media", href) if href.endswith((".png", ".pdf")) else ("link", href)).blocks


def test_a_page_that_leaves_its_head_open_keeps_its_words() -> None:
    assert blocks_of("<html><head><title>A</title><body><p>Words.</p>")[0]["value"] == "<p>Words.</p>"


def test_what_stands_in_cells_is_shown_behind_the_table() -> None:
    html = '<table><tr><td><img src="a.png"> one<td><a href="b.pdf">b</a><iframe src="https://youtu.be/fvhNadKjE8g"></iframe></table>'
    assert [block["type"] for block in blocks_of(html)] == ["table", "media", "media", "embed"]
    assert [block["type"] for block in blocks_of('<table><tr><td><iframe src="https://youtu.be/fvhNadKjE8g">')] == ["embed"]
    assert "after" in str(blocks_of("<table><tr><td>cell</td></tr></table><p>after</p>"))


def test_a_huge_table_and_a_long_heading_become_words() -> None:
    rows = "".join(f"<tr><td>row {n}</td><td>x</td></tr>" for n in range(3000))
    [block] = blocks_of(f"<table>{rows}</table>")
    assert block["type"] == "text"
    assert "row 2999" in block["value"]
    [block] = blocks_of(f"<h2>{'long ' * 60}</h2>")
    assert block["type"] == "text"
    assert block["value"].count("long") == 60


def test_a_link_in_a_heading_is_kept_behind_it() -> None:
    assert [block["type"] for block in blocks_of('<h2>See <a href="https://good.example/">this</a></h2>')] == ["heading", "text"]


def test_a_file_whose_name_holds_a_hash_is_found(teacher: Any) -> None:
    manifest = PLAIN["imsmanifest.xml"].replace("papers/chords.pdf", "papers/Homework #1.pdf")
    files = {**PLAIN, "imsmanifest.xml": manifest, "papers/Homework #1.pdf": PLAIN["papers/chords.pdf"]}
    course = import_cartridge(file=zipped(files), teacher=teacher).course
    [block] = body_of(course, "Chords")
    assert Media.objects.get(pk=block["value"]["media"]).title == "Homework #1.pdf"


def test_what_the_manifest_names_and_the_archive_lacks_is_named(teacher: Any) -> None:
    files = {name: data for name, data in PLAIN.items() if name != "papers/chords.pdf"}
    left = {line.name for line in import_cartridge(file=zipped(files), teacher=teacher).lines if line.state == "left"}
    assert "papers/chords.pdf" in left


def test_a_heading_that_ends_the_outline_stands_in_the_last_lesson(teacher: Any) -> None:
    manifest = PLAIN["imsmanifest.xml"].replace(
        "</item></organization>", "<item><title>The end</title></item></item></organization>"
    )
    course = import_cartridge(file=zipped({**PLAIN, "imsmanifest.xml": manifest}), teacher=teacher).course
    assert body_of(course, "Lost")[-1]["value"] == "The end"


def test_many_small_bombs_are_a_bomb(teacher: Any) -> None:
    with pytest.raises(CartridgeRefused, match="too large"):
        Archive(zipped({f"{n}.txt": b"0" * (9 * 1024**2) for n in range(4)}))


def test_the_policy_allows_frames_of_known_hosts_and_no_other(client: Any) -> None:
    policy = client.get("/courses/").headers["Content-Security-Policy"]
    [frames] = [part.strip() for part in policy.split(";") if part.strip().startswith("frame-src")]
    assert frames.split()[1:] == list(FRAME_HOSTS)


def test_the_editor_refuses_a_player_of_another_host() -> None:
    from django.core.exceptions import ValidationError

    from courses.blocks import EmbedBlock

    block = EmbedBlock()
    block.clean(block.to_python({"url": "https://youtu.be/fvhNadKjE8g", "caption": ""}))
    with pytest.raises(ValidationError):
        block.clean(block.to_python({"url": "https://evil.example/fvhNadKjE8g", "caption": ""}))


def test_an_encrypted_archive_is_refused(teacher: Any) -> None:
    data = bytearray(zipped(PLAIN).getvalue())
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1
    with pytest.raises(CartridgeRefused, match="encrypted"):
        import_cartridge(file=io.BytesIO(bytes(data)), teacher=teacher)
