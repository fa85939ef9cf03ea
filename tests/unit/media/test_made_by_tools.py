"""Files as other people's programs write them: Pillow, reportlab, pypdf, openpyxl, and (in `made`) python-docx and
python-pptx, whose templates are Word's and PowerPoint's."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from PIL import Image
from pypdf import PdfWriter
from reportlab.pdfgen.canvas import Canvas

from groundswell.media.model import MediaTypeRefused, Mime
from groundswell.media.sniffing import Memory, sniff
from tests.unit.media import files

WIDTH, HEIGHT = 40, 30
PICTURE = Image.effect_noise((WIDTH, HEIGHT), 50).convert("RGB")
MADE = Path(__file__).parent / "made"


def written(save: Callable[[BytesIO], Any]) -> bytes:
    file = BytesIO()
    save(file)
    return file.getvalue()


def picture(kind: str, mode: str = "RGB", frames: int = 1, **options: Any) -> bytes:
    more = {"save_all": True, "append_images": [PICTURE.rotate(90).convert(mode)] * (frames - 1)} if frames > 1 else {}
    return written(lambda file: PICTURE.convert(mode).save(file, kind, **more, **options))


def report(file: BytesIO) -> None:
    canvas = Canvas(file)
    canvas.drawString(10, 10, "Growth")
    canvas.save()


def locked(file: BytesIO) -> None:
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.encrypt("secret")
    writer.write(file)


PICTURES = {
    **{f"png {mode}": (Mime.PNG, picture("PNG", mode)) for mode in ("RGB", "RGBA", "P", "L", "1", "I;16")},
    "moving png": (Mime.PNG, picture("PNG", frames=3)),
    **{f"jpeg {mode}": (Mime.JPEG, picture("JPEG", mode)) for mode in ("RGB", "L", "CMYK")},
    "progressive jpeg": (Mime.JPEG, picture("JPEG", progressive=True, quality=95)),
    "jpeg with a profile": (
        Mime.JPEG,
        picture("JPEG", icc_profile=b"x" * 70_000, comment=b"hi", restart_marker_rows=1),
    ),
    "two pictures of a camera": (Mime.JPEG, picture("MPO", frames=2)),
    "gif": (Mime.GIF, picture("GIF", comment=b"hello")),
    "moving gif": (Mime.GIF, picture("GIF", frames=3, loop=0, duration=100)),
    "webp": (Mime.WEBP, picture("WEBP")),
    "lossless webp": (Mime.WEBP, picture("WEBP", "RGBA", lossless=True)),
    "moving webp": (Mime.WEBP, picture("WEBP", frames=3)),
}
DOCUMENTS = {
    "Pillow's pdf": (Mime.PDF, picture("PDF")),
    "reportlab's pdf": (Mime.PDF, written(report)),
    "a locked pdf": (Mime.PDF, written(locked)),
    "xlsx": (Mime.XLSX, written(Workbook().save)),
    "docx": (Mime.DOCX, (MADE / "word.docx").read_bytes()),
    "pptx": (Mime.PPTX, (MADE / "powerpoint.pptx").read_bytes()),
}


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_known_and_measured(name: str) -> None:
    mime, data = PICTURES[name]
    content = sniff(Memory(data))
    assert (content.mime, content.width, content.height) == (mime, WIDTH, HEIGHT)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_is_known(name: str) -> None:
    mime, data = DOCUMENTS[name]
    assert sniff(Memory(data)).mime == mime


@pytest.mark.parametrize("behind", [files.HTML, files.SVG, DOCUMENTS["docx"][1], DOCUMENTS["reportlab's pdf"][1]])
@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_with_something_behind_it_is_two_things_and_refused(name: str, behind: bytes) -> None:
    with pytest.raises(MediaTypeRefused):
        sniff(Memory(PICTURES[name][1] + behind))


@pytest.mark.parametrize("kind", ["BMP", "TIFF", "ICO", "PPM", "AVIF", "EPS"])
def test_pictures_of_other_kinds_are_refused(kind: str) -> None:
    with pytest.raises(MediaTypeRefused):
        sniff(Memory(picture(kind)))


def test_a_zip_that_says_it_is_a_pdf_first_is_refused() -> None:
    with pytest.raises(MediaTypeRefused):
        sniff(Memory(DOCUMENTS["reportlab's pdf"][1] + DOCUMENTS["docx"][1]))
