"""Modules of every kind: what is right comes out whole, what is wrong is refused at its file and line."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.catalogue.bodies import Case, Checklist, Media, Quiz, Rules, Slides
from app.catalogue.kinds.paths import reachable, shortest
from app.catalogue.parse import Course, FileError, content_hash, from_json, parse_course, to_json
from tests.catalogue.course_files import BANK, FACTS, course_files
from tests.catalogue.kind_files import (
    CASE,
    CHECKLIST,
    FILM,
    MP4,
    QUIZ,
    SHEET,
    SLIDES,
    SOUND,
    VTT,
    every_kind,
    folder_of,
    spoiled_kind,
)


def parsed() -> Course:
    course, errors = parse_course("ladders", every_kind(), FACTS)
    assert [str(e) for e in errors] == []
    assert course is not None
    return course


def test_every_kind_comes_out_whole() -> None:
    modules = {module.slug: module for module in parsed().modules}
    bodies = {slug: module.body for slug, module in modules.items()}
    slides, case, points, quiz = bodies["slides"], bodies["case"], bodies["checklist"], bodies["quiz"]
    assert isinstance(slides, Slides)
    assert isinstance(case, Case)
    assert isinstance(points, Checklist)
    picture = slides.slides[0].picture
    assert picture is not None
    assert (picture.alt, picture.src.rpartition("/")[2], picture.width) == ("梯脚垫平", "foot.svg", 720)
    assert [scene.ending for scene in case.scenes] == [False, False, False, True, True]
    assert [(c.to, c.right) for c in case.scenes[0].choices] == [("test", True), ("rush", False)]
    assert len(case.scenes[0].text) == 2
    assert len(points.points) == 7
    assert quiz == Quiz(("lad-001", "lad-013", "lad-020"), 2)
    assert bodies["check"] is None


def test_media_are_told_by_their_content() -> None:
    film = next(module for module in parsed().modules if module.kind == "video")
    assert isinstance(film.body, Media)
    assert (film.body.file.type, film.body.file.size, film.needed_seconds) == ("video/mp4", len(MP4), 70)
    assert film.body.captions is not None
    assert film.body.poster.endswith("/still.png")
    assert film.html.startswith("<p>")


def test_json_brings_back_every_kind() -> None:
    course = parsed()
    assert from_json(json.loads(json.dumps(to_json(course)))) == course


def test_a_course_of_pages_keeps_the_hash_it_had_before_there_were_kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.catalogue.bank.SHORTEST_BELOW", 2)  # what these files said before there was this rule
    files = course_files()
    files[BANK] = files[BANK].replace('"错"'.encode(), '"不行的做法"'.encode())
    course, _ = parse_course("ladders", files, FACTS)
    assert course is not None
    assert all(not {"kind", "body", "rules"} & set(module) for module in to_json(course)["modules"])
    assert content_hash(course) == "f8dcbe8162569c38f9a77ac09fa425eb9db9444d21bc49d8ca75ea6f7dc7c10b"


def test_the_time_that_each_kind_needs() -> None:
    needed = {module.slug: (module.characters, module.needed_seconds) for module in parsed().modules}
    assert needed["slides"][1] == -(-needed["slides"][0] * 60 // 400)
    scene, words, outcome = 222, 9, 91
    way = 2 * (scene + 2 * words + outcome) + scene
    assert needed["case"] == (5 * scene, -(-way * 60 // 400))
    assert needed["quiz"] == (0, 90)
    assert (needed["sound"][1], needed["sheet"][1]) == (90, 60)


def test_rules_of_a_module_lengthen_but_never_shorten() -> None:
    files, name = every_kind(), folder_of(QUIZ) + "module.toml"
    for dwell, needed in ((60, 90), (600, 600)):
        rules = f"[rules]\nskip_forward = true\nspeed_max = 1.5\ndwell_seconds = {dwell}\n"
        course, errors = parse_course("ladders", {**files, name: files[name] + rules.encode()}, FACTS)
        assert (course is None, errors) == (False, ())
        assert course is not None
        module = next(module for module in course.modules if module.slug == "quiz")
        assert (module.needed_seconds, module.rules) == (
            needed,
            Rules(skip_forward=True, speed_max=1.5, dwell_seconds=dwell),
        )
        assert from_json(json.loads(json.dumps(to_json(course)))) == course


SPOILED = [
    (SLIDES, 'alt = "梯脚垫平"', "", "figure_alt"),
    (SLIDES, 'figure = "foot.svg"\n', "", "figure_alt"),
    (SLIDES, "foot.svg", "hand.svg", "figure_missing"),
    (SLIDES, 'title = "第2张"', 'title = "第二张的标题实在太长了放不下这里的"', "length"),
    (SLIDES, 'title = "第2张"', 'title = "**第2张**"', "markup"),
    (SLIDES, 'title = "第2张"', 'colour = "red"', "unknown_key"),
    (CASE, 'to = "rush"', 'to = "nowhere"', "unknown_scene"),
    (CASE, 'to = "lost"', 'to = "saved"', "unreachable"),
    (CASE, 'id = "lost"', 'id = "saved"', "scene_repeated"),
    (CASE, "right = true", "right = false", "no_right"),
    (CASE, "fictional = true", "fictional = false", "source"),
    (CASE, "fictional = true", 'fictional = true\nsource = "报告"', "source"),
    (CHECKLIST, "第2点看过", "第1点看过", "point_repeated"),
    (CHECKLIST, "第2点看过", "**第2点看过**", "markup"),
    (QUIZ, "lad-013", "lad-999", "unknown_item"),
    (QUIZ, "lad-013", "lad-001", "item_repeated"),
    (QUIZ, "right_needed = 2", "right_needed = 4", "right_needed"),
    (QUIZ, ', "lad-013", "lad-020"', "", "count"),
    (FILM, 'captions = "climb.vtt"\n', "", "captions"),
    (FILM, "seconds = 70\n", "", "seconds"),
    (FILM, "climb.mp4", "climb.vtt", "file_type"),
    (FILM, "still.png", "moving.png", "missing_file"),
    (SOUND, "talk.mp3", "words.md", "file_type"),
    (SHEET, 'file = "form.pdf"', 'file = "form.pdf"\nseconds = 5', "seconds"),
]


@pytest.mark.parametrize(("file", "old", "new", "code"), SPOILED)
def test_every_slip_is_refused_in_its_file(file: str, old: str, new: str, code: str) -> None:
    course, errors = parse_course("ladders", spoiled_kind(file, old, new), FACTS)
    assert course is None
    assert (file, code) in [(e.file, e.code) for e in errors], [str(e) for e in errors]


def found(files: dict[str, bytes]) -> list[tuple[str, str]]:
    errors: tuple[FileError, ...] = parse_course("ladders", files, FACTS)[1]
    return [(e.file, e.code) for e in errors]


def test_a_path_without_an_end_is_refused() -> None:
    text = every_kind()[CASE].decode()
    circle = text.replace('to = "saved"', 'to = "gate"').replace('to = "lost"', 'to = "test"')
    assert (CASE, "endless") in found({**every_kind(), CASE: circle.encode()})
    ended = text[: text.index('[[scene]]\nid = "saved"')].replace('to = "saved"', 'to = "gate"')
    assert (CASE, "no_ending") in found({**every_kind(), CASE: ended.replace('to = "lost"', 'to = "test"').encode()})


def test_files_of_another_kind_are_strays() -> None:
    folder = folder_of(QUIZ)
    extra = {f"{folder}page.md": b"", f"{folder}more.svg": every_kind()[folder_of(SLIDES) + "foot.svg"]}
    assert found({**every_kind(), **extra}) == [
        (f"{folder}more.svg", "figure_unused"),
        (f"{folder}page.md", "stray_file"),
    ]
    files = every_kind()
    del files[QUIZ]
    assert found(files) == [(QUIZ, "missing_file")]


def test_captions_stand_in_order_within_the_film() -> None:
    file = folder_of(FILM) + "climb.vtt"
    for spoiled in (VTT[6:], VTT.replace("00:04.500", "4.500"), VTT.replace("01:09", "01:19"), "WEBVTT\n"):
        assert found({**every_kind(), file: spoiled.encode()}) == [(file, "captions")]
    assert found({**every_kind(), file: VTT.replace("00:00.000", "00:05.000").encode()})


def test_a_film_is_what_its_name_says() -> None:
    assert found({**every_kind(), folder_of(FILM) + "climb.mp4": b"<html>"}) == [(FILM, "file_type")]


def test_nothing_is_said_twice_in_modules_of_any_kind() -> None:
    text = every_kind()[CHECKLIST].decode()
    why = text.split('why = "')[1].split('"')[0]
    files = spoiled_kind(CHECKLIST, text.split('why = "')[2].split('"')[0], why)
    assert found(files) == [(CHECKLIST, "paragraph_repeated")]


STEPS = st.dictionaries(
    st.sampled_from("abcdef"), st.dictionaries(st.sampled_from("abcdef") | st.just(""), st.integers(1, 9)), min_size=1
)


@given(STEPS)
def test_there_is_a_shortest_way_just_when_an_end_can_be_reached(steps: dict[str, dict[str, int]]) -> None:
    met = reachable({id: tuple(to) for id, to in steps.items()}, next(iter(steps)))
    way = shortest(steps)
    assert (way is None) == ("" not in met)
    if way is not None:
        assert way >= min(step for to in steps.values() for step in to.values())
