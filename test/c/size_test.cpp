// Sizes and inference without MLIR: random expressions keep their value when they are brought into normal form, and
// inference answers and refuses what its constraints say.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "dialect/infer/Equalities.h"
#include "dialect/infer/OpTable.h"
#include "test/c/Check.h"

#include <algorithm>
#include <cstring>
#include <random>

using namespace mlxir;

namespace {

constexpr unsigned kSymbols = 4, kPoints = 6;

/// An expression of the arena beside its values at a few points, computed without the arena.
struct Tracked {
  Size size;
  int64_t values[kPoints];
};

int64_t floorDiv(int64_t a, int64_t b) {
  int64_t q = a / b;
  return q - (a % b != 0 && (a < 0) != (b < 0));
}

class RandomSizes {
public:
  explicit RandomSizes(unsigned seed) : random(seed) {
    for (auto &point : points)
      for (int64_t &value : point)
        value = pick(2, 40);
    for (unsigned i = 0; i < kSymbols; ++i)
      add(arena.symbol(i), [&](unsigned point) { return points[point][i]; });
    for (int64_t constant : {0, 1, 2, 3, 4, 7, -1, -3})
      add(Size::constant(constant), [&](unsigned) { return constant; });
  }

  void step() {
    const Tracked a = pool[pick(0, pool.size() - 1)], b = pool[pick(0, pool.size() - 1)];
    auto each = [&](Size size, auto f) { add(size, [&](unsigned p) { return f(a.values[p], b.values[p]); }); };
    bool isPositive = std::all_of(b.values, b.values + kPoints, [](int64_t v) { return v > 0; });
    switch (pick(0, 6)) {
    case 0:
      return each(arena.add(a.size, b.size), [](int64_t x, int64_t y) { return x + y; });
    case 1:
      return each(arena.sub(a.size, b.size), [](int64_t x, int64_t y) { return x - y; });
    case 2:
      return each(arena.mul(a.size, b.size), [](int64_t x, int64_t y) { return x * y; });
    case 3:
      return each(arena.min(a.size, b.size), [](int64_t x, int64_t y) { return std::min(x, y); });
    case 4:
      return each(arena.max(a.size, b.size), [](int64_t x, int64_t y) { return std::max(x, y); });
    case 5:
      return isPositive ? each(arena.floorDiv(a.size, b.size), floorDiv) : void();
    default:
      return isPositive ? each(arena.mod(a.size, b.size), [](int64_t x, int64_t y) { return x - floorDiv(x, y) * y; })
                        : void();
    }
  }

  void check() {
    SizeArena copy, again = SizeArena::fromNodes(arena.nodes());
    std::vector<Size> map;
    copy.adopt(arena, map);
    CHECK(SizeArena::wellFormed(arena.nodes(), kSymbols));
    for (unsigned p = 0; p < kPoints; ++p) {
      std::vector<int64_t> all;
      arena.evaluateAll(points[p], all);
      for (const Tracked &t : pool) {
        CHECK(arena.evaluate(t.size, points[p]) == t.values[p]);
        CHECK(again.evaluate(t.size, points[p]) == t.values[p]);
        CHECK(copy.evaluate(SizeArena::mapped(t.size, map), points[p]) == t.values[p]);
        CHECK(t.size.isConstant() || all[t.size.id()] == t.values[p]);
        CHECK(arena.lowerBound(t.size) <= t.values[p]);
        CHECK(copy.str(SizeArena::mapped(t.size, map)) == arena.str(t.size));
      }
    }
  }

private:
  int64_t pick(int64_t low, int64_t high) { return std::uniform_int_distribution<int64_t>(low, high)(random); }

  template <typename F> void add(Size size, F value) {
    Tracked t{size, {}};
    for (unsigned p = 0; p < kPoints; ++p) {
      t.values[p] = value(p);
      if (std::abs(t.values[p]) > (int64_t(1) << 40)) // far from where constants saturate
        return;
    }
    pool.push_back(t);
  }

  std::mt19937 random;
  SizeArena arena;
  int64_t points[kPoints][kSymbols];
  std::vector<Tracked> pool;
};

void testRandomExpressions() {
  for (unsigned seed = 0; seed < 200; ++seed) {
    RandomSizes sizes(seed);
    for (unsigned i = 0; i < 40; ++i)
      sizes.step();
    sizes.check();
  }
}

void testNormalForm() {
  SizeArena arena;
  Size n = arena.symbol(0), m = arena.symbol(1), four = Size::constant(4);
  CHECK(arena.str(arena.add(Size::constant(1), arena.mul(four, n))) == "s0*4+1");
  CHECK(arena.mul(arena.add(n, m), four) == arena.add(arena.mul(m, four), arena.mul(four, n)));
  CHECK(arena.floorDiv(arena.mul(n, m), m) == n);
  CHECK(arena.sub(n, n) == Size::constant(0));
  CHECK(arena.mod(arena.mul(n, four), Size::constant(2)) == Size::constant(0));
  CHECK(arena.max(n, Size::constant(2)) == n);
  CHECK(arena.mul(Size::constant(Size::kLimit), four) == Size::constant(Size::kLimit));
}

void testGuards() {
  SizeArena arena;
  Size n = arena.symbol(0), m = arena.symbol(1);
  arena.setSample({8, 8});
  CHECK(arena.requireEqual(n, n) && arena.guards().empty());
  CHECK(arena.requireEqual(n, m) && arena.guards().size() == 1);
  CHECK(arena.requireEqual(n, m) && arena.guards().size() == 1);
  CHECK(!arena.requireEqual(n, arena.add(n, Size::constant(1))));
  CHECK(!arena.requireEqual(arena.mul(n, m), n));
  CHECK(!arena.requireEqual(n, Size::constant(1)));
  arena.setSample({8, 9});
  CHECK(!arena.requireEqual(arena.add(n, m), arena.mul(n, Size::constant(2))));
}

/// Dims of the result, or the error in parentheses.
std::string infer(const char *name, const std::vector<std::vector<int64_t>> &shapes, std::vector<int64_t> attrs,
                  DType dtype = DType::Float32) {
  SizeArena sizes;
  std::vector<TensorType> operands, results;
  for (const auto &shape : shapes) {
    TensorType type{dtype, {}};
    for (int64_t dim : shape)
      type.dims.push_back(Size::constant(dim));
    operands.push_back(type);
  }
  InferError error;
  if (!findOp(name)->infer(sizes, operands, attrs, results, error))
    return "(" + error.text + ")";
  std::string text;
  for (Size dim : results[0].dims)
    text += (text.empty() ? "" : "x") + sizes.str(dim);
  return text + (text.empty() ? "" : "x") + dtypeName(results[0].dtype);
}

int64_t s(int64_t size) { return Size::constant(size).bits; }

void testInference() {
  CHECK(infer("tanh", {{2, 3}}, {}) == "2x3xfloat32");
  CHECK(infer("less", {{2}, {2}}, {}) == "2xbool");
  CHECK(infer("add", {{2}, {3}}, {}) == "(expected operands of one shape, got (2,) and (3,))");
  CHECK(infer("sum", {{2, 3, 4}}, {2, 0, 2}) == "3xfloat32");
  CHECK(infer("sum", {{2}}, {1, 1}) == "(expected an axis of an array with 1 dimensions, got 1)");
  CHECK(infer("argmax", {{2, 0}}, {1}) == "(expected at least one element along axis 1, got shape (2, 0))");
  CHECK(infer("reshape", {{2, 3}}, {1, s(6)}) == "6xfloat32");
  CHECK(infer("reshape", {{2, 3}}, {1, s(5)}) ==
        "(expected a shape of 6 elements for an array of shape (2, 3), got (5,))");
  CHECK(infer("slice", {{8}}, {1, s(7), 1, -2, 1, s(4)}) == "4xfloat32");
  CHECK(infer("slice", {{8}}, {1, s(7), 1, -2, 1, s(5)})[0] == '(');
  CHECK(infer("slice", {{8}}, {1, s(6), 1, 1, 1, s(3)})[0] == '(');
  CHECK(infer("slice", {{8}}, {1, s(8), 1, 1, 1, s(0)}) == "0xfloat32");
  CHECK(infer("concatenate", {{2, 3}, {4, 3}}, {0}) == "6x3xfloat32");
  CHECK(infer("dot_general", {{5, 2, 3}, {5, 3, 4}}, {1, 0, 1, 0, 1, 2, 1, 1}) == "5x2x4xfloat32");
  CHECK(infer("gather", {{5, 6}, {7}}, {1, 0, 2, s(1), s(6)}) == "(expected integer elements, got float32)");
  CHECK(infer("gather", {{5, 6}, {7}}, {1, 0, 2, s(1), s(6)}, DType::Int32) == "7x1x6xint32");
}

void testTable() {
  for (unsigned id = 0; id < opTableSize(); ++id) {
    const OpInfo &info = opTable()[id];
    CHECK(info.id == id && findOp(info.name) == &info && *info.doc);
    CHECK(info.infer || info.hasRegion);
  }
  CHECK(!findOp("none") && std::strcmp(opTable()[static_cast<unsigned>(Op::FloorDivide)].name, "floor_divide") == 0);
}

void testEqualities() {
  SizeArena arena;
  Size a = arena.symbol(0), b = arena.symbol(1), c = arena.symbol(2), d = arena.symbol(3), two = Size::constant(2);
  auto equal = [](Size x, Size y) { return SizeGuard{SizeGuard::Equal, x, y}; };
  // A later symbol is said by earlier ones, and what said it follows: d = a + c, c = 2a, so d = 3a.
  std::vector<Size> solved =
      solveEqualities(arena, {equal(arena.add(a, c), d), equal(arena.mul(a, Size::constant(3)), arena.add(a, c))}, 4);
  CHECK(solved[0] == a && solved[1] == b);
  CHECK(solved[2] == arena.mul(a, two) && solved[3] == arena.mul(a, Size::constant(3)));
  // One less than a size could be 1: the size is said instead.
  solved = solveEqualities(arena, {equal(b, arena.sub(a, Size::constant(1)))}, 2);
  CHECK(solved[1] == b && solved[0] == arena.add(b, Size::constant(1)));
  // No symbol alone, no equality, and what holds anyway: nothing changes.
  solved = solveEqualities(arena,
                           {equal(arena.mul(a, b), arena.mul(c, d)),
                            {SizeGuard::AtLeast, a, b},
                            {SizeGuard::DivisibleBy, a, two},
                            equal(a, a)},
                           4);
  CHECK((solved == std::vector<Size>{a, b, c, d}));
}

} // namespace

int main() {
  testEqualities();
  testRandomExpressions();
  testNormalForm();
  testGuards();
  testInference();
  testTable();
  return check::finish();
}
