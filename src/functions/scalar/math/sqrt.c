/* SQRT */
#include "functions/scalar/math/one_double.h"

WEIR_ONE_DOUBLE(sqrt, "SQRT", "sqrt", "value", sqrt, "The square root; NaN for negative numbers.", "SQRT(9)", "3E0");
