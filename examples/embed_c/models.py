"""A PID controller and a Kalman filter, written once here and exported to C.

    modc export examples/embed_c/models.py:PID --out build/pid
    modc export examples/embed_c/models.py:Kalman --out build/kalman
    python examples/embed_c/models.py

The last line runs both in Python: a heater is kept at 60 °C, and a drone is followed from noisy
positions. What `tag` says about a Variable is written into the header of the export.
"""

from __future__ import annotations

import numpy as np

import modc.tensor as T
from modc import Method, Module


def about(variable, unit, doc):
    """`variable`, with a unit and a line of documentation."""
    variable.tag.unit, variable.tag.doc = unit, doc
    return variable


class PID(Module):
    """A PID controller for a fixed period, with a filtered derivative and anti-windup.

    Åström & Murray, Feedback Systems (2008), sections 10.4 and 10.5: the derivative acts on the
    measurement alone, so that a jump of the setpoint gives no kick, and the integral is led back
    (back-calculation) by what the limits cut off.
    """

    def __init__(self, kp=8.0, ki=1.5, kd=6.0, dt=0.1, low=0.0, high=100.0):
        super().__init__()
        self.kp = about(T.dscalar(init=kp), "%/K", "Proportional gain")
        self.ki = about(T.dscalar(init=ki), "%/(K s)", "Integral gain")
        self.kd = about(T.dscalar(init=kd), "% s/K", "Derivative gain")
        self.dt = about(T.dscalar(init=dt), "s", "Time from one step to the next")
        self.tau = about(T.dscalar(init=5 * dt), "s", "Time constant of the derivative's filter")
        self.tracking = about(T.dscalar(init=1.0), "1/s", "How fast a limit leads the integral back")
        self.low = about(T.dscalar(init=low), "%", "Smallest control value")
        self.high = about(T.dscalar(init=high), "%", "Largest control value")
        self.integral = about(T.dscalar(init=0.0), "%", "The integral part")
        self.derivative = about(T.dscalar(init=0.0), "%", "The derivative part")
        self.previous = about(T.dscalar(init=0.0), "K", "The measurement of the step before")
        setpoint = about(T.dscalar("setpoint"), "K", "What the measurement should become")
        measurement = about(T.dscalar("measurement"), "K", "What the sensor says")
        actual = about(T.dscalar("actual"), "%", "The control value that is set by hand")

        difference = setpoint - measurement
        change = measurement - self.previous
        derivative = (self.tau * self.derivative - self.kd * change) / (self.tau + self.dt)
        wanted = self.kp * difference + self.integral + derivative
        control = about(T.clip(wanted, self.low, self.high), "%", "What to send to the actuator")
        control.name = "control"
        led = self.ki * difference + self.tracking * (control - wanted)
        self.step = Method(
            [setpoint, measurement],
            control,
            {
                self.integral: self.integral + self.dt * led,
                self.derivative: derivative,
                self.previous: measurement,
            },
            doc="The control value for this period.",
        )
        self.follow = Method(
            [setpoint, measurement, actual],
            None,
            {
                self.integral: actual - self.kp * difference,
                self.derivative: 0.0,
                self.previous: measurement,
            },
            doc="At the start, and while the actuator is set by hand: `step` will go on without a bump.",
        )


class Kalman(Module):
    """A Kalman filter for a point in the plane that keeps its velocity but for random pushes.

    The state is (x, y, velocity of x, velocity of y), a measurement (x, y). Bar-Shalom, Li &
    Kirubarajan, Estimation with Applications to Tracking and Navigation (2001): the model in
    section 6.3.2, the update in section 5.2.3, with the covariance in Joseph's form, which stays
    symmetric and positive when numbers are rounded.
    """

    def __init__(self, dt=0.1, push=1.0, noise=0.5):
        super().__init__()
        one, zero = np.eye(2), np.zeros((2, 2))
        move = np.block([[one, dt * one], [zero, one]])
        spread = push**2 * np.block([[dt**4 / 4 * one, dt**3 / 2 * one], [dt**3 / 2 * one, dt**2 * one]])
        self.estimate = about(T.dvector(shape=(4,), init=np.zeros(4)), "m, m, m/s, m/s", "Where and how fast")
        self.covariance = about(T.dmatrix(shape=(4, 4), init=100 * np.eye(4)), "", "Of the estimate")
        self.move = about(T.dmatrix(shape=(4, 4), init=move), "", "The state one period later")
        self.observe = about(T.dmatrix(shape=(2, 4), init=np.eye(2, 4)), "", "What is measured of a state")
        self.push = about(T.dmatrix(shape=(4, 4), init=spread), "", "Covariance of the pushes in one period")
        self.noise = about(T.dmatrix(shape=(2, 2), init=noise**2 * one), "m2", "Covariance of a measurement")
        position = about(T.dvector("position", shape=(2,)), "m", "The measured x and y")

        before, spread = self._predict(self.estimate, self.covariance)
        self.predict = Method([], None, {self.estimate: before, self.covariance: spread}, doc="One period later.")
        updates = self._correct(self.estimate, self.covariance, position)
        self.correct = Method(position, None, updates, doc="Takes in a measurement.")
        updates = self._correct(before, spread, position)
        estimate = updates[self.estimate]
        self.step = Method(position, estimate, updates, doc="`predict`, then `correct`; gives the estimate.")

    def _predict(self, mean, covariance):
        return T.dot(self.move, mean), T.dot(T.dot(self.move, covariance), self.move.T) + self.push

    def _correct(self, mean, covariance, position):
        cross = T.dot(covariance, self.observe.T)
        s = T.dot(self.observe, cross) + self.noise
        adjugate = T.stack([T.stack([s[1, 1], -s[0, 1]]), T.stack([-s[1, 0], s[0, 0]])])
        gain = T.dot(cross, adjugate / (s[0, 0] * s[1, 1] - s[0, 1] * s[1, 0]))
        kept = np.eye(4) - T.dot(gain, self.observe)
        spread = T.dot(T.dot(kept, covariance), kept.T) + T.dot(T.dot(gain, self.noise), gain.T)
        return {
            self.estimate: mean + T.dot(gain, position - T.dot(self.observe, mean)),
            self.covariance: spread,
        }


def heat(pid, seconds=120.0):
    """Temperatures of a heater (gain 1 K/%, time constant 20 s, 20 °C outside) under `pid`."""
    dt, temperature, seen = float(pid.dt), 20.0, []
    pid.follow(60.0, temperature, 0.0)
    for _ in range(round(seconds / dt)):
        power = pid.step(60.0, temperature)
        temperature += dt / 20 * (20 + float(power) - temperature)
        seen.append(temperature)
    return np.array(seen)


def follow(kalman, periods=300, seed=1):
    """True, measured and estimated positions along a circle of 20 m, by default for 30 s."""
    angle = 0.1 * 0.2 * np.arange(periods)
    true = 20 * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    measured = true + np.random.default_rng(seed).normal(0, 0.5, true.shape)
    return true, measured, np.array([kalman.step(each)[:2] for each in measured])


def main():
    """Run both and say how well they did."""
    seen = heat(PID().make())
    print(f"PID: {seen.max():.2f} degrees at most, {seen[-1]:.2f} after two minutes")
    true, measured, estimated = follow(Kalman().make())
    for name, points in (("measured", measured), ("estimated", estimated)):
        error = np.sqrt(np.mean((points[50:] - true[50:]) ** 2))
        print(f"Kalman: {name} positions are {error:.2f} m off")


if __name__ == "__main__":
    main()
