"""create_app() and, for a process of its own, served(): wiring only."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from sqlalchemy.exc import DataError
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp

from app import api, web
from app.kit.errors import Problem
from app.ops import garbage, logging
from app.ops.db import Database, is_unstorable
from app.ops.settings import settings
from app.web import problems
from app.web.deps import SignInNeeded
from app.web.replicas import Replicas
from app.web.security import Shell
from app.workflows import daily, folding


def served() -> ASGIApp:
    """Make the application for a process that does nothing but serve."""
    app = create_app()
    garbage.seldom()
    return app


def create_app(database: Database | None = None) -> ASGIApp:
    """Make the application on a database (default: the settings')."""
    settings().refuse_unsafe()
    logging.configure()
    opened = database or _opened()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await asyncio.to_thread(daily.run, opened)
        tasks = [asyncio.create_task(work) for work in (daily.each_day(opened), folding.keep_folding(opened))]
        yield
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        opened.close()

    app = FastAPI(title="Coverall", docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    app.state.database = opened
    app.add_middleware(Replicas, database=opened)
    web.install(app)
    api.install(app)
    _handle_errors(app)
    return Shell(app, settings().upload_limit_mb * 1024 * 1024, secure=settings().secure)


def _opened() -> Database:
    """Open the database of the settings, with its replica when there is one."""
    most = timedelta(seconds=settings().replica_max_lag)
    return Database(settings().url, settings().replica_url, most)


def _handle_errors(app: FastAPI) -> None:
    def on_problem(request: Request, exc: Exception) -> Response:
        skin = api.on_problem if request.url.path.startswith("/api/") else problems.on_problem
        return skin(request, exc)

    def on_malformed(request: Request, exc: Exception) -> Response:
        skin = api.on_malformed if request.url.path.startswith("/api/") else problems.on_http
        return skin(request, exc)

    def on_data(request: Request, exc: Exception) -> Response:
        if not (isinstance(exc, DataError) and is_unstorable(exc)):
            return problems.on_fault(request, exc)
        logging.log().warning("unstorable", said=type(exc.orig).__name__)  # a column of ours may have become too small
        return on_malformed(request, exc)

    app.add_exception_handler(Problem, on_problem)
    app.add_exception_handler(SignInNeeded, problems.on_sign_in_needed)
    app.add_exception_handler(HTTPException, on_malformed)
    app.add_exception_handler(RequestValidationError, on_malformed)
    app.add_exception_handler(OverflowError, on_malformed)  # a number or a day that nothing here can be
    app.add_exception_handler(DataError, on_data)
    app.add_exception_handler(Exception, problems.on_fault)
