/* Embed.rows
 *   inputs   at     int64[at.shape[0]]
 *   state    table  float64[5]          written
 *   outputs  out0   float64[]
 *
 *   out0   = 0.0
 *   table <- out0
 */
static int32_t Embed_rows(int64_t n, const int64_t *restrict at, double *restrict table,
                          double *restrict out0, modc_fail *fail)
{
    for (int64_t i = 0; i < n; i++)
        if (!((0 <= at[i]) & (at[i] < 5)))
            return modc_failed(fail, 0, 0, at[i], 5);  /* index */
    for (int64_t i = 0; i < n; i++)
        out0[i] = table[at[i]];
    /* Every check is above this line, every store to a member below it. */
    for (int64_t i = 0; i < n; i++)
        table[at[i]] += 1.0;
    return MODC_OK;
}

static int32_t Embed_rows_run(modc_call *c)
{
    return Embed_rows(c->dim[0], (const int64_t *)c->buf[0], (double *)c->buf[1],
                      (double *)c->buf[2], &c->fail);
}

static int32_t Embed_rows_plan(modc_call *c)
{
    int64_t *dim = c->dim;
    dim[2] = dim[0];
    c->arena_bytes = 0;
    c->work = 1000;
    return MODC_OK;
}

static const int64_t Embed_rows_size[] = {5};
static const modc_arg Embed_rows_args[] = {
    {"at", MODC_INPUT, MODC_INT64, 1, 0, 0, 0},
    {"table", MODC_MEMBER, MODC_FLOAT64, 1, MODC_WRITTEN, 1, Embed_rows_size + 0},
    {"out0", MODC_OUTPUT, MODC_FLOAT64, 1, 0, 2, 0},
};

const modc_kernel modc_entry = {
    MODC_ABI, (int32_t)sizeof(modc_kernel), 1, 1, 1, 0, 3, 1,
    "Embed.rows", MODC_KEY, Embed_rows_args, Embed_rows_plan, Embed_rows_run, 0, 0
};
