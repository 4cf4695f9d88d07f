"""What every request passes before it reaches the dashboard, from the outside in."""

from starlette.middleware import Middleware

from server.foreign_origins import ForeignOrigins
from server.own_page import OwnPage
from server.own_sessions import OwnSessions
from server.security_headers import SecurityHeaders
from server.signed_in_only import SignedInOnly
from server.unknown_addresses import UnknownAddresses
from server.visit_limits import VisitLimits


def middleware() -> list[Middleware]:
    """The layers in their order: each may rely on those before it."""
    return [
        Middleware(SecurityHeaders),  # on every answer, refusals too
        Middleware(ForeignOrigins),
        Middleware(SignedInOnly),  # says whose a request is
        Middleware(OwnSessions),
        Middleware(VisitLimits),
        Middleware(UnknownAddresses),
        Middleware(OwnPage),
    ]
