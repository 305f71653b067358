/* What Kafka takes for the name of a topic, the same on every backend. */
#include "log/log.h"

bool weir_log_check_topic_name(struct weir_slice name, struct weir_err *err)
{
	bool ok = name.len >= 1 && name.len <= 249 && !weir_slice_is(name, ".") && !weir_slice_is(name, "..");

	for (size_t i = 0; ok && i < name.len; i++) {
		char c = name.ptr[i];
		ok = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
	}
	if (ok)
		return true;
	weir_err_set(
		err, WEIR_E_INVALID_STATEMENT, "'%.*s' cannot be a topic's name", (int)(name.len > 260 ? 260 : name.len), name.ptr);
	return weir_err_advise(err, "Names have 1 to 249 letters, digits, dots, underscores and dashes.");
}
