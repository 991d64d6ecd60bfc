// Builds the full text of an error once, when it is raised.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/support/Error.h"

#include "runtime/support/Location.h"

namespace mlxir {

Error::Error(ErrorKind kind, std::string function, std::string text, uint32_t location)
    : errorKind(kind), where(location), functionName(std::move(function)), message(std::move(text)) {
  if (!functionName.empty())
    full = "[" + functionName + "] ";
  full += message;
  Location at;
  if (where && resolveLocation(where, at))
    full += "\n  recorded at " + at.file + ":" + std::to_string(at.line);
}

Error::~Error() = default;

} // namespace mlxir
