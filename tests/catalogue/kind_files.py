"""Modules of every kind as files, right in every respect, to be put into the small course of course_files."""

import re
from collections.abc import Mapping

from tests.catalogue.course_files import SVG, Files, course_files, words

SLIDES = "modules/030-slides/slides.toml"
CASE = "modules/040-case/case.toml"
CHECKLIST = "modules/050-checklist/checklist.toml"
QUIZ = "modules/060-quiz/quiz.toml"
FILM = "modules/070-film/media.toml"
SOUND = "modules/080-sound/media.toml"
SHEET = "modules/090-sheet/media.toml"
KINDS = {SLIDES: "slides", CASE: "case", CHECKLIST: "checklist", QUIZ: "quiz", FILM: "video", SOUND: "audio"}
KINDS |= {SHEET: "download"}
MP4 = b"\x00\x00\x00\x18ftypmp42" + bytes(range(256)) * 40
VTT = "WEBVTT\n\n00:00.000 --> 00:04.000\n先看梯脚。\n\n00:04.500 --> 01:09.000\n再看上端。\n"


def every_kind() -> Files:
    """Make the files of a course with a module of every kind."""
    files = course_files()
    for number, (main, kind) in enumerate(KINDS.items()):
        folder = folder_of(main)
        about = f'title = "第{number}种"\nkind = "{kind}"\ncategory = "policy"\nfacts = ["LAW-1-1"]\n'
        files[f"{folder}module.toml"] = about.encode()
        files[main] = _MAINS[main].encode()
    film, sound, sheet = map(folder_of, (FILM, SOUND, SHEET))
    files |= {f"{film}climb.mp4": MP4, f"{film}climb.vtt": VTT.encode(), f"{film}still.png": b"\x89PNG\r\n\x1a\nxx"}
    files |= {f"{sound}talk.mp3": b"ID3" + bytes(300), f"{sheet}form.pdf": b"%PDF-1.7 form"}
    for folder in (film, sound, sheet):
        files[f"{folder}words.md"] = f"{words(folder, 300)}。\n".encode()
    files[folder_of(SLIDES) + "foot.svg"] = SVG.replace("梯子", "梯脚").encode()
    return files


def folder_of(file: str) -> str:
    return re.sub(r"[^/]+$", "", file)


def spoiled_kind(file: str, old: str, new: str) -> Files:
    """Make the files with the first occurrence of a piece of text replaced."""
    files = every_kind()
    text = files[file].decode()
    assert old in text, f"{old!r} does not stand in {file}"
    return {**files, file: text.replace(old, new, 1).encode()}


def _slides() -> str:
    slides = [f'[[slide]]\ntitle = "第{n}张"\ntext = "{words(f"slide {n}", 80)}。"\n' for n in range(1, 9)]
    return slides[0] + 'figure = "foot.svg"\nalt = "梯脚垫平"\n' + "\n".join(slides[1:])


def _scene(id: str, choices: str = "") -> str:
    return f'[[scene]]\nid = "{id}"\ntext = """\n{words(id, 120)}。\n\n{words(id + "2", 100)}。\n"""\n{choices}\n'


def _choice(scene: str, to: str, *, right: bool) -> str:
    lines = [f'text = "{words(f"{scene} {to}", 9)}"', f'outcome = "{words(f"{scene} to {to}", 90)}。"', f'to = "{to}"']
    return "[[scene.choice]]\n" + "\n".join([*lines, "right = true"] if right else lines) + "\n"


def _case() -> str:
    gate = _choice("gate", "test", right=True) + _choice("gate", "rush", right=False)
    test = _choice("test", "saved", right=True) + _choice("test", "gate", right=False)
    rush = _choice("rush", "test", right=True) + _choice("rush", "lost", right=False)
    scenes = [_scene("gate", gate), _scene("test", test), _scene("rush", rush), _scene("saved"), _scene("lost")]
    return 'title = "池边十分钟"\nfictional = true\n' + "".join(scenes)


def _checklist() -> str:
    points = [f'[[point]]\ntext = "第{n}点看过"\nwhy = "{words(f"why {n}", 50)}。"\n' for n in range(1, 8)]
    return 'intro = "上梯前看一遍。"\n' + "".join(points)


_MAINS: Mapping[str, str] = {
    SLIDES: _slides(),
    CASE: _case(),
    CHECKLIST: _checklist(),
    QUIZ: 'items = ["lad-001", "lad-013", "lad-020"]\nright_needed = 2\n',
    FILM: 'file = "climb.mp4"\nseconds = 70\ncaptions = "climb.vtt"\ntranscript = "words.md"\nposter = "still.png"\n',
    SOUND: 'file = "talk.mp3"\nseconds = 90\ntranscript = "words.md"\n',
    SHEET: 'file = "form.pdf"\ntranscript = "words.md"\n',
}
