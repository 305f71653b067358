/* EXP */
#include "functions/scalar/math/one_double.h"

WEIR_ONE_DOUBLE(exp, "EXP", "exp", "exponent", exp, "e to the power of the number.", "EXP(0)", "1E0");
