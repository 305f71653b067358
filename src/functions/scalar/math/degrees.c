/* DEGREES: by one factor, as Java's Math.toDegrees. */
#include "functions/scalar/math/one_double.h"

static double to_degrees(double radians)
{
	return radians * (180.0 / M_PI);
}

WEIR_ONE_DOUBLE(degrees, "DEGREES", "degrees", "value", to_degrees, "An angle in radians as degrees.", "DEGREES(PI())", "180E0");
