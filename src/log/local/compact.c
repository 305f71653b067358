#include "log/local/local_int.h"
bool local_compact(struct local_log *log, const struct local_topic *topic, int32_t partition, struct weir_err *err)
{
	return true;
}
