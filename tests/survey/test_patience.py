import io
import sys

from vitality.survey.patience import progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_a_terminal_sees_the_bar_after_two_seconds_and_a_report_never(monkeypatch):
    monkeypatch.setattr("sys.stderr", Terminal())
    with progress(10, "permutations") as bar:
        assert bar.delay == 2 and not bar.disable
        bar.update(10)
    assert "permutations" not in sys.stderr.getvalue()  # done at once: nothing was shown
    monkeypatch.setattr("sys.stderr", io.StringIO())
    assert progress(10, "permutations").disable
