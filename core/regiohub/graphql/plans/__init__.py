"""Operations compiled to SQL: a validated document becomes few statements, whose bytes become the answer."""
