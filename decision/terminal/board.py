"""Commands of whoever runs the server: its boards made, listed, moved and pruned. They open the same database as the page."""

from __future__ import annotations

import argparse
import datetime as dt

from decision.loading import load
from decision.planning import record
from decision.planning.board import project
from decision.planning.events import OPERATOR
from decision.planning.links import Links
from decision.planning.store import open_store
from decision.planning.study import study_of
from decision.report.document import Report
from decision.report.sections import boards as sections
from decision.scenario import plain
from decision.terminal import Answer
from decision.terminal.reading import document, inputs_in


def board_create(arguments: argparse.Namespace, today: dt.date) -> Answer:
    """A board from a scenario, and its three links."""
    inputs = inputs_in(arguments, today)
    title = arguments.title or inputs.scenario.name
    board_id, links = open_store().create(title, plain(inputs.scenario), inputs.as_of, OPERATOR, _now())
    return _opened(board_id, title, links, arguments.page)


def board_list(_arguments: argparse.Namespace, _today: dt.date) -> Answer:
    """The boards of this server."""
    found = open_store().listed()
    return Answer(Report(lambda: sections.board_list(found), lambda: {"boards": sections.as_data(found)}))


def board_export(arguments: argparse.Namespace, _today: dt.date) -> Answer:
    """A whole board, the same in both formats; what is not revealed stays out."""
    events = open_store().events(arguments.id)
    return Answer(Report(None, lambda: record.exported(events)))


def board_record(arguments: argparse.Namespace, _today: dt.date) -> Answer:
    """The record of a board's decision."""
    study = study_of(open_store().seen(arguments.id, None), load())
    study.pooled()  # a board without an answer is refused before anything is written
    return Answer(Report(lambda: sections.board_record(study), lambda: record.record(study)))


def board_import(arguments: argparse.Namespace, _today: dt.date) -> Answer:
    """An exported board as a new one, with links of its own."""
    events = record.imported(document(arguments.file), arguments.file)
    board = project(events)
    board_id, links = open_store().add(events, _now())
    return _opened(board_id, board.title, links, arguments.page)


def board_prune(_arguments: argparse.Namespace, _today: dt.date) -> Answer:
    """Boards deleted longer than the days of grace ago, gone for good."""
    found = open_store().prune(_now())
    return Answer(Report(lambda: sections.pruned_boards(found), lambda: {"pruned": sections.as_data(found)}))


def _opened(board_id: str, title: str, links: Links, page: str) -> Answer:
    data = {"id": board_id, "title": title, "links": sections.addresses(links, page)}
    return Answer(Report(lambda: sections.opened_board(board_id, title, links, page), lambda: data))


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
