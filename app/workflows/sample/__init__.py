"""The sample region: invented people and enterprises with a history, so that every screen shows something true.

`story.tell(seed, today)` is pure: the same seed and day give the same people, posts, trainings and mistakes.
`load.run(...)` then lives through the story month by month, with the services that everybody else uses, so that
recorded time has a past too.
"""
