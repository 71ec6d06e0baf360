"""Planning together: a board on which several people estimate the same inputs blind, and decide what their disagreement changes.

    board_id, links = store.create(title, scenario, day, author, now)   # three secret links: facilitate, take part, watch
    board = store.append(store.opened(secret, now), event)              # every change is an event; nothing is overwritten
    seen = store.seen(board_id, person)                                 # what that person may see: others' estimates only once revealed
    agenda(study_of(seen, catalog))                                     # which disagreements change the recommendation, and where it flips

events.py says what can happen on a board, board.py what follows from it (pure), rights.py who may do and see what, pool.py how estimates
become one distribution, study.py what each set of estimates recommends, agenda.py what is worth talking about, record.py what is written down.
store.py keeps the events in a database (database.py) of tables (schema.py); nothing else knows SQL. Every figure comes from `recommend`.
"""
