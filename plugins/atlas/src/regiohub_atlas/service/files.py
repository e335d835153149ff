"""Files of documents: what may be uploaded, where it lies, and who may read it.

A file lies in the town's own folder under the checksum of its content, so that nothing a person typed is ever part of
a path, the same file lies there once, and an address never shows another content than before.
"""

import asyncio
import base64
import hashlib
import io
import re
import zipfile
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import exists, select

from regiohub.api import Ctx, InvalidInput, NotFound, t
from regiohub_atlas.models import Document, Procedure
from regiohub_atlas.permissions import EDIT
from regiohub_atlas.settings import AtlasSettings

from .folding import fold

_OOXML: Final = "application/vnd.openxmlformats-officedocument"
_ODF: Final = "application/vnd.oasis.opendocument"
TYPES: Final = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "webp": "image/webp",
    "odt": f"{_ODF}.text",
    "ods": f"{_ODF}.spreadsheet",
    "odp": f"{_ODF}.presentation",
    "docx": f"{_OOXML}.wordprocessingml.document",
    "xlsx": f"{_OOXML}.spreadsheetml.sheet",
    "pptx": f"{_OOXML}.presentationml.presentation",
    "csv": "text/csv",
    "txt": "text/plain",
}
"""Endings that may be uploaded. Nothing that a browser would run: no HTML, no SVG, no office files with macros."""
_STARTS: Final = {"pdf": b"%PDF-", "png": b"\x89PNG\r\n\x1a\n", "jpg": b"\xff\xd8\xff", "jpeg": b"\xff\xd8\xff"}
_FOLDERS: Final = {"docx": "word/", "xlsx": "xl/", "pptx": "ppt/"}
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file in the town's folder, in the words of a document."""

    url: str
    media_type: str
    sha256: str
    size: int

    def values(self) -> dict[str, Any]:
        """The fields of a document that follow from the file."""
        return {"url": self.url, "media_type": self.media_type, "sha256": self.sha256, "size": self.size}


async def store_file(ctx: Ctx, name: str, content: bytes) -> StoredFile:
    """Check a file and put it into the town's folder. It is public only once a document of a public procedure names it.

    :raises InvalidInput: it is empty, too large, of a sort that is not taken, or not what its ending says.
    """
    ctx.require(EDIT)
    most = ctx.settings(AtlasSettings).upload_megabytes * 1_000_000
    if not content:
        raise InvalidInput(t("Die Datei ist leer.", "The file is empty."), field="file")
    if len(content) > most:
        size = most // 1_000_000
        message = t(f"Die Datei ist größer als {size} MB.", f"The file is larger than {size} MB.")
        raise InvalidInput(message, field="file")
    ending = name.rpartition(".")[2].lower()
    if ending not in TYPES:
        known = ", ".join(sorted(TYPES))
        raise InvalidInput(t(f"Möglich sind: {known}.", f"Possible are: {known}."), field="file")
    checksum = await asyncio.to_thread(_checked, ending, content)
    await asyncio.to_thread(_write, _folder(ctx.data_dir) / checksum, content)
    return StoredFile(f"/atlas/files/{checksum}/{safe_name(name)}", TYPES[ending], checksum, len(content))


async def public_file(ctx: Ctx, checksum: str, *, drafts: bool = False) -> tuple[Document, Path]:
    """A file that a document of a published procedure names; with ``drafts`` (staff's preview) of any procedure.

    :raises NotFound: nobody may read such a file, or it is gone.
    """
    if drafts:
        ctx.require(EDIT)
    path = _folder(ctx.data_dir) / checksum
    if not _SHA256.fullmatch(checksum):
        raise NotFound(field="file")
    query = select(Document).where(Document.url.startswith(f"/atlas/files/{checksum}/"))
    if not drafts:
        public = exists().where(
            Procedure.tenant_id == Document.tenant_id,
            Procedure.id == Document.procedure_id,
            Procedure.published_at.is_not(None),
        )
        query = query.where(public)
    document = await ctx.session.scalar(query.order_by(Document.id).limit(1))
    if document is None or not await asyncio.to_thread(path.is_file):
        raise NotFound(field="file")
    return document, path


async def remove_unused_files(ctx: Ctx) -> None:
    """Remove files that no document names, a day after they came: a form may still be open."""
    urls = await ctx.session.scalars(select(Document.url).where(Document.url.startswith("/atlas/files/")))
    used = {url.split("/")[3] for url in urls}
    await asyncio.to_thread(_remove, _folder(ctx.data_dir), used, (ctx.now() - timedelta(days=1)).timestamp())


def _remove(folder: Path, used: set[str], before: float) -> None:
    for path in folder.glob("*") if folder.is_dir() else ():
        if path.name not in used and path.stat().st_mtime < before:
            path.unlink(missing_ok=True)


def decoded(content: str) -> bytes:
    """The bytes of a file that came as Base64 (RFC 4648).

    :raises InvalidInput: it is no Base64.
    """
    try:
        return base64.b64decode("".join(content.split()), validate=True)
    except ValueError:
        raise InvalidInput(t("Der Inhalt ist kein Base64.", "The content is no Base64."), field="content") from None


def address_of(ctx: Ctx, url: str) -> str:
    """The full address of a document: files of the town stand below the platform's own address."""
    return f"{town_address(ctx)}{url}" if url.startswith("/") else url


def town_address(ctx: Ctx) -> str:
    """The town's address without a final slash."""
    return f"{ctx.platform.settings.base_url}/{ctx.tenant.slug}"


def safe_name(name: str) -> str:
    """A name for an address and for saving: letters without marks, digits, dots and hyphens."""
    stem, _, ending = name.rpartition(".")
    plain = re.sub(r"[^a-z0-9]+", "-", fold(stem)).strip("-")[:80] or "datei"
    return f"{plain}.{ending.lower()}"


def _folder(data_dir: Path) -> Path:
    return data_dir / "atlas" / "files"


def _write(path: Path, content: bytes) -> None:
    if path.is_file():
        # As good as new: the clean-up must not take it while the form that sent it is being saved.
        path.touch()
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    # Whoever reads must never see half a file.
    partial = path.with_name(f"{path.name}.{id(content)}.part")
    try:
        partial.write_bytes(content)
        partial.replace(path)
    finally:
        # The disk may be full.
        partial.unlink(missing_ok=True)


def _checked(ending: str, content: bytes) -> str:
    if not _is_what_it_says(ending, content):
        message = t(
            f"Der Inhalt ist keine Datei der Art „{ending}“.", f'The content is not a file of the sort "{ending}".'
        )
        raise InvalidInput(message, field="file")
    return hashlib.sha256(content).hexdigest()


def _is_what_it_says(ending: str, content: bytes) -> bool:
    if ending in _STARTS:
        return content.startswith(_STARTS[ending])
    if ending == "webp":
        return content[:4] == b"RIFF" and content[8:12] == b"WEBP"
    if ending in ("csv", "txt"):
        return _is_text(content)
    return _is_office(ending, content)


def _is_text(content: bytes) -> bool:
    try:
        return "\x00" not in content.decode("utf-8")
    except UnicodeDecodeError:
        return b"\x00" not in content and not content.startswith((b"%PDF", b"PK"))


def _is_office(ending: str, content: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            names = package.namelist()
            if ending in _FOLDERS:
                fits = "[Content_Types].xml" in names and any(name.startswith(_FOLDERS[ending]) for name in names)
            else:
                # The first entry names the sort (OpenDocument 1.3, part 2, 3.3); it is never long.
                with package.open("mimetype") as named:
                    fits = named.read(100) == TYPES[ending].encode()
    except (zipfile.BadZipFile, KeyError, RuntimeError, NotImplementedError):
        return False
    return fits and not any("vbaproject" in name.lower() or name.startswith("Basic/") for name in names)
