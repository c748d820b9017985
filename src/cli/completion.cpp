// `ouro completion`: scripts that let a shell complete subcommands, options and files. They are
// made from the options themselves, so that none is forgotten.
#include <algorithm>
#include <map>

#include <CLI/CLI.hpp>

#include "cli/command.hpp"

namespace ouro::cli {

namespace {

struct Completed {
  std::string name;
  std::string description;
  std::vector<std::pair<std::string, std::string>> options;  ///< "--json", what it does
};

std::vector<Completed> commands_of(const CLI::App& application) {
  std::vector<Completed> commands;
  for (const CLI::App* command : application.get_subcommands({})) {
    Completed completed{command->get_name(), command->get_description(), {}};
    for (const CLI::Option* option : command->get_options()) {
      for (const std::string& name : option->get_snames()) {
        completed.options.emplace_back("-" + name, option->get_description());
      }
      for (const std::string& name : option->get_lnames()) {
        completed.options.emplace_back("--" + name, option->get_description());
      }
    }
    commands.push_back(std::move(completed));
  }
  return commands;
}

std::string joined(const Completed& command) {
  std::string text;
  for (const auto& [name, description] : command.options) {
    if (!text.empty()) text += ' ';
    text += name;
  }
  return text;
}

/// For a single-quoted string of a shell.
std::string in_quotes(const std::string& text) {
  std::string out;
  for (const char character : text) {
    if (character == '\'') {
      out += "'\\''";
    } else {
      out += character;
    }
  }
  return out;
}

std::string bash_script(const std::vector<Completed>& commands) {
  std::string names;
  std::string cases;
  for (const Completed& command : commands) {
    if (!names.empty()) names += ' ';
    names += command.name;
    cases += "    " + command.name + ") options='" + joined(command) + "' ;;\n";
  }
  return "# ouro completion bash > /etc/bash_completion.d/ouro\n"
         "_ouro() {\n"
         "  local word=${COMP_WORDS[COMP_CWORD]} options=\n"
         "  if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
         "    COMPREPLY=($(compgen -W '" +
         names +
         " --help --version' -- \"$word\"))\n"
         "    return\n"
         "  fi\n"
         "  case ${COMP_WORDS[1]} in\n" +
         cases +
         "  esac\n"
         "  if [[ $word == -* ]]; then\n"
         "    COMPREPLY=($(compgen -W \"$options\" -- \"$word\"))\n"
         "  else\n"
         "    COMPREPLY=($(compgen -f -- \"$word\"))\n"
         "  fi\n"
         "}\n"
         "complete -o filenames -F _ouro ouro\n";
}

std::string zsh_script(const std::vector<Completed>& commands) {
  const auto colons_escaped = [](std::string text) {
    for (std::size_t at = 0; (at = text.find_first_of(":[]", at)) != std::string::npos; at += 2) {
      text.insert(at, 1, '\\');
    }
    return in_quotes(text);
  };
  std::string text =
      "#compdef ouro\n# ouro completion zsh > ~/.zsh/completions/_ouro\n_ouro() {\n"
      "  local -a commands\n  commands=(\n";
  for (const Completed& command : commands) {
    text += "    '" + command.name + ":" + colons_escaped(command.description) + "'\n";
  }
  text +=
      "  )\n  if (( CURRENT == 2 )); then _describe command commands; return; fi\n"
      "  case $words[2] in\n";
  for (const Completed& command : commands) {
    text += "    " + command.name + ") _arguments -s";
    for (const auto& [name, description] : command.options) {
      text += " '" + name + "[" + colons_escaped(description) + "]'";
    }
    text += " '*:file:_files' ;;\n";
  }
  return text + "  esac\n}\n_ouro \"$@\"\n";
}

std::string fish_script(const std::vector<Completed>& commands) {
  std::string text = "# ouro completion fish > ~/.config/fish/completions/ouro.fish\n";
  for (const Completed& command : commands) {
    text += "complete -c ouro -n __fish_use_subcommand -a " + command.name + " -d '" +
            in_quotes(command.description) + "'\n";
    for (const auto& [name, description] : command.options) {
      const bool is_long = name.starts_with("--");
      text += "complete -c ouro -n '__fish_seen_subcommand_from " + command.name + "' " +
              (is_long ? "-l " + name.substr(2) : "-s " + name.substr(1)) + " -d '" +
              in_quotes(description) + "'\n";
    }
  }
  return text;
}

}  // namespace

void add_completion(CLI::App& application) {
  Subcommand command =
      add_command(application, "completion", "Print a script that completes ouro in a shell",
                  "  source <(ouro completion bash)\n"
                  "  ouro completion fish > ~/.config/fish/completions/ouro.fish\n");
  auto shell = std::make_shared<std::string>();
  command.add_option("SHELL", *shell, "bash, zsh or fish")
      .required()
      .check([](const std::string& word) {
        const bool is_known = word == "bash" || word == "zsh" || word == "fish";
        return is_known ? std::string() : word + " not in {bash,zsh,fish}";
      });
  command.callback([shell, &application] {
    const auto commands = commands_of(application);
    print_text(*shell == "bash"  ? bash_script(commands)
               : *shell == "zsh" ? zsh_script(commands)
                                 : fish_script(commands));
  });
}

}  // namespace ouro::cli
