"""The models of examples/embed_c and embed_web do what their formulas say."""

from __future__ import annotations

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import numpy as np
import pytest

EXAMPLES = Path(__file__).parent.parent.parent / "examples"


def example(path):
    """An example as a Python module."""
    spec = spec_from_file_location("example_" + Path(path).stem, EXAMPLES / path)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


models = example("embed_c/models.py")


def pid_in_python(values, setpoints, measurements):
    """The textbook's loop, in Python floats."""
    integral = derivative = previous = 0.0
    controls = []
    for setpoint, measurement in zip(setpoints, measurements, strict=True):
        error = setpoint - measurement
        slope = values["kd"] * (measurement - previous)
        derivative = (values["tau"] * derivative - slope) / (values["tau"] + values["dt"])
        wanted = values["kp"] * error + integral + derivative
        control = min(max(wanted, values["low"]), values["high"])
        integral += values["dt"] * (values["ki"] * error + values["tracking"] * (control - wanted))
        previous = measurement
        controls.append(control)
    return controls


@pytest.mark.parametrize("mode", ["c", "numpy"])
def test_the_pid_is_the_textbooks_loop(mode):
    pid = models.PID().make(mode=mode)
    names = ("kp", "ki", "kd", "dt", "tau", "tracking", "low", "high")
    rng = np.random.default_rng(0)
    setpoints, measurements = np.repeat(rng.normal(50, 20, 20), 20), rng.normal(50, 5, 400)
    controls = [float(pid.step(*pair)) for pair in zip(setpoints, measurements, strict=True)]
    expected = pid_in_python({name: float(pid[name]) for name in names}, setpoints, measurements)
    np.testing.assert_allclose(controls, expected, rtol=1e-12, atol=1e-10)
    assert min(controls) == 0.0
    assert max(controls) == 100.0


def test_the_setpoint_is_reached():
    seen = models.heat(models.PID().make())
    assert seen.max() < 62.5
    assert abs(seen[-1] - 60) < 0.01


@pytest.mark.parametrize("tracking, control", [(1.0, 0.0), (0.0, 100.0)])
def test_at_a_limit_the_integral_is_led_back(tracking, control):
    pid = models.PID().make(tracking=tracking)
    pid.follow(200.0, 100.0, 100.0)
    for _ in range(500):
        assert float(pid.step(200.0, 100.0)) == 100.0
    assert float(pid.step(50.0, 100.0)) == control


def test_after_control_by_hand_the_pid_goes_on_from_there():
    pid = models.PID().make()
    pid.follow(60.0, 58.0, 33.0)
    assert float(pid.step(60.0, 58.0)) == pytest.approx(33.0)


def matrices(kalman):
    """(F, H, Q, R) of the filter's model, written out."""
    dt, one, zero = float(kalman.dt), np.eye(2), np.zeros((2, 2))
    reach = float(kalman.push) * np.vstack([dt**2 / 2 * one, dt * one])
    return np.block([[one, dt * one], [zero, one]]), np.eye(2, 4), reach @ reach.T, float(kalman.noise) ** 2 * one


def kalman_in_numpy(kalman, positions):
    """The filter with matrices, NumPy's inverse and the short form of the covariance."""
    mean, spread = np.array(kalman.estimate), np.array(kalman.covariance)
    move, observe, push, noise = matrices(kalman)
    for position in positions:
        mean, spread = move @ mean, move @ spread @ move.T + push
        gain = spread @ observe.T @ np.linalg.inv(observe @ spread @ observe.T + noise)
        mean, spread = mean + gain @ (position - observe @ mean), spread - gain @ observe @ spread
        yield mean, spread


@pytest.mark.parametrize("mode", ["c", "numpy"])
def test_the_kalman_filter_is_numpys(mode):
    kalman = models.Kalman(dt=0.3, push=2.0, noise=0.7).make(mode=mode)
    positions = np.random.default_rng(0).normal(0, 10, (100, 2))
    for position, (mean, spread) in zip(positions, list(kalman_in_numpy(kalman, positions)), strict=True):
        np.testing.assert_allclose(kalman.step(position), mean, rtol=1e-10, atol=1e-10)
        np.testing.assert_allclose(kalman.covariance, spread, rtol=1e-8, atol=1e-10)


def test_predicting_and_correcting_is_a_step():
    whole, parts = models.Kalman().make(), models.Kalman().make()
    for position in np.random.default_rng(1).normal(0, 10, (5, 2)):
        whole.step(position)
        parts.predict()
        parts.correct(position)
        np.testing.assert_allclose(parts.estimate, whole.estimate, rtol=1e-12)
        np.testing.assert_allclose(parts.covariance, whole.covariance, rtol=1e-12)


def test_the_covariance_settles_where_the_riccati_equation_says():
    linalg = pytest.importorskip("scipy.linalg")
    kalman = models.Kalman().make()
    models.follow(kalman, periods=2000)
    move, observe, push, noise = matrices(kalman)
    before = linalg.solve_discrete_are(move.T, observe.T, push, noise)
    gain = before @ observe.T @ np.linalg.inv(observe @ before @ observe.T + noise)
    np.testing.assert_allclose(kalman.covariance, before - gain @ observe @ before, rtol=1e-9)


def test_the_filter_is_better_than_its_measurements():
    true, measured, estimated = models.follow(models.Kalman().make())
    error = [np.sqrt(np.mean((points[50:] - true[50:]) ** 2)) for points in (measured, estimated)]
    assert error[1] < 0.75 * error[0]


def test_units_and_descriptions_are_on_every_variable():
    for module in (models.PID(), models.Kalman()):
        for component in module.components():
            variable = getattr(component, "variable", None)
            if variable is not None and variable.name in ("setpoint", "kp", "estimate", "position"):
                assert variable.tag.unit
                assert variable.tag.doc


def test_the_reader_reads_digits_and_learns_new_ones():
    pytest.importorskip("sklearn", reason="extra modc[examples]")
    reader_module = example("embed_web/reader.py")
    try:
        reader = reader_module.trained()
        _, _, images, labels = reader_module.data()
        chances = np.array([reader.classify(image) for image in images])
        np.testing.assert_allclose(chances.sum(axis=1), 1, rtol=1e-5)
        assert np.mean(chances.argmax(axis=1) == labels) > 0.96
        costs = [float(reader.learn(images[0], (labels[0] + 1) % 10, 0.1)) for _ in range(20)]
        assert costs[-1] < 0.1 < costs[0]
        assert reader.classify(images[0]).argmax() == (labels[0] + 1) % 10
    finally:
        sys.path.remove(str(EXAMPLES))
        sys.path.remove(str(EXAMPLES / "embed_web"))
