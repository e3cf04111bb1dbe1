// SPDX-License-Identifier: Apache-2.0
/* Accepts connections on every address at PORT and closes each at once; ends with its parent. usage: accept-server PORT */
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct sockaddr_in any = { .sin_family = AF_INET };
	int on = 1, listener = socket(AF_INET, SOCK_STREAM, 0);

	if (argc != 2 || listener < 0)
		return 2;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	any.sin_port = htons(atoi(argv[1]));
	setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(listener, (struct sockaddr *)&any, sizeof(any)) || listen(listener, 4096)) {
		perror("accept-server");
		return 1;
	}
	puts("listening");
	fflush(stdout);
	for (;;) {
		int fd = accept(listener, NULL, NULL);

		if (fd >= 0)
			close(fd);
	}
}
