"""Questions of another program become a bank file that passes every check, or nothing is written."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.catalogue.parse import parse_course
from app.cli import app
from app.kit.errors import Problem
from app.workflows.import_items import ImportItems, export_items, format_of, import_items
from app.workflows.read_content import read_files
from tests.catalogue.course_files import FACTS, course_files, words

GOOD = f"{words('new 1', 16)} {{=行 ~错 ~另一种做法 ~第三种做法}}\n\n{words('new 2', 16)} {{T####当然。}}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make a content folder with one course, ladders."""
    for name, data in course_files().items():
        file = tmp_path / "content" / "catalogue" / "ladders" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    facts = [
        f'[facts.{fact.id}]\ngrade = "{fact.grade}"\nsource = "{fact.source}"\ntext = "{fact.text}"\n'
        for fact in FACTS.values()
    ]
    (tmp_path / "content" / "facts.toml").write_text("\n".join(facts), "utf-8")
    return tmp_path / "content"


def asked(folder: Path, text: str, name: str = "q.gift", fact: str = "LAW-1-1") -> ImportItems:
    file = folder.parent / name
    file.write_text(text, "utf-8")
    return ImportItems(file, format_of(file), "ladders", "use", fact)


def banks(folder: Path) -> list[str]:
    return sorted(file.name for file in (folder / "catalogue" / "ladders" / "bank").iterdir())


def test_good_questions_become_a_bank_file_that_passes(folder: Path) -> None:
    taken, errors = import_items(folder, asked(folder, GOOD))
    assert errors == ()
    assert taken is not None
    assert (taken.bank.name, taken.count, banks(folder)) == ("use-1.toml", 2, ["use-1.toml", "use.toml"])
    course, faults = parse_course("ladders", read_files(folder / "catalogue" / "ladders"), FACTS)
    assert faults == ()
    assert course is not None
    assert [item.id for item in course.items][:2] == ["lad-025", "lad-026"]
    assert [item.explanation for item in course.items][:2] == [FACTS["LAW-1-1"].text, "当然。"]


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        (GOOD + "\n坏题 {}\n", 5, "kind"),
        (GOOD + f"\n{words('new 3', 16)} {{=甲 ~乙 ~丙}}\n", 5, "options"),
        (GOOD + f"\n\n{words('stem 4', 16)} {{T}}\n", 6, "stem_repeated"),
        (GOOD + f"\n{words('new 1', 16)} {{T}}\n", 5, "stem_repeated"),
    ],
)
def test_one_bad_question_and_nothing_is_written(folder: Path, text: str, line: int, code: str) -> None:
    taken, errors = import_items(folder, asked(folder, text))
    assert taken is None
    assert [(error.file, error.line, error.code) for error in errors] == [("q.gift", line, code)]
    assert banks(folder) == ["use.toml"]


def test_what_another_course_asks_is_not_asked_again(folder: Path) -> None:
    other = folder / "catalogue" / "ramps" / "bank"
    other.mkdir(parents=True)
    other.joinpath("use.toml").write_bytes(
        course_files()["bank/use.toml"].replace(words("stem 1", 16).encode(), words("new 2", 16).encode())
    )
    errors = import_items(folder, asked(folder, GOOD))[1]
    assert [(error.file, error.line, error.code) for error in errors] == [("q.gift", 3, "stem_repeated")]


def test_a_fact_that_must_not_be_asked_is_refused(folder: Path) -> None:
    assert {error.code for error in import_items(folder, asked(folder, GOOD, fact="LAW-3-1"))[1]} == {"fact_grade"}
    with pytest.raises(Problem):
        import_items(folder, asked(folder, GOOD, fact="LAW-9-9"))


def test_the_format_is_told_by_the_file(folder: Path) -> None:
    assert asked(folder, "<quiz/>", "q.xml").format == "moodle"
    assert asked(folder, "问\nA. 甲\nANSWER: A\n").format == "aiken"
    assert asked(folder, GOOD).format == "gift"


def test_from_the_command_line_and_back(folder: Path) -> None:
    asked(folder, GOOD)
    options = ["--course", "ladders", "--topic", "use", "--fact", "LAW-1-1", "--dir", str(folder)]
    done = CliRunner().invoke(app, ["content", "import-items", str(folder.parent / "q.gift"), *options])
    assert (done.exit_code, "2 items written" in done.output) == (0, True)
    again = CliRunner().invoke(app, ["content", "import-items", str(folder.parent / "q.gift"), *options])
    assert (again.exit_code, "q.gift:1:" in again.output) == (1, True)
    out = CliRunner().invoke(app, ["content", "export-items", "ladders", "--format", "gift", "--dir", str(folder)])
    assert out.exit_code == 0
    course, _ = parse_course("ladders", read_files(folder / "catalogue" / "ladders"), FACTS)
    assert course is not None
    assert out.output == export_items(course).text
    assert out.output.count("::lad-") == 26
