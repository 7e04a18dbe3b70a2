"""The HTML screens, by audience.

How a screen is made here. A module holds `router = APIRouter()` and `def` endpoints. Each endpoint that is not public
takes its viewer first: `viewer: Annotated[Viewer, Depends(Guard(roles.COVERAGE_READ))]`, then `session: Reading`
(GET), `Reporting` (GET of figures, which a replica may answer) or `Writing` (the rest: committed before the response is
sent). It calls queries (with `viewer.scope` first) or a workflow, fills one frozen dataclass, and returns
`pages.render(request, "area/name.html", page, viewer)`; after a form was taken, `pages.see_other(location)`. Templates
extend layouts/{phone,desk,plain}.html, read only `page`, and put every text through `_()`, English msgids; Chinese is
in app/ops/messages/zh/<area>.po. Forms carry `<input type="hidden" name="csrf" value="{{ csrf }}">`; scripts send the
header X-CSRF-Token (from <meta name=csrf>). Names, IDs and phone numbers never go into a URL.
"""

from fastapi import FastAPI

from app.web import (
    admin,
    assets,
    authors,
    bureau,
    certificates,
    codes,
    enterprise,
    exam,
    imports,
    item_figures,
    learner,
    login,
    looks,
    media,
    module_forms,
    people,
    player,
    practice,
    public,
    record,
    retention,
    trainings,
)

ROUTERS = (
    player.router,
    exam.router,
    learner.router,
    admin.router,
    assets.router,
    authors.router,
    bureau.router,
    bureau.drafts.router,
    bureau.path.router,
    bureau.publication.router,
    bureau.settlements.router,
    certificates.router,
    codes.router,
    enterprise.router,
    enterprise.path.router,
    imports.router,
    item_figures.router,
    login.router,
    looks.router,
    media.router,
    module_forms.router,
    people.router,
    people.own.router,
    practice.router,
    public.router,
    record.router,
    retention.router,
    trainings.router,
)
"""In the order in which they are asked for a path: what crowds ask for comes first."""


def install(app: FastAPI) -> None:
    """Put all screens into the application."""
    for router in ROUTERS:
        app.include_router(router, include_in_schema=False)
    assets.mount(app)
