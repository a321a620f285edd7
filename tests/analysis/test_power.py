import numpy as np
import pytest

from vitality.analysis import correlation_power, smallest_seen
from vitality.errors import MethodError


def test_figures_of_the_textbook_for_24_units():
    # domain study 4.3: 80 % power only from abs(rho) about .56 at n = 24
    assert smallest_seen(24) == pytest.approx(0.56, abs=0.005)
    # G*Power, exact bivariate normal, n = 84, r = 0.3, two-sided 5 %: power 0.80
    assert correlation_power(0.3, 84, method="pearson") == pytest.approx(0.80, abs=0.01)
    assert correlation_power(0.0, 24) == pytest.approx(0.05)
    assert correlation_power(-0.6, 24) == correlation_power(0.6, 24)


def test_power_of_the_smallest_seen_is_the_power_asked_for():
    for method in ("pearson", "spearman", "kendall"):
        rho = smallest_seen(40, method=method, power=0.9)
        assert correlation_power(rho, 40, method=method) == pytest.approx(0.9, abs=1e-4)


def test_too_few_units_and_unknown_methods():
    assert np.isnan(smallest_seen(4)) and np.isnan(correlation_power(0.5, 4))
    with pytest.raises(MethodError, match="Did you mean 'pearson'"):
        smallest_seen(24, method="pearsn")
