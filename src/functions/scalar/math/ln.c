/* LN */
#include "functions/scalar/math/one_double.h"

WEIR_ONE_DOUBLE(ln, "LN", "ln", "value", log, "The natural logarithm; NaN for negative numbers.", "LN(1)", "0E0");
