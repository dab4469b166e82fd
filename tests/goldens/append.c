/* Log.append
 *   inputs   x    float64[]
 *   state    log  float64[log.shape[0]]  written
 *
 *   log <- 0.0
 */
static int32_t Log_append(int64_t n, const double *restrict x, const double *restrict log_,
                          double *restrict log_next)
{
    for (int64_t i = 0; i < n; i++)
        log_next[i] = log_[i];
    log_next[n] = x[0];
    return MODC_OK;
}

static int32_t Log_append_run(modc_call *c)
{
    return Log_append(c->dim[0], (const double *)c->buf[0], (const double *)c->buf[1],
                      (double *)c->buf[2]);
}

static int32_t Log_append_plan(modc_call *c)
{
    int64_t *dim = c->dim;
    dim[1] = dim[0] + 1;
    c->arena_bytes = 0;
    c->work = 1000;
    return MODC_OK;
}

static const modc_arg Log_append_args[] = {
    {"x", MODC_INPUT, MODC_FLOAT64, 0, 0, 0, 0},
    {"log", MODC_MEMBER, MODC_FLOAT64, 1, MODC_RESHAPED, 0, 0},
    {"log", MODC_NEXT, MODC_FLOAT64, 1, 0, 1, 0},
};

const modc_kernel modc_entry = {
    MODC_ABI, (int32_t)sizeof(modc_kernel), 1, 1, 0, 1, 2, 0,
    "Log.append", MODC_KEY, Log_append_args, Log_append_plan, Log_append_run, 0, 0
};
