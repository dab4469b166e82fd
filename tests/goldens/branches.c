/* Branch.pick
 *   inputs   x     float32[4]
 *   outputs  out0  float64[]
 *
 *   out0  = 0.0
 */
static int32_t Branch_pick(const float *restrict x, double *restrict out0, unsigned char *arena)
{
    {
        double *restrict row = (double *)arena;
        for (int64_t i = 0; i < 4; i++)
            row[i] = (double)x[i];
        for (int64_t i = 0; i < 4; i++) {
            if (i < 2) {
                out0[i] = row[i];
            } else {
                out0[i] = -0.0;
            }
            if (i == 3) {
                /* the last one */
                out0[i] = (double)INFINITY;
            }
        }
    }
    return MODC_OK;
}

static int32_t Branch_pick_run(modc_call *c)
{
    return Branch_pick((const float *)c->buf[0], (double *)c->buf[1], (unsigned char *)c->arena);
}

static const int64_t Branch_pick_size[] = {4, 4};
static const modc_arg Branch_pick_args[] = {
    {"x", MODC_INPUT, MODC_FLOAT32, 1, 0, 0, Branch_pick_size + 0},
    {"out0", MODC_OUTPUT, MODC_FLOAT64, 1, 0, 1, Branch_pick_size + 1},
};

const modc_kernel modc_entry = {
    MODC_ABI, (int32_t)sizeof(modc_kernel), 1, 0, 1, 0, 2, 0,
    "Branch.pick", MODC_KEY, Branch_pick_args, 0, Branch_pick_run, 0, 32
};
