// The help of `ouro` and its commands, in lines that fit a terminal of 80 columns.
//
// Of CLI11's formatter it has everything but the breaks of lines: descriptions are broken here,
// wherever they are broken in the source. Footers, which have tables and examples, stay as they
// are.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace ouro::cli {

class HelpFormatter : public CLI::Formatter {
 public:
  HelpFormatter();

  std::string make_description(const CLI::App* application) const override;
  std::string make_subcommand(const CLI::App* command) const override;
  std::string make_option_desc(const CLI::Option* option) const override;
};

}  // namespace ouro::cli
