"""Proofs that come with a dispute: photos without their metadata, and PDF files."""

import hashlib
from io import BytesIO

from PIL import Image, ImageOps

from store.errors import FileUnreadableError

MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 60_000_000
SUFFIXES = ("jpg", "jpeg", "png", "pdf")
_PICTURES = {"JPEG": "jpg", "PNG": "png"}
_PDF, _PDF_END = b"%PDF-", b"%%EOF"
_TAIL = 2048  # bytes at the end of a PDF file among which its end mark stands


def proof(content: bytes) -> tuple[str, bytes]:
    """The file to keep and its name, ``<sha256>.<suffix>`` by content, whatever it was called.

    A photo is drawn again, upright, so that nothing but the picture stays: no place, device or
    time. Raises `FileUnreadableError` for what is neither a photo nor a PDF, or too large.
    """
    if len(content) > MOST_BYTES:
        raise FileUnreadableError(
            f"佐证文件有 {len(content) / 1024**2:.1f} MB，超过 {MOST_BYTES // 1024**2} MB，"
            "没有保存。请压缩后再传"
        )
    suffix, kept = ("pdf", content) if _is_pdf(content) else _redrawn(content)
    return f"{hashlib.sha256(kept).hexdigest()}.{suffix}", kept


def _is_pdf(content: bytes) -> bool:
    return content.startswith(_PDF) and _PDF_END in content[-_TAIL:]


def _redrawn(content: bytes) -> tuple[str, bytes]:
    try:
        with Image.open(BytesIO(content), formats=list(_PICTURES)) as picture:
            form = "PNG" if picture.format == "PNG" else "JPEG"  # or several of a phone's: MPO
            if picture.width * picture.height > MOST_PIXELS:
                raise FileUnreadableError(
                    f"照片有 {picture.width}×{picture.height} 个像素，太大了，没有保存。"
                    "请缩小后再传"
                )
            upright = _as_seen(ImageOps.exif_transpose(picture))
            bare = Image.frombytes("RGB", upright.size, upright.tobytes())
    except FileUnreadableError:
        raise
    except Exception as error:  # a damaged picture raises whatever its decoder does
        raise FileUnreadableError(
            "佐证文件打不开，没有保存。请传 JPG、PNG 照片或 PDF 文件"
        ) from error
    written = BytesIO()
    bare.save(written, form, **({"quality": 90} if form == "JPEG" else {}))
    return _PICTURES[form], written.getvalue()


def _as_seen(picture: Image.Image) -> Image.Image:
    """A picture in RGB as a person sees it: on white paper, greys of 16 bits in eight."""
    if picture.mode.startswith("I"):
        return picture.convert("I").point(lambda grey: grey / 256).convert("RGB")
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    drawn = picture.convert("RGBA")
    paper = Image.new("RGBA", drawn.size, "white")
    return Image.alpha_composite(paper, drawn).convert("RGB")
