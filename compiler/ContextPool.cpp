// A short list of idle contexts behind a lock.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "compiler/ContextPool.h"

#include "compiler/Pipeline.h"
#include "dialect/Attributes.h"

#include <mutex>
#include <vector>

using namespace mlir;

namespace mlxir {

namespace {

constexpr unsigned kMaxUses = 64;
constexpr size_t kMaxIdle = 8;

struct Idle {
  std::unique_ptr<MLIRContext> context;
  unsigned uses;
};

struct Pool {
  std::mutex mutex;
  std::vector<Idle> idle;
};

/// Never destroyed: a call may still be under way when static objects go.
Pool &pool() {
  static Pool *const instance = new Pool;
  return *instance;
}

} // namespace

PooledContext::PooledContext() {
  {
    std::lock_guard<std::mutex> lock(pool().mutex);
    if (!pool().idle.empty()) {
      context = std::move(pool().idle.back().context);
      uses = pool().idle.back().uses;
      pool().idle.pop_back();
    }
  }
  if (!context) {
    DialectRegistry registry;
    registerCompilerDialects(registry);
    context = std::make_unique<MLIRContext>(registry, MLIRContext::Threading::DISABLED);
    context->loadAllAvailableDialects();
  }
  renew();
}

PooledContext::~PooledContext() {
  if (uses >= kMaxUses)
    return;
  std::lock_guard<std::mutex> lock(pool().mutex);
  if (pool().idle.size() < kMaxIdle)
    pool().idle.push_back({std::move(context), uses});
}

void PooledContext::renew() {
  ++uses;
  SizesLock sizes(context.get());
  *sizes = SizeArena();
}

} // namespace mlxir
