/* Spells the generated schema exactly as ksqlDB does, so that a sink's subject stays the same over a migration. */
#include "formats/avro/text.h"
#include "base/buf.h"
#include "json/json.h"

struct printer {
	struct weir_buf out;
	struct weir_slice root; /* full name of the outer record */
	struct weir_err *err;
	bool failed;
};

static void print_type(struct printer *printer, const struct weir_type *type, struct weir_slice context);

static void print_nullable(struct printer *printer, const struct weir_type *type, struct weir_slice context)
{
	weir_buf_append_text(&printer->out, "[\"null\",");
	print_type(printer, type, context);
	weir_buf_append_byte(&printer->out, ']');
}

/* `context` is the dotted full name that a type at this place has; its last part is the simple name. */
static struct weir_slice simple_name(struct weir_slice full)
{
	const char *dot = memrchr(full.ptr, '.', full.len);
	size_t start = dot ? (size_t)(dot + 1 - full.ptr) : 0;

	return weir_slice_make(full.ptr + start, full.len - start);
}

static void check_name(struct printer *printer, struct weir_slice name)
{
	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '.';
		if (letter || (i > 0 && c >= '0' && c <= '9'))
			continue;
		printer->failed = true;
		weir_err_set(
			printer->err, WEIR_E_INVALID_STATEMENT, "'%.*s' cannot be a field's name in Avro", WEIR_SLICE_ARG(name));
		weir_err_advise(
			printer->err, "Avro's names are made of letters, digits and _. Give the column another name with AS.");
		return;
	}
}

static void print_field_name(struct printer *printer, struct weir_slice name)
{
	check_name(printer, name);
	for (size_t i = 0; i < name.len; i++)
		weir_buf_append_byte(&printer->out, name.ptr[i] == '.' ? '_' : name.ptr[i]);
}

static void with_suffix(struct weir_buf *out, struct weir_slice context, struct weir_slice name)
{
	weir_buf_init(out, 4096);
	weir_buf_append_slice(out, context);
	weir_buf_append_byte(out, '_');
	for (size_t i = 0; i < name.len; i++)
		weir_buf_append_byte(out, name.ptr[i] == '.' ? '_' : name.ptr[i]);
}

static void print_field(struct printer *printer, struct weir_slice name, const struct weir_type *type, struct weir_slice context)
{
	struct weir_buf inner;

	with_suffix(&inner, context, name);
	weir_buf_append_text(&printer->out, "{\"name\":\"");
	print_field_name(printer, name);
	weir_buf_append_text(&printer->out, "\",\"type\":");
	print_nullable(printer, type, weir_buf_slice(&inner));
	weir_buf_append_text(&printer->out, ",\"default\":null}");
	weir_buf_fini(&inner);
}

static void print_struct(struct printer *printer, const struct weir_type *type, struct weir_slice context)
{
	weir_buf_printf(&printer->out, "{\"type\":\"record\",\"name\":\"%.*s\",\"fields\":[", WEIR_SLICE_ARG(simple_name(context)));
	for (size_t i = 0; i < type->field_count; i++) {
		if (i)
			weir_buf_append_byte(&printer->out, ',');
		print_field(printer, type->fields[i].name, type->fields[i].type, context);
	}
	weir_buf_printf(&printer->out, "],\"connect.name\":\"%.*s\"}", WEIR_SLICE_ARG(context));
}

static void print_map(struct printer *printer, const struct weir_type *type, struct weir_slice context)
{
	struct weir_buf inner;

	with_suffix(&inner, context, WEIR_SLICE("MapValue"));
	weir_buf_printf(&printer->out,
		"{\"type\":\"array\",\"items\":{\"type\":\"record\",\"name\":\"%.*s\",\"fields\":[{\"name\":\"key\",\"type\":["
		"\"null\",\"string\"],"
		"\"default\":null},{\"name\":\"value\",\"type\":",
		WEIR_SLICE_ARG(simple_name(context)));
	print_nullable(printer, type->element, weir_buf_slice(&inner));
	weir_buf_printf(&printer->out, ",\"default\":null}],\"connect.internal.type\":\"MapEntry\"},\"connect.name\":\"%.*s\"}",
		WEIR_SLICE_ARG(context));
	weir_buf_fini(&inner);
}

static void print_logical(struct printer *printer, const char *base, const char *connect, const char *logical)
{
	weir_buf_printf(&printer->out,
		"{\"type\":\"%s\",\"connect.version\":1,\"connect.name\":\"org.apache.kafka.connect.data.%s\",\"logicalType\":\"%"
		"s\"}",
		base, connect, logical);
}

static void print_type(struct printer *printer, const struct weir_type *type, struct weir_slice context)
{
	static const char *const plain[WEIR_KIND_COUNT] = {
		[WEIR_KIND_BOOLEAN] = "\"boolean\"",
		[WEIR_KIND_INTEGER] = "\"int\"",
		[WEIR_KIND_BIGINT] = "\"long\"",
		[WEIR_KIND_DOUBLE] = "\"double\"",
		[WEIR_KIND_STRING] = "\"string\"",
		[WEIR_KIND_BYTES] = "\"bytes\"",
	};

	switch (type->kind) {
	case WEIR_KIND_DECIMAL:
		weir_buf_printf(&printer->out,
			"{\"type\":\"bytes\",\"scale\":%d,\"precision\":%d,\"connect.version\":1,\"connect.parameters\":{\"scale\":"
			"\"%d\","
			"\"connect.decimal.precision\":\"%d\"},\"connect.name\":\"org.apache.kafka.connect.data.Decimal\","
			"\"logicalType\":\"decimal\"}",
			type->scale, type->precision, type->scale, type->precision);
		break;
	case WEIR_KIND_DATE:
		print_logical(printer, "int", "Date", "date");
		break;
	case WEIR_KIND_TIME:
		print_logical(printer, "int", "Time", "time-millis");
		break;
	case WEIR_KIND_TIMESTAMP:
		print_logical(printer, "long", "Timestamp", "timestamp-millis");
		break;
	case WEIR_KIND_ARRAY:
		weir_buf_append_text(&printer->out, "{\"type\":\"array\",\"items\":");
		print_nullable(printer, type->element, context);
		weir_buf_append_byte(&printer->out, '}');
		break;
	case WEIR_KIND_MAP:
		print_map(printer, type, context);
		break;
	case WEIR_KIND_STRUCT:
		print_struct(printer, type, context);
		break;
	default:
		weir_buf_append_text(&printer->out, plain[type->kind]);
	}
}

static void print_root(struct printer *printer, const struct weir_format_spec *spec)
{
	struct weir_slice name = simple_name(printer->root);
	size_t space = name.len < printer->root.len ? printer->root.len - name.len - 1 : 0;

	weir_buf_printf(&printer->out, "{\"type\":\"record\",\"name\":\"%.*s\",", WEIR_SLICE_ARG(name));
	if (space)
		weir_buf_printf(&printer->out, "\"namespace\":\"%.*s\",", (int)space, printer->root.ptr);
	weir_buf_append_text(&printer->out, "\"fields\":[");
	for (size_t i = 0; i < spec->column_count; i++) {
		if (i)
			weir_buf_append_byte(&printer->out, ',');
		print_field(printer, spec->columns[i].name, spec->columns[i].type, printer->root);
	}
	weir_buf_printf(&printer->out, "],\"connect.name\":\"%.*s\"}", WEIR_SLICE_ARG(printer->root));
}

bool avro_make_schema(
	const struct weir_format_spec *spec, struct weir_arena *arena, struct weir_slice *ret_text, struct weir_err *err)
{
	struct printer printer = { .root = spec->schema_full_name, .err = err };

	if (!printer.root.len)
		printer.root = spec->side == WEIR_SIDE_KEY ? WEIR_SLICE("io.confluent.ksql.avro_schemas.KsqlDataSourceSchemaKey")
							   : WEIR_SLICE("io.confluent.ksql.avro_schemas.KsqlDataSourceSchema");
	weir_buf_init(&printer.out, 16 << 20);
	if (spec->is_unwrapped)
		print_type(&printer, spec->columns[0].type, printer.root);
	else
		print_root(&printer, spec);
	*ret_text = weir_arena_copy(arena, weir_buf_slice(&printer.out));
	weir_buf_fini(&printer.out);
	return !printer.failed;
}
