"""Scores by rules: points on two axes, every one of them with its reason."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

from groundswell.scoring.conditions import on_field
from groundswell.scoring.model import Adjustment, Axis, Caps, Reason, Rule, RuleSet, Score, Subject
from groundswell.scoring.occurrences import counted, worth

type _Times = Mapping[str, Sequence[datetime]]
type _Judge = Callable[[Subject, _Times, datetime], Reason | None]


class RuleScorer:
    """Scores by one set of rules, which it has made ready: reuse it for many leads."""

    def __init__(self, config: RuleSet) -> None:
        self._config = config
        self._judges = [_on_field(rule) if rule.when.field is not None else _on_event(rule) for rule in config.rules]
        self._counts_events = any(rule.when.event is not None for rule in config.rules)

    def score(self, subject: Subject, now: datetime) -> Score:
        """Events after `now` are not counted."""
        reasons = self._reasons(subject, now)
        fit = sum(reason.points for reason in reasons if reason.axis is Axis.FIT)
        points = sum(reason.points for reason in reasons)
        score = max(0.0, min(1.0, points / 100))
        limits = self._config.thresholds
        return Score(
            score=score,
            grade=limits.grade(score),
            stage=limits.stage(score),
            fit=fit,
            engagement=points - fit,
            points=points,
            reasons=tuple(reasons),
            scored_at=now,
            model_version=self._config.version,
            lead_id=subject.lead_id,
            rules_score=score,
        )

    def _reasons(self, subject: Subject, now: datetime) -> list[Reason]:
        times = _by_name(subject, now) if self._counts_events else {}
        judged = (judge(subject, times, now) for judge in self._judges)
        reasons = [reason for reason in judged if reason is not None]
        return [*reasons, *_capped(reasons, self._config.caps), *map(_adjusted, subject.adjustments)]


def _on_field(rule: Rule) -> _Judge:
    matches = on_field(rule.when)
    reason = Reason(rule.id, rule.axis, rule.points, _text(rule, rule.points, 1))
    return lambda subject, _, now: reason if matches(subject.fields, now) else None


def _on_event(rule: Rule) -> _Judge:
    name, count = rule.when.event or "", counted(rule)

    def judge(_: Subject, times: _Times, now: datetime) -> Reason | None:
        kept = count(times.get(name, ()), now)
        if kept is None:
            return None
        points = worth(rule, kept, now)
        return Reason(rule.id, rule.axis, points, _text(rule, points, len(kept)), kept[0] if kept else None, len(kept))

    return judge


def _by_name(subject: Subject, now: datetime) -> _Times:
    """When each event happened, newest first."""
    times: dict[str, list[datetime]] = defaultdict(list)
    for event in subject.events:
        if event.at <= now:
            times[event.name].append(event.at)
    for time in times.values():
        time.sort(reverse=True)
    return times


def _capped(reasons: Sequence[Reason], caps: Caps) -> Iterator[Reason]:
    for axis, most in ((Axis.FIT, caps.fit), (Axis.ENGAGEMENT, caps.engagement)):
        if most is not None:
            above = sum(reason.points for reason in reasons if reason.axis is axis) - most
            if above > 0:
                yield Reason(f"cap:{axis.value}", axis, -above, f"-{above:g} at most {most:g} for {axis.value}")


def _adjusted(by_hand: Adjustment) -> Reason:
    text = f"{by_hand.points:+g} {by_hand.reason}"
    return Reason(f"adjustment:{by_hand.id}", by_hand.axis, by_hand.points, text, by_hand.at)


def _text(rule: Rule, points: float, count: int) -> str:
    """`+12 Visited pricing (3 times)`: what it gave, in two decimals at most."""
    sign = "-" if points < 0 else "+"
    times = f" ({count} times)" if count > 1 else ""
    return f"{sign}{round(abs(points), 2):g} {rule.name}{times}"
