"""Random documents against an installation, by every kind of caller, by plans and by the ordinary way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from regiohub.auth.principal import ANONYMOUS
from regiohub.graphql.comparison import difference
from regiohub.graphql.execute import Request, Terms, run
from regiohub.graphql.source import RegionSource, Source, TownSource
from regiohub.graphql.transport.service import REGION, GraphQLService
from regiohub.testing.world import World

from .documents import Document

CALLERS = ("anonymous", "citizen", "staff")


@dataclass(slots=True)
class Outcome:
    """What came back. `own`: answers that show a row of the own town; without them a search for others says nothing."""

    cases: int = 0
    answers: int = 0
    kinds: Counter[str] = field(default_factory=Counter[str])
    codes: Counter[str] = field(default_factory=Counter[str])
    own: int = 0
    wrong: list[str] = field(default_factory=list[str])

    def line(self, name: str) -> str:
        """The figures in one line."""
        kinds = ", ".join(f"{number:,} {kind}" for kind, number in sorted(self.kinds.items()))
        codes = ", ".join(f"{code}: {number:,}" for code, number in self.codes.most_common())
        return (
            f"{name}: {self.cases:,} documents ({kinds}), {self.answers:,} answers, {self.own:,} with own rows, "
            f"{len(self.wrong)} faults; codes: {codes}"
        )


def _request(document: Document) -> Request:
    return Request(document.text, dict(document.variables), document.operation_name)


def _asked(document: Document) -> dict[str, Any]:
    return {"query": document.text, "variables": document.variables, "operationName": document.operation_name}


@dataclass(slots=True)
class Asking:
    """One endpoint under fire. `own` and `foreign`: marks that an answer may show and must not show."""

    world: World
    where: str
    own: str
    foreign: Sequence[str]
    outcome: Outcome = field(default_factory=Outcome)

    async def ask(self, documents: Sequence[Document]) -> Outcome:
        """Ask each document as one of the callers, in turn: over HTTP, and queries once more without plans."""
        service = GraphQLService.of(self.world.platform)
        tokens = self._tokens()
        for number, document in enumerate(documents):
            # The kinds come in runs, so that every caller asks each of them.
            caller = CALLERS[number % len(CALLERS)]
            self.outcome.cases += 1
            self.outcome.kinds[f"{'valid' if document.valid else 'invalid'} {document.kind}"] += 1
            planned = await self._over_http(document, caller, tokens[caller])
            if document.kind == "query" and document.valid:
                ordinary = await self._ordinary(service, document, caller)
                comparable = caller == "anonymous" or self.where != REGION
                if comparable and b'"errors"' not in planned and (found := difference(planned, ordinary)) is not None:
                    self.outcome.wrong.append(f"plan and ordinary way differ for {caller}: {found}\n{document.text}")
        return self.outcome

    async def _over_http(self, document: Document, caller: str, token: str | None) -> bytes:
        headers = {"accept-language": "en"} | ({"authorization": f"Bearer {token}"} if token else {})
        answer = await self.world.client.post(
            f"/{self.where}/graphql", content=orjson.dumps(_asked(document)),
            headers=headers | {"content-type": "application/json"},
        )  # fmt: skip
        if answer.status_code != 200:
            self.outcome.wrong.append(f"status {answer.status_code} for {caller}:\n{document.text}")
        self._judge(answer.content, document, caller)
        return answer.content

    async def _ordinary(self, service: GraphQLService, document: Document, caller: str) -> bytes:
        terms = Terms(service.limits, 60.0, request_id="fuzz", plans=False)
        composed = service.schema_of(None if self.where == REGION else self.world.tenant(self.where))
        answer = await run(composed, _request(document), self._source(caller), terms)
        body = answer.dump()
        self._judge(body, document, caller)
        return body

    def _source(self, caller: str) -> Source:
        roles = ("tenant-admin",) if caller == "staff" else ()
        subject = None if caller == "anonymous" else caller
        principal = (
            self.world.principal(self.where, roles=roles, subject=subject) if self.where != REGION else ANONYMOUS
        )
        if self.where == REGION:
            return RegionSource(self.world.platform, principal, "en")
        return TownSource(self.world.platform.scope(self.world.tenant(self.where), principal=principal, locale="en"))

    def _tokens(self) -> Mapping[str, str | None]:
        # Rights in a town are none at the region, and must do no harm there.
        town = "potsdam" if self.where == REGION else self.where
        return {
            "anonymous": None,
            "citizen": self.world.token(None, subject="citizen", email="citizen@example.org"),
            "staff": self.world.token(town, roles=("tenant-admin",), subject="staff", email="staff@example.org"),
        }

    def _judge(self, body: bytes, document: Document, caller: str) -> None:
        outcome = self.outcome
        outcome.answers += 1
        outcome.own += self.own.encode() in body
        for mark in self.foreign:
            if mark.encode() in body:
                outcome.wrong.append(f"a row of another town ({mark}) for {caller}:\n{document.text}")
        errors: list[dict[str, Any]] = orjson.loads(body).get("errors", []) if b'"errors"' in body else []
        codes = {error["extensions"]["code"] for error in errors} or {"none"}
        outcome.codes.update(codes)
        if "INTERNAL" in codes:
            outcome.wrong.append(f"a fault of the program for {caller}:\n{document.text}")
        if not document.valid and codes == {"none"}:
            outcome.wrong.append(f"an invalid document is answered for {caller}:\n{document.text}")
