/* TAN */
#include "functions/scalar/math/one_double.h"

WEIR_ONE_DOUBLE(tan, "TAN", "tan", "value", tan, "The tangent of an angle in radians.", "TAN(0)", "0E0");
