"""The certificate of a bound, `carpool-certificate/1`: prices from which a stranger can recompute it. Reading and writing."""

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from carpool.errors import CarpoolError, Fault, InvalidInput
from carpool.files import dumps
from carpool.files.output import write_whole
from carpool.files.parse import is_too_deep, parse, too_deep
from carpool.files.shapes import Reading, StrictReading, array, mapping, nullable, number, record, text
from carpool.instance import Instance
from carpool.show import escaped, member, show

FORMAT = "carpool-certificate/1"
SMALLEST_CUT = 3
LARGEST = 1e12
"""No price and no value of an instance within the format's limits comes near; beyond it, sums would lose their digits."""


class InvalidCertificate(InvalidInput):
    """The certificate cannot be used with this instance."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A price for every second person of `people` whom a trip brings: of three people, all trips together hold one pair."""

    people: tuple[str, ...]
    price: float


@dataclass(frozen=True, slots=True)
class Certificate:
    """Prices of people, events and cuts, at least 0; what each driver's best trip is worth at them; and the `bound` claimed.

    Whoever is missing has 0. `instance_sha256` is the digest of the instance's file in hex, None where it is not said.
    """

    bound: float
    people: Mapping[str, float] = field(default_factory=dict)
    events: Mapping[str, float] = field(default_factory=dict)
    drivers: Mapping[str, float] = field(default_factory=dict)
    cuts: tuple[Cut, ...] = ()
    instance_sha256: str | None = None
    version: str | None = None


def file_sha256(path: Path | str) -> str:
    """The digest of a file's bytes in hex, as `instance_sha256` has it. Raises `CarpoolError` if it cannot be read."""
    return hashlib.sha256(_bytes(Path(path))).hexdigest()


def write_certificate(path: Path | str, certificate: Certificate) -> None:
    """Write the certificate, whole or not at all. Raises `CarpoolError` if it cannot be written."""
    document: dict[str, Any] = {"format": FORMAT, "instance_sha256": certificate.instance_sha256}
    document |= {name: dict(getattr(certificate, name)) for name in ("people", "events", "drivers")}
    document["cuts"] = [{"people": list(cut.people), "price": cut.price} for cut in certificate.cuts]
    document["bound"] = certificate.bound
    if certificate.version is not None:
        document["version"] = certificate.version
    write_whole(Path(path), dumps(document))


def read_certificate(path: Path | str, instance: Instance, sha256: str | None = None) -> Certificate:
    """The certificate in a file, for this instance, whose file has the digest `sha256` (None: it is not compared).

    Raises `InvalidCertificate` with every fault, `CarpoolError` if the file cannot be read.
    """
    reading = StrictReading()
    document = parse(_bytes(Path(path)), InvalidCertificate)
    members = _document(document, "$", reading)
    if reading.faults and is_too_deep(document):
        raise InvalidCertificate([too_deep()])
    if reading.faults:
        raise InvalidCertificate(reading.faults)
    del members["format"]
    certificate = Certificate(**members)
    # The names of another instance would only be told as strangers, one by one.
    if faults := list(_digest_faults(certificate, sha256)) or list(_name_faults(instance, certificate)):
        raise InvalidCertificate(faults)
    return certificate


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except (OSError, ValueError) as why:  # A null in a path is a ValueError.
        reason = getattr(why, "strerror", None) or str(why)
        raise CarpoolError(f"{escaped(str(path))}: cannot be read: {reason}", "in") from None


def _digest_faults(certificate: Certificate, sha256: str | None) -> Iterator[Fault]:
    named = certificate.instance_sha256
    if named is not None and sha256 is not None and named.lower() != sha256:
        yield Fault(
            "instance_sha256", show(named), f"expected {sha256}, or the instance that it was made for"
        )


def _name_faults(instance: Instance, certificate: Certificate) -> Iterator[Fault]:
    known: dict[str, tuple[Collection[str], str]] = {
        "people": (instance.index, "expected the id of a driver or rider"),
        "events": (instance.event_by_id, "expected the id of an event"),
        "drivers": (instance.driver_by_id, "expected the id of somebody who can drive"),
    }
    for name, (ids, expected) in known.items():
        strangers = [key for key in getattr(certificate, name) if key not in ids]
        yield from (Fault(member(name, key), show(key), expected) for key in strangers)
    for position, cut in enumerate(certificate.cuts):
        path = f"cuts[{position}].people"
        if len(cut.people) < SMALLEST_CUT:
            yield Fault(path, show(cut.people), f"expected {SMALLEST_CUT} ids or more")
        seen = set[str]()
        for place, person in enumerate(cut.people):
            if person not in instance.index:
                yield Fault(f"{path}[{place}]", show(person), "expected the id of a driver or rider")
            elif person in seen:
                yield Fault(f"{path}[{place}]", show(person), "expected each id once")
            seen.add(person)


def _format(value: Any, path: str, reading: Reading) -> None:
    if value != FORMAT:
        reading.wrong(path, value, f'expected "{FORMAT}"')


def _value(value: Any, path: str, reading: Reading) -> float:
    found = number(value, path, reading)
    if abs(found) > LARGEST:
        reading.wrong(path, value, "expected a number from -1e12 to 1e12")
    return found


def _price(value: Any, path: str, reading: Reading) -> float:
    found = number(value, path, reading)
    if not 0 <= found <= LARGEST:
        reading.wrong(path, value, "expected a price from 0 to 1e12")
    return found


_document = record(
    dict,
    {
        "format": _format,
        "instance_sha256": nullable(text),
        "people": mapping(_price),
        "events": mapping(_price),
        "drivers": mapping(_value),
        "cuts": array(record(Cut, {"people": array(text), "price": _price})),
        "bound": _value,
        "version": text,
    },
    required=frozenset({"format", "bound"}),
)
