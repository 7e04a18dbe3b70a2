"""Coverage: what is counted, why somebody is missing, and the ledger behind every figure.

From facts to figures, each step pure until it is stored:

    facts.py     plans, dated enterprise facts, assignments, awards, waivers as frozen values (gather.py reads them)
    rules.py     one assignment, its requirements and its person's awards -> spans of standing over time; reasons
    status.py    one enterprise's declarations, posts and figures -> spans of status
    ledger.py    the difference of two sets of spans -> entries (+-n from a day on); sums, ratio, roll-up

Every change of a fact goes through service.open_posting() (takes the lock and an instant of recorded time) and
service.post() (recomputes what the change touches, supersedes the stored spans that no longer hold, appends entries).
So coverage on D as known at K is the sum of entries with effective_on <= D and recorded_at <= K. Expiries, starts and
moves to come are posted already: no sweep by night is needed. Corrections append; nothing is rewritten.

Stored spans (Standing, EnterpriseStanding) answer who and which, on any day and as known at any instant; entries answer
how many. queries/ reads both. proof.py recomputes everything from the facts and names each difference (`coverall
check`); tests/oracle.py counts by brute force, day by day, without any of this.
"""
