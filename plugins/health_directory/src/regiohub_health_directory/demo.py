"""x"""


async def load_demo(*a: object) -> None: ...
