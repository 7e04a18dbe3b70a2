"""The administrator's screens: staff accounts and the audit trail."""

from fastapi import APIRouter

from app.web.admin import account, accounts, audit

router = APIRouter()
for part in (accounts, account, audit):
    router.include_router(part.router)
