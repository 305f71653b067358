/* Listening sockets: resolve, bind, listen. */
#include "http/listen.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#define BACKLOG 1024

static int try_listen(const struct addrinfo *address)
{
	int fd = socket(address->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){ 1 }, sizeof(int));
	if (bind(fd, address->ai_addr, address->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0)
		return fd;
	int error = errno;
	close(fd);
	errno = error;
	return -1;
}

static uint16_t port_of(int fd)
{
	struct sockaddr_storage address = { 0 };
	socklen_t len = sizeof address;

	getsockname(fd, (struct sockaddr *)&address, &len);
	if (address.ss_family == AF_INET6)
		return ntohs(((const struct sockaddr_in6 *)(const void *)&address)->sin6_port);
	return ntohs(((const struct sockaddr_in *)(const void *)&address)->sin_port);
}

bool weir_http_listen(const char *host, uint16_t port, int *ret_fd, uint16_t *ret_port, struct weir_err *err)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV }, *found;
	char service[8];

	if (!host)
		host = "127.0.0.1";
	snprintf(service, sizeof service, "%u", port);
	int rc = getaddrinfo(host, service, &hints, &found);
	if (rc != 0)
		return weir_err_set(err, WEIR_E_IO, "cannot listen on %s:%u: %s", host, port, gai_strerror(rc));
	int fd = -1;
	for (const struct addrinfo *address = found; address && fd < 0; address = address->ai_next)
		fd = try_listen(address);
	int error = errno;
	freeaddrinfo(found);
	if (fd < 0) {
		weir_err_set_errno(err, WEIR_E_IO, error, "cannot listen on %s:%u", host, port);
		return error == EADDRINUSE ? weir_err_advise(err, "Another program listens there: stop it or choose another port.")
					   : false;
	}
	*ret_fd = fd;
	*ret_port = port_of(fd);
	return true;
}
