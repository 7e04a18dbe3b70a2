"""Screens of those who write and review courses: what waits, what changed, remarks, approval, the versions taught."""

from app.web.authors.routes import router

__all__ = ["router"]
