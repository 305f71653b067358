/* CBRT */
#include "functions/scalar/math/one_double.h"

WEIR_ONE_DOUBLE(cbrt, "CBRT", "cbrt", "value", cbrt, "The cube root.", "CBRT(-8)", "-2E0");
