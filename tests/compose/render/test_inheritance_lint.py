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


def test_a_part_that_no_row_takes_in_is_told_with_the_nearest_kind() -> None:
    own = CHILD + (
        "{% set look = 'evening' %}{% block masthead %}"
        "{% include 'parts/evening/head.mjml.j2' %}{% endblock %}"
    )
    parts = {"parts__evening__head_mjml": "x", "parts__evening__briefs_mjml": "x"}
    assert told(evening_mjml=own, **parts) == []
    misspelt = {**parts, "parts__evening__breifs_mjml": "x"}
    assert told(evening_mjml=own, **misspelt) == [
        (
            "parts/evening/breifs.mjml.j2",
            1,
            "nothing takes in this file: no row is of the kind 'breifs'",
            "did you mean briefs?",
        )
    ]
    # A page of its own may build names as it likes.
    built = "{% for row in rows %}{% include 'parts/evening/' ~ row.kind ~ size ~ '.mjml.j2' %}"
    page = built + "{% include ['parts/evening/' + row.name, 'x'] %}{% endfor %}"
    assert told(evening_mjml=page, **misspelt) == []


def test_a_kind_that_no_row_has_is_told_where_it_is_asked_for() -> None:
    for asks, line in (
        ("{% if row.kind == 'breifs' %}a{% endif %}", 1),
        ("\n{{ 'a' if 'breifs' != row.kind }}", 2),
        ("{% if row.kind in ['lead', 'breifs'] %}a{% endif %}", 1),
        ("{{ rows | selectattr('kind', 'equalto', 'breifs') | list | length }}", 1),
    ):
        assert told(parts__lead_mjml=asks) == [
            ("parts/lead.mjml.j2", line, "no row is of the kind 'breifs'", "did you mean briefs?")
        ], asks
    right = (
        "{% if row.kind == 'briefs' or row.kind ~ '1' == 'lead1' or kind == 'card' %}a{% endif %}"
        "{% if story.kind == 'card' or row.kind | length > 4 or row.kind > 'm' %}a{% endif %}"
        "{% if row.kind[:4] == 'card' or row.kind is in ('lead', 'wide') %}a{% endif %}"
    )
    assert told(parts__lead_mjml=right) == []
    # Another template's own parts are looked at with that one.
    assert told(parts__plain__lead_mjml="{% if row.kind == 'breifs' %}a{% endif %}") == []


def test_a_theme_that_another_stands_before_is_told() -> None:
    sources = {**SHIPPED, "theme.css": ".body { color: #222222; }"}
    (found,) = lint_inheritance("daily", sources)
    assert (found.file, found.line) == ("templates/theme.css", 1)
    assert "theme.css.j2 stands beside it" in found.message
    del sources["theme.css.j2"]
    assert lint_inheritance("daily", sources) == ()


def test_a_look_without_its_folder_is_told_where_one_is_near() -> None:
    parts = {"parts__evening__briefs_mjml": "x"}
    assert told(evening_mjml=CHILD + "{% set look = 'evenning' %}", **parts) == [
        (
            "evening.mjml.j2",
            2,
            "look is 'evenning', and there is no folder templates/parts/evenning/",
            'write {% set look = "evening" %}',
        )
    ]
    assert told(evening_mjml=CHILD + "{% set look = 'evening' %}") == []  # nothing of its own yet


def test_what_cannot_be_read_is_left_to_others() -> None:
    assert told(evening_mjml="{% if %}") == []
    assert told(evening_mjml='{% extends "evening.mjml.j2" %}{% block x %}{% endblock %}') == []
