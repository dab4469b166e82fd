/* A control loop in C: models.py's PID controller keeps a heater at 60 degrees, and its Kalman filter follows a
 * drone from noisy positions. A path as argument gets every number, for a plot:
 *
 *     heater,time,temperature,power
 *     drone,time,x,y,measured x,measured y,estimated x,estimated y
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>

#include "kalman.h"
#include "pid.h"

/* About normal: the sum of 12 numbers of SplitMix64 between 0 and 1 (variance 1), less their mean. */
static double noise(uint64_t *seed) {
    double sum = -6.0;
    for (int i = 0; i < 12; i++) {
        uint64_t z = *seed += UINT64_C(0x9E3779B97F4A7C15);
        z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
        z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
        sum += (double)(int64_t)((z ^ (z >> 31)) >> 11) * 0x1p-53;
    }
    return sum;
}

/* A heater (1 K per % of power, time constant 20 s, 20 degrees outside) under the controller, for two minutes. */
static int heat(FILE *trace) {
    static pid_state pid;
    double temperature = 20.0, highest = temperature, power = 0.0;
    pid_init(&pid);
    if (pid_follow(&pid, 60.0, temperature, power) != 0)
        return 1;
    const double dt = pid_get_dt(&pid);
    for (int i = 0; i < 1200; i++) {
        const int code = pid_step(&pid, 60.0, temperature, &power);
        if (code != 0) {
            fprintf(stderr, "%s\n", pid_error(code));
            return 1;
        }
        temperature += dt / 20 * (20 + power - temperature);
        highest = fmax(highest, temperature);
        if (trace)
            fprintf(trace, "heater,%.17g,%.17g,%.17g\n", (i + 1) * dt, temperature, power);
    }
    printf("heater: %.2f degrees at most, %.2f after two minutes\n", highest, temperature);
    return 0;
}

/* A drone on a circle of 20 m, seen with an error of 0.5 m ten times a second, for half a minute. */
static int follow(FILE *trace) {
    static kalman_state kalman;
    const double turn[2] = {0.99980000666657776, 0.019998666693333084}; /* cos and sin of 0.02 */
    double place[2] = {20.0, 0.0}, seen[2], estimate[KALMAN_STEP_NOW_COUNT], wrong[2] = {0.0, 0.0};
    uint64_t seed = 1;
    kalman_init(&kalman);
    for (int i = 0; i < 300; i++) {
        seen[0] = place[0] + 0.5 * noise(&seed);
        seen[1] = place[1] + 0.5 * noise(&seed);
        const int code = kalman_step(&kalman, seen, estimate);
        if (code != 0) {
            fprintf(stderr, "%s\n", kalman_error(code));
            return 1;
        }
        for (int k = 0; k < 2 && i >= 50; k++) {
            wrong[0] += (seen[k] - place[k]) * (seen[k] - place[k]);
            wrong[1] += (estimate[k] - place[k]) * (estimate[k] - place[k]);
        }
        if (trace)
            fprintf(trace, "drone,%.17g,%.17g,%.17g,%.17g,%.17g,%.17g,%.17g\n", i * kalman_get_dt(&kalman), place[0], place[1],
                    seen[0], seen[1], estimate[0], estimate[1]);
        const double x = turn[0] * place[0] - turn[1] * place[1];
        place[1] = turn[1] * place[0] + turn[0] * place[1];
        place[0] = x;
    }
    printf("drone: measured positions are %.2f m off, estimated ones %.2f m\n", sqrt(wrong[0] / 500), sqrt(wrong[1] / 500));
    return 0;
}

int main(int argc, char **argv) {
    FILE *trace = argc > 1 ? fopen(argv[1], "w") : NULL;
    if (argc > 1 && !trace) {
        fprintf(stderr, "cannot write %s\n", argv[1]);
        return 1;
    }
    int failed = heat(trace) || follow(trace);
    if (trace && fclose(trace) != 0)
        failed = 1;
    printf("memory: %d and %d bytes of state\n", PID_STATE_BYTES, KALMAN_STATE_BYTES);
    return failed;
}
