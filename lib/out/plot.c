/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "out/plot.h"
#include "base/clock.h"
#include "base/out.h"
#include "out/glyph.h"

#include <spawn.h>
#include <sys/wait.h>

#define ERRORS_MAX 65536

/* gnuplot's SVG escapes '&', but takes "&#" for the beginning of a character
 * reference that is meant. It is hidden from it: a noncharacter, which
 * glyph_line() lets through from nowhere, stands for the two. */
#define AMP_HASH_SCRIPT "\\046\\043"
#define HIDDEN_SCRIPT "\\357\\267\\220"
#define HIDDEN "\xef\xb7\x90"

static void
put_string(struct buf *script, const char *p, size_t n, size_t max,
    bool is_format)
{
	struct buf line = BUF_INIT(BUF_DOC);
	size_t i;

	glyph_fit(&line, p, n, max);
	buf_putc(script, '"');
	for (i = 0; i < line.len; i++) {
		unsigned char c = (unsigned char)line.p[i];

		/* gnuplot would take a digit behind an escape for its own */
		if (isalpha(c) || c == ' ')
			buf_putc(script, (char)c);
		else
			buf_addf(script, "\\%03o", c);
		if (is_format && c == '%')
			buf_str_add(script, "\\045");
	}
	buf_putc(script, '"');
	if (line.err)
		script->err = line.err;
	buf_free(&line);
}

void
plot_text(struct buf *script, const char *p, size_t n, size_t max)
{
	put_string(script, p, n, max, false);
}

void
plot_tic(struct buf *script, const char *p, size_t n, size_t max)
{
	put_string(script, p, n, max, true);
}

/* ---- gnuplot ---- */

/* Adds bytes with every `what` replaced. */
static void
replace(struct buf *to, const char *p, size_t n, const char *what,
    const char *with)
{
	size_t len = strlen(what), i = 0;

	while (i < n) {
		if (n - i >= len && memcmp(p + i, what, len) == 0) {
			buf_str_add(to, with);
			i += len;
		} else {
			buf_putc(to, p[i++]);
		}
	}
}

/* An open file without a name, in TMPDIR. Returns it, or -1. */
static int
nameless(struct fail *why)
{
	const char *dir = getenv("TMPDIR");
	char path[4096];
	int fd;

	snprintf(path, sizeof path, "%s/gc-plot.XXXXXX",
	    dir && *dir ? dir : "/tmp");
	fd = mkstemp(path);
	if (fd < 0)
		return fail_errno(why, "cannot create %s", path);
	unlink(path);
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	return fd;
}

/* The script with its terminal, as a file that gnuplot reads. */
static int
script_file(const struct buf *script, const struct plot_page *page,
    enum plot_form form, struct fail *why)
{
	struct buf head = BUF_INIT(BUF_DOC);
	double scale;
	int fd;

	/* gnuplot's cairo draws fonts as for 96 dots an inch, its SVG takes
	 * a pixel for a point; what is said here is in points everywhere */
	if (form == PLOT_PNG) {
		scale = page->dpi / 96.0;
		buf_addf(&head, "set terminal pngcairo noenhanced size %d,%d "
		    "font 'sans-serif,11' fontscale %.6g linewidth %.6g "
		    "background rgb '#ffffff'\n",
		    (int)(page->width * page->dpi + 0.5),
		    (int)(page->height * page->dpi + 0.5), scale, scale);
	} else if (form == PLOT_SVG) {
		scale = 96 / 72.0;
		buf_addf(&head, "set terminal svg noenhanced size %d,%d "
		    "font 'sans-serif,11' fontscale %.6g linewidth %.6g "
		    "name 'gc' background rgb '#ffffff'\n",
		    (int)(page->width * 96 + 0.5),
		    (int)(page->height * 96 + 0.5), scale, scale);
	} else {
		buf_addf(&head, "set terminal pdfcairo noenhanced size "
		    "%.6gin,%.6gin font 'sans-serif,11' fontscale 0.75 "
		    "linewidth 0.75 background rgb '#ffffff'\n",
		    page->width, page->height);
	}
	if (form == PLOT_SVG)
		replace(&head, script->p, script->len, AMP_HASH_SCRIPT,
		    HIDDEN_SCRIPT);
	else
		buf_add(&head, script->p, script->len);
	if (head.err || script->err) {
		buf_free(&head);
		return fail(why, EXIT_MACHINE,
		    "the picture is too large for memory");
	}
	fd = nameless(why);
	if (fd >= 0 && (out_fd(fd, head.p, head.len) < 0 ||
	    lseek(fd, 0, SEEK_SET) < 0)) {
		fail_errno(why, "cannot write a temporary file");
		close(fd);
		fd = -1;
	}
	buf_free(&head);
	return fd;
}

/* Is it a variable that changes what gnuplot draws? */
static bool
is_gnuplots(const char *variable)
{
	return strncmp(variable, "GNUPLOT", 7) == 0 ||
	    strncmp(variable, "GNUTERM=", 8) == 0;
}

/* The environment of this process without gnuplot's own, the variables in
 * `fixed` put in the place of what is there. Returns an array to free, or
 * NULL. */
static char **
environment(char *const *fixed, size_t n)
{
	extern char **environ;
	char **env;
	size_t count = 0, k = 0, i, j;

	while (environ[count])
		count++;
	env = calloc(count + n + 1, sizeof *env);
	if (!env)
		return NULL;
	for (i = 0; i < count; i++) {
		for (j = 0; j < n; j++)
			if (strncmp(environ[i], fixed[j], strcspn(fixed[j],
			    "=") + 1) == 0)
				break;
		if (j == n && !is_gnuplots(environ[i]))
			env[k++] = environ[i];
	}
	for (j = 0; j < n; j++)
		env[k++] = fixed[j];
	return env;
}

/* Starts gnuplot on three descriptors. Returns 0 or an errno. */
static int
start(pid_t *pid, int in, int out, int err)
{
	static char locale[] = "LC_ALL=C", zone[] = "TZ=UTC",
	    name[] = "gnuplot", plain[] = "--default-settings", from[] = "-";
	char *const fixed[] = { locale, zone };
	char *const argv[] = { name, plain, from, NULL };
	posix_spawn_file_actions_t fa;
	char **env = environment(fixed, COUNT(fixed));
	int e;

	if (!env)
		return ENOMEM;
	e = posix_spawn_file_actions_init(&fa);
	if (e == 0) {
		e = posix_spawn_file_actions_adddup2(&fa, in, 0);
		if (e == 0)
			e = posix_spawn_file_actions_adddup2(&fa, out, 1);
		if (e == 0)
			e = posix_spawn_file_actions_adddup2(&fa, err, 2);
		if (e == 0)
			e = posix_spawnp(pid, "gnuplot", &fa, NULL, argv, env);
		posix_spawn_file_actions_destroy(&fa);
	}
	free(env);
	return e;
}

/* What gnuplot said, as one sentence: its last line that says anything. */
static int
plot_failed(int err, int status, struct fail *why)
{
	struct buf b = BUF_INIT(ERRORS_MAX);
	const char *line, *found = NULL, *end;

	if (lseek(err, 0, SEEK_SET) == 0)
		(void)buf_read_fd(&b, err);
	for (line = buf_str(&b); *line; line = *end ? end + 1 : end) {
		end = line + strcspn(line, "\n");
		while (*line == ' ' || *line == '^')
			line++;
		if (line < end)
			found = line;
	}
	if (found)
		fail(why, EXIT_MACHINE, "gnuplot failed: %.*s",
		    (int)strcspn(found, "\n"), found);
	else if (WIFSIGNALED(status))
		fail(why, EXIT_MACHINE, "gnuplot died of signal %d",
		    WTERMSIG(status));
	else
		fail(why, EXIT_MACHINE, "gnuplot drew nothing (exit %d)",
		    WEXITSTATUS(status));
	buf_free(&b);
	return -1;
}

/* Is it a whole picture? By how each form begins and ends. */
static bool
whole(const struct buf *b, enum plot_form form)
{
	static const struct { const char *head, *tail; } marks[] = {
		[PLOT_PNG] = { "\x89PNG\r\n", "IEND\xae\x42\x60\x82" },
		[PLOT_SVG] = { "<?xml", "</svg>\n\n" },
		[PLOT_PDF] = { "%PDF-", "%%EOF\n" },
	};
	size_t h = strlen(marks[form].head), t = strlen(marks[form].tail);

	return b->len > h + t && memcmp(b->p, marks[form].head, h) == 0 &&
	    memcmp(b->p + b->len - t, marks[form].tail, t) == 0;
}

static int
draw(struct buf *b, int in, enum plot_form form, struct fail *why)
{
	int out[2] = { -1, -1 }, err = nameless(why), status = 0, e;
	pid_t pid;

	if (err < 0)
		return -1;
	if (pipe(out) < 0) {
		close(err);
		return fail_errno(why, "cannot make a pipe");
	}
	fcntl(out[0], F_SETFD, FD_CLOEXEC);
	fcntl(out[1], F_SETFD, FD_CLOEXEC);
	e = start(&pid, in, out[1], err);
	close(out[1]);
	if (e == 0) {
		while (buf_read_fd(b, out[0]) < 0 && errno == EINTR)
			continue;
		while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
			continue;
	}
	close(out[0]);
	if (e == ENOENT)
		e = fail(why, EXIT_MACHINE, "pictures are drawn by gnuplot, "
		    "which is not installed: apt-get install gnuplot-nox");
	else if (e)
		e = fail(why, EXIT_MACHINE, "cannot start gnuplot: %s",
		    strerror(e));
	else if (status != 0 || !whole(b, form))
		e = plot_failed(err, status, why);
	close(err);
	return e;
}

/* ---- what stands beside the drawing ---- */

/* Puts a chunk of the resolution behind IHDR: pixels per metre, and a CRC-32
 * (PNG, 11.3.5.3). */
static void
say_resolution(struct buf *b, const struct buf *png, int dpi)
{
	const size_t head = 8 + 25;     /* the signature, IHDR */
	uint32_t ppm = (uint32_t)(dpi / 0.0254 + 0.5), crc = 0xffffffff;
	unsigned char c[21] = { 0, 0, 0, 9, 'p', 'H', 'Y', 's' };
	size_t i;
	int k;

	for (i = 0; i < 4; i++)
		c[8 + i] = c[12 + i] = (unsigned char)(ppm >> (24 - 8 * i));
	c[16] = 1;                      /* the unit is the metre */
	for (i = 4; i < 17; i++) {
		crc ^= c[i];
		for (k = 0; k < 8; k++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
	}
	crc = ~crc;
	for (i = 0; i < 4; i++)
		c[17 + i] = (unsigned char)(crc >> (24 - 8 * i));
	buf_add(b, png->p, head);
	buf_add(b, c, sizeof c);
	buf_add(b, png->p + head, png->len - head);
}

/* The place of a text in a buffer, or SIZE_MAX. */
static size_t
place(const struct buf *b, const char *text, size_t from)
{
	size_t n = strlen(text), i;

	for (i = from; i + n <= b->len; i++)
		if (b->p[i] == *text && memcmp(b->p + i, text, n) == 0)
			return i;
	return SIZE_MAX;
}

/* The date of a PDF, in its own place and length: the page's. */
static void
fix_date(struct buf *b, const struct plot_page *page)
{
	static const char key[] = "/CreationDate (D:";
	char date[32], iso[TIME_MAX];
	size_t at = place(b, key, 0), n, i, k = 0;

	if (at == SIZE_MAX || at + sizeof key - 1 + 16 > b->len)
		return;
	n = sizeof key - 1;
	time_format(iso, page->date);
	for (i = 0; iso[i] && k < 14; i++)
		if (isdigit((unsigned char)iso[i]))
			date[k++] = iso[i];
	if (k == 14)
		memcpy(b->p + at + n, date, k);
}

static void
put_xml(struct buf *b, const char *text)
{
	struct buf line = BUF_INIT(BUF_DOC);
	size_t i;

	glyph_line(&line, text, strlen(text));
	for (i = 0; i < line.len; i++) {
		if (line.p[i] == '&')
			buf_str_add(b, "&amp;");
		else if (line.p[i] == '<')
			buf_str_add(b, "&lt;");
		else
			buf_putc(b, line.p[i]);
	}
	buf_free(&line);
}

/* The page's title and description for gnuplot's, and a role that makes
 * screen readers take the drawing as one picture with a name. */
static void
describe(struct buf *b, const struct buf *svg, const struct plot_page *page)
{
	size_t root = place(svg, "<svg", 0), title, end;

	title = root == SIZE_MAX ? root : place(svg, "<title>", root);
	end = title == SIZE_MAX ? title : place(svg, "</desc>", title);
	if (end == SIZE_MAX) {
		buf_add(b, svg->p, svg->len);
		return;
	}
	buf_add(b, svg->p, root + 4);
	buf_str_add(b, " role=\"img\" aria-labelledby=\"gc-t gc-d\"");
	buf_add(b, svg->p + root + 4, title - root - 4);
	buf_str_add(b, "<title id=\"gc-t\">");
	put_xml(b, page->title ? page->title : "");
	buf_str_add(b, "</title>\n<desc id=\"gc-d\">");
	put_xml(b, page->desc ? page->desc : "");
	replace(b, svg->p + end, svg->len - end, HIDDEN, "&amp;#");
}

int
plot_run(struct buf *b, const struct buf *script,
    const struct plot_page *page, enum plot_form form, struct fail *why)
{
	struct buf picture = BUF_INIT(BUF_DOC);
	int in = script_file(script, page, form, why), r;

	if (in < 0)
		return -1;
	r = draw(&picture, in, form, why);
	close(in);
	if (r == 0 && form == PLOT_PNG) {
		say_resolution(b, &picture, page->dpi);
	} else if (r == 0 && form == PLOT_SVG) {
		describe(b, &picture, page);
	} else if (r == 0) {
		fix_date(&picture, page);
		buf_add(b, picture.p, picture.len);
	}
	buf_free(&picture);
	if (r == 0 && b->err)
		r = fail(why, EXIT_MACHINE, "out of memory");
	return r;
}

double
plot_head(struct buf *script, const char *title, const char *const *lines,
    size_t n, size_t tag, double y, double gap, double step)
{
	size_t i;

	buf_str_add(script, "set label 1 noenhanced ");
	plot_text(script, title, strlen(title), 90);
	buf_addf(script, " at screen 0.03,%.6g left font ',17' "
	    "textcolor rgb '#222222'\n", y);
	y -= gap;
	for (i = 0; i < n && lines[i]; i++, y -= step) {
		buf_addf(script, "set label %zu noenhanced ", tag + i);
		plot_text(script, lines[i], strlen(lines[i]), 130);
		buf_addf(script, " at screen 0.03,%.6g left font ',10.5' "
		    "textcolor rgb '#555555'\n", y);
	}
	return y;
}
