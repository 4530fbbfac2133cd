"""Every rule of the specification is named by a test, or stands here with the reason why not."""

from tests.engine.rule_names import named_rules

LAST_RULE = 234

WITHOUT_TEST = {
    "E107": "receivers without isolation are internal to the original and not offered",
    "E114": "an optimisation that only timing shows",
    "E116": "there are no receivers that return something to wait for",
}


def test_every_rule_is_named_by_a_test_or_left_out_for_a_reason() -> None:
    named = named_rules()
    missing = {f"E{number}" for number in range(1, LAST_RULE + 1)} - set(named)
    assert missing == set(WITHOUT_TEST)


def test_no_test_names_a_rule_that_does_not_exist() -> None:
    numbers = {int(rule[1:]) for rule in named_rules()}
    assert numbers <= set(range(1, 269))
