/* LN */
#include "functions/scalar/math/one_double.h"

WEIR_ONE_DOUBLE(ln, "LN", "ln", log, "The natural logarithm.", "LN(1)", "0E0");
