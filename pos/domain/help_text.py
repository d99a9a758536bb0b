"""A help text as it is written: a title, what the screen is for, three things one does, what to do when."""

import re
from dataclasses import dataclass

STEPS = 3


@dataclass(frozen=True, slots=True)
class HelpText:
    """The help of one screen in one language."""

    title: str
    lead: str
    steps: tuple[str, ...]
    cases: tuple[tuple[str, str], ...]

    def has(self, words: list[str]) -> bool:
        """Say whether every word, in small letters, stands in it."""
        whole = "\n".join(
            (self.title, self.lead, *self.steps, *(part for case in self.cases for part in case))
        )
        return all(word in whole.lower() for word in words)


def read(text: str) -> HelpText:
    """Read a help text. ValueError when a part is missing or out of place.

    The first line is `# title`, then comes the lead, three lines `1.` to `3.`, and any number of `? case`
    with the answer in the lines below it.
    """
    lines = [line.strip() for line in text.strip().splitlines()]
    if not lines or not lines[0].startswith("# "):
        raise ValueError("it begins with '# ' and its title")
    lead: list[str] = []
    steps: list[str] = []
    cases: list[tuple[str, list[str]]] = []
    for line in filter(None, lines[1:]):
        step = re.fullmatch(r"([0-9])\. (.+)", line)
        if line.startswith("? "):
            cases.append((line[2:], []))
        elif cases:
            cases[-1][1].append(line)
        elif step and int(step[1]) == len(steps) + 1:
            steps.append(step[2])
        elif step or steps:
            raise ValueError(f"out of place: {line!r}")
        else:
            lead.append(line)
    if not lead or len(steps) != STEPS or not cases:
        raise ValueError(f"it has a lead, {STEPS} steps and at least one case")
    if any(not answer for _, answer in cases):
        raise ValueError("a case has no answer")
    answers = tuple((case, " ".join(answer)) for case, answer in cases)
    return HelpText(lines[0][2:].strip(), " ".join(lead), tuple(steps), answers)
