#include "cli/completion_script.h"

namespace weir::cli {
namespace {

// Bash takes words apart at = and :, which are joined again before they are sent, and the part
// before the last of them is cut from the answers.
constexpr std::string_view kBash = R"(# bash completion for weir
_weir() {
  local IFS=$'\n' line word cut
  local -a words=("") lines=()
  local typed=${COMP_LINE:0:COMP_POINT}
  for word in "${COMP_WORDS[@]:1:COMP_CWORD}"; do
    if [[ ${word} == [=:]* || ${words[-1]} == *[=:] && ${typed} == *"${words[-1]}${word}"* ]]; then
      words[-1]+=${word}
    else
      words+=("${word}")
    fi
  done
  words=("${words[@]:1}")
  mapfile -t lines < <("${COMP_WORDS[0]}" __complete "${words[@]}" 2>/dev/null)
  COMPREPLY=()
  case ${lines[0]} in
    :files) compopt -o default; return ;;
    :directories) compopt -o dirnames; return ;;
  esac
  cut=""
  word=${words[-1]}
  [[ ${word} == *[=:]* ]] && cut=${word%"${word##*[=:]}"}
  for line in "${lines[@]}"; do
    line=${line%%$'\t'*}
    COMPREPLY+=("${line#"${cut}"}")
  done
}
complete -F _weir weir
)";

constexpr std::string_view kZsh = R"(#compdef weir
_weir() {
  local line
  local -a lines candidates
  lines=("${(@f)$(${words[1]} __complete "${(@)words[2,CURRENT]}" 2>/dev/null)}")
  case ${lines[1]} in
    :files) _files; return ;;
    :directories) _files -/; return ;;
  esac
  for line in "${lines[@]}"; do
    [[ -z ${line} ]] && continue
    candidates+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}")
  done
  _describe weir candidates
}
if [[ ${funcstack[1]} == _weir ]]; then
  _weir "$@"
else
  compdef _weir weir
fi
)";

constexpr std::string_view kFish = R"(# fish completion for weir
function __weir_complete
    set -l words (commandline -opc) (commandline -ct)
    set -l lines (command $words[1] __complete $words[2..-1] 2>/dev/null)
    switch "$lines[1]"
        case ':files'
            __fish_complete_path (commandline -ct)
        case ':directories'
            __fish_complete_directories (commandline -ct)
        case '*'
            string join \n -- $lines
    end
end
complete -c weir -f -a '(__weir_complete)'
)";

}  // namespace

Result<std::string> CompletionScript(std::string_view shell) {
  if (shell == "bash") return std::string(kBash);
  if (shell == "zsh") return std::string(kZsh);
  if (shell == "fish") return std::string(kFish);
  return Invalid("there is no completion for \"{}\"", shell)
      .WithHint("there are bash, zsh and fish");
}

}  // namespace weir::cli
