/* Every format, in one list. */
#include "formats/list.h"

static const struct weir_format *const formats[] = {
	&weir_format_avro,
	&weir_format_delimited,
	&weir_format_json,
	&weir_format_kafka,
	&weir_format_none,
};

/* Belong to the language; refused by name until they are here. */
static const char *const planned[] = { "JSON_SR", "PROTOBUF", "PROTOBUF_NOSR" };

const struct weir_format *weir_format_at(size_t i)
{
	return i < sizeof formats / sizeof *formats ? formats[i] : NULL;
}

const struct weir_format *weir_format_find(struct weir_slice name)
{
	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
		if (weir_slice_equals_nocase(name, weir_slice_of(formats[i]->name)))
			return formats[i];
	return NULL;
}

bool weir_format_is_planned(struct weir_slice name)
{
	for (size_t i = 0; i < sizeof planned / sizeof *planned; i++)
		if (weir_slice_equals_nocase(name, weir_slice_of(planned[i])))
			return true;
	return false;
}
