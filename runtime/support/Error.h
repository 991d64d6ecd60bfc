// The one exception of the runtime: kind, public function, text, and the user's line (D12).
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "runtime/support/Export.h"

#include <cstdint>
#include <exception>
#include <string>

namespace mlxir {

/// Which Python exception it becomes. Index is both IndexError and ValueError (D13).
enum class ErrorKind : uint8_t { Value, Type, Index, Memory, Runtime, Interrupted, FloatingPoint };

class MLXIR_API Error : public std::exception {
public:
  /// `location` is a location id of the recorder (Location.h); 0 is unknown.
  Error(ErrorKind kind, std::string function, std::string text, uint32_t location = 0);
  ~Error() override;

  ErrorKind kind() const { return errorKind; }
  /// Public name without brackets, "" if none is to blame.
  const std::string &function() const { return functionName; }
  const std::string &text() const { return message; }
  uint32_t location() const { return where; }
  /// "[function] text" and, if known, the user's file and line.
  const char *what() const noexcept override { return full.c_str(); }

private:
  ErrorKind errorKind;
  uint32_t where;
  std::string functionName, message, full;
};

} // namespace mlxir
