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
    section 6.3.2, the update in section 5.2.3. With the model's matrices F = [1 dt; 0 1], H = [1 0]
    (2 x 2 blocks) multiplied out, nothing is multiplied by 0 or 1. The covariance is Joseph's form,
    (1 - K H) P (1 - K H)' + K R K', which rounding errors of K hardly change.
    """

    def __init__(self, dt=0.1, push=1.0, noise=0.5):
        super().__init__()
        self.dt = about(T.dscalar(init=dt), "s", "Time from one step to the next")
        self.push = about(T.dscalar(init=push), "m/s2", "Random acceleration, standard deviation")
        self.noise = about(T.dscalar(init=noise), "m", "Error of a measurement, standard deviation")
        self.estimate = about(T.dvector(shape=(4,), init=np.zeros(4)), "m, m, m/s, m/s", "Where and how fast")
        self.covariance = about(T.dmatrix(shape=(4, 4), init=100 * np.eye(4)), "", "Of the estimate")
        position = about(T.dvector("position", shape=(2,)), "m", "The measured x and y")

        now, before = (self.estimate, self.covariance), self._predict(self.estimate, self.covariance)
        self.predict = Method([], None, dict(zip(now, before, strict=True)), doc="One period later.")
        after = self._correct(*now, position)
        self.correct = Method(position, None, dict(zip(now, after, strict=True)), doc="Takes in a measurement.")
        after = self._correct(*before, position)
        after[0].name = "now"
        self.step = Method(
            position,
            after[0],
            dict(zip(now, after, strict=True)),
            doc="`predict`, then `correct`; gives the new estimate.",
        )

    def _predict(self, mean, p):
        def moved(x, axis=0):
            place, speed = (x[:2], x[2:]) if axis == 0 else (x[:, :2], x[:, 2:])
            return T.concatenate([place + self.dt * speed, speed], axis=axis)

        far = 0.5 * self.dt * self.dt  # what one push of 1 m/s2 does to the place; dt: to the velocity
        reach = self.push * T.stack([far, far, self.dt, self.dt])
        alike = np.tile(np.eye(2), (2, 2))  # pushes along x and along y have nothing to do with each other
        return moved(mean), moved(moved(p), axis=1) + alike * T.outer(reach, reach)

    def _correct(self, mean, p, position):
        variance = self.noise**2
        xx, xy, yx, yy = p[0, 0] + variance, p[0, 1], p[1, 0], p[1, 1] + variance
        adjugate = T.stack([T.stack([yy, -xy]), T.stack([-yx, xx])])
        gain = T.dot(p[:, :2], adjugate) / (xx * yy - xy * yx)
        kept = p - T.dot(gain, p[:2])
        spread = kept + T.dot(variance * gain - kept[:, :2], gain.T)
        return mean + T.dot(gain, position - mean[:2]), spread


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
