"""Names that do not exist: told once each, in the place of all that follows from it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from newsletter.doctor.answer import Answer, Ask, Found
from newsletter.doctor.telling import seen
from newsletter.model.address import organisational_domain
from newsletter.model.diagnosis import Area, Diagnosis, State


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingNames:
    """Names that the DNS denies, each with its denial and the settings that name it."""

    found: Mapping[str, tuple[Answer, tuple[str, ...]]] = field(default_factory=dict)

    def above(self, name: str) -> str:
        """Return the name that is missing: this one or the one it stands below; "" for none.

        Where a name does not exist, nothing below it does (RFC 8020).
        """
        lower = name.lower().rstrip(".")
        return next((each for each in self.found if f".{lower}".endswith(f".{each}")), "")

    def told(self) -> tuple[Diagnosis, ...]:
        """Return one finding for each missing name."""
        return tuple(
            Diagnosis(
                area=Area.DNS,
                check="no-such-name",
                subject=name,
                state=State.ERROR,
                message=f"{name} does not exist",
                evidence=seen(answer),
                remedy=f"correct it in {' and '.join(keys)}, or register it and see that its name "
                "servers know it; what hangs on it was left out here",
            )
            for name, (answer, keys) in self.found.items()
        )


def missing_names(
    domains: Iterable[tuple[str, str]], hosts: Iterable[tuple[str, str]], ask: Ask
) -> MissingNames:
    """Ask which names do not exist; what could not be asked is not among them.

    Args:
        domains: each domain or host with the setting that names it: the domain that an organisation
            registered is asked for; what is below one's own domain can be published.
        hosts: mail servers that were not reached, with the setting: each is asked for itself.
        ask: asks the DNS.
    """
    found: dict[str, tuple[Answer, tuple[str, ...]]] = {}
    kept_hosts = tuple(hosts)
    for name, key in (*domains, *kept_hosts):
        registered = organisational_domain(name)
        if registered is not None:
            _note(found, registered, key, ask(registered, "MX"))
    for host, key in kept_hosts:
        if not MissingNames(found=found).above(host):
            _note(found, host.lower().rstrip("."), key, ask(host, "A"))
    return MissingNames(found=found)


def _note(
    found: dict[str, tuple[Answer, tuple[str, ...]]], name: str, key: str, answer: Answer
) -> None:
    # with an alias, the name exists and leads to one that does not
    if answer.found is Found.NO_NAME and not answer.alias:
        known = found.get(name, (answer, ()))[1]
        found[name] = (answer, tuple(dict.fromkeys((*known, key))))
