"""The law of breach notification: a pure function from facts to obligations.

Useful alone as a library: ``assess(facts, load_rulebook(), as_of=now)``.
"""
