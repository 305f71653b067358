/* SIN */
#include "functions/scalar/math/one_double.h"

WEIR_ONE_DOUBLE(sin, "SIN", "sin", "value", sin, "The sine of an angle in radians.", "SIN(0)", "0E0");
