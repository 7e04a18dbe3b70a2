"""The bureau's screens: coverage of a region on any date, its enterprises, who is missing, waivers, exports."""

from app.web.bureau import drafts, path, publication, settlements
from app.web.bureau.routes import router

__all__ = ["drafts", "path", "publication", "router", "settlements"]
