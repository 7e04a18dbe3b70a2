"""What changed between versions of a course."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from app.catalogue.comparing import Line, compare, lines_of
from app.catalogue.shapes import Course, to_json
from tests.courses import small_course

BASE = small_course(modules=3)


def summary(before: Course | None, after: Course) -> list[tuple[str, str, str]]:
    return [(part.kind, part.key, part.change) for part in compare(before, after)]


def test_equal_courses_do_not_differ() -> None:
    assert compare(BASE, BASE) == ()


def test_of_a_first_version_everything_is_new() -> None:
    parts = compare(None, BASE)
    assert {part.change for part in parts} == {"added"}
    assert [part.key for part in parts if part.kind == "module"] == [module.slug for module in BASE.modules]
    assert len([part for part in parts if part.kind == "item"]) == len(BASE.items)


def test_a_changed_sentence_is_shown_beside_what_it_was() -> None:
    module = replace(BASE.modules[1], html="<p>第2页的正文。</p><p>多了一句。</p>")
    changed = replace(BASE, modules=(BASE.modules[0], module, BASE.modules[2]))
    (part,) = compare(BASE, changed)
    assert (part.kind, part.key, part.change) == ("module", module.slug, "changed")
    assert Line("same", "第2页的正文。") in part.lines
    assert [line.text for line in part.lines if line.kind == "added"] == ["多了一句。"]


def test_what_is_far_from_a_change_is_left_out() -> None:
    html = [f"<p>第{n}句。</p>" for n in range(9)]
    before, after = ("".join(html), "".join([*html[:4], "<p>改。</p>", *html[5:]]))
    pages = [replace(BASE, modules=(replace(BASE.modules[0], html=text),)) for text in (before, after)]
    (part,) = compare(*pages)
    assert [line.text for line in part.shown] == ["", "第3句。", "第4句。", "改。", "第5句。", ""]


def test_what_is_new_gone_or_moved_is_told_apart() -> None:
    first, second, third = BASE.modules
    new = replace(first, slug="new", title="新的一步")
    assert summary(BASE, replace(BASE, modules=(second, third, first, new))) == [
        ("module", first.slug, "moved"),
        ("module", "new", "added"),
    ]
    assert summary(BASE, replace(BASE, modules=(first, third))) == [("module", second.slug, "removed")]


def test_a_changed_key_is_a_change() -> None:
    item = replace(BASE.items[0], right=(3,))
    (part,) = compare(BASE, replace(BASE, items=(item, *BASE.items[1:])))
    assert [line for line in part.lines if line.kind != "same"] == [
        Line("removed", "✓ A"),
        Line("added", "✓ D"),
    ]


def test_particulars_are_one_part() -> None:
    (part,) = compare(BASE, replace(BASE, note="第二版", hours=1.5))
    assert part.kind == "course"
    added = {(line.field, line.text) for line in part.lines if line.kind == "added"}
    assert added == {("hours", "1.5"), ("", "第二版")}


def test_a_code_comes_with_the_name_of_its_field() -> None:
    said = lines_of(to_json(BASE))
    assert ("editorial", "change") in said
    assert ("policy", "categories") in said
    assert (BASE.title, "") in said
    assert ("single", "kind") in lines_of(to_json(BASE)["items"][0])


@given(st.data())
def test_the_lines_of_a_part_give_both_texts(data: st.DataObject) -> None:
    """What is kept and gone is the old text, what is kept and new the new one, in their order."""
    texts = st.lists(st.sampled_from("甲乙丙丁"), max_size=6)
    old, new = data.draw(texts), data.draw(texts)
    before, after = (
        replace(BASE, modules=(replace(BASE.modules[0], html="".join(f"<p>{t}</p>" for t in texts)),))
        for texts in (old, new)
    )
    parts = compare(before, after)
    modules = [to_json(course)["modules"][0] for course in (before, after)]
    if old == new:
        assert parts == ()
    else:
        (part,) = parts
        assert [(line.text, line.field) for line in part.lines if line.kind != "added"] == lines_of(modules[0])
        assert [(line.text, line.field) for line in part.lines if line.kind != "removed"] == lines_of(modules[1])
