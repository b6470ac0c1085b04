#include "api/home_page.h"

#include <fmt/format.h>

#include <string_view>

namespace weir::api {
namespace {

std::string Escaped(std::string_view text) {
  std::string html;
  for (const char c : text) {
    switch (c) {
      case '&':
        html += "&amp;";
        break;
      case '<':
        html += "&lt;";
        break;
      case '>':
        html += "&gt;";
        break;
      case '"':
        html += "&quot;";
        break;
      default:
        html += c;
    }
  }
  return html;
}

std::string Doors(const ServerStatus& facts) {
  std::string rows;
  for (const DoorAddress& door : facts.doors) {
    rows += fmt::format("<tr><th scope=\"row\">{}</th><td><code>{}</code></td></tr>\n",
                        Escaped(door.name), Escaped(door.address));
  }
  return rows;
}

// The first address a client on the network can use; the socket's is for this machine alone.
std::string WebAddress(const ServerStatus& facts) {
  for (const DoorAddress& door : facts.doors) {
    if (door.address.starts_with("http")) return door.address;
  }
  return "http://127.0.0.1";
}

constexpr std::string_view kPage = R"html(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Weir</title>
<link rel="stylesheet" href="/home.css">
</head>
<body>
<main>
<header>
<h1>Weir</h1>
<p>Version {version}, running for {uptime} on the home <code>{home}</code>.</p>
</header>

<section>
<h2>Doors</h2>
<table>
{doors}</table>
</section>

<section>
<h2>Connect</h2>
<p>On this machine the command line finds the server by its home, and needs no token:</p>
<pre><code>weir --home {home} status
weir --home {home} get --types</code></pre>
<p>With the address and the token, which is in <code>run/token</code> of the home, it works from wherever the server can be reached:</p>
<pre><code>export WEIR_SERVER={address}
export WEIR_TOKEN="$(cat {home}/run/token)"
weir apply -R -f manifests/</code></pre>
<p>Any HTTP client does as well:</p>
<pre><code>curl -H "Authorization: Bearer $WEIR_TOKEN" \
  {address}/api/resources</code></pre>
</section>

<section>
<h2>Read on</h2>
<ul>
<li><a href="/api/reference.md">The HTTP API</a>, and <a href="/api/openapi.json">the same for programs</a> (OpenAPI 3.1)</li>
<li><a href="/api/status">Status</a>, <a href="/api/config">configuration</a>, <a href="/api/doctor">doctor</a> and <a href="/metrics">metrics</a> of this server</li>
<li><a href="/api/kinds">Kinds of resources</a> and <a href="/api/resources">the resources there are</a></li>
<li><code>weir --help</code> and <code>man weir</code> for the command line</li>
</ul>
</section>
</main>
</body>
</html>
)html";

constexpr std::string_view kStyle = R"css(:root {
  --paper: #fbfaf7;
  --ink: #1d2327;
  --soft: #5b6670;
  --line: #d9dcd8;
  --field: #f0f1ec;
  --water: #0b6077;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14191c;
    --ink: #e4e8e8;
    --soft: #9aa6ab;
    --line: #2d363a;
    --field: #1c2327;
    --water: #6cc3d8;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0;
  background: var(--paper);
  color: var(--ink);
  font: 17px/1.6 system-ui, sans-serif;
}
main { max-width: 46rem; margin: 0 auto; padding: 3rem 1.25rem 4rem; }
header { border-bottom: 1px solid var(--line); padding-bottom: 0.75rem; }
h1 { margin: 0; font-size: 2.25rem; line-height: 1.2; letter-spacing: -0.01em; }
header p { margin: 0.35rem 0 0.5rem; color: var(--soft); }
h2 { margin: 2.25rem 0 0.5rem; font-size: 1.15rem; }
p { margin: 0.75rem 0; }
a { color: var(--water); text-underline-offset: 0.15em; }
a:focus-visible { outline: 2px solid var(--water); outline-offset: 2px; }
code { font: 0.88em/1.5 ui-monospace, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
pre {
  margin: 0.5rem 0;
  padding: 0.75rem 1rem;
  overflow-x: auto;
  background: var(--field);
  border: 1px solid var(--line);
  border-radius: 6px;
}
pre code { overflow-wrap: normal; }
table { border-collapse: collapse; width: 100%; }
th, td { padding: 0.4rem 0.75rem 0.4rem 0; text-align: left; border-bottom: 1px solid var(--line); }
th { width: 8rem; font-weight: 600; }
ul { margin: 0.5rem 0; padding-left: 1.25rem; }
li { margin: 0.25rem 0; }
)css";

std::string Duration(std::int64_t seconds) {
  if (seconds < 60) return fmt::format("{} s", seconds);
  if (seconds < 3600) return fmt::format("{} min", seconds / 60);
  if (seconds < 86400) return fmt::format("{} h {} min", seconds / 3600, seconds % 3600 / 60);
  return fmt::format("{} days", seconds / 86400);
}

void Replace(std::string& page, std::string_view slot, std::string_view text) {
  for (std::size_t at = page.find(slot); at != std::string::npos;
       at = page.find(slot, at + text.size())) {
    page.replace(at, slot.size(), text);
  }
}

}  // namespace

std::string HomePage(const ServerStatus& facts) {
  std::string page(kPage);
  Replace(page, "{version}", Escaped(facts.version));
  Replace(page, "{uptime}", Duration(facts.uptime_seconds));
  Replace(page, "{doors}", Doors(facts));
  Replace(page, "{home}", Escaped(facts.home));
  Replace(page, "{address}", Escaped(WebAddress(facts)));
  return page;
}

std::string HomeStyle() { return std::string(kStyle); }

}  // namespace weir::api
