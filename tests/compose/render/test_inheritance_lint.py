"""What a template says and nothing shows is told with file, line and the nearest right name."""

from pathlib import Path

from newsletter.compose.render.template_faults import lint_inheritance

TEMPLATES = Path(__file__).parents[3] / "templates"
SHIPPED = {
    path.relative_to(TEMPLATES).as_posix(): path.read_text("utf-8")
    for path in sorted(TEMPLATES.rglob("*.j2"))
}
CHILD = '{% extends "daily.mjml.j2" %}\n'


def told(name: str = "evening", **changed: str) -> list[tuple[str, int, str, str]]:
    """Lint templates of our own beside the shipped ones; x__y_mjml names x/y.mjml.j2."""
    given = {f"{key.replace('__', '/')}.j2": source for key, source in changed.items()}
    own = {f"{name}.mjml.j2": CHILD, f"{name}.txt.j2": '{% extends "daily.txt.j2" %}'}
    own |= {
        key.replace("_mjml", ".mjml").replace("_txt", ".txt"): one for key, one in given.items()
    }
    return [
        (one.file.removeprefix("templates/"), one.line, one.message, one.remedy)
        for one in lint_inheritance(name, {**SHIPPED, **own})
    ]


def test_the_shipped_templates_say_nothing_in_vain() -> None:
    for name in ("daily", "breaking", "weekly", "plain"):
        assert lint_inheritance(name, SHIPPED) == (), name


def test_a_block_that_fills_none_is_told_with_the_nearest() -> None:
    source = CHILD + "{% block masthead %}{% block inner %}x{% endblock %}{% endblock %}\n"
    assert told(evening_mjml=source) == []
    source += "{% if contents %}{% block before_story %}y{% endblock %}{% endif %}"
    assert told(evening_mjml=source) == [
        (
            "evening.mjml.j2",
            3,
            "{% block before_story %} fills no block of daily.mjml.j2",
            "did you mean before_stories?",
        )
    ]
    (found,) = told(evening_txt='{% extends "weekly.txt.j2" %}{% block after %}z{% endblock %}')
    assert found[0] == "evening.txt.j2"
    assert "fills no block of weekly.txt.j2" in found[2]
    assert "before_stories" in found[3]
    middle = CHILD + "{% block footer %}{% block links %}{% endblock %}{% endblock %}"
    own = '{% extends "middle.mjml.j2" %}{% block links %}a{% endblock %}'
    assert told(evening_mjml=own, middle_mjml=middle) == []


def test_what_stands_outside_of_blocks_is_told() -> None:
    quiet = (
        "{# words #}\n<!-- words -->\n{% set look = 'plain' %}{% macro a() %}words{% endmacro %}"
        "{% from 'parts/name.mjml.j2' import name %}\n"
    )
    assert told(evening_mjml=CHILD + quiet) == []
    for said, line in (
        ("\n<mj-section></mj-section>{{ x }}", 6),
        ("{{ title }}", 5),
        ("\n{% if contents %}{% for one in contents %}x{% endfor %}{% endif %}", 6),
    ):
        found = told(evening_mjml=CHILD + quiet + said)
        assert [one[1] for one in found] == [line], said
        assert "is not shown" in found[0][2]


def test_what_cannot_be_read_is_left_to_others() -> None:
    assert told(evening_mjml="{% if %}") == []
    assert told(evening_mjml='{% extends "evening.mjml.j2" %}{% block x %}{% endblock %}') == []
