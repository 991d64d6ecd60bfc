// A region: an immutable trace that a node carries, with its part of the structure key made once.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "runtime/support/Export.h"
#include "runtime/support/Ref.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

namespace mlxir {

struct Trace;

class MLXIR_API Region {
public:
  /// `trace` has constant sizes.
  static Ref<Region> make(std::unique_ptr<Trace> trace);

  const Trace &trace() const { return *body; }
  /// Structure text and leaf sizes (RFC 0001) of the nodes; the inputs' types are those of the op's operands.
  const std::vector<uint32_t> &text() const { return structure; }
  const std::vector<int64_t> &leaves() const { return sizes; }

  void retain() { refs.fetch_add(1, std::memory_order_relaxed); }
  void release() {
    if (refs.fetch_sub(1, std::memory_order_acq_rel) == 1)
      delete this;
  }

private:
  explicit Region(std::unique_ptr<Trace> trace);
  ~Region();

  std::unique_ptr<Trace> body;
  std::vector<uint32_t> structure;
  std::vector<int64_t> sizes;
  std::atomic<uint32_t> refs{1};
};

using RegionRef = Ref<Region>;

} // namespace mlxir
