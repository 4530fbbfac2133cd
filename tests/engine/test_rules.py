"""Every rule of the specification is named by a test, or stands here with the reason why not."""

from tests.engine.rule_names import named_rules

LAST_RULE = 234

WITHOUT_TEST = {
    "E75": "a check for the developers of components behind a switch; not offered",
    "E104": "unsubscribing a single receiver is internal to the original and not offered",
    "E107": "receivers without isolation are internal to the original and not offered",
    "E112": "says that there is no order between receivers: nothing to demand",
    "E114": "an optimisation that only timing shows",
    "E116": "there are no receivers that return something to wait for",
    "E159": "a paced message is an ordinary message here; E44 and E47 say what becomes of it",
    "E166": "the store has its own account of when a stream was opened and closed",
    "E167": "the store is safe to the last commit at any moment (decision 28), not only after dispose",
    "E169": "the exporter is a receiver as any other: E44 holds for it (decision 38)",
}


def test_every_rule_is_named_by_a_test_or_left_out_for_a_reason() -> None:
    named = named_rules()
    missing = {f"E{number}" for number in range(1, LAST_RULE + 1)} - set(named)
    assert missing == set(WITHOUT_TEST)


def test_no_test_names_a_rule_that_does_not_exist() -> None:
    numbers = {int(rule[1:]) for rule in named_rules()}
    assert numbers <= set(range(1, 269))
