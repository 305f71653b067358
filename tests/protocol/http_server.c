/* The HTTP server of the unit tests as a program: prints its port, serves until its standard input ends. */
#include "unit/http/fixture.h"

int main(void)
{
	struct fixture fixture;
	char byte;

	fixture_start(&fixture, (struct weir_http_server_config){ 0 });
	printf("%u\n", fixture.port);
	fflush(stdout);
	while (read(STDIN_FILENO, &byte, 1) > 0) {
	}
	fixture_stop(&fixture);
	return 0;
}
