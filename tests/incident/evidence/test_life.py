from incident.verification import verify_case


def test_a_whole_life_verifies(life):
    found = verify_case(life.case)
    assert found.problems == ()
    assert found.notes == ()
    assert "8 people in 1 lists" in found.checked[-1]
