"""Documents as LibreOffice prints them, for tests that count pages and read what stands on them."""

import io
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
from pypdf import PdfReader

SECONDS = 240  # a machine that does other things converts slowly
_SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")


def pdf(document: bytes, suffix: str) -> bytes:
    """`document`, a file whose name ends in `suffix` (docx, xlsx, pptx), as LibreOffice prints it.

    Every call has a profile of its own: LibreOffice refuses to run twice on one.
    """
    if _SOFFICE is None:
        pytest.fail("tests of documents need LibreOffice: install libreoffice-nogui")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = folder / f"document.{suffix.lstrip('.')}"
        source.write_bytes(document)
        subprocess.run(
            [_SOFFICE, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless",
             "--convert-to", "pdf", "--outdir", os.fspath(folder), os.fspath(source)],
            check=True, capture_output=True, timeout=SECONDS,
        )  # fmt: skip
        return (folder / "document.pdf").read_bytes()


def pages(content: bytes) -> int:
    """Number of pages of a PDF."""
    return len(PdfReader(io.BytesIO(content)).pages)


def texts(content: bytes) -> list[str]:
    """Text of each page of a PDF, without blanks and line ends."""
    pages = PdfReader(io.BytesIO(content)).pages
    return ["".join(page.extract_text().split()) for page in pages]
