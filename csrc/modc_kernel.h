/* modc_kernel.h: what every emitted kernel uses, besides the ABI.
 *
 * Input: numbers of a check that failed, factors of a size.  Output: the status to return.  Used by: the
 * emitted kernels, section by section.
 */
#ifndef MODC_KERNEL_H
#define MODC_KERNEL_H

#include "modc_abi.h"

/* @section modc_failed */
/* Fill in what failed: the kernel's site, the axis, what was found and what was expected. */
static inline int32_t modc_failed(modc_fail *fail, int32_t site, int32_t axis, int64_t got, int64_t want) {
    fail->site = site;
    fail->axis = axis;
    fail->got = got;
    fail->want = want;
    return MODC_FAIL;
}
/* @end */

/* @section modc_times */
/* *product *= factor; 0 where the factor is negative or the result does not fit. */
static inline int modc_times(int64_t *product, int64_t factor) {
    if (factor < 0 || (factor != 0 && *product > INT64_MAX / factor)) return 0;
    *product *= factor;
    return 1;
}
/* @end */

/* @section modc_entry MODC_KEY */
#ifndef MODC_KEY
#define MODC_KEY ""
#endif
#if defined(__GNUC__)
#define MODC_EXPORT __attribute__((visibility("default")))
#elif defined(_WIN32)
#define MODC_EXPORT __declspec(dllexport)
#else
#define MODC_EXPORT
#endif
#ifdef __cplusplus
extern "C" MODC_EXPORT const modc_kernel modc_entry;
#else
extern MODC_EXPORT const modc_kernel modc_entry;
#endif
/* @end */
#endif
