/* Linear.twice
 *   inputs   A     float64[A.shape[0], A.shape[1]]
 *            x     float64[x.shape[0]]
 *   outputs  out0  float64[]
 *
 *   out0  = 0.0
 */
static int32_t Linear_twice(int64_t m, int64_t k, const double *restrict A,
                            const double *restrict x, double *restrict out0, unsigned char *arena,
                            const int64_t *dim)
{
    {
        double *restrict y = (double *)(arena + dim[4]);  /* A @ x */
        for (int64_t i = 0; i < m; i++) {
            double acc = 0.0;  /* A[i] @ x */
            for (int64_t j = 0; j < k; j++)
                acc += A[i * k + j] * x[j];
            y[i] = acc;
        }
    }
    {
        const double *restrict y = (const double *)(arena + dim[4]);  /* A @ x */
        for (int64_t i = 0; i < m; i++)
            out0[i] = y[i] + y[i];
    }
    return MODC_OK;
}

static int32_t Linear_twice_run(modc_call *c)
{
    return Linear_twice(c->dim[0], c->dim[1], (const double *)c->buf[0], (const double *)c->buf[1],
                        (double *)c->buf[2], (unsigned char *)c->arena, c->dim);
}

static int32_t Linear_twice_plan(modc_call *c)
{
    int64_t *dim = c->dim;
    if (dim[2] != dim[1])
        return modc_failed(&c->fail, 0, 0, dim[2], dim[1]);  /* shape */
    const int64_t size = modc_bytes(8, dim[0]);
    if (size < 0)
        return modc_failed(&c->fail, 1, 0, size, 0);  /* memory */
    dim[3] = dim[0];
    dim[4] = 0;
    c->arena_bytes = size;
    c->work = 1000;
    return MODC_OK;
}

static const modc_arg Linear_twice_args[] = {
    {"A", MODC_INPUT, MODC_FLOAT64, 2, 0, 0, 0},
    {"x", MODC_INPUT, MODC_FLOAT64, 1, 0, 2, 0},
    {"out0", MODC_OUTPUT, MODC_FLOAT64, 1, 0, 3, 0},
};

const modc_kernel modc_entry = {
    MODC_ABI, (int32_t)sizeof(modc_kernel), 2, 0, 1, 0, 5, 2,
    "Linear.twice", MODC_KEY, Linear_twice_args, Linear_twice_plan, Linear_twice_run, 0, 0
};
