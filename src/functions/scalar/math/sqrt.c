/* SQRT */
#include "functions/scalar/math/one_double.h"

WEIR_ONE_DOUBLE(sqrt, "SQRT", "sqrt", sqrt, "The square root.", "SQRT(9)", "3E0");
