"""A process that writes on a board as several people at once: board_writer.py LINK EVENTS NAME... Says `kept PERSON ID` once an event was confirmed.

Every event is sent twice, as a browser does that did not hear the answer.
"""

from __future__ import annotations

import datetime as dt
import sys
import threading

from decision.planning.events import Joined, Said, new_id
from decision.planning.links import person_id
from decision.planning.store import open_store
from decision.scenario import Amount

link, events, *names = sys.argv[1:]
store = open_store()
opened = store.opened(link, dt.datetime.now(dt.UTC))
(subject,) = store.seen(opened.board, None).subjects


def write(name: str) -> None:
    author = person_id(opened.board, name)
    store.append(opened, Joined(id=new_id(), at=dt.datetime.now(dt.UTC), author=author, name=name, role="participant"))
    for n in range(int(events)):
        at = dt.datetime.now(dt.UTC)
        said = Said(id=new_id(), at=at, author=author, subject=subject, round=1, estimate=Amount.point(float(n)))
        for _ in range(2):
            store.append(opened, said)
        print(f"kept {author} {said.id}\n", end="", flush=True)


threads = [threading.Thread(target=write, args=(name,)) for name in names]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
