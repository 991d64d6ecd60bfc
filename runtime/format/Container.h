// The 48 bytes in front of every flat form: what it is, for which op table, and the hash that must hold before a byte
// of the payload is looked at.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "runtime/format/Reader.h"

#include <cstdint>
#include <string>
#include <vector>

namespace mlxir {

inline constexpr size_t kContainerHeaderSize = 48;
inline constexpr char kTraceMagic[] = "MLXTRACE";
inline constexpr char kProgramMagic[] = "MLXPROGR";
inline constexpr char kCacheMagic[] = "MLXCACHE";

/// What a form is: 8 characters, the one version that this build reads and writes, and the hash of the op table whose
/// numbers it uses (0 if it names no op).
struct FormId {
  const char *magic;
  uint32_t version;
  uint64_t opTable;
};

/// Appends header and payload.
void writeContainer(const FormId &form, const std::vector<uint8_t> &payload, std::vector<uint8_t> &out);

/// Checks magic, version, flags, op table, size and hash of a form that fills `data` exactly. On success `payload`
/// reads the payload (in place); otherwise `error` says what is wrong.
bool openContainer(const FormId &form, const uint8_t *data, size_t size, Reader &payload, std::string &error);

} // namespace mlxir
