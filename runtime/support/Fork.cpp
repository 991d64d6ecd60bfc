// Registers one set of fork handlers for the whole runtime.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/support/Fork.h"

#include <pthread.h>

namespace mlxir {
namespace {

constexpr unsigned kCount = static_cast<unsigned>(ForkOrder::Count);

// Zero-initialised before any static object of another file registers itself.
ForkLock::Getter locks[kCount];
struct {
  ForkHooks::Hook prepare, parent, child;
} hooks[kCount];
bool registered;

void prepareFork() {
  for (unsigned i = 0; i < kCount; ++i) {
    if (hooks[i].prepare)
      hooks[i].prepare();
    if (locks[i])
      locks[i]()->lock();
  }
}

void unlockAll() {
  for (unsigned i = kCount; i-- > 0;)
    if (locks[i])
      locks[i]()->unlock();
}

void afterForkInParent() {
  for (unsigned i = kCount; i-- > 0;)
    if (hooks[i].parent)
      hooks[i].parent();
  unlockAll();
}

void afterForkInChild() {
  for (unsigned i = kCount; i-- > 0;)
    if (hooks[i].child)
      hooks[i].child();
  unlockAll();
}

void registerHandlers() {
  if (!registered)
    pthread_atfork(prepareFork, afterForkInParent, afterForkInChild);
  registered = true;
}

} // namespace

ForkLock::ForkLock(ForkOrder order, Getter getter) {
  locks[static_cast<unsigned>(order)] = getter;
  registerHandlers();
}

ForkHooks::ForkHooks(ForkOrder order, Hook prepare, Hook parent, Hook child) {
  hooks[static_cast<unsigned>(order)] = {prepare, parent, child};
  registerHandlers();
}

} // namespace mlxir
