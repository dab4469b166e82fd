/* Table.scale
 *   inputs   x     float32[3]
 *   outputs  out0  float32[]
 *
 *   out0  = 0.0
 */
static const float Table_scale_c0[3] = {
    0.1f, -2.0f, INFINITY
};

static int32_t Table_scale(const float *restrict x, float *restrict out0)
{
    modc_unrolled
    for (int64_t i = 0; i < 3; i++)
        out0[i] = x[i] * Table_scale_c0[i];
    return MODC_OK;
}

static int32_t Table_scale_run(modc_call *c)
{
    return Table_scale((const float *)c->buf[0], (float *)c->buf[1]);
}

static const int64_t Table_scale_size[] = {3, 3};
static const modc_arg Table_scale_args[] = {
    {"x", MODC_INPUT, MODC_FLOAT32, 1, 0, 0, Table_scale_size + 0},
    {"out0", MODC_OUTPUT, MODC_FLOAT32, 1, 0, 1, Table_scale_size + 1},
};

const modc_kernel modc_entry = {
    MODC_ABI, (int32_t)sizeof(modc_kernel), 1, 0, 1, 0, 2, 0,
    "Table.scale", MODC_KEY, Table_scale_args, 0, Table_scale_run, 0, 0
};
