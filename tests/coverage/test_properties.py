"""Over random histories, sums, statuses and reasons are what the oracle says, on any day, known at any instant."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.coverage.driver import disagreement
from tests.coverage.histories import tell


@settings(max_examples=120, deadline=None)
@given(seed=st.integers(min_value=0), commands=st.integers(0, 30))
def test_ledger_statuses_and_reasons_are_the_oracles(seed: int, commands: int) -> None:
    rng = Random(seed)
    assert disagreement(tell(rng, commands), rng, 6) is None
