"""The bill of materials in CycloneDX's JSON: every locked package with its hashes and licence."""

import base64
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType, Property
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentScope, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL

from tests.supply.licences import licence_of
from tests.supply.locks import IN_DEVELOPMENT, PROJECT, Package

SBOM = PROJECT / "artefacts" / "sbom.json"
ALGORITHMS = {"sha256": HashAlgorithm.SHA_256, "sha512": HashAlgorithm.SHA_512}


class InvalidSbom(Exception):
    """What was written is not CycloneDX."""


def sbom(packages: Iterable[Package]) -> str:
    """The document, checked against CycloneDX's own schema."""
    bom = Bom()
    bom.metadata.component = root = Component(
        name="keyseat-carpool", version=metadata.version("keyseat-carpool"), type=ComponentType.APPLICATION
    )
    components = [component(each) for each in packages]
    bom.components.update(components)
    bom.register_dependency(root, components)
    text = JsonV1Dot6(bom).output_as_string(indent=2)
    if (error := JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)) is not None:
        raise InvalidSbom(str(error))
    return text


def component(package: Package) -> Component:
    """One package. What only tests use is marked as excluded from what is delivered."""
    group, _, name = package.name.rpartition("/")
    purl = PackageURL(type=package.ecosystem, namespace=group or None, name=name, version=package.version)
    licence = licence_of(package)
    return Component(
        name=name,
        group=group or None,
        version=package.version,
        type=ComponentType.LIBRARY,
        purl=purl,
        bom_ref=str(purl),
        scope=ComponentScope.EXCLUDED if package.used == IN_DEVELOPMENT else ComponentScope.REQUIRED,
        licenses=[LicenseFactory().make_from_string(licence)] if licence else [],
        hashes=_hashes(package),
        properties=[
            Property(name="keyseat-carpool:used-in", value=package.used),
            *([Property(name="keyseat-carpool:only-where", value=package.marker)] if package.marker else []),
        ],
    )


def _hashes(package: Package) -> list[HashType]:
    """npm locks one file with one hash. PyPI locks a file for each kind of machine: of a single file, the same."""
    if len(package.hashes) != 1:
        return []
    kind, _, value = package.hashes[0].replace("sha512-", "sha512:").partition(":")
    digest = base64.b64decode(value).hex() if kind == "sha512" else value
    return [HashType(alg=ALGORITHMS[kind], content=digest)]


def write(packages: Iterable[Package], path: Path = SBOM) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(sbom(packages) + "\n", encoding="utf-8")
