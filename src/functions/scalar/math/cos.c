/* COS */
#include "functions/scalar/math/one_double.h"

WEIR_ONE_DOUBLE(cos, "COS", "cos", "value", cos, "The cosine of an angle in radians.", "COS(0)", "1E0");
