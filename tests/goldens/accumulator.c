/* Acc.add
 *   inputs   inc    float64[]
 *   state    state  float64[]  written
 *   outputs  out0   float64[]
 *
 *   out0   = 0.0
 *   state <- out0
 */
static int32_t Acc_add(const double *restrict inc, double *restrict state, double *restrict out0)
{
    const double new_state = state[0] + inc[0];
    out0[0] = new_state;
    /* Every read of the old state is above this line. */
    state[0] = new_state;
    return MODC_OK;
}

static int32_t Acc_add_run(modc_call *c)
{
    return Acc_add((const double *)c->buf[0], (double *)c->buf[1], (double *)c->buf[2]);
}

static const modc_arg Acc_add_args[] = {
    {"inc", MODC_INPUT, MODC_FLOAT64, 0, 0, 0, 0},
    {"state", MODC_MEMBER, MODC_FLOAT64, 0, MODC_WRITTEN, 0, 0},
    {"out0", MODC_OUTPUT, MODC_FLOAT64, 0, 0, 0, 0},
};

const modc_kernel modc_entry = {
    MODC_ABI, (int32_t)sizeof(modc_kernel), 1, 1, 1, 0, 0, 0,
    "Acc.add", MODC_KEY, Acc_add_args, 0, Acc_add_run, 2, 0
};
