"""Invents the people: names, IDs with right check digits and the region prefix 000000, unused phone numbers."""

from datetime import date, timedelta
from random import Random

from app.kit.checkdigits import resident_id_check
from app.workflows.sample.names import person_name
from app.workflows.sample.shapes import Human

OLDEST = date(1964, 1, 1)
YOUNGEST_DAYS = 14_200
"""Born within these days from OLDEST on: until the end of 2002."""


class People:
    """Invents people one by one and remembers them."""

    def __init__(self, rng: Random) -> None:
        """Begin with nobody."""
        self._rng = rng
        self._ids: set[str] = set()
        self._phones: set[str] = set()
        self.humans: list[Human] = []

    def new(self, region: str) -> int:
        """Invent somebody who lives in a region; give their number."""
        male = self._rng.random() < 0.76  # noqa: PLR2004
        name = person_name(self._rng, region, male=male)
        phone = self._phone() if self._rng.random() < 0.94 else ""  # noqa: PLR2004
        return self.add(name, self.resident_id(male=male), phone)

    def add(self, name: str, resident_id: str, phone: str) -> int:
        """Take somebody in; give their number."""
        self.humans.append(Human(len(self.humans), name, resident_id, phone))
        return len(self.humans) - 1

    def resident_id(self, *, male: bool) -> str:
        """Invent an ID that nobody has; its 17th digit tells the sex, as in GB 11643."""
        while True:
            born = OLDEST + timedelta(self._rng.randrange(YOUNGEST_DAYS))
            order = self._rng.randrange(0, 998, 2) + male
            first = f"000000{born:%Y%m%d}{order:03d}"
            made = first + resident_id_check(first)
            if made not in self._ids:
                self._ids.add(made)
                return made

    def _phone(self) -> str:
        while True:
            made = f"199{self._rng.randrange(10**8):08d}"
            if made not in self._phones and not made.startswith("1990000"):
                self._phones.add(made)
                return made
