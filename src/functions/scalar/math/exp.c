/* EXP */
#include "functions/scalar/math/one_double.h"

WEIR_ONE_DOUBLE(exp, "EXP", "exp", exp, "e to the power of the argument.", "EXP(0)", "1E0");
