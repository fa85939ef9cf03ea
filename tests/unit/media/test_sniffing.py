"""What a file is, by its content alone."""

import pytest

from groundswell.media.model import MediaTypeRefused, Mime, declared_mime, need_same_family
from groundswell.media.sniffing import Memory, sniff
from tests.unit.media import files


@pytest.mark.parametrize(
    ("data", "mime", "size"),
    [
        (files.png(40, 30), Mime.PNG, (40, 30)),
        (files.jpeg(40, 30), Mime.JPEG, (40, 30)),
        (files.jpeg(40, 30) + b"\0\0" + files.jpeg(4, 3), Mime.JPEG, (40, 30)),
        (files.GIF, Mime.GIF, (2, 3)),
        (files.webp(40, 30), Mime.WEBP, (40, 30)),
        (files.mp4(width=1080, height=1920), Mime.MP4, (1080, 1920)),
        (files.PDF, Mime.PDF, (None, None)),
        (files.office(), Mime.DOCX, (None, None)),
        (files.office("xl/workbook.xml"), Mime.XLSX, (None, None)),
        (files.office("ppt/presentation.xml"), Mime.PPTX, (None, None)),
    ],
)
def test_a_file_is_known_with_the_size_of_its_picture(data, mime, size):
    content = sniff(Memory(data))

    assert (content.mime, (content.width, content.height)) == (mime, size)


def test_a_picture_that_its_exif_turns_has_the_size_that_is_shown():
    content = sniff(Memory(files.jpeg(40, 30, turned=True)))

    assert (content.width, content.height) == (30, 40)


def test_a_video_says_how_long_it_runs():
    assert sniff(Memory(files.mp4(seconds=31))).seconds == 31


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        files.SVG,
        files.HTML,
        b"\xef\xbb\xbf  " + files.HTML,
        b"\x89PNG\r\n\x1a\n" + files.HTML,
        files.png() + files.HTML,
        files.png() + files.office(),
        files.png()[:-4] + b"oops",
        files.GIF[:-1],
        files.GIF + files.HTML,
        b"GIF89a/*" + b"\0" * 20 + b"*/=1;alert(1)//;",
        files.jpeg() + files.HTML,
        files.jpeg() + files.office(),
        files.jpeg()[:-2],
        files.webp() + b"<script>",
        files.PDF.replace(b"%%EOF", b""),
        files.PDF + files.office(),
        b"junk before " + files.PDF,
        files.office("something/else.txt"),
        files.office("word/document.xml", "word/vbaProject.bin"),
        files.office("word/document.xml", "xl/workbook.xml"),
        files.mp4() + files.HTML,
        files.mp4()[:40],
        b"MZ" + bytes(100),
    ],
)
def test_what_is_not_exactly_one_of_the_known_types_is_refused(data):
    with pytest.raises(MediaTypeRefused):
        sniff(Memory(data))


def test_cut_at_any_byte_a_file_is_refused_and_breaks_nothing():
    for whole in (files.png(), files.jpeg(turned=True), files.GIF, files.webp(), files.mp4()):
        for end in range(len(whole)):
            with pytest.raises(MediaTypeRefused):
                sniff(Memory(whole[:end]))


def test_a_name_may_be_wrong_about_which_picture_but_not_about_what_kind():
    need_same_family(declared_mime("photo.png", None), Mime.JPEG)

    for name, actual in (("paper.pdf", Mime.DOCX), ("photo.png", Mime.PDF), ("clip.mp4", Mime.PNG)):
        with pytest.raises(MediaTypeRefused):
            need_same_family(declared_mime(name, "application/octet-stream"), actual)


@pytest.mark.parametrize(("name", "kind"), [("a.svg", "image/svg+xml"), ("a.html", "text/html"), ("a", None)])
def test_other_types_are_refused_as_soon_as_they_are_declared(name, kind):
    with pytest.raises(MediaTypeRefused):
        declared_mime(name, kind)
