/* TANH */
#include "functions/scalar/math/one_double.h"

WEIR_ONE_DOUBLE(tanh, "TANH", "tanh", "value", tanh, "The hyperbolic tangent.", "TANH(0)", "0E0");
