// The options of a call: "key=value" lines, and what the compiler makes of them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#ifndef MLXIR_COMPILER_OPTIONS_H
#define MLXIR_COMPILER_OPTIONS_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

#include <string>
#include <utility>
#include <vector>

namespace mlxir {

/// The lines of an options string, in order.
class OptionLines {
public:
  explicit OptionLines(llvm::StringRef text);
  /// The value of `key`, or `otherwise`.
  llvm::StringRef get(llvm::StringRef key, llvm::StringRef otherwise = "") const;
  /// False if a line is not "key=value" or its key is none of `known`; `error` says which.
  bool check(llvm::ArrayRef<llvm::StringRef> known, std::string &error) const;

private:
  std::vector<std::pair<llvm::StringRef, llvm::StringRef>> lines;
  llvm::StringRef malformed;
};

/// What mlxir_compile is asked for. Only `threads`, `dump`, `stages` and `name` leave the result as it is.
struct CompileOptions {
  std::string target = "llvm-cpu";
  std::string cpu; // features; empty: the host's
  std::string name = "main";
  std::string dump; // folder for all stages and for reproducers; empty: none
  std::vector<std::string> stages;
  unsigned threads = 1;
  bool checkNans = false, checkBounds = false;

  /// False with `error` set: "[compile] expected ..., got ...".
  static bool parse(llvm::StringRef text, CompileOptions &options, std::string &error);
};

} // namespace mlxir

#endif // MLXIR_COMPILER_OPTIONS_H
