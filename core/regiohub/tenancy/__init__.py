"""Towns, their measures, what each measure switches on, and the unit of work that belongs to one town."""
