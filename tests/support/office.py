"""Documents as LibreOffice prints them, for tests that count pages and read what stands on them."""

import io
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader

SECONDS = 600  # a machine that does other things converts slowly
_SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")


def pdfs(documents: dict[str, bytes]) -> dict[str, bytes]:
    """Documents by file name as LibreOffice prints them, in one run, by the same names.

    Every run has a profile of its own: LibreOffice refuses to run twice on one.
    """
    if _SOFFICE is None:
        pytest.fail("tests of documents need LibreOffice: run `make debian`")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file, content in documents.items():
            (folder / file).write_bytes(content)
        subprocess.run(
            [_SOFFICE, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless",
             "--convert-to", "pdf", "--outdir", os.fspath(folder / "printed"),
             *(os.fspath(folder / file) for file in documents)],
            check=True, capture_output=True, timeout=SECONDS,
        )  # fmt: skip
        return {
            file: (folder / "printed" / file).with_suffix(".pdf").read_bytes() for file in documents
        }


def inks(content: bytes) -> list[float]:
    """Of each page of a PDF as a picture, the share that is not white."""
    with tempfile.TemporaryDirectory() as name:
        source = Path(name) / "document.pdf"
        source.write_bytes(content)
        subprocess.run(
            ["pdftoppm", "-r", "30", "-gray", os.fspath(source), os.fspath(Path(name) / "page")],
            check=True, capture_output=True, timeout=SECONDS,
        )  # fmt: skip
        shares = []
        for path in sorted(Path(name).glob("page*.pgm")):
            with Image.open(path) as picture:
                grey = picture.histogram()
            shares.append(1 - sum(grey[250:]) / sum(grey))
        return shares


def pages(content: bytes) -> int:
    """Number of pages of a PDF."""
    return len(PdfReader(io.BytesIO(content)).pages)


def texts(content: bytes) -> list[str]:
    """Text of each page of a PDF, without blanks and line ends."""
    done = subprocess.run(
        ["pdftotext", "-raw", "-enc", "UTF-8", "-", "-"],
        input=content, check=True, capture_output=True, timeout=SECONDS,
    )  # fmt: skip
    *pages, _ = done.stdout.decode().split("\f")  # one ends every page
    return ["".join(page.split()) for page in pages]
