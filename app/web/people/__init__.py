"""The page of one person, as officers and bureaus see it, and what they may do there."""

from app.web.people import own
from app.web.people.routes import router

__all__ = ["own", "router"]
