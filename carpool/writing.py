"""Where the commands' results go: a file that appears whole, or the standard output."""

import dataclasses
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from carpool.errors import CarpoolError
from carpool.show import escaped

if TYPE_CHECKING:
    from carpool.certificate import Certificate
    from carpool.plan import Plan


def write_proof(proof: "Certificate", path: Path, instance: Path) -> None:
    """Write the certificate with the digest of the instance's file."""
    from carpool.certificate import file_sha256, write_certificate

    write_certificate(path, dataclasses.replace(proof, instance_sha256=file_sha256(instance)))


def check_target(out: Path | None, *inputs: Path) -> None:
    """Know before the work whether the result can be written."""
    if out is not None:
        from carpool.files import check_output

        check_output(out, *inputs)
    elif sys.stdout is None:
        raise CarpoolError("The standard output is closed, and there is no --out.", "out")


def write_result(plan: "Plan", out: Path | None) -> None:
    """Write the plan, without `out` to the standard output."""
    from carpool.files import dumps, plan_to_json, write_plan

    if out is None:
        write_text(dumps(plan_to_json(plan)))
    else:
        write_plan(plan, out)


def write_text(text: str) -> None:
    """Text in UTF-8 to the standard output, whatever the terminal's own encoding is."""
    try:
        sys.stdout.buffer.write(text.encode())
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise  # The reader has seen enough.
    except OSError as error:
        raise CarpoolError(
            f"The standard output cannot be written: {escaped(str(error.strerror))}", "out"
        ) from None
