"""Training held in person: sessions of an enterprise or a bureau, their lists, sign-in sheets, attendance, closing."""

from app.web.trainings.routes import router

__all__ = ["router"]
