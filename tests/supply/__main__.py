"""`make check`, `make audit`, `make sbom` and `make licences`: what we build on, looked after."""

import typer

from tests.supply import audit, licences, sbom, secrets, used
from tests.supply.locks import PROJECT, everything

commands = typer.Typer(help="What others wrote and we build on.", no_args_is_help=True, add_completion=False)


@commands.command("check")
def check() -> None:
    """Licences, unused packages and secrets. Ends with 1 if something is wrong."""
    packages = everything()
    found = [
        *licences.faults(packages),
        *(f"{name} is in pyproject.toml, and nothing uses it." for name in used.unused()),
        *(f"{where}: this looks like a secret." for where in secrets.found(secrets.kept_files())),
    ]
    for fault in found:
        typer.echo(fault, err=True)
    if found:
        raise typer.Exit(1)
    typer.echo(
        f"{len(packages)} locked packages: licences known and allowed; none unused; no secret in the repository"
    )


@commands.command("audit")
def audit_all(strict: bool = typer.Option(False, help="Fail where nobody could be asked.")) -> None:
    """Known holes in the locked packages. Ends with 1 if there is one."""
    lines, well = audit.report(audit.audits(), strict)
    for line in lines:
        typer.echo(line)
    if not well:
        raise typer.Exit(1)


@commands.command("sbom")
def write_sbom() -> None:
    """The bill of materials, CycloneDX 1.6 as JSON, to artefacts/sbom.json."""
    packages = everything()
    sbom.write(packages)
    typer.echo(f"{len(packages)} packages in {sbom.SBOM.relative_to(PROJECT)}")


@commands.command("licences")
def write_licences() -> None:
    """The list of licences, to docs/licences.md."""
    typer.echo(f"{licences.write()} packages in {licences.LIST.relative_to(PROJECT)}")


if __name__ == "__main__":
    commands()
