"""Rows of the database to values of the model and back: a column and its field share a name."""

from dataclasses import fields
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Connection, Executable, Table, select
from sqlalchemy.sql.selectable import Select

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Row = TypeVar("Row", bound="DataclassInstance")


def select_row(table: Table[Any], kind: "type[DataclassInstance]") -> Select[Any]:
    """Select the columns of a table that make a row of that kind."""
    return select(*(table.c[field.name] for field in fields(kind)))


def read_all(conn: Connection, wanted: Executable, kind: type[Row]) -> tuple[Row, ...]:
    """Return what a query finds, in its order."""
    return tuple(kind(**row) for row in conn.execute(wanted).mappings())


def read_one(conn: Connection, wanted: Executable, kind: type[Row]) -> Row | None:
    """Return the one row that a query finds; None for none."""
    row = conn.execute(wanted).mappings().one_or_none()
    return kind(**row) if row is not None else None


def values_of(row: "DataclassInstance") -> dict[str, Any]:
    """Return what is to be written for a value, by column."""
    return {field.name: getattr(row, field.name) for field in fields(row)}
