// Random eager programs against plain C++: handles that live and die, values read at odd moments, sizes that vary,
// threads. Prints the seed of a program that goes wrong.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/array/NodeBuilder.h"
#include "runtime/eval/Eval.h"
#include "runtime/eval/Transform.h"
#include "runtime/support/Error.h"
#include "runtime/support/Fault.h"
#include "test/c/Check.h"
#include "test/c/FakeCompiler.h"

#include <cmath>
#include <cstdlib>
#include <random>

using namespace mlxir;
using Floats = std::vector<float>;

namespace {

struct Entry {
  ArrayRef array;
  Floats expected;
};

class Interpreter {
public:
  explicit Interpreter(unsigned seed, int64_t n) : random(seed), n(n) {
    for (int i = 0; i < 3; ++i)
      fresh();
  }

  void step() {
    switch (pick(12)) {
    case 0:
      fresh();
      break;
    case 1:
    case 2:
      check(any());
      break;
    case 3:
    case 4:
      entries.erase(entries.begin() + static_cast<ptrdiff_t>(pick(entries.size())));
      if (entries.empty())
        fresh();
      break;
    case 5:
      reduce();
      break;
    case 6:
      overwrite();
      break;
    case 7:
      scalarOp();
      break;
    case 8:
      several();
      break;
    default:
      binaryOp();
    }
  }

  void finish() {
    for (Entry &e : entries)
      check(e);
  }

  unsigned wrong = 0;

private:
  size_t pick(size_t count) { return random() % count; }
  Entry &any() { return entries[pick(entries.size())]; }

  void fresh() {
    Floats values(static_cast<size_t>(n));
    for (float &v : values)
      v = static_cast<float>(int(pick(9)) - 4) * 0.25f;
    BufferRef buffer = Buffer::allocate(values.size() * 4);
    std::memcpy(buffer->data(), values.data(), values.size() * 4);
    entries.push_back({Array::make(makeBufferLeaf(buffer, DType::Float32, {n})), values});
  }

  void binaryOp() {
    const Entry a = any(), b = any();
    Op ops[] = {Op::Add, Op::Subtract, Op::Multiply};
    size_t which = pick(3);
    Value value = apply(ops[which], {a.array->get(), b.array->get()});
    Floats expected(std::max(a.expected.size(), b.expected.size()));
    for (size_t i = 0; i < expected.size(); ++i) {
      float x = a.expected[a.expected.size() == 1 ? 0 : i], y = b.expected[b.expected.size() == 1 ? 0 : i];
      expected[i] = which == 0 ? x + y : which == 1 ? x - y : x * y;
    }
    push(value, expected);
  }

  void scalarOp() {
    const Entry a = any();
    double numbers[] = {0.5, 1, 3.25, -0.75};
    double number = numbers[pick(4)];
    Value value = apply(Op::Multiply, {a.array->get(), Scalar::of(number)});
    Floats expected = a.expected;
    for (float &v : expected)
      v *= static_cast<float>(number);
    push(value, expected);
  }

  void reduce() {
    const Entry a = any();
    if (a.array->get().rank() != 1)
      return;
    double sum = 0;
    for (float v : a.expected)
      sum += v;
    push(record(Op::Sum, {a.array->get()}, Attrs().integers({0})), {static_cast<float>(sum)});
  }

  /// Keeps numbers small, so that nothing overflows or is lost in rounding.
  void push(Value value, Floats expected) {
    for (float v : expected)
      if (!(std::fabs(v) < 1e4f))
        return;
    entries.push_back({Array::make(std::move(value)), std::move(expected)});
  }

  void overwrite() {
    Entry &to = any();
    const Entry from = any();
    to.array->set(from.array->get());
    // Every entry that shares the handle sees the new value.
    for (Entry &e : entries)
      if (e.array == to.array)
        e.expected = from.expected;
  }

  void several() {
    std::vector<Value> values;
    for (size_t i = 0; i < 3; ++i)
      values.push_back(any().array->get());
    evaluateOrFail(values);
  }

  void check(Entry &e) {
    Value value = e.array->get();
    if (!evaluateOrFail({value}))
      return;
    BufferRef buffer = value.buffer();
    const auto *got = static_cast<const float *>(buffer->data());
    for (size_t i = 0; i < e.expected.size(); ++i)
      wrong += got[i] != e.expected[i];
  }

  /// Now and then a step of the evaluation fails; the next attempt goes through.
  bool evaluateOrFail(const std::vector<Value> &values) {
    try {
      evaluate(values);
      return true;
    } catch (const Error &) {
      evaluate(values);
      return true;
    }
  }

  std::mt19937 random;
  int64_t n;
  std::vector<Entry> entries;
};

void runSeed(unsigned seed) {
  Interpreter program(seed, 2 + seed % 3 * 5);
  for (int i = 0; i < 60; ++i)
    program.step();
  program.finish();
  if (program.wrong)
    std::fprintf(stderr, "seed %u: %u wrong values\n", seed, program.wrong);
  CHECK(program.wrong == 0);
}

/// Gradients of random sums of products, some values read on the way, against the product rule.
void gradientSeed(unsigned seed) {
  std::mt19937 random(seed);
  struct Dual {
    Value value;
    float expected, derivative;
  };
  BufferRef buffer = Buffer::allocate(4);
  *static_cast<float *>(buffer->data()) = 0.5f;
  Value x = makeBufferLeaf(buffer, DType::Float32, {1}), gradient;
  float expected = 0;
  {
    Scope scope(ScopeKind::Grad, "f");
    Value in = scope.identity(x);
    std::vector<Dual> duals = {{in, 0.5f, 1}, {x, 0.5f, 0}};
    for (int i = 0; i < 12; ++i) {
      const Dual a = duals[random() % duals.size()], b = duals[random() % duals.size()];
      bool isSum = random() % 2;
      Dual c = {apply(isSum ? Op::Add : Op::Multiply, {a.value, b.value}),
                isSum ? a.expected + b.expected : a.expected * b.expected,
                isSum ? a.derivative + b.derivative : a.derivative * b.expected + a.expected * b.derivative};
      if (std::fabs(c.expected) < 16 && std::fabs(c.derivative) < 16)
        duals.push_back(c);
      if (random() % 4 == 0)
        CHECK(*static_cast<float *>(materialize(duals.back().value)->data()) == duals.back().expected);
    }
    expected = duals.back().derivative;
    BufferRef one = Buffer::allocate(4);
    *static_cast<float *>(one->data()) = 1;
    gradient = vjp(scope, {in}, {duals.back().value}, {makeBufferLeaf(one, DType::Float32, {1})})[0];
  }
  CHECK(std::fabs(*static_cast<float *>(materialize(gradient)->data()) - expected) < 1e-4f);
}

} // namespace

int main(int argc, char **argv) {
  setenv("MLXIR_CACHE", "off", 1);
  fake::install();
  unsigned count = argc > 1 ? static_cast<unsigned>(std::strtoul(argv[1], nullptr, 10)) : 1000;
  uint64_t before = liveNodes();
  for (unsigned seed = 0; seed < count; ++seed)
    runSeed(seed);
  for (unsigned seed = 0; seed < count; ++seed)
    gradientSeed(seed);
  // Failing allocations and launches in between change nothing.
  for (unsigned seed = 0; seed < count / 4; ++seed) {
    setFaults(("alloc:" + std::to_string(40 + seed % 90) + ",launch:" + std::to_string(3 + seed % 50)).c_str());
    try {
      runSeed(seed);
    } catch (const Error &e) {
      CHECK(e.kind() == ErrorKind::Memory || e.kind() == ErrorKind::Runtime); // in an allocation of the test itself
    }
    setFaults(nullptr);
  }
  CHECK(liveNodes() == before);
  std::vector<std::thread> threads;
  for (unsigned t = 0; t < 4; ++t)
    threads.emplace_back([t] {
      for (unsigned seed = 0; seed < 50; ++seed)
        runSeed(t * 1000 + seed);
    });
  for (std::thread &thread : threads)
    thread.join();
  return check::finish();
}
