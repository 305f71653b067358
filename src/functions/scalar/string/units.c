/* UTF-16 units → UTF-8. */
#include "functions/scalar/string/units.h"

#include "types/utf16.h"

void weir_units_finish(struct weir_units *units)
{
	if (units->high)
		weir_buf_append_byte(units->out, '?');
	units->high = 0;
}

void weir_units_append(struct weir_units *units, uint16_t unit)
{
	bool is_high = unit >= 0xD800 && unit < 0xDC00, is_low = unit >= 0xDC00 && unit < 0xE000;
	uint32_t code = is_low && units->high ? 0x10000 + ((uint32_t)(units->high - 0xD800) << 10) + (unit - 0xDC00) : unit;
	char text[4];

	if (code < 0x10000)
		weir_units_finish(units);
	units->high = is_high ? unit : 0;
	if (is_high)
		return;
	if (is_low && code < 0x10000)
		weir_buf_append_byte(units->out, '?');
	else
		weir_buf_append(units->out, text, weir_utf8_encode(code, text));
}
