"""Reading subscribers from CSV: each row has a fate, and the file is never held whole."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.audience.csv_import import AcceptedRow, CsvFile, RefusedRow
from newsletter.errors import UserError


def rows(content: str | bytes) -> list[AcceptedRow | RefusedRow]:
    data = content.encode() if isinstance(content, str) else content
    return list(CsvFile(io.BytesIO(data), shown="readers.csv"))


def accepted(content: str | bytes) -> list[tuple[int, str, str, dict[str, str]]]:
    found = rows(content)
    assert all(isinstance(row, AcceptedRow) for row in found), found
    return [
        (row.row, row.person.address.spec, row.person.name, dict(row.person.attributes))
        for row in found
        if isinstance(row, AcceptedRow)
    ]


def refused(content: str | bytes) -> list[tuple[int, str, str]]:
    return [(row.row, row.value, row.why) for row in rows(content) if isinstance(row, RefusedRow)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_the_usual_files_are_read(delimiter: str, line_end: str, mark: str) -> None:
    lines = [["Name", " E-Mail", "EMAIL", "City"], ["Zoë", "", " zoe@mail.example ", "Köln"]]
    content = mark + line_end.join(delimiter.join(cells) for cells in lines) + line_end
    assert accepted(content) == [(2, "zoe@mail.example", "Zoë", {"city": "Köln"})]


def test_a_quoted_cell_may_hold_delimiters_and_quotation_marks() -> None:
    content = 'email,name,paper\na@b.example,Anna,"Daily, ""A"""\n'
    assert accepted(content) == [(2, "a@b.example", "Anna", {"paper": 'Daily, "A"'})]


@pytest.mark.parametrize("header", ["Email Address", "E-Mail", "E-mail-Adresse", "EMAIL"])
def test_a_column_of_addresses_goes_by_its_usual_names(header: str) -> None:
    content = f"{header},name\na@b.example,Anna\n"
    assert accepted(content) == [(2, "a@b.example", "Anna", {})]


def test_what_looks_wrong_is_told_and_no_odd_name_is_used() -> None:
    content = (
        "email;name\na@b.example;N/A\nb@b.example;-\nc@b.example;SMITH, JOHN\n"
        "no-reply@b.example;Anna\nd@b.example;O'Neil\n"
    )
    found = [row for row in rows(content) if isinstance(row, AcceptedRow)]
    assert [(row.person.name, row.doubt) for row in found] == [
        ("", "the name N/A is left out"),
        ("", "the name - is left out"),
        ("", "the name SMITH, JOHN is left out"),
        ("Anna", "nobody reads mail to this address"),
        ("O'Neil", ""),
    ]


def test_rows_that_cannot_be_imported_say_why() -> None:
    content = (
        "email,name,city\n"
        "nobody,Anna,\n"
        "a@b.example,ok,\n"
        "A@B.example,again,\n"
        ",no address,\n"
        "c@d.example,x,y,z\n"
        'e@f.example,"two\nlines",\n'
        f"g@h.example,{'n' * 201},\n"
        f"i@j.example,x,{'c' * 1001}\n"
        '"k@l.example, m@n.example",x,\n'
        "zero\u200bwidth@o.example,x,\n"
        "p@q.example,=?utf-8?q?=0D=0ABcc:_x?=,\n"
    )
    found = refused(content)
    assert [row for row, _, _ in found] == [2, 4, 5, 6, 7, 8, 9, 10, 11, 12]
    whys = [why for _, _, why in found]
    assert "@" in whys[0]
    assert whys[1] == "the same address is in row 3"
    assert whys[2] == "it has no address"
    assert whys[3] == "it has more cells than the first row"
    assert whys[4] == "its name holds a control character or a line break"
    assert whys[5] == "its name is longer than 200 characters"
    assert whys[6] == "its city is longer than 1000 characters"
    assert whys[8] == "it holds control or invisible characters"
    assert found[8][1] == "zero\ufffdwidth@o.example"
    assert whys[9] == "its name is an encoded word of a mail header, not a name"
    assert len([row for row in rows(content) if isinstance(row, AcceptedRow)]) == 1


@pytest.mark.covers("T44")
def test_the_guard_of_exported_cells_is_undone() -> None:
    content = "email,name,note\n'+1@b.example,'=Anna,'tis\n"
    assert accepted(content) == [(2, "+1@b.example", "=Anna", {"note": "'tis"})]


@pytest.mark.covers("T43")
def test_columns_of_consent_and_state_are_not_taken_over() -> None:
    data = b"email,Status,consent,city\na@b.example,active,yes,Ulm\n"
    file = CsvFile(io.BytesIO(data), shown="readers.csv")
    assert file.ignored == ("status", "consent")
    (row,) = file
    assert isinstance(row, AcceptedRow)
    assert row.person.attributes == {"city": "Ulm"}


@pytest.mark.covers("T43")
@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "the first row is empty"),
        (b"\n\n", "the first row is empty"),
        (b"name,city\n", "no column is called email; the first row has name, city"),
        (b"email,name,Name\n", "two columns are called name"),
        (b"email,=1+1\n", "=1\\+1 is no name for a column"),
        (b"email" + b",c" * 60 + b"\n", "61 columns are more than 60"),
        ("email,name\na@b.example,Zoë\n".encode("utf-16"), "UTF-16, not UTF-8"),
        ("email,name\na@b.example,Zoë\n".encode("utf-16-le"), "UTF-16, not UTF-8"),
        (
            "email,name\na@b.example,Zoë\n".encode("cp1252"),
            "readers.csv: row 2 is not UTF-8, after .a@b.example,Zo",
        ),
        (b"email\na@b.example\n" + b"x" * 100_001, "readers.csv:3: the line is longer"),
        (b'email,name\na@b.example,"Anna\n', "readers.csv:2: a quotation mark is opened here"),
        (
            b'email,name\na@b.example,"A\n' + b"x\n" * 99_000,
            "readers.csv:2: a quotation mark is opened",
        ),
        (b"\x89PNG\r\n\x1a\n\0\0", "not UTF-8|UTF-16"),
    ],
)
def test_a_file_that_cannot_be_read_gets_one_sentence(data: bytes, message: str) -> None:
    with pytest.raises(UserError, match=message) as caught:
        rows(data)
    assert "\n" not in str(caught.value)


def test_a_misplaced_quotation_mark_costs_its_row_alone() -> None:
    content = 'email,name\na@b.example,"An"na\nc@d.example,Carla\n'
    first, second = rows(content)
    assert isinstance(first, RefusedRow)
    assert "the row cannot be read" in first.why
    assert isinstance(second, AcceptedRow)


CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)


@given(st.binary(max_size=200))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    try:
        rows(b"email,name\n" + data)
    except UserError as error:
        assert str(error)  # noqa: PT017 (either ending is right, no other)
