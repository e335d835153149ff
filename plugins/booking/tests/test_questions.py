"""Questions back to the applicant: asked by staff, answered once, by the person or by the link of the mail."""

import re
from datetime import timedelta

import pytest

from regiohub.api import Ctx, DomainError
from regiohub_booking.models import Booking, Question, Resource
from regiohub_booking.rules.states import BookingState
from regiohub_booking.service.decide import approve_booking, cancel_booking
from regiohub_booking.service.questions import answer, answer_by_link, ask, question_behind, thread_of

from .conftest import House, span

EVENING = span("2026-06-10", "18:00", "20:00")


async def asked(house: House) -> tuple[Booking, Question, str]:
    """A request of Anna with an open question, and the token of the mail's link."""
    room = await house.resource(requires_approval=True)
    booking = await house.book(room, EVENING)
    question = await house.do(lambda ctx: ask(ctx, booking.id, "Brauchen Sie die Küche?"), house.editor)
    await house.world.work()
    body = house.world.mails[-1].get_body(("plain",))
    assert body is not None
    link = re.search(r"http://127.0.0.1:8000/potsdam/booking/answer/(\S+)", body.get_content())
    assert link is not None
    return booking, question, link[1]


async def state_of(house: House, booking: Booking) -> BookingState:
    async with house.world.scope("potsdam").read() as ctx:
        found = await ctx.session.find(Booking, booking.id)
    assert found is not None
    return found.state


async def test_a_question_keeps_the_time_and_the_answer_brings_the_request_back(house: House) -> None:
    booking, question, _ = await asked(house)
    assert await state_of(house, booking) is BookingState.ASKED
    with pytest.raises(DomainError) as taken:
        await house.book(await house.read(lambda ctx: _resource(ctx, booking)), EVENING, house.who("ben"))
    assert taken.value.code == "SLOT_TAKEN"
    with pytest.raises(DomainError) as foreign:
        await house.do(lambda ctx: answer(ctx, question.id, "Ja"), house.who("ben"))
    assert foreign.value.code == "NOT_FOUND"
    answered = await house.do(lambda ctx: answer(ctx, question.id, " Ja, bitte. "))
    assert (answered.answer, answered.token_hash) == ("Ja, bitte.", None)
    assert await state_of(house, booking) is BookingState.PENDING
    with pytest.raises(DomainError) as twice:
        await house.do(lambda ctx: answer(ctx, question.id, "Nein"))
    assert twice.value.code == "NOT_FOUND"
    second = await house.do(lambda ctx: ask(ctx, booking.id, "Wie viele Personen?"), house.editor)
    thread = await house.read(lambda ctx: thread_of(ctx, booking.id))
    assert [item.id for item in thread] == [question.id, second.id]


async def _resource(ctx: Ctx, booking: Booking) -> Resource:
    found = await ctx.session.find(Resource, booking.resource_id)
    assert found is not None
    return found


async def test_the_link_of_the_mail_answers_once_without_signing_in(house: House) -> None:
    booking, _, token = await asked(house)
    nobody = house.world.principal("potsdam", subject=None)
    found = await house.read(lambda ctx: question_behind(ctx, token), nobody)
    assert found[0].question == "Brauchen Sie die Küche?"
    await house.do(lambda ctx: answer_by_link(ctx, token, "Ja"), nobody)
    assert await state_of(house, booking) is BookingState.PENDING
    for wrong in (token, token[:-1], ""):
        with pytest.raises(DomainError) as caught:
            await house.do(lambda ctx, wrong=wrong: answer_by_link(ctx, wrong, "Nein"), nobody)
        assert caught.value.code == "NOT_FOUND"


async def test_after_the_deadline_the_link_is_closed_and_the_house_still_decides(house_sqlite: House) -> None:
    house = house_sqlite
    booking, question, token = await asked(house)
    house.world.clock.advance(timedelta(days=8))
    with pytest.raises(DomainError) as caught:
        await house.do(lambda ctx: answer_by_link(ctx, token, "Ja"), house.world.principal("potsdam", subject=None))
    assert caught.value.code == "NOT_FOUND"
    assert await state_of(house, booking) is BookingState.ASKED
    # Whoever signs in may be late: the house has not decided yet.
    await house.do(lambda ctx: answer(ctx, question.id, "Ja"))
    assert await state_of(house, booking) is BookingState.PENDING


async def test_the_house_need_not_wait_and_a_decision_closes_the_link(house_sqlite: House) -> None:
    house = house_sqlite
    booking, _, token = await asked(house)
    with pytest.raises(DomainError) as again:
        await house.do(lambda ctx: ask(ctx, booking.id, "Und?"), house.editor)
    assert again.value.code == "WRONG_STATE"
    await house.do(lambda ctx: approve_booking(ctx, booking.id), house.editor)
    with pytest.raises(DomainError):
        await house.do(lambda ctx: answer_by_link(ctx, token, "Ja"), house.world.principal("potsdam", subject=None))


async def test_the_applicant_may_give_up_instead_of_answering(house_sqlite: House) -> None:
    booking, _, _ = await asked(house_sqlite)
    cancelled = await house_sqlite.do(lambda ctx: cancel_booking(ctx, booking.id))
    assert cancelled.state is BookingState.CANCELLED


async def test_only_staff_ask_and_words_are_needed(house_sqlite: House) -> None:
    house = house_sqlite
    room = await house.resource(requires_approval=True)
    booking = await house.book(room, EVENING)
    with pytest.raises(DomainError) as caught:
        await house.do(lambda ctx: ask(ctx, booking.id, "Warum?"))
    assert caught.value.code == "FORBIDDEN"
    for words, days, field in (("  ", None, "question"), ("x" * 2001, None, "question"), ("Warum?", 61, "days")):
        with pytest.raises(DomainError) as wrong:
            await house.do(lambda ctx, w=words, d=days: ask(ctx, booking.id, w, days=d), house.editor)
        assert wrong.value.field == field


async def test_the_api_asks_answers_and_hides_the_thread_from_others(house: House) -> None:
    room = await house.resource(requires_approval=True)
    booking = await house.book(room, EVENING)
    document = """mutation ($id: ID!) { askApplicant(id: $id, question: "Küche?", days: 3) {
        question { id question answerBy } errors { code } } }"""
    made = await house.world.graphql("potsdam", document, {"id": str(booking.id)}, roles=("caretaker",))
    question = made.data["askApplicant"]["question"]
    assert question["answerBy"] == "2026-06-04T08:00:00.000Z"
    thread = """query ($id: ID!) { booking { booking(id: $id) { state questions { nodes { question answer } } } } }"""
    own = await house.world.graphql("potsdam", thread, {"id": str(booking.id)}, subject="anna")
    assert own.data["booking"]["booking"] == {
        "state": "ASKED", "questions": {"nodes": [{"question": "Küche?", "answer": None}]},
    }  # fmt: skip
    foreign = await house.world.graphql("potsdam", thread, {"id": str(booking.id)}, subject="ben")
    assert foreign.data == {"booking": {"booking": None}}
    reply = """mutation ($id: ID!) { answerQuestion(id: $id, answer: "Ja") { question { answer } errors { code } } }"""
    answered = await house.world.graphql("potsdam", reply, {"id": question["id"]}, subject="anna")
    assert answered.data["answerQuestion"] == {"question": {"answer": "Ja"}, "errors": []}
    link = """mutation { answerQuestionByLink(token: "falsch", answer: "Ja") {
        answered { answeredAt } errors { code } } }"""
    nobody = await house.world.graphql("potsdam", link)
    assert nobody.data["answerQuestionByLink"] == {"answered": None, "errors": [{"code": "NOT_FOUND"}]}
