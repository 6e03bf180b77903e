# ruff: noqa: E501  (XML as exporters write it)
"""Small Common Cartridges of every version, and hostile ones, made in memory."""

import io
import zipfile
from typing import Any

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d4944415478da63f8cfc0f01f00050001ff89997d1d0000000049454e44ae426082"
)
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
VERSIONS = {"1.0": ("1", "1"), "1.1": ("1", "1"), "1.2": ("1", "2"), "1.3": ("1", "3")}


def page(body: str, title: str = "A page", head: str = "") -> str:
    return f"<!DOCTYPE html><html><head><title>{title}</title>{head}</head><body>{body}</body></html>"


RICH = page(
    "<h2>Holding it</h2><p>Thumb <strong>down</strong>, <em>wrist</em> loose.</p>"
    "<ul><li>G</li><li>C</li></ul><pre>for chord in song:\n    strum(chord)</pre>"
    "<table><tr><th>Chord</th><th>Fret</th></tr><tr><td>C</td><td>3</td></tr></table>"
    '<p><img src="$IMS-CC-FILEBASE$/pictures/uke.png" alt="A ukulele"></p>'
    '<iframe src="https://www.youtube.com/embed/fvhNadKjE8g" title="Strumming"></iframe>'
    '<iframe src="https://maps.example/embed/1"></iframe>'
    '<p>Next: <a href="second.html">the second page</a>, <a href="$IMS-CC-FILEBASE$/papers/chords.pdf">chords</a>, '
    '<a href="javascript:alert(1)">bad</a>, <a href="https://good.example/?a=1&amp;b=2">good</a>.</p>'
    '<script>alert("no")</script><p onclick="alert(1)">End.</p><img src="nowhere.png">',
    "Holding it",
)

WEBLINK = """<?xml version="1.0" encoding="UTF-8"?>
<webLink xmlns="http://www.imsglobal.org/xsd/imsccv{v}/imswl_v{v}"><title>{title}</title><url href="{url}" target="_blank"/></webLink>"""
TOPIC = """<?xml version="1.0" encoding="UTF-8"?>
<topic xmlns="http://www.imsglobal.org/xsd/imsccv{v}/imsdt_v{v}"><title>Introduce yourself</title>
<text texttype="text/html">&lt;p&gt;Who are you, and &lt;b&gt;why&lt;/b&gt; the ukulele?&lt;/p&gt;</text></topic>"""
TOOL = """<?xml version="1.0" encoding="UTF-8"?>
<cartridge_basiclti_link xmlns="http://www.imsglobal.org/xsd/imslticc_v1p0" xmlns:blti="http://www.imsglobal.org/xsd/imsbasiclti_v1p0">
<blti:title>Tuner</blti:title><blti:launch_url>https://tuner.example/launch</blti:launch_url></cartridge_basiclti_link>"""
ASSIGNMENT = """<?xml version="1.0" encoding="UTF-8"?>
<assignment xmlns="http://www.imsglobal.org/xsd/imscc_extensions/assignment" identifier="a1"><title>Record yourself</title>
<text texttype="text/html">&lt;p&gt;Two minutes, please.&lt;/p&gt;</text><gradable points_possible="10">true</gradable></assignment>"""


def item(ident: str, profile: str, words: str, answer: str, rule: str, more: str = "") -> str:
    return f"""<item ident="{ident}" title="{ident}"><itemmetadata><qtimetadata><qtimetadatafield>
<fieldlabel>cc_profile</fieldlabel><fieldentry>{profile}</fieldentry></qtimetadatafield></qtimetadata></itemmetadata>
<presentation><material><mattext texttype="text/html">&lt;p&gt;{words}&lt;/p&gt;</mattext></material>{answer}</presentation>
<resprocessing><outcomes><decvar maxvalue="100" minvalue="0" varname="SCORE" vartype="Decimal"/></outcomes>{rule}</resprocessing>{more}</item>"""


def labels(kind: str, *texts: str) -> str:
    rows = "".join(
        f'<response_label ident="{n}"><material><mattext>{text}</mattext></material></response_label>'
        for n, text in enumerate(texts)
    )
    return f'<response_lid ident="r" rcardinality="{kind}"><render_choice>{rows}</render_choice></response_lid>'


def right(condition: str) -> str:
    score = '<setvar action="Set" varname="SCORE">100</setvar>'
    return f"<respcondition><conditionvar>{condition}</conditionvar>{score}</respcondition>"


EQUAL = '<varequal respident="r">{}</varequal>'
ITEMS = [
    item("q1", "cc.multiple_choice.v0p1", "How many strings?", labels("Single", "Four", "Six"), right(EQUAL.format(0))),
    item("q2", "cc.true_false.v0p1", "It is small.", labels("Single", "True", "False"), right(EQUAL.format(0))),
    item(
        "q3", "cc.multiple_response.v0p1", "Chords?", labels("Multiple", "C", "F", "Spoon"),
        right("<and>" + EQUAL.format(0) + EQUAL.format(1) + "<not>" + EQUAL.format(2) + "</not></and>"),
        '<itemfeedback ident="general_fb"><flow_mat><material><mattext>A spoon is for soup.</mattext></material></flow_mat></itemfeedback>',
    ),
    item("q4", "cc.fib.v0p1", "Lowest string?", '<response_str ident="r"><render_fib/></response_str>', right(EQUAL.format("G"))),
    item("q5", "cc.essay.v0p1", "Tell your story.", '<response_str ident="r"><render_fib/></response_str>', ""),
    item("q6", "cc.multiple_choice.v0p1", "No key?", labels("Single", "A", "B"), ""),
]  # fmt: skip


def assessment(title: str = "Check yourself", tag: str = "assessment") -> str:
    inside = f'<section ident="root">{"".join(ITEMS)}</section>' if tag == "assessment" else "".join(ITEMS)
    return (
        '<?xml version="1.0" encoding="UTF-8"?><questestinterop xmlns="http://www.imsglobal.org/xsd/ims_qtiasiv1p2">'
        f'<{tag} ident="quiz" title="{title}"><qtimetadata><qtimetadatafield><fieldlabel>cc_maxattempts</fieldlabel>'
        f"<fieldentry>3</fieldentry></qtimetadatafield></qtimetadata>{inside}</{tag}></questestinterop>"
    )


def files_of(version: str) -> dict[str, Any]:
    """A whole course in files: manifest, two pages, a film, a link, a discussion, a quiz, a tool, homework, papers."""
    dotted = "1p" + version[-1]
    resources = f"""
<resource identifier="R1" type="webcontent" href="pages/first.html"><file href="pages/first.html"/></resource>
<resource identifier="R2" type="webcontent" href="pages/second.html"><file href="pages/second.html"/></resource>
<resource identifier="R3" type="imswl_xmlv{dotted}"><file href="film.xml"/></resource>
<resource identifier="R4" type="imswl_xmlv{dotted}"><file href="link.xml"/></resource>
<resource identifier="R5" type="imsdt_xmlv{dotted}"><file href="topic.xml"/></resource>
<resource identifier="R6" type="imsqti_xmlv1p2/imscc_xmlv{dotted}/assessment"><file href="quiz/assessment.xml"/></resource>
<resource identifier="R7" type="imsbasiclti_xmlv1p0"><file href="tool.xml"/></resource>
<resource identifier="R8" type="assignment_xmlv1p0"><file href="assignment.xml"/></resource>
<resource identifier="R9" type="webcontent" href="papers/chords.pdf"><file href="papers/chords.pdf"/></resource>
<resource identifier="R10" type="imsqti_xmlv1p2/imscc_xmlv{dotted}/question-bank"><file href="quiz/bank.xml"/></resource>
<resource identifier="R11" type="webcontent" href="pages/hidden.html"><file href="pages/hidden.html"/></resource>
<resource identifier="R12" type="webcontent" href="odd/thing.xyz"><file href="odd/thing.xyz"/></resource>"""
    entries = [
        ("Week 1", [("First page", "R1"), ("Second page", "R2"), ("A film", "R3"), ("A link", "R4"), ("Part two", "")]),
        (
            "Week 2",
            [("Introduce yourself", "R5"), ("Quiz", "R6"), ("Tuner", "R7"), ("Record", "R8"), ("Chords", "R9"), ("Lost", "R99")],
        ),
    ]
    outline = "".join(
        f'<item identifier="M{n}"><title>{module}</title>'
        + "".join(
            f'<item identifier="I{n}{m}"{f" identifierref={chr(34)}{ref}{chr(34)}" if ref else ""}><title>{title}</title></item>'
            for m, (title, ref) in enumerate(rows)
        )
        + "</item>"
        for n, (module, rows) in enumerate(entries)
    )
    manifest = f"""<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="man" xmlns="http://www.imsglobal.org/xsd/imsccv{dotted}/imscp_v1p1"
 xmlns:lom="http://ltsc.ieee.org/xsd/imsccv{dotted}/LOM/manifest">
<metadata><schema>IMS Common Cartridge</schema><schemaversion>{version}.0</schemaversion>
<lom:lom><lom:general><lom:title><lom:string language="en">Ukulele from afar</lom:string></lom:title></lom:general></lom:lom></metadata>
<organizations><organization identifier="o" structure="rooted-hierarchy"><item identifier="root">{outline}</item></organization></organizations>
<resources>{resources}</resources></manifest>"""
    film = WEBLINK.format(v=dotted, title="A film", url="https://youtu.be/fvhNadKjE8g?t=12")
    link = WEBLINK.format(v=dotted, title="A link", url="https://good.example/page?x=1&amp;y=2")
    return {
        "imsmanifest.xml": manifest, "pages/first.html": RICH, "pages/second.html": page("<p>Second.</p>"), "film.xml": film,
        "link.xml": link, "topic.xml": TOPIC.format(v=dotted), "quiz/assessment.xml": assessment(), "tool.xml": TOOL,
        "quiz/bank.xml": assessment("Bank", "objectbank"), "assignment.xml": ASSIGNMENT, "papers/chords.pdf": PDF,
        "pages/hidden.html": page("<p>Nobody listed me.</p>", "Hidden"), "web_resources/pictures/uke.png": PNG,
        "odd/thing.xyz": b"\x00\x01strange", "course_settings/module_meta.xml": "<modules/>",
        "notes.docx": b"PK\x03\x04word", "trick.png": b"<html><script>alert(1)</script>",
    }  # fmt: skip


def zipped(files: dict[str, Any], **more: Any) -> io.BytesIO:
    """The files as an archive; `more` infos: name → ZipInfo."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(more.get(name, name), data)
    out.seek(0)
    return out
