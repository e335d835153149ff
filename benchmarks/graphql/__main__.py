"""GraphQL against hand-written SQL and other servers: same database, same checks, same answers. See docs/benchmarks.md.

.venv/bin/python benchmarks/graphql [--database postgresql|sqlite|both] [--rounds 5] [--queries Q1,Q2] [--contenders …]
"""

from race.cli import main

if __name__ == "__main__":
    main()
