// The memory layout of DLPack tensors, versions 0 and 1, as far as the CPU needs it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "runtime/format/DType.h"

#include <cstdint>

namespace mlxir::py {

constexpr int32_t kDLCPU = 1;
constexpr uint64_t kDLPackReadOnly = 1, kDLPackCopied = 2;

enum DLTypeCode : uint8_t { kDLInt = 0, kDLUInt = 1, kDLFloat = 2, kDLBfloat = 4, kDLComplex = 5, kDLBool = 6 };

struct DLDevice {
  int32_t device_type;
  int32_t device_id;
};
struct DLDataType {
  uint8_t code, bits;
  uint16_t lanes;
};
struct DLTensor {
  void *data;
  DLDevice device;
  int32_t ndim;
  DLDataType dtype;
  int64_t *shape;
  int64_t *strides; // in elements; null if dense
  uint64_t byte_offset;
};
struct DLManagedTensor {
  DLTensor dl_tensor;
  void *manager_ctx;
  void (*deleter)(DLManagedTensor *);
};
struct DLPackVersion {
  uint32_t major, minor;
};
struct DLManagedTensorVersioned {
  DLPackVersion version;
  void *manager_ctx;
  void (*deleter)(DLManagedTensorVersioned *);
  uint64_t flags;
  DLTensor dl_tensor;
};

inline DLDataType toDLPack(DType dtype) {
  uint8_t bits = static_cast<uint8_t>(itemSize(dtype) * 8);
  switch (typeClass(dtype)) {
  case TypeClass::Bool:
    return {kDLBool, bits, 1};
  case TypeClass::Unsigned:
    return {kDLUInt, bits, 1};
  case TypeClass::Signed:
    return {kDLInt, bits, 1};
  case TypeClass::Complex:
    return {kDLComplex, bits, 1};
  case TypeClass::Float:
    break;
  }
  return {dtype == DType::BFloat16 ? kDLBfloat : kDLFloat, bits, 1};
}

inline bool fromDLPack(DLDataType type, DType &dtype) {
  for (unsigned i = 0; i < kNumDTypes; ++i) {
    dtype = static_cast<DType>(i);
    DLDataType own = toDLPack(dtype);
    if (own.code == type.code && own.bits == type.bits && type.lanes == 1)
      return dtype != DType::Complex64;
  }
  return false;
}

} // namespace mlxir::py
