/* Product.add
 *   inputs   A  float64[4, 2]
 *            B  float64[4, 3]
 *   state    C  float64[2, 3]  written
 *
 *   C <- 0.0
 */
static int32_t Product_add(const double *restrict A, const double *restrict B, double *restrict C)
{
    modc_gemm_f64(1, 0, 2, 3, 4, 2.0, A, 2, B, 3, 1.0, C, 3);
    return MODC_OK;
}

static int32_t Product_add_run(modc_call *c)
{
    return Product_add((const double *)c->buf[0], (const double *)c->buf[1], (double *)c->buf[2]);
}

static const int64_t Product_add_size[] = {4, 2, 4, 3, 2, 3};
static const modc_arg Product_add_args[] = {
    {"A", MODC_INPUT, MODC_FLOAT64, 2, 0, 0, Product_add_size + 0},
    {"B", MODC_INPUT, MODC_FLOAT64, 2, 0, 2, Product_add_size + 2},
    {"C", MODC_MEMBER, MODC_FLOAT64, 2, MODC_WRITTEN, 4, Product_add_size + 4},
};

const modc_kernel modc_entry = {
    MODC_ABI, (int32_t)sizeof(modc_kernel), 2, 1, 0, 0, 6, 0,
    "Product.add", MODC_KEY, Product_add_args, 0, Product_add_run, 0, 0
};
