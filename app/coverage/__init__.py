"""Coverage: what is counted, why somebody is missing, and the ledger behind every figure.

From facts to figures, each step pure until it is stored:

    facts.py     plans, dated enterprise facts, assignments, awards, waivers as frozen values (planned.py, gather.py and
                 records.py read them)
    rules.py     one assignment, its requirements and its person's awards -> spans of standing over time; reasons
    status.py    one enterprise's declarations, posts and figures -> spans of status
    ledger.py    the difference of two sets of spans -> entries (+-n from a day on); sums, ratio, roll-up

Every change of a fact goes through service.open_posting() (takes the lock and an instant of recorded time) and
service.post() (recomputes what the change touches, supersedes the stored spans that no longer hold, appends entries).
So coverage on D as known at K is the sum of entries with effective_on <= D and recorded_at <= K. Expiries, starts and
moves to come are posted already: no sweep by night is needed. Corrections append; nothing is rewritten.

Stored spans (Standing, EnterpriseStanding) answer who and which, on any day and as known at any instant; entries answer
how many. Whose roster is stale follows from its declarations (staleness.py). Beside them stand projections, which can
be dropped and made again:

    projections.py           what changed in a year, a month, on a day, for every node of the region tree
    enterprise_figures.py    the figures of each enterprise at quarter ends and on the day last rolled to, in list order
    ahead.py                 what was recorded far ahead of its day, or long after, summed by its month of recording

queries/sums.py makes any day as known at any instant out of the first, queries/each.py out of the second: what is known
now, less the entries recorded since, which are found by how late they came, the latest out of the third; what was to
come, as known then, out of the third and of the entries recorded since its last month. proof.py recomputes all from the
facts and names each difference (`coverall check`), projections included; rebuild/ makes the whole ledger again from the
facts as they were recorded; tests/oracle.py counts by brute force, day by day, without any of this.

On PostgreSQL exams post side by side: each locks its person and that person's enterprises, takes its instant after
that, and leaves its entries for a fold (jobs.py); all other postings hold the posting lock alone. On SQLite the one
writer folds at once. Rosters of many enterprises are read ahead of on a second connection (reading_ahead.py).

Further: settling.py freezes figures (settlement_*.py: what, hash, signature), drafting.py computes a draft plan's
coverage beside the current one, forecast.py is the arithmetic of the path, disclosure.py decides what a public page may
show.
"""
