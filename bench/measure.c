/* SPDX-License-Identifier: GPL-3.0-or-later */
/* measure COMMAND -- runs a shell command, its output thrown away, and writes
 * its exit status, wall-clock seconds, processor seconds and the largest
 * memory of any of its processes in kB.
 *
 * By itself because a child's memory begins as its parent's: what a large
 * interpreter starts is never smaller than the interpreter.
 */
#define _DEFAULT_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double
seconds(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

static void
run(char *command)
{
	int null = open("/dev/null", O_WRONLY);

	if (null < 0 || dup2(null, STDOUT_FILENO) < 0 ||
	    dup2(null, STDERR_FILENO) < 0)
		_exit(126);
	execl("/bin/sh", "sh", "-c", command, (char *)NULL);
	_exit(127);
}

int
main(int argc, char **argv)
{
	struct rusage used;
	double start = now();
	int status;
	pid_t pid;

	if (argc != 2) {
		fprintf(stderr, "usage: measure COMMAND\n");
		return 2;
	}
	if ((pid = fork()) == 0)
		run(argv[1]);
	if (pid < 0 || wait4(pid, &status, 0, &used) < 0) {
		perror("measure");
		return 6;
	}
	printf("%d %.4f %.4f %ld\n", status, now() - start,
	    seconds(used.ru_utime) + seconds(used.ru_stime), used.ru_maxrss);
	return 0;
}
