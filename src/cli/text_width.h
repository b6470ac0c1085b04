#pragma once

#include <string>
#include <string_view>

namespace weir::cli {

/// How many columns of a terminal `text` takes: wide characters two, combining ones none. Control
/// characters and bytes that are no UTF-8 count one, as Printable shows them.
std::size_t WidthOf(std::string_view text);

/// `text` fit for one cell of a table on a terminal: control characters (also the escape that would
/// start a sequence) and broken UTF-8 become U+FFFD, line ends and tabs a space.
std::string Printable(std::string_view text);

std::string PadRight(std::string_view text, std::size_t width);

/// Breaks `text` at spaces so that no line, with `indent` before every line but the first, passes
/// `width` columns. The first line is thought to start after the indent too.
std::string Wrap(std::string_view text, std::size_t width, std::string_view indent);

/// Wraps each paragraph (they are separated by empty lines); lines that begin with two spaces stay
/// as they are.
std::string WrapParagraphs(std::string_view text, std::size_t width);

}  // namespace weir::cli
