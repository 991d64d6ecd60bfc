// Parses the options of a call. An unknown key is an error: a misspelt option must not change nothing in silence.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "compiler/Options.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlxir;
using llvm::StringRef;

OptionLines::OptionLines(StringRef text) {
  while (!text.empty()) {
    auto [line, rest] = text.split('\n');
    text = rest;
    line = line.trim();
    if (line.empty())
      continue;
    if (!line.contains('='))
      malformed = line;
    else
      lines.push_back(line.split('='));
  }
}

StringRef OptionLines::get(StringRef key, StringRef otherwise) const {
  for (const auto &[name, value] : lines)
    if (name == key)
      return value;
  return otherwise;
}

bool OptionLines::check(llvm::ArrayRef<StringRef> known, std::string &error) const {
  StringRef wrong = malformed;
  for (const auto &[name, value] : lines)
    if (!llvm::is_contained(known, name))
      wrong = name;
  if (wrong.empty())
    return true;
  error = "expected options " + llvm::join(known, ", ") + " as key=value lines, got " + wrong.str();
  return false;
}

static std::vector<std::string> parseList(StringRef text) {
  std::vector<std::string> list;
  for (StringRef part : llvm::split(text, ','))
    if (!part.trim().empty())
      list.push_back(part.trim().str());
  return list;
}

bool CompileOptions::parse(StringRef text, CompileOptions &options, std::string &error) {
  OptionLines lines(text);
  if (!lines.check({"target", "cpu", "name", "dump", "stages", "threads", "debug"}, error)) {
    error = "[compile] " + error;
    return false;
  }
  options.target = lines.get("target", options.target).str();
  options.cpu = lines.get("cpu").str();
  options.name = lines.get("name", options.name).str();
  options.dump = lines.get("dump").str();
  options.stages = parseList(lines.get("stages"));
  StringRef threads = lines.get("threads", "1");
  if (threads.getAsInteger(10, options.threads) || options.threads == 0) {
    error = "[compile] expected threads >= 1, got " + threads.str();
    return false;
  }
  for (const std::string &check : parseList(lines.get("debug"))) {
    if (check != "nans" && check != "bounds") {
      error = "[compile] expected debug checks nans, bounds, got " + check;
      return false;
    }
    (check == "nans" ? options.checkNans : options.checkBounds) = true;
  }
  return true;
}
