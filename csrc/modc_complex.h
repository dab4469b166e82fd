/* modc_complex.h: complex numbers as pairs, laid out as NumPy's and C's own.
 *
 * Structs rather than C's _Complex: C++ and MSVC have no such type.  Used by: kernels, modc_fft.h, modc_eig.h.
 */
#ifndef MODC_COMPLEX_H
#define MODC_COMPLEX_H

#include <math.h>

/* @section modc_c64 modc_c128 : */
typedef struct modc_c64 {
    float re, im;
} modc_c64;
typedef struct modc_c128 {
    double re, im;
} modc_c128;
/* @end */
#endif
