"""A day without a server: from two tables of people and events to sheets on paper.

    tables = read_day(people, events)
    day = build(tables)
    plan = solve(day.instance)
    write_folder(out, pages(day, plan, words))

Nothing here asks a network or a calendar: the day is that of the events.
"""
