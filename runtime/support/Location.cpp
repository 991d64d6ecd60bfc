// The built-in location table, used when no front end resolves ids itself.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/support/Location.h"

#include "runtime/support/Fork.h"

#include <atomic>
#include <map>
#include <mutex>
#include <vector>

namespace mlxir {
namespace {

struct Table {
  std::mutex mutex;
  std::map<std::pair<std::string, uint32_t>, uint32_t> ids;
  std::vector<Location> locations;
};

// Never destroyed: threads may still raise errors while the process exits.
Table &table() {
  static Table *const instance = new Table;
  return *instance;
}

std::atomic<LocationResolver> customResolver{nullptr};

const ForkLock forkLock(ForkOrder::Location, [] { return &table().mutex; });

} // namespace

void setLocationResolver(LocationResolver resolver) { customResolver.store(resolver, std::memory_order_release); }

bool resolveLocation(uint32_t id, Location &location) {
  if (LocationResolver resolver = customResolver.load(std::memory_order_acquire))
    return resolver(id, location);
  Table &t = table();
  std::lock_guard<std::mutex> lock(t.mutex);
  if (id == 0 || id > t.locations.size())
    return false;
  location = t.locations[id - 1];
  return true;
}

uint32_t internLocation(const char *file, uint32_t line) {
  Table &t = table();
  std::lock_guard<std::mutex> lock(t.mutex);
  auto [it, isNew] = t.ids.try_emplace({file, line}, static_cast<uint32_t>(t.locations.size() + 1));
  if (isNew)
    t.locations.push_back({file, line});
  return it->second;
}

} // namespace mlxir
