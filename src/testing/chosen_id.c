/* Registers a schema under an id of the case's choice: what the registry's mode IMPORT is for. */
#include "testing/chosen_id.h"

#include "registry/embedded_int.h"

bool weir_case_register_with_id(struct weir_registry *registry, struct weir_arena *arena, struct weir_slice subject,
	const struct weir_schema_text *schema, int32_t id, struct weir_err *err)
{
	struct weir_registry_failure failure = { 0 };
	struct weir_embedded_call call = {
		.registry = (struct weir_embedded_registry *)registry, .arena = arena, .failure = &failure
	};
	struct weir_register_request request = { .subject = subject, .schema = *schema, .id = id };
	struct weir_registered_schema registered;

	return (weir_embedded_set_mode(&call, subject, WEIR_MODE_IMPORT, true) &&
		       weir_embedded_register(&call, &request, &registered) &&
		       weir_embedded_set_mode(&call, subject, WEIR_MODE_UNSET, true)) ||
	       weir_err_set(err, WEIR_E_SCHEMA_INVALID, "%.*s", WEIR_SLICE_ARG(failure.text));
}
