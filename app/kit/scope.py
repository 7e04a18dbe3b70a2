"""Whose data a caller may see: a value that every scoped query takes first. access/scope.py makes it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Scope:
    """A caller's reach.

    regions: region codes, already expanded to everything below; None is everywhere.
    enterprises: ids of enterprises named one by one (an officer's own).
    industries: None is all; else only these key industries (department viewers).
    person: the caller's own person id. personal: may see names and other personal data within reach.
    """

    regions: frozenset[str] | None = frozenset()
    enterprises: frozenset[int] = frozenset()
    industries: frozenset[str] | None = None
    person: int | None = None
    personal: bool = False

    @property
    def everywhere(self) -> bool:
        """Say whether no region is out of reach."""
        return self.regions is None

    def reaches_region(self, code: str) -> bool:
        """Say whether a region lies in reach as a whole."""
        return self.regions is None or code in self.regions

    def reaches_enterprise(self, enterprise_id: int, region: str) -> bool:
        """Say whether an enterprise lies in reach, by name or by its region."""
        return enterprise_id in self.enterprises or self.reaches_region(region)


SYSTEM = Scope(regions=None, personal=True)
"""The command line's reach."""
