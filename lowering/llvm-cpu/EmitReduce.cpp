// Reductions. Whether vectors run along the reduced dims (rows) or across them (columns), what is added to what is
// one tree of the length alone (docs/numerics.md): element i of a block of 4096 goes to lane i mod 64, in order; lanes
// are folded in halves; blocks are combined pairwise.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "lowering/llvm-cpu/StageLoops.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;

namespace mlxir::cpu {

namespace {

/// Lanes are enough to hide the latency of the combining op on any vector width.
constexpr int64_t kLanes = 64;
constexpr unsigned kLaneBits = 6;
constexpr int64_t kBlock = 4096;
/// Levels of the tree of partial results for lengths that are known only when the kernel runs: up to 2^46 elements.
constexpr int64_t kMostLevels = 40;
/// Rows that are added to a tile of columns at once, so that the accumulators are read and written less often, and up
/// to which size of a stage's body, in ops: larger ones are bound by arithmetic.
constexpr int64_t kRowsAtOnce = 4;
constexpr unsigned kSmallBody = 12;

/// Partial results of complete subtrees, at most one per level: a binary counter whose digits are values.
struct Counter {
  SmallVector<Value> memory; // per reduced result
  int64_t span = 1;          // elements of a level
  unsigned width = 1;
};

class ReductionEmitter {
public:
  ReductionEmitter(StageLoops &item, const Stage &stage, const Point &point)
      : item(item), e(item.e), b(item.b), nest(item.nest), stage(stage), point(point) {
    for (auto [i, identity] : llvm::enumerate(stage.identities))
      if (identity)
        reduced.push_back(i);
    for (unsigned dim = 0; dim < nest.rank(); ++dim) {
      if (!nest.reduced[dim] || !stage.iterates[dim])
        continue;
      if (nest.domain[dim] == Size::constant(1) && int(dim) != item.vectorDim)
        this->point.coords[dim] = e.constant(0);
      else
        dims.push_back(dim);
    }
    SmallVector<Size> sizes = extents();
    length = nest.sizes->product(sizes.begin(), sizes.end());
    count = e.size(length);
  }

  void run() {
    if (nest.rank() == 0)
      return writeTotals(step(point, identities(1)));
    this->point.vectorDim = item.vectorDim;
    this->point.width = std::min<unsigned>(item.width(stage), kLanes);
    if (nest.reduced[item.vectorDim])
      reduceRows();
    else
      reduceColumns();
  }

private:
  SmallVector<Size> extents() {
    SmallVector<Size> sizes;
    for (unsigned dim : dims)
      sizes.push_back(nest.domain[dim]);
    return sizes;
  }
  Type elementOf(unsigned result) { return stage.identities[result].getType(); }

  //===- Steps on lists of accumulators, one per reduced result -------------===//

  SmallVector<Value> identities(unsigned width) {
    SmallVector<Value> values;
    for (unsigned i : reduced)
      values.push_back(e.broadcast(arith::ConstantOp::create(b, stage.identities[i]), width));
    return values;
  }

  /// The body at `at`. Masked lanes keep what they had.
  SmallVector<Value> step(const Point &at, ValueRange accumulators, SmallVectorImpl<Lane> *takenIn = nullptr) {
    SmallVector<Lane> lanes(stage.identities.size());
    for (auto [i, accumulator] : llvm::zip(reduced, accumulators))
      lanes[i] = at.vectorDim < 0 ? Lane{accumulator, {}} : Lane{{}, accumulator};
    SmallVector<Lane> results = e.body(stage, at, item.reads(stage, at), lanes, takenIn);
    for (unsigned i = 0; i < results.size(); ++i)
      if (!stage.identities[i])
        item.write(stage, i, at, results[i]);
    SmallVector<Value> next;
    for (auto [i, accumulator] : llvm::zip(reduced, accumulators)) {
      Value value = at.vectorDim < 0 ? results[i].scalar : e.asVector(results[i], at.width);
      next.push_back(at.mask ? Value(arith::SelectOp::create(b, at.mask, value, accumulator)) : value);
    }
    return next;
  }

  SmallVector<Value> combine(ValueRange x, ValueRange y) {
    SmallVector<Value> wideX(stage.identities.size()), wideY(stage.identities.size()), out;
    for (auto [i, valueX, valueY] : llvm::zip(reduced, x, y)) {
      wideX[i] = valueX;
      wideY[i] = valueY;
    }
    SmallVector<Value> all = e.combine(stage, wideX, wideY);
    for (unsigned i : reduced)
      out.push_back(all[i]);
    return out;
  }

  SmallVector<Value> select(Value condition, ValueRange x, ValueRange y) {
    SmallVector<Value> out;
    for (auto [valueX, valueY] : llvm::zip(x, y))
      out.push_back(arith::SelectOp::create(b, condition, valueX, valueY));
    return out;
  }

  //===- Private memory -----------------------------------------------------===//

  SmallVector<Value> reserve(int64_t elements) {
    SmallVector<Value> memory;
    for (unsigned i : reduced)
      memory.push_back(e.scratchPointer(e.reserveScratch(Size::constant(elements * storedBytes(elementOf(i))))));
    return memory;
  }
  SmallVector<Value> load(ArrayRef<Value> memory, Value index, unsigned width) {
    SmallVector<Value> values;
    for (auto [i, base] : llvm::zip(reduced, memory)) {
      Value address = e.elementPointer(base, elementOf(i), index);
      values.push_back(width == 1 ? e.loadScalar(address, elementOf(i)) : e.loadVector(address, elementOf(i), width));
    }
    return values;
  }
  void store(ArrayRef<Value> memory, Value index, ValueRange values) {
    for (auto [i, base, value] : llvm::zip(reduced, memory, values)) {
      Value address = e.elementPointer(base, elementOf(i), index);
      if (isa<VectorType>(value.getType()))
        e.storeVector(address, value);
      else
        e.storeScalar(address, value);
    }
  }

  //===- The tree of partial results ----------------------------------------===//

  Counter makeCounter(int64_t levels, int64_t span, unsigned width) { return {reserve(levels * span), span, width}; }

  Value levelIndex(const Counter &counter, Value level, Value offset) {
    return e.add(e.mul(level, e.constant(counter.span)), offset);
  }

  Value trailingZeros(Value x) { return LLVM::CountTrailingZerosOp::create(b, b.getI64Type(), x, false); }
  Value leadingZeros(Value x) { return LLVM::CountLeadingZerosOp::create(b, b.getI64Type(), x, false); }
  Value shiftRight(Value x, Value y) { return b.createOrFold<arith::ShRUIOp>(x, y); }

  /// Adds partial result number `index`: it closes as many subtrees as `index` has ones at its end.
  void push(const Counter &counter, Value index, Value offset, ValueRange values) {
    Value level = trailingZeros(b.createOrFold<arith::XOrIOp>(index, e.constant(-1)));
    SmallVector<Value> closed =
        item.loop(e.constant(0), level, 1, values, [&](Value k, ValueRange later) -> SmallVector<Value> {
          return combine(load(counter.memory, levelIndex(counter, k, offset), counter.width), later);
        });
    store(counter.memory, levelIndex(counter, level, offset), closed);
  }

  /// The total of `number` > 0 partial results: the subtrees that are left, the smallest and latest first.
  SmallVector<Value> collect(const Counter &counter, Value number, Value offset) {
    Value first = trailingZeros(number), end = e.sub(e.constant(64), leadingZeros(number));
    SmallVector<Value> total = load(counter.memory, levelIndex(counter, first, offset), counter.width);
    return item.loop(e.add(first, e.constant(1)), end, 1, total, [&](Value k, ValueRange later) {
      Value digit = arith::TruncIOp::create(b, b.getI1Type(), shiftRight(number, k));
      return item.branch(digit, later, [&] {
        return combine(load(counter.memory, levelIndex(counter, k, offset), counter.width), later);
      });
    });
  }

  int64_t levelsOf(int64_t partials) { return llvm::Log2_64(partials) + 1; }

  //===- Rows: vectors along the reduced dims -------------------------------===//

  void reduceRows() {
    unsigned w = point.width;
    stripes = kLanes / w;
    if (mayHaveTail())
      lanes = reserve(kLanes);
    if (dims.size() > 1)
      buffer = reserve(kBlock + w);
    auto reduceBlock = [&](Value begin, Value end) {
      if (dims.size() > 1)
        fillBuffer(begin, end);
      return fold(reduceLanes(begin, end));
    };
    SmallVector<Value> totals;
    if (length.isConstant() && length.value() <= kBlock) {
      totals = reduceBlock(e.constant(0), count);
    } else {
      Value number = numBlocks();
      Counter counter =
          makeCounter(length.isConstant() ? levelsOf((length.value() + kBlock - 1) / kBlock) : kMostLevels, 1, 1);
      item.loop(e.constant(0), number, 1, {}, [&](Value i, ValueRange) -> SmallVector<Value> {
        Value begin = e.mul(i, e.constant(kBlock));
        push(counter, i, e.constant(0), reduceBlock(begin, e.minimum(e.add(begin, e.constant(kBlock)), count)));
        return {};
      });
      totals = collect(counter, number, e.constant(0));
    }
    point.vectorDim = -1;
    point.width = 1;
    writeTotals(totals);
  }

  /// At least one, so that a reduction of nothing has its identity.
  Value numBlocks() {
    Value blocks = e.div(e.add(count, e.constant(kBlock - 1)), e.constant(kBlock));
    return b.createOrFold<arith::MaxSIOp>(blocks, e.constant(1));
  }

  bool mayHaveTail() { return !length.isConstant() || length.value() % kLanes != 0; }

  /// One vector of the row at linear index `at`.
  SmallVector<Value> stepAlong(Value at, Value begin, Value mask, ValueRange accumulators) {
    if (dims.size() == 1) {
      point.coords[item.vectorDim] = at;
      point.mask = mask;
      SmallVector<Value> next = step(point, accumulators);
      point.mask = {};
      return next;
    }
    SmallVector<Value> next = combine(accumulators, load(buffer, e.sub(at, begin), point.width));
    if (!mask)
      return next;
    for (auto [value, accumulator] : llvm::zip(next, accumulators))
      value = arith::SelectOp::create(b, mask, value, accumulator);
    return next;
  }

  /// The lanes' totals over [begin, end), in `stripes` vectors per result.
  SmallVector<Value> reduceLanes(Value begin, Value end) {
    unsigned w = point.width, n = reduced.size();
    SmallVector<Value> values;
    for (unsigned s = 0; s < stripes; ++s)
      llvm::append_range(values, identities(w));
    Value size = e.sub(end, begin);
    Value full = mayHaveTail() ? e.sub(end, e.rem(size, e.constant(kLanes))) : end;
    if (!length.isConstant() || length.value() >= kLanes)
      values = item.loop(begin, full, kLanes, values, [&](Value at, ValueRange accumulators) {
        SmallVector<Value> next;
        for (unsigned s = 0; s < stripes; ++s)
          llvm::append_range(next,
                             stepAlong(e.add(at, e.constant(int64_t(s) * w)), begin, {}, accumulators.slice(s * n, n)));
        return next;
      });
    if (!mayHaveTail())
      return values;
    Value some = b.createOrFold<arith::CmpIOp>(arith::CmpIPredicate::slt, full, end);
    return item.branch(some, values, [&] { return reduceTail(full, begin, end, values); });
  }

  /// Fewer than 64 elements. Lanes that no element falls to stay as they are.
  SmallVector<Value> reduceTail(Value from, Value begin, Value end, ArrayRef<Value> values) {
    unsigned w = point.width, n = reduced.size();
    if (length.isConstant() && length.value() % kLanes <= w) {
      SmallVector<Value> next = stepAlong(from, begin, e.tailMask(e.sub(end, from), w), values.take_front(n));
      llvm::append_range(next, values.drop_front(n));
      return next;
    }
    // Through memory, since a loop cannot number registers.
    for (unsigned s = 0; s < stripes; ++s)
      store(lanes, e.constant(int64_t(s) * w), values.slice(s * n, n));
    item.loop(from, end, w, {}, [&](Value at, ValueRange) -> SmallVector<Value> {
      Value lane = e.sub(at, from);
      store(lanes, lane, stepAlong(at, begin, e.tailMask(e.sub(end, at), w), load(lanes, lane, w)));
      return {};
    });
    SmallVector<Value> next;
    for (unsigned s = 0; s < stripes; ++s)
      llvm::append_range(next, load(lanes, e.constant(int64_t(s) * w), w));
    return next;
  }

  /// Several dims that are not one in memory: what the reduction takes in is first laid out by linear index.
  void fillBuffer(Value begin, Value end) {
    unsigned w = point.width;
    unsigned last = dims.back();
    Value extent = b.createOrFold<arith::MaxSIOp>(e.size(nest.domain[last]), e.constant(1)); // of nothing, no rows
    SmallVector<Size> outer = extents();
    outer.pop_back();
    Value firstRow = e.div(begin, extent), endRow = e.div(e.add(end, e.sub(extent, e.constant(1))), extent);
    item.loop(firstRow, endRow, 1, {}, [&](Value row, ValueRange) -> SmallVector<Value> {
      for (auto [dim, coordinate] : llvm::zip(ArrayRef(dims).drop_back(), e.delinearize(row, outer)))
        point.coords[dim] = coordinate;
      Value start = e.mul(row, extent);
      Value from = b.createOrFold<arith::MaxSIOp>(e.sub(begin, start), e.constant(0));
      Value to = e.minimum(extent, e.sub(end, start));
      item.loop(from, to, w, {}, [&](Value at, ValueRange) -> SmallVector<Value> {
        point.coords[last] = at;
        point.mask = e.tailMask(e.sub(to, at), w);
        SmallVector<Lane> takenIn(stage.identities.size());
        step(point, identities(w), &takenIn);
        point.mask = {};
        SmallVector<Value> values;
        for (unsigned i : reduced)
          values.push_back(e.asVector(takenIn[i], w));
        store(buffer, e.sub(e.add(start, at), begin), values);
        return {};
      });
      return {};
    });
  }

  /// Folds stripes and then lanes in halves.
  SmallVector<Value> fold(SmallVector<Value> values) {
    unsigned n = reduced.size();
    for (unsigned s = stripes; s > 1; s /= 2) {
      unsigned half = s / 2 * n;
      values = foldStripes(ArrayRef(values).take_front(half), ArrayRef(values).drop_front(half));
    }
    for (unsigned w = point.width; w > 1; w /= 2) {
      SmallVector<Value> low, high;
      for (Value value : values) {
        low.push_back(narrow(value, 0, w / 2));
        high.push_back(narrow(value, w / 2, w / 2));
      }
      values = combine(low, high);
    }
    return values;
  }
  SmallVector<Value> foldStripes(ArrayRef<Value> low, ArrayRef<Value> high) {
    SmallVector<Value> out;
    for (unsigned n = reduced.size(), i = 0; i < low.size(); i += n)
      llvm::append_range(out, combine(low.slice(i, n), high.slice(i, n)));
    return out;
  }
  Value narrow(Value vector, int64_t from, int64_t lanes) {
    if (lanes == 1)
      return vector::ExtractOp::create(b, vector, from);
    return vector::ShuffleOp::create(b, vector, vector, llvm::to_vector(llvm::seq(from, from + lanes)));
  }

  void writeTotals(ValueRange totals) {
    for (auto [i, total] : llvm::zip(reduced, totals))
      item.write(stage, i, point, Lane{total, {}});
  }

  //===- Columns: vectors across the reduced dims ---------------------------===//

  /// The same tree for each column of the item's block. Leaves of the tree are lanes, whose rows are 64 apart; lanes
  /// are taken in the order in which folding in halves pairs them, which makes lanes and blocks digits of one counter.
  void reduceColumns() {
    int64_t w = point.width, span = (item.block + w - 1) / w * w;
    tile = reserve(span);
    Value laneBits = e.constant(kLaneBits);
    int64_t levels = kMostLevels;
    if (length.isConstant()) {
      int64_t rows = std::max<int64_t>(length.value(), 1);
      int64_t bits = std::min<int64_t>(kLaneBits, llvm::Log2_64_Ceil(rows));
      laneBits = e.constant(bits);
      levels = levelsOf((rows + kBlock - 1) / kBlock << bits);
    } else {
      Value lastRow = e.sub(b.createOrFold<arith::MaxSIOp>(count, e.constant(1)), e.constant(1));
      laneBits = e.minimum(laneBits, e.sub(e.constant(64), leadingZeros(lastRow)));
    }
    Counter counter = makeCounter(levels, span, w);
    Value leaves = b.createOrFold<arith::ShLIOp>(numBlocks(), laneBits);
    item.loop(e.constant(0), leaves, 1, {}, [&](Value leaf, ValueRange) -> SmallVector<Value> {
      Value block = shiftRight(leaf, laneBits);
      Value lane = reversed(e.sub(leaf, b.createOrFold<arith::ShLIOp>(block, laneBits)), laneBits);
      Value begin = e.mul(block, e.constant(kBlock)), end = e.minimum(e.add(begin, e.constant(kBlock)), count);
      Value first = e.add(begin, lane);
      Value isEmpty = arith::CmpIOp::create(b, arith::CmpIPredicate::sge, first, end);
      addRows(first, end);
      item.loop(e.constant(0), padded(), w, {}, [&](Value offset, ValueRange) -> SmallVector<Value> {
        push(counter, leaf, offset, select(isEmpty, identities(w), load(tile, offset, w)));
        return {};
      });
      return {};
    });
    item.alongVector(point, [&] {
      Value offset = e.sub(point.coords[item.vectorDim], item.vectorBegin);
      for (auto [i, total] : llvm::zip(reduced, collect(counter, leaves, offset)))
        item.write(stage, i, point, Lane{{}, total});
    });
  }

  /// The lowest `bits` bits of `x` from last to first.
  Value reversed(Value x, Value bits) {
    Value all = LLVM::BitReverseOp::create(b, x);
    return shiftRight(shiftRight(all, e.constant(1)), e.sub(e.constant(63), bits));
  }

  Value padded() {
    Value w = e.constant(point.width), columns = e.sub(item.vectorEnd, item.vectorBegin);
    return e.mul(e.div(e.add(columns, e.sub(w, e.constant(1))), w), w);
  }

  /// Sets the tile to the sum of rows `first`, `first` + 64, ... below `end`, if there are any.
  void addRows(Value first, Value end) {
    bool isLong = !length.isConstant() || length.value() >= kRowsAtOnce * kLanes;
    bool isSmall = stage.body()->getOperations().size() <= kSmallBody;
    Value from = first;
    if (isLong && isSmall) {
      Value last = e.sub(end, e.constant((kRowsAtOnce - 1) * kLanes)); // a group starts before this row
      addRowsBy(kRowsAtOnce, first, last, first);
      Value rows = b.createOrFold<arith::MaxSIOp>(e.add(e.sub(last, first), e.constant(kRowsAtOnce * kLanes - 1)),
                                                  e.constant(0));
      from = e.add(first, e.mul(e.div(rows, e.constant(kRowsAtOnce * kLanes)), e.constant(kRowsAtOnce * kLanes)));
    }
    addRowsBy(1, from, end, first);
  }

  void addRowsBy(int64_t number, Value from, Value to, Value first) {
    unsigned w = point.width;
    item.loop(from, to, number * kLanes, {}, [&](Value row, ValueRange) -> SmallVector<Value> {
      Value isFirst = arith::CmpIOp::create(b, arith::CmpIPredicate::eq, row, first);
      SmallVector<SmallVector<Value>> coords;
      for (int64_t i = 0; i < number; ++i)
        coords.push_back(e.delinearize(e.add(row, e.constant(i * kLanes)), extents()));
      item.alongVector(point, [&] {
        Value offset = e.sub(point.coords[item.vectorDim], item.vectorBegin);
        SmallVector<Value> values = select(isFirst, identities(w), load(tile, offset, w));
        for (ArrayRef<Value> at : coords) {
          for (auto [dim, coordinate] : llvm::zip(dims, at))
            point.coords[dim] = coordinate;
          values = step(point, values);
        }
        store(tile, offset, values);
      });
      return {};
    });
  }

  StageLoops &item;
  Emitter &e;
  ImplicitLocOpBuilder &b;
  Nest &nest;
  const Stage &stage;
  Point point;
  SmallVector<unsigned> reduced; // results of the stage
  SmallVector<unsigned> dims;    // of the domain, as the reduction's own operand has them
  Size length;
  Value count;
  unsigned stripes = 1;
  SmallVector<Value> lanes, buffer, tile; // per reduced result
};

} // namespace

void emitReduction(StageLoops &item, const Stage &stage, const Point &point) {
  ReductionEmitter(item, stage, point).run();
}

} // namespace mlxir::cpu
