"""The pages of one enterprise: who is covered and who is missing, the roster, what is known of it, its closure."""

from app.web.enterprise import path
from app.web.enterprise.routes import router

__all__ = ["path", "router"]
