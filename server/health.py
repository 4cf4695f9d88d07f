"""Whether the server can do its work, for whoever watches over it: it names no one and nothing."""

from starlette.requests import Request
from starlette.responses import JSONResponse

from store import snapshot_store
from store.errors import IntakeError

PATH = "/healthz"


def health(_request: Request) -> JSONResponse:
    """200 with the id of the version in force, null without one; 503 with the reason.

    Reasons: ``store_unreadable`` (which version is in force cannot be told), ``version_damaged``
    (a file of it is not as it was published).
    """
    try:
        snapshot = snapshot_store.default().current()
    except (IntakeError, OSError):
        return _ill("store_unreadable", None)
    if snapshot is None:
        return JSONResponse({"status": "ok", "snapshot": None})
    try:
        snapshot.verify()
    except (IntakeError, OSError):
        return _ill("version_damaged", snapshot.id)
    return JSONResponse({"status": "ok", "snapshot": snapshot.id})


def _ill(reason: str, snapshot: str | None) -> JSONResponse:
    return JSONResponse({"status": "unavailable", "reason": reason, "snapshot": snapshot}, 503)
