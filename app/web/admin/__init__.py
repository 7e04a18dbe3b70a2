"""The administrator's screens: staff accounts, the audit trail, and the alarms of scheduled work."""

from fastapi import APIRouter, Depends

from app.web.admin import account, accounts, alarms, audit

router = APIRouter(dependencies=[Depends(alarms.count_open)])
for part in (accounts, account, audit, alarms):
    router.include_router(part.router)
