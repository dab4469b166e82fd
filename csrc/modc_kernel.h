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

/* @section modc_bytes */
/* a * b, or -1 where a factor is negative or the product above 2^48: more bytes than a machine can address. */
static inline int64_t modc_bytes(int64_t a, int64_t b) {
    return a < 0 || b < 0 || (b != 0 && a > INT64_C(281474976710656) / b) ? -1 : a * b;
}
/* @end */

/* @section modc_padded */
/* Bytes up to the next multiple of 64, where the next array of the arena begins. */
static inline int64_t modc_padded(int64_t bytes) { return (bytes + 63) / 64 * 64; }
/* @end */

/* @section modc_work */
/* An estimate of scalar operations as an integer. */
static inline int64_t modc_work(double operations) {
    return operations < 1e15 ? (int64_t)operations : INT64_C(1000000000000000);
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
