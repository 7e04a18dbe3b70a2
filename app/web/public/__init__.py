"""What anybody may read without signing in: coverage that bureaus publish (主动公开)."""

from app.web.public.routes import router

__all__ = ["router"]
