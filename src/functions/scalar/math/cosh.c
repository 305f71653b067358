/* COSH */
#include "functions/scalar/math/one_double.h"

WEIR_ONE_DOUBLE(cosh, "COSH", "cosh", "value", cosh, "The hyperbolic cosine.", "COSH(0)", "1E0");
