# table.jq -- a table as a page, with a picture above it where there is one.
#
# Input: {title, picture: an SVG element or null, columns: [{name, number}],
# rows: [[text or null]]}. Numbers come rounded, as text.

frame(.title;
	"<h1>\(.title | @html)</h1>\n"
	+ (if .picture == null then "" else "<figure class=\"paper\"><div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"\(.title | @html)\">\n\(.picture)</div></figure>\n" end)
	+ "<section>\n"
	+ table("\(.rows | length | plural("row"; "rows"))"; .columns;
		[.rows[] | [.[] | if . == null then "\u2013" else text end]])
	+ "</section>\n")
