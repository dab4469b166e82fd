/* Scale.twice
 *   inputs   x     float64[x.shape[0]]
 *   state    w     float64[w.shape[0]]  unused
 *   outputs  out0  float64[]
 *
 *   out0  = 0.0
 */
static int32_t Scale_twice(int64_t n, const double *restrict x, const double *restrict w,
                           double *restrict out0)
{
    for (int64_t i = 0; i < n; i++)
        out0[i] = x[i] * 2.0 + w[i];
    return MODC_OK;
}

static int32_t Scale_twice_run(modc_call *c)
{
    return Scale_twice(c->dim[0], (const double *)c->buf[0], (const double *)c->buf[1],
                       (double *)c->buf[2]);
}

static int32_t Scale_twice_plan(modc_call *c)
{
    int64_t *dim = c->dim;
    if (dim[1] != dim[0])
        return modc_failed(&c->fail, 0, 0, dim[1], dim[0]);  /* shape */
    dim[2] = dim[0];
    c->arena_bytes = 0;
    c->work = 1000;
    return MODC_OK;
}

static const modc_arg Scale_twice_args[] = {
    {"x", MODC_INPUT, MODC_FLOAT64, 1, 0, 0, 0},
    {"w", MODC_MEMBER, MODC_FLOAT64, 1, 0, 1, 0},
    {"out0", MODC_OUTPUT, MODC_FLOAT64, 1, 0, 2, 0},
};

const modc_kernel modc_entry = {
    MODC_ABI, (int32_t)sizeof(modc_kernel), 1, 1, 1, 0, 3, 1,
    "Scale.twice", MODC_KEY, Scale_twice_args, Scale_twice_plan, Scale_twice_run, 0, 0
};
