/* What stands in the way of dropping a source. */
#include "catalog/catalog.h"

static void list_query(struct weir_buf *out, const struct weir_query *query)
{
	if (out->len)
		weir_buf_append_text(out, ", ");
	weir_buf_append_slice(out, query->id);
}

static bool is_own_query(const struct weir_source *source, const struct weir_query *query)
{
	return weir_slice_equals(query->id, source->created_by);
}

/* Sinks of CREATE … AS queries that read the source. */
static void list_derived_sources(const struct weir_catalog *catalog, const struct weir_source *source, struct weir_buf *out)
{
	const struct weir_query *query;
	size_t position = 0;

	while ((query = weir_catalog_next_reader(catalog, source->name, &position))) {
		if (query->kind != WEIR_QUERY_CREATE_AS || !weir_catalog_source(catalog, query->sink_name))
			continue;
		if (out->len)
			weir_buf_append_text(out, ", ");
		weir_buf_append_slice(out, query->sink_name);
	}
}

static void list_insert_queries(
	const struct weir_catalog *catalog, const struct weir_source *source, struct weir_buf *readers, struct weir_buf *writers)
{
	const struct weir_query *query;
	size_t position = 0;

	while ((query = weir_catalog_next_reader(catalog, source->name, &position)))
		list_query(readers, query);
	position = 0;
	while ((query = weir_catalog_next_writer(catalog, source->name, &position)))
		if (!is_own_query(source, query))
			list_query(writers, query);
}

static bool check_queries(const struct weir_catalog *catalog, const struct weir_source *source, struct weir_err *err)
{
	struct weir_buf readers, writers;
	bool ok = true;

	weir_buf_init(&readers, WEIR_ERR_TEXT_BYTES);
	weir_buf_init(&writers, WEIR_ERR_TEXT_BYTES);
	list_insert_queries(catalog, source, &readers, &writers);
	if (readers.len || writers.len) {
		ok = weir_err_set(err, WEIR_E_IN_USE,
			"Cannot drop %.*s.\nThe following queries read from this source: [%s].\n"
			"The following queries write into this source: [%s].\n"
			"You need to terminate them before dropping %.*s.",
			WEIR_SLICE_ARG(source->name), weir_buf_cstr(&readers), weir_buf_cstr(&writers),
			WEIR_SLICE_ARG(source->name));
	}
	weir_buf_fini(&readers);
	weir_buf_fini(&writers);
	return ok;
}

bool weir_catalog_check_drop(const struct weir_catalog *catalog, const struct weir_source *source, struct weir_err *err)
{
	struct weir_buf derived;
	bool ok;

	weir_buf_init(&derived, WEIR_ERR_TEXT_BYTES);
	list_derived_sources(catalog, source, &derived);
	if (derived.len)
		ok = weir_err_set(err, WEIR_E_IN_USE,
			"Cannot drop %.*s.\nThe following streams and/or tables read from this source: [%s].\n"
			"You need to drop them before dropping %.*s.",
			WEIR_SLICE_ARG(source->name), weir_buf_cstr(&derived), WEIR_SLICE_ARG(source->name));
	else
		ok = check_queries(catalog, source, err);
	weir_buf_fini(&derived);
	return ok;
}
