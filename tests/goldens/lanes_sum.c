/* Sum.add
 *   inputs   x      float32[x.shape[0]]
 *   state    total  float32[]            written
 *   outputs  out0   float32[]
 *
 *   out0   = 0.0
 *   total <- out0
 */
static int32_t Sum_add(int64_t n, const float *restrict x, float *restrict total,
                       float *restrict out0)
{
    const int64_t blocks = n / 32;
    float acc[32] = {0.0f};  /* sum(x) */
    for (int64_t b = 0; b < blocks; b++)
        modc_unrolled
        for (int64_t l = 0; l < 32; l++)
            acc[l] += x[32 * b + l];
    for (int64_t j = 0; j < n - 32 * blocks; j++)
        acc[j] += x[32 * blocks + j];
    const float s = modc_fold32_sum_f32(acc);
    out0[0] = s;
    total[0] += s;
    return MODC_OK;
}

static int32_t Sum_add_run(modc_call *c)
{
    return Sum_add(c->dim[0], (const float *)c->buf[0], (float *)c->buf[1], (float *)c->buf[2]);
}

static int32_t Sum_add_plan(modc_call *c)
{
    c->arena_bytes = 0;
    c->work = 1000;
    return MODC_OK;
}

static const modc_arg Sum_add_args[] = {
    {"x", MODC_INPUT, MODC_FLOAT32, 1, 0, 0, 0},
    {"total", MODC_MEMBER, MODC_FLOAT32, 0, MODC_WRITTEN, 1, 0},
    {"out0", MODC_OUTPUT, MODC_FLOAT32, 0, 0, 1, 0},
};

const modc_kernel modc_entry = {
    MODC_ABI, (int32_t)sizeof(modc_kernel), 1, 1, 1, 0, 1, 0,
    "Sum.add", MODC_KEY, Sum_add_args, Sum_add_plan, Sum_add_run, 0, 0
};
