"""People, lists and their links: taking in, unsubscribing, and who is to be mailed."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import uuid4

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    bindparam,
    exists,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.sql.selectable import Select

from newsletter.errors import NotFound
from newsletter.model.address import Address
from newsletter.model.records import (
    ImportVerdict,
    NewSubscriber,
    SigningKey,
    SubscriberRow,
    SubscriptionRow,
    SubscriptionState,
    SuppressionReason,
)
from newsletter.store.rows import read_one, select_row, values_of
from newsletter.store.tables import (
    deliveries,
    lists,
    mailings,
    signing_keys,
    subscribers,
    subscriptions,
    suppressions,
)

BATCH = 5000  # rows in one round of statements; SQLite takes 32,766 parameters


def new_public_id() -> str:
    """Make an id nobody can guess (122 random bits)."""
    return uuid4().hex


def ensure_list(conn: Connection, name: str, *, now: datetime) -> int:
    """Return the list's number; a list begins to be with its first subscription."""
    known = conn.execute(select(lists.c.id).where(lists.c.name == name)).scalar_one_or_none()
    made = insert(lists).values(name=name, created=now).returning(lists.c.id)
    return int(conn.execute(made).scalar_one() if known is None else known)


def take_in(
    conn: Connection,
    people: Iterable[NewSubscriber],
    *,
    list_name: str,
    consent: str,
    source: str,
    now: datetime,
    renew: bool = False,
    dry_run: bool = False,
) -> tuple[ImportVerdict, ...]:
    """Take people in with an active subscription to the list, made where it is new.

    A given name replaces the old one, attributes are added to. Of two rows with one address the
    first counts. renew takes back people who had left; dry_run only judges. Returns each row's
    verdict.
    """
    verdicts: list[ImportVerdict] = []
    seen: set[str] = set()
    rest = iter(people)
    while batch := list(islice(rest, BATCH)):
        standing = _standing(conn, batch, list_name)
        judged = [_judge(person, standing, seen, renew=renew) for person in batch]
        verdicts += judged
        accepted = [p for p, v in zip(batch, judged, strict=True) if v is ImportVerdict.ACCEPTED]
        if accepted and not dry_run:
            list_id = ensure_list(conn, list_name, now=now)
            _store_people(conn, accepted, standing, now=now)
            _subscribe(conn, accepted, standing, (list_id, consent, source, now))
    return tuple(verdicts)


def unsubscribe(conn: Connection, address: Address, *, list_name: str, now: datetime) -> bool:
    """End a subscription; true where one was active or pending. The row stays and tells since when.

    Raises NotFound: nobody has this address.
    """
    person = select(subscribers.c.id).where(subscribers.c.email_key == address.key)
    subscriber_id = conn.execute(person).scalar_one_or_none()
    if subscriber_id is None:
        raise NotFound("subscriber", address.spec)
    ended = (
        update(subscriptions)
        .where(
            subscriptions.c.subscriber_id == subscriber_id,
            subscriptions.c.list_id.in_(select(lists.c.id).where(lists.c.name == list_name)),
            subscriptions.c.state != SubscriptionState.ENDED,
        )
        .values(state=SubscriptionState.ENDED, since=now)
    )
    return conn.execute(ended).rowcount == 1


def suppress(
    conn: Connection, address: Address, *, reason: SuppressionReason, now: datetime, note: str = ""
) -> bool:
    """Never mail an address again, on any list; true where it was not suppressed before.

    The first reason stays. It holds for a running mailing from this transaction's commit on.
    """
    known = select(suppressions.c.reason).where(suppressions.c.email_key == address.key)
    if conn.execute(known).scalar_one_or_none() is not None:
        return False
    conn.execute(
        insert(suppressions).values(email_key=address.key, reason=reason, since=now, note=note)
    )
    return True


def list_subscribers(
    conn: Connection, list_name: str | None = None, *, address: Address | None = None
) -> Iterator[SubscriberRow]:
    """Return subscribers in the order they came, one by one, each with every subscription.

    list_name keeps those with a subscription to it, in any state; address keeps that person.
    """
    own = [c for c in subscribers.c if c.name != "email_key"]
    wanted = (
        select(*own, suppressions.c.reason.label("suppressed"))
        .outerjoin(suppressions, suppressions.c.email_key == subscribers.c.email_key)
        .order_by(subscribers.c.id)
    )
    if address is not None:
        wanted = wanted.where(subscribers.c.email_key == address.key)
    if list_name is not None:
        on_list = _states(list_name).subquery()
        wanted = wanted.where(subscribers.c.id.in_(select(on_list.c.subscriber_id)))
    last = 0
    while rows := conn.execute(wanted.where(subscribers.c.id > last).limit(BATCH)).mappings().all():
        held = _subscriptions(conn, [row["id"] for row in rows])
        for row in rows:
            last = row["id"]
            yield SubscriberRow(**row, subscriptions=tuple(held.get(last, ())))


def _states(list_name: str) -> Select[Any]:
    """Select (subscriber id, state) of everybody who is or was on a list."""
    return (
        select(subscriptions.c.subscriber_id, subscriptions.c.state)
        .join(lists, lists.c.id == subscriptions.c.list_id)
        .where(lists.c.name == list_name)
    )


@dataclass(frozen=True, slots=True)
class _Standing:
    """What the database knows of a batch of people, by address key."""

    people: dict[str, tuple[int, str, dict[str, str]]] = field(default_factory=dict)
    states: dict[str, SubscriptionState] = field(default_factory=dict)
    suppressed: set[str] = field(default_factory=set)


def _standing(conn: Connection, batch: Sequence[NewSubscriber], list_name: str) -> _Standing:
    keys = [person.address.key for person in batch]
    standing = _Standing()
    on_list = _states(list_name).subquery()
    known = (
        select(
            subscribers.c.id,
            subscribers.c.email_key,
            subscribers.c.name,
            subscribers.c.attributes,
            on_list.c.state,
        )
        .outerjoin(on_list, on_list.c.subscriber_id == subscribers.c.id)
        .where(subscribers.c.email_key.in_(keys))
    )
    for id_, key, name, attributes, state in conn.execute(known):
        standing.people[key] = (id_, name, attributes)
        if state is not None:
            standing.states[key] = state
    never = select(suppressions.c.email_key).where(suppressions.c.email_key.in_(keys))
    standing.suppressed.update(conn.execute(never).scalars())
    return standing


def _judge(
    person: NewSubscriber, standing: _Standing, seen: set[str], *, renew: bool = False
) -> ImportVerdict:
    key = person.address.key
    if key in seen:
        return ImportVerdict.UNCHANGED
    seen.add(key)
    if key in standing.suppressed:
        return ImportVerdict.SUPPRESSED
    state = standing.states.get(key)
    if state is SubscriptionState.ENDED and not renew:
        return ImportVerdict.ENDED
    if state is SubscriptionState.ACTIVE:
        _, name, attributes = standing.people[key]
        if _merged(person, name, attributes) == (name, attributes):
            return ImportVerdict.UNCHANGED
    return ImportVerdict.ACCEPTED


def _merged(
    person: NewSubscriber, name: str, attributes: dict[str, str]
) -> tuple[str, dict[str, str]]:
    return person.name or name, {**attributes, **person.attributes}


def _store_people(
    conn: Connection,
    accepted: Sequence[NewSubscriber],
    standing: _Standing,
    *,
    now: datetime,
) -> None:
    fresh: list[dict[str, object]] = []
    changed: list[dict[str, object]] = []
    for person in accepted:
        key = person.address.key
        if key in standing.people:
            id_, name, attributes = standing.people[key]
            merged = _merged(person, name, attributes)
            if merged != (name, attributes):
                changed.append({"b_id": id_, "b_name": merged[0], "b_attributes": merged[1]})
            continue
        fresh.append(
            {
                "public_id": new_public_id(),
                "email": person.address.spec,
                "email_key": key,
                "name": person.name,
                "attributes": dict(person.attributes),
                "created": now,
            }
        )
    if fresh:
        conn.execute(insert(subscribers), fresh)
    if changed:
        conn.execute(
            update(subscribers)
            .where(subscribers.c.id == bindparam("b_id"))
            .values(name=bindparam("b_name"), attributes=bindparam("b_attributes")),
            changed,
        )


def _subscribe(
    conn: Connection,
    accepted: Sequence[NewSubscriber],
    standing: _Standing,
    how: tuple[int, str, str, datetime],
) -> None:
    list_id, consent, source, now = how
    keys = [person.address.key for person in accepted]
    found = select(subscribers.c.email_key, subscribers.c.id).where(
        subscribers.c.email_key.in_(keys)
    )
    fresh: list[dict[str, object]] = []
    renewed: list[dict[str, object]] = []
    for key, subscriber_id in conn.execute(found):
        state = standing.states.get(key)
        if state is None:
            fresh.append({"subscriber_id": subscriber_id})
        elif state is not SubscriptionState.ACTIVE:
            renewed.append({"b_id": subscriber_id})
    values = {
        "state": SubscriptionState.ACTIVE,
        "since": now,
        "consent": consent,
        "source": source,
    }
    if fresh:
        conn.execute(
            insert(subscriptions), [{**row, **values, "list_id": list_id} for row in fresh]
        )
    if renewed:
        conn.execute(
            update(subscriptions)
            .where(
                subscriptions.c.subscriber_id == bindparam("b_id"),
                subscriptions.c.list_id == list_id,
            )
            .values(values),
            renewed,
        )


def _subscriptions(
    conn: Connection, subscriber_ids: Collection[int]
) -> dict[int, list[SubscriptionRow]]:
    held: dict[int, list[SubscriptionRow]] = {}
    own = [
        subscriptions.c[name] for name in ("subscriber_id", "state", "since", "consent", "source")
    ]
    rows = conn.execute(
        select(*own, lists.c.name.label("list"))
        .join(lists, lists.c.id == subscriptions.c.list_id)
        .where(subscriptions.c.subscriber_id.in_(subscriber_ids))
        .order_by(lists.c.name)
    )
    for row in rows.mappings():
        values = dict(row)
        held.setdefault(values.pop("subscriber_id"), []).append(SubscriptionRow(**values))
    return held


def audience(list_name: str) -> Select[int, str, str]:
    """Select (subscriber id, address, address key) of everybody a mailing to the list goes to.

    Active subscriptions less suppressed addresses. Approving counts this, freezing stores it.
    """
    return (
        select(subscribers.c.id, subscribers.c.email, subscribers.c.email_key)
        .join(subscriptions, subscriptions.c.subscriber_id == subscribers.c.id)
        .join(lists, lists.c.id == subscriptions.c.list_id)
        .where(
            lists.c.name == list_name,
            subscriptions.c.state == SubscriptionState.ACTIVE,
            ~exists().where(suppressions.c.email_key == subscribers.c.email_key),
        )
    )


def count_audience(conn: Connection, list_name: str) -> int:
    """Count the readers a mailing to the list would go to now; 0 for a list nobody knows."""
    return conn.execute(
        select(func.count()).select_from(audience(list_name).subquery())
    ).scalar_one()


def withdrawn() -> ColumnElement[bool]:
    """Return whether a delivery's reader said no after the freeze: suppressed, or off the list.

    A list that was deleted since changes nothing (F55). For statements on the deliveries table.
    """
    suppressed = exists().where(suppressions.c.email_key == deliveries.c.address_key)
    off_the_list = exists().where(
        and_(
            mailings.c.id == deliveries.c.mailing_id,
            lists.c.name == mailings.c.list,
            subscriptions.c.list_id == lists.c.id,
            subscriptions.c.subscriber_id == deliveries.c.recipient_id,
            subscriptions.c.state != SubscriptionState.ACTIVE,
        )
    )
    return suppressed | off_the_list


_KEY = select_row(signing_keys, SigningKey)


def newest_key(conn: Connection, purpose: str) -> SigningKey | None:
    """Return the key that new links of this purpose are signed with; None before the first."""
    wanted = _KEY.where(signing_keys.c.purpose == purpose)
    in_order = wanted.order_by(signing_keys.c.created.desc(), signing_keys.c.key_id).limit(1)
    return read_one(conn, in_order, SigningKey)


def get_key(conn: Connection, key_id: str) -> SigningKey | None:
    """Return the key a link names, None where it names none of ours."""
    return read_one(conn, _KEY.where(signing_keys.c.key_id == key_id), SigningKey)


def keep_key(
    conn: Connection, *, key_id: str, purpose: str, secret: bytes, now: datetime
) -> SigningKey:
    """Keep the first key of a purpose; where another process was first, its key is given back."""
    if there := newest_key(conn, purpose):
        return there
    key = SigningKey(key_id=key_id, purpose=purpose, secret=secret, created=now)
    conn.execute(insert(signing_keys).values(values_of(key)))
    return key
