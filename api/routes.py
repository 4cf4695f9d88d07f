"""The addresses of the interface: who asks for what in which form, and what comes back."""

import hashlib
from collections.abc import Callable
from functools import partial

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Mount, Route

from api import answer_formats, answers, document_page, openapi_document
from api.problems import ProblemError, problem
from api.questions import Question, question, values
from api.resources import RESOURCES, Resource
from domain import rules
from domain.visitors import Visitor
from presentation import labels
from store import people, snapshot_store, unexpected_errors
from store.errors import IntakeError


def _list(resource: Resource, request: Request) -> Response:
    """A page of the rows of `resource`, or 304 where whoever asks has it already.

    It may take a while: Starlette runs it in a thread.
    """
    visitor = _visitor(request)
    asked = values(request.query_params, resource.parameters)
    accept = request.headers.get("accept") or "*/*"
    form = answer_formats.chosen(resource.forms, asked["format"], accept)
    wanted = question(asked, visitor.sight)
    headers = {
        "ETag": _tag(resource, wanted, form),
        "Cache-Control": "private, no-cache",
        "Vary": "Accept, Authorization",
    }
    if _known(headers["ETag"], request.headers.get("if-none-match", "")):
        return Response(status_code=304, headers=headers)
    rows = labels.listed(resource.rows(wanted))
    following = None
    if wanted.page * wanted.size < len(rows):
        following = _with_page(request, wanted.page + 1)
        headers["Link"] = f'<{following}>; rel="next"'
    content = answers.written(resource, wanted, form, rows, following)
    return Response(content, headers=headers, media_type=answer_formats.FORMATS[form])


def _visitor(request: Request) -> Visitor:
    """Who asks, by the token of the request. Raises `ProblemError` where none is in force."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise ProblemError(
            401,
            "要有令牌才能读：请在请求头里写 Authorization: Bearer 令牌。令牌由领导小组办公室发给",
            {"WWW-Authenticate": "Bearer"},
        )
    address = request.client.host if request.client else ""
    visitor = people.by_token(snapshot_store.default().ledger, token.strip(), address)
    if visitor is None:
        raise ProblemError(
            401,
            "这个令牌没有登记，或者已经收回。请找领导小组办公室",
            {"WWW-Authenticate": 'Bearer error="invalid_token"'},
        )
    return visitor


def _tag(resource: Resource, wanted: Question, form: str) -> str:
    """The mark of an answer: the same content, rules, question and rights give the same bytes."""
    content = wanted.snapshot.manifest["content_hash"]
    asked = (wanted.scope, wanted.basis, wanted.page, wanted.size, form)
    parts = (content, rules.VERSION, resource.path, resource.beyond(), asked)
    return f'"{hashlib.sha256(repr(parts).encode()).hexdigest()[:32]}"'


def _known(tag: str, header: str) -> bool:
    """Whether the header If-None-Match names `tag`, or anything."""
    tags = {one.strip().removeprefix("W/") for one in header.split(",")}
    return bool(tags & {tag, "*"})


def _with_page(request: Request, page: int) -> str:
    url = request.url.include_query_params(page=page)
    return f"{url.path}?{url.query}"


def _answered(answer: Callable[[Request], Response]) -> Callable[[Request], Response]:
    """`answer`, with a problem for whatever it raises."""

    def endpoint(request: Request) -> Response:
        try:
            return answer(request)
        except ProblemError as error:
            return error.answer()
        except IntakeError as error:
            return problem(503, str(error))
        except Exception as error:
            return problem(500, unexpected_errors.told(error))

    return endpoint


def _no_such_address(_: Request, error: Exception) -> Response:
    """What is said of an address, or a method, that nothing answers to."""
    assert isinstance(error, HTTPException)
    advice = f"有哪些，见 {openapi_document.ROOT}/docs"
    message = "没有这个地址" if error.status_code == 404 else "只能用 GET 读取"
    return problem(error.status_code, f"{message}。{advice}", error.headers)


def _document(_: Request) -> Response:
    return JSONResponse(openapi_document.DOCUMENT)


def _page(_: Request) -> Response:
    return HTMLResponse(document_page.page(openapi_document.DOCUMENT))


_VERSION = openapi_document.ROOT.removeprefix(openapi_document.BASE)
_interface = Starlette(
    routes=[
        Route(f"{_VERSION}/openapi.json", _document),
        Route(f"{_VERSION}/docs", _page),
        *(
            Route(f"{_VERSION}/{one.path}", _answered(partial(_list, one)), methods=["GET"])
            for one in RESOURCES
        ),
    ],
    exception_handlers={HTTPException: _no_such_address},
)
_interface.router.redirect_slashes = False
ROUTES = [
    Route(openapi_document.BASE, _interface),
    Mount(openapi_document.BASE, app=_interface),
]
"""The routes to be mounted in the server: whatever lies there is the interface's to answer."""
