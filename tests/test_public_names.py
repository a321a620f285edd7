"""The public names of the design page, as far as they exist; names and arguments stay."""

import inspect

import pytest

import vitality as vt

#: Name -> arguments in order; those after "*" are keyword-only. From the design page of the public names.
PUBLIC = {
    "read_framework": "source",
    "framework_from_table": "table",
    "write_forms": "framework folder * units lang",
    "read_round": "folder framework",
    "check_round": "raw framework",
    "clean_round": "raw framework * corrections",
    "compute_indicators": "survey framework",
    "compute_resources": "survey framework",
    "parse_value": "text kind * unit",
    "judgement_matrix": "values items",
    "read_judgements": "path",
    "ahp_weights": "judgements * method random_index incomplete",
    "group_weights": "experts * aggregation expert_weights policy threshold method random_index",
    "hierarchy_weights": "judgements framework",
    "inspect_judgements": "judgements",
    "repair_judgements": "judgements * target",
    "sample_weights": "judgements framework * resample n seed",
    "weight_intervals": "samples * level",
    "entropy_weights": "matrix * direction normalisation shift",
    **{
        f"{name}_weights": "matrix * direction missing constant"
        for name in ("critic", "cv", "sd", "pca", "merec", "cilos", "idocriw", "gini")
    },
    "combine_weights": "vectors * method coefficients matrix",
    "build_index": "matrix framework method * units",
    "rebuild": "result",
    "denominate": "matrix framework denominators",
    "impute": "matrix * method group",
    "treat": "matrix * skewness kurtosis maximum",
    "fit_scale": "matrix framework method",
    "normalise": "matrix scale",
    "aggregate": "normalised weights framework * aggregation",
    "topsis": "matrix weights * direction normalisation",
    "grade": "scores * rule cuts",
    "effective_weights": "result",
    "compare_rounds": "result",
    "compare_results": "base",
    "sample_inputs": "result n * seed weight_noise choices",
    "monte_carlo": "result design",
    "rank_intervals": "mc * level",
    "sensitivity_indices": "result * n choices weight_noise seed",
    "drop_one": "result * level",
    "correlate_resources": "result resources * method control within adjust level seed allow_coupled",
    "associate_multilevel": "outcome resources * group fixed controls",
    "coupling_coordination": "systems * weights form",
    "obstacles": "result * level",
    "contributions": "result",
    "resource_quadrants": "result resources * block",
    "describe_indicators": "matrix framework",
    "render_report": "round_folder output * lang formats",
    "simulate_round": "* towns organisations seed effects",
    "load_fdrs": "",
}
FIGURES = (
    "ranking", "rank_intervals", "radar", "quadrants", "obstacle_bars", "weights_comparison", "sunburst",
    "correlation_forest", "heatmap", "rounds_dumbbell",
)  # fmt: skip


@pytest.mark.parametrize(("name", "expected"), PUBLIC.items())
def test_signature_is_that_of_the_design_page(name, expected):
    parameters = inspect.signature(getattr(vt, name)).parameters
    positional, _, keywords = expected.partition("*")
    kinds = inspect.Parameter
    first = [key for key, p in parameters.items() if p.kind is kinds.POSITIONAL_OR_KEYWORD]
    assert first == positional.split()
    only = {key for key, p in parameters.items() if p.kind is kinds.KEYWORD_ONLY}
    assert set(keywords.split()) <= only


def test_every_public_name_is_there_and_documented():
    for name in vt.__all__:
        value = getattr(vt, name)
        if callable(value):
            assert inspect.getdoc(value), name


def test_dir_lists_names_that_are_not_loaded_yet():
    assert {"read_framework", "render_report"} <= set(dir(vt))


def test_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no name 'reed_framework'"):
        _ = vt.reed_framework


@pytest.mark.parametrize("name", FIGURES)
def test_figures_take_a_table_and_axes(name):
    parameters = inspect.signature(getattr(vt.figures, name)).parameters
    assert next(iter(parameters)) == "table"
    assert parameters["ax"].kind is inspect.Parameter.KEYWORD_ONLY and parameters["lang"].default == "zh"
