/* ATAN */
#include "functions/scalar/math/one_double.h"

WEIR_ONE_DOUBLE(atan, "ATAN", "atan", "value", atan, "The angle in radians whose tangent is the number.", "ATAN(0)", "0E0");
