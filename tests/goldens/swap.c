/* Pair.swap
 *   state    a  float32[3]  written
 *            b  float32[3]  written
 *
 *   a <- 0.0
 *   b <- 0.0
 */
static int32_t Pair_swap(float *restrict a, float *restrict b)
{
    modc_unrolled
    for (int64_t i = 0; i < 3; i++) {
        const float new_b = a[i];
        const float new_a = b[i];
        a[i] = new_a;
        b[i] = new_b;
    }
    return MODC_OK;
}

static int32_t Pair_swap_run(modc_call *c)
{
    return Pair_swap((float *)c->buf[0], (float *)c->buf[1]);
}

static const int64_t Pair_swap_size[] = {3, 3};
static const modc_arg Pair_swap_args[] = {
    {"a", MODC_MEMBER, MODC_FLOAT32, 1, MODC_WRITTEN, 0, Pair_swap_size + 0},
    {"b", MODC_MEMBER, MODC_FLOAT32, 1, MODC_WRITTEN, 1, Pair_swap_size + 1},
};

const modc_kernel modc_entry = {
    MODC_ABI, (int32_t)sizeof(modc_kernel), 0, 2, 0, 0, 2, 0,
    "Pair.swap", MODC_KEY, Pair_swap_args, 0, Pair_swap_run, 6, 0
};
