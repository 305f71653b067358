/* SINH */
#include "functions/scalar/math/one_double.h"

WEIR_ONE_DOUBLE(sinh, "SINH", "sinh", "value", sinh, "The hyperbolic sine.", "SINH(0)", "0E0");
