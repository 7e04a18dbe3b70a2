"""Certificates: one's own, one as a page and as PDF, and their verification by anybody."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import Response

from app.awards import queries
from app.awards.queries import Certificate
from app.identity import service as identity
from app.ops import clock
from app.reports.certificate import certificate_pdf
from app.web.deps import address, base_url, check_anonymous
from app.web.learner import Learner, own_person
from app.web.pages import render
from app.web.transactions import Base, Reading, Writing
from app.workflows.replay_award import Replay, replay_award

router = APIRouter()


@dataclass(frozen=True)
class ShelfPage:
    """One's own certificates, newest first."""

    certificates: tuple[Certificate, ...]


@dataclass(frozen=True)
class CertificatePage:
    """One certificate, for its holder or for an office that may see the holder."""

    certificate: Certificate
    own: bool


@dataclass(frozen=True)
class VerifiedPage:
    """What anybody may see of a certificate whose token or number and name they have."""

    certificate: Certificate


@dataclass(frozen=True)
class VerificationPage:
    """The form for a typed number and name; `missed`: no certificate has both."""

    number: str = ""
    missed: bool = False


@router.api_route("/certificates", methods=["GET", "HEAD"])
def shelf(request: Request, viewer: Learner, session: Reading) -> Response:
    """List the learner's own certificates."""
    found = queries.of_person(viewer.scope, session, own_person(viewer), clock.today())
    return render(request, "certificates/shelf.html", ShelfPage(found), viewer)


@dataclass(frozen=True)
class EvidencePage:
    """An award worked out again from its evidence, for its holder or an office that may see the holder."""

    certificate: Certificate
    replay: Replay


@router.api_route("/certificates/{award_id}/evidence", methods=["GET", "HEAD"])
def evidence(request: Request, award_id: int, viewer: Learner, session: Reading) -> Response:
    """Show an award worked out again, step by step."""
    found = queries.certificate(viewer.scope, session, award_id, clock.today())
    return render(request, "certificates/evidence.html", EvidencePage(found, replay_award(session, award_id)), viewer)


@router.api_route("/certificates/{award_id}", methods=["GET", "HEAD"])
def certificate(request: Request, award_id: int, viewer: Learner, session: Reading) -> Response:
    """Show a certificate."""
    found = queries.certificate(viewer.scope, session, award_id, clock.today())
    page = CertificatePage(found, own=found.person_id == viewer.person_id)
    return render(request, "certificates/certificate.html", page, viewer)


@router.api_route("/certificates/{award_id}/certificate.pdf", methods=["GET", "HEAD"])
def pdf(request: Request, award_id: int, viewer: Learner, database: Base) -> Response:
    """Give a certificate as PDF; the file is named by its number, never by its holder."""
    with database.reading() as session:
        found = queries.certificate(viewer.scope, session, award_id, clock.today())
    content = certificate_pdf(found, base_url(request))
    headers = {"Content-Disposition": f'inline; filename="{found.number}.pdf"', "Cache-Control": "no-store"}
    return Response(content, media_type="application/pdf", headers=headers)


@router.api_route("/verify/{token}", methods=["GET", "HEAD"])
def verify(request: Request, token: str, session: Reading) -> Response:
    """Show the content behind a certificate's QR code, in full, so that an altered paper is seen."""
    found = queries.by_token(session, token, clock.today())
    return render(request, "certificates/verified.html", VerifiedPage(found))


@router.api_route("/verification", methods=["GET", "HEAD"])
def show_verification(request: Request) -> Response:
    """Ask for a certificate's number and its holder's name."""
    return render(request, "certificates/verification.html", VerificationPage())


@router.post("/verification", dependencies=[Depends(check_anonymous)])
def verification(
    request: Request,
    session: Writing,
    number: Annotated[str, Form(max_length=40)] = "",
    name: Annotated[str, Form(max_length=80)] = "",
) -> Response:
    """Check a typed number and name; too many misses from one address, or on one number, must wait."""
    now, number_key, address_key = clock.now(), "certificate:" + number.strip().upper(), "verify:" + address(request)
    identity.refuse_throttled(session, number_key, address_key, now)
    found = queries.by_number(session, number, name, clock.today())
    if found is None:
        identity.note_failure(session, number_key, address_key, now)
        return render(request, "certificates/verification.html", VerificationPage(number, missed=True), status=404)
    return render(request, "certificates/verified.html", VerifiedPage(found))
