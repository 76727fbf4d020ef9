"""Has everybody take their turn and shows, line by line, what they tried and what AWS answered.

Owns the table and the count. Never decides what is right: each attempt says what it should come to.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from attempts.attempt import ALLOWED, REFUSED, Attempt, Attempts
from attempts.aws import Aws, Keys

LINE = "  {:<50} {:<31} {}"
HEAD = ("tried to", "which takes", "AWS said"), ("-" * 50, "-" * 31, "-" * 8)


@dataclass(frozen=True)
class Turn:
    """Somebody, the keys they have (none for a job of CI at the door), and what they try."""

    who: str
    keys: Keys | None
    attempts: Attempts


def show(aws: Aws, turns: Iterable[Turn]) -> bool:
    """Prints every turn and then the counts; whether every answer was as it should be."""
    taken = [(turn.who, take(aws, turn)) for turn in turns]
    print()
    for who, (counts, wrong) in taken:
        remark = f", {wrong} WRONG" if wrong else ""
        print(f"  {who}: {counts[ALLOWED]} allowed, {counts[REFUSED]} refused{remark}")
    print(flush=True)
    return not any(wrong for _, (_, wrong) in taken)


def take(aws: Aws, turn: Turn) -> tuple[Counter[str], int]:
    """Prints one turn: how many lines were allowed and refused as they should be, and how many were not."""
    print(f"\n{turn.who}", *(LINE.format(*cells) for cells in HEAD), sep="\n")
    counts, wrong, answer = Counter(), 0, None
    clients = {}
    try:
        while True:
            attempt = turn.attempts.send(answer)
            if attempt.service not in clients:
                clients[attempt.service] = aws.client(attempt.service, turn.keys)
            outcome, answer = attempt.make(clients[attempt.service])
            print(line(attempt, outcome), flush=True)
            counts[outcome] += outcome == attempt.expected
            wrong += outcome != attempt.expected
    except StopIteration:
        return counts, wrong


def line(attempt: Attempt, outcome: str) -> str:
    remark = "" if outcome == attempt.expected else f"   WRONG, should be {attempt.expected}"
    return LINE.format(attempt.what, attempt.action, outcome) + remark
