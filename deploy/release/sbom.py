"""Writes the bill of materials: `make sbom`. CycloneDX 1.6 (ECMA-424), as JSON.

It names what an installation runs, from the locks that decide it: the libraries of Python, and the packages of the
browser that are built into the wheels. Each with version, hashes, licence and package URL, so that a scanner of
weaknesses finds them.
"""

from __future__ import annotations

import base64
import json
import re
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Any

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_LICENCES = LicenseFactory()


def main() -> int:
    """Write it to the path given."""
    target = Path(sys.argv[1])
    target.parent.mkdir(parents=True, exist_ok=True)
    bill = bill_of_materials(ROOT)
    target.write_text(JsonV1Dot6(bill).output_as_string(indent=2) + "\n", encoding="utf-8")
    print(f"{target}: {len(bill.components)} components")
    return 0


def bill_of_materials(root: Path) -> Bom:
    """The bill of a checkout."""
    core = Component(
        name="regiohub", version=metadata("regiohub")["Version"], type=ComponentType.APPLICATION, bom_ref="regiohub",
        licenses=[_LICENCES.make_from_string("EUPL-1.2")],
    )  # fmt: skip
    found = [*_of_python(root / "requirements/prod.txt"), *_of_browsers(root / "package-lock.json")]
    bill = Bom(components=found)
    bill.metadata.component = core
    bill.register_dependency(core, found)
    return bill


def _of_python(locked: Path) -> Iterator[Component]:
    for entry in re.split(r"\n(?=[A-Za-z0-9])", locked.read_text(encoding="utf-8")):
        if entry.startswith(("#", "-")) or "==" not in entry:
            continue
        requirement = Requirement(entry.partition("\\")[0].strip())
        version = str(requirement.specifier).removeprefix("==")
        hashes = [HashType(alg=HashAlgorithm.SHA_256, content=digest) for digest in sorted(_HASH.findall(entry))]
        yield _component("pypi", requirement.name, version, hashes, _licence(requirement.name))


def _licence(name: str) -> str | None:
    try:
        facts = metadata(name)
    except PackageNotFoundError:
        # For another system than this one.
        return None
    stated = facts.get("License-Expression") or facts.get("License") or ""
    classified = [
        line.rpartition("::")[2].strip() for line in facts.get_all("Classifier", []) if line.startswith("License ::")
    ]
    # Some put the whole text there.
    return stated if stated and len(stated) < 60 else next(iter(classified), None)


def _of_browsers(locked: Path) -> Iterator[Component]:
    packages: dict[str, dict[str, Any]] = json.loads(locked.read_text(encoding="utf-8"))["packages"]
    for place, facts in sorted(packages.items()):
        if not place or facts.get("dev"):
            continue
        kind, _, digest = facts["integrity"].partition("-")
        assert kind == "sha512", place
        hashes = [HashType(alg=HashAlgorithm.SHA_512, content=base64.b64decode(digest).hex())]
        name = place.rpartition("node_modules/")[2]
        yield _component("npm", name, facts["version"], hashes, facts.get("license"))


def _component(kind: str, name: str, version: str, hashes: list[HashType], licence: str | None) -> Component:
    group, _, short = name.rpartition("/")
    address = PackageURL(kind, group or None, short, version)
    return Component(
        name=short, group=group or None, version=version, type=ComponentType.LIBRARY, purl=address,
        bom_ref=address.to_string(), hashes=hashes, licenses=[_LICENCES.make_from_string(licence)] if licence else [],
    )  # fmt: skip


if __name__ == "__main__":
    raise SystemExit(main())
