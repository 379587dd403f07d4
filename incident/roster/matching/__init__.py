"""Rows that may be one person though they are written differently: found here, decided by people.

A list is compared in three steps: each row leaves a `profile` (worker processes), `blocking` finds rows worth comparing
and `scoring` weighs what they share. `likeness` puts the three together. Everything lives in memory; nothing of it
reaches a disk or a log.
"""
