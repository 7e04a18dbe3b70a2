"""The JSON API: the same workflows and queries, another skin. Bearer tokens; errors are RFC 9457 problems."""

from fastapi import APIRouter, FastAPI

from app.api import coverage
from app.api.problems import on_malformed, on_problem

ROUTERS: tuple[APIRouter, ...] = (coverage.router,)

__all__ = ["install", "on_malformed", "on_problem"]


def install(app: FastAPI) -> None:
    """Put the API into the application."""
    for router in ROUTERS:
        app.include_router(router, prefix="/api/v1")
