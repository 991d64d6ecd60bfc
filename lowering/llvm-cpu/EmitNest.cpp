// Loops for maps and reductions: a grid over outer dims, the stages one after the other inside a work item, vectors
// along the innermost dim. What one item computes never depends on which thread runs it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "lowering/llvm-cpu/Emitter.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;

namespace mlxir::cpu {

namespace {

/// Elements along the vector dim that one item takes when that dim is cut: long enough to pay for the item, short
/// enough for the caches.
constexpr int64_t kBlock = 4096;
constexpr int64_t kColumnBlock = 256;
/// Edge of the square tile by which a map goes over two dims when some operand is contiguous along the other one.
constexpr int64_t kTile = 64;
/// Extents below which gathering is no slower than tiles would be.
constexpr int64_t kShortest = 8;
/// Lanes of the square blocks that are transposed in registers.
constexpr unsigned kMaxTransposed = 16;
/// Work below which another thread does not pay, in elements touched.
constexpr int64_t kGrainElements = 16384;

class NestEmitter {
public:
  NestEmitter(Nest &nest, const CpuTarget &target) : e(nest, target), b(e.b), nest(nest) {}

  LaunchInfo run() {
    split();
    LaunchInfo info;
    e.emitKernel([&](Value item) { emitItem(item); });
    info.grid = e.ceilDiv(Size::constant(1), 1);
    info.grid = nest.sizes->product(gridExtents.begin(), gridExtents.end());
    info.scratch = e.scratchBytes();
    int64_t work = 1;
    for (unsigned i = 0; i < nest.rank(); ++i)
      if (inside[i])
        work *= int(i) == tiledDim             ? std::min(kTile, nest.typical(i))
                : int(i) == vectorDim && block ? std::min(block, nest.typical(i))
                                               : nest.typical(i);
    work = std::max<int64_t>(1, work * int64_t(nest.stages.size()));
    info.grain = Size::constant(std::max<int64_t>(1, kGrainElements / work));
    return info;
  }

private:
  //===- Which dims are the grid's, which the item's ----------------------===//

  void split() {
    unsigned rank = nest.rank();
    inside.assign(rank, false);
    vectorDim = int(rank) - 1;
    if (rank == 0)
      return;
    bool anyReduced = llvm::is_contained(nest.reduced, true);
    for (unsigned i = 0; i < rank; ++i)
      inside[i] = nest.reduced[i] || int(i) == vectorDim;
    if (anyReduced && !nest.reduced[vectorDim])
      block = columnBlock();
    else if (!anyReduced && (tiledDim = findTiledDim()) >= 0) {
      inside[tiledDim] = true;
      block = kTile;
    } else if (!anyReduced)
      growMapItem();
    for (unsigned i = 0; i < rank; ++i)
      if (!inside[i])
        gridExtents.push_back(nest.domain[i]);
    if (tiledDim >= 0)
      gridExtents.push_back(e.ceilDiv(nest.domain[tiledDim], kTile));
    if (block)
      gridExtents.push_back(e.ceilDiv(nest.domain[vectorDim], block));
  }

  /// A map's item takes as many inner dims as give it enough work, or a block of the last.
  void growMapItem() {
    int64_t elements = nest.typical(vectorDim);
    if (elements > kBlock || !nest.domain[vectorDim].isConstant()) {
      block = kBlock;
      return;
    }
    for (int i = vectorDim - 1; i >= 0 && elements * nest.typical(i) <= kBlock && nest.domain[i].isConstant(); --i) {
      elements *= nest.typical(i);
      inside[i] = true;
    }
  }

  /// Is the operand contiguous along `dim`, which is not the one that vectors run along?
  bool isTransposed(const Access &access, unsigned dim) {
    return access.place == Place::Input && int(dim) != vectorDim && access.strides[dim] == Size::constant(1) &&
           access.strides[vectorDim] != Size::constant(0) && access.strides[vectorDim] != Size::constant(1);
  }

  /// The dim along which the first transposed operand of a map is contiguous; -1 if there is none, or if the
  /// extents are too short for tiles.
  int findTiledDim() {
    auto isTileable = [&](unsigned dim) {
      return nest.typical(dim) >= kShortest &&
             llvm::all_of(nest.stages, [&](const Stage &stage) { return stage.iterates[dim]; });
    };
    if (isTileable(vectorDim))
      for (const Stage &stage : nest.stages)
        for (const Access &access : stage.reads)
          for (unsigned dim = 0; dim < nest.rank(); ++dim)
            if (isTransposed(access, dim) && isTileable(dim))
              return dim;
    return -1;
  }

  /// Column reductions keep a block of accumulators in private memory; several items let threads share the work.
  int64_t columnBlock() {
    Size columns = nest.domain[vectorDim];
    if (!columns.isConstant())
      return kColumnBlock;
    int64_t eighth = (columns.value() / 8 + 63) / 64 * 64;
    return std::clamp<int64_t>(eighth, 64, 1024);
  }

  //===- An item ----------------------------------------------------------===//

  void emitItem(Value item) {
    SmallVector<Value> outer = e.delinearize(item, gridExtents);
    Point point;
    point.coords.assign(nest.rank(), Value());
    unsigned next = 0;
    for (unsigned i = 0; i < nest.rank(); ++i)
      if (!inside[i])
        point.coords[i] = outer[next++];
    if (nest.rank()) {
      vectorBegin = block ? e.mul(outer.back(), e.constant(block)) : e.constant(0);
      vectorEnd = e.size(nest.domain[vectorDim]);
      exactBlocks = !block || (nest.domain[vectorDim].isConstant() && nest.domain[vectorDim].value() % block == 0);
      if (block)
        vectorEnd = exactBlocks ? e.add(vectorBegin, e.constant(block))
                                : e.minimum(e.add(vectorBegin, e.constant(block)), vectorEnd);
    }
    placeLocals();
    if (tiledDim >= 0)
      transposeOperands(point, outer[next]);
    for (const Stage &stage : nest.stages)
      emitStage(stage, point);
  }

  /// Locals that vary inside the item get private memory, dense over the dims they vary in; others stay in registers.
  void placeLocals() {
    e.homes.resize(nest.locals.size());
    for (auto [local, home] : llvm::zip(nest.locals, e.homes)) {
      home.strides.assign(nest.rank(), Value());
      home.origins.assign(nest.rank(), e.constant(0));
      if (nest.rank())
        home.origins[vectorDim] = vectorBegin;
      Size elements = Size::constant(1);
      bool varies = false;
      for (int i = int(nest.rank()) - 1; i >= 0; --i) {
        if (!inside[i] || !local.varies[i])
          continue;
        varies = true;
        home.strides[i] = e.size(elements);
        elements = nest.sizes->mul(elements, i == vectorDim && block ? Size::constant(block) : nest.domain[i]);
      }
      if (!varies)
        continue;
      Size bytes = nest.sizes->mul(elements, Size::constant(storedBytes(local.element)));
      home.memory = e.scratchPointer(e.reserveScratch(bytes));
    }
  }

  //===- Transposed operands ------------------------------------------------===//

  /// Brings the item's tile of each transposed operand into private memory, where it lies along the vector dim: lines
  /// of memory are read whole, and the stages' loops stay what they are.
  void transposeOperands(Point point, Value tile) {
    tileBegin = e.mul(tile, e.constant(kTile));
    tileEnd = e.minimum(e.add(tileBegin, e.constant(kTile)), e.size(nest.domain[tiledDim]));
    for (Stage &stage : nest.stages)
      for (Access &access : stage.reads)
        if (isTransposed(access, tiledDim)) {
          Access local;
          local.place = Place::Local;
          local.number = e.homes.size();
          local.element = access.element;
          Emitter::LocalHome home;
          home.strides.assign(nest.rank(), Value());
          home.origins.assign(nest.rank(), e.constant(0));
          home.strides[tiledDim] = e.constant(kTile);
          home.strides[vectorDim] = e.constant(1);
          home.origins[tiledDim] = tileBegin;
          home.origins[vectorDim] = vectorBegin;
          home.memory = e.scratchPointer(e.reserveScratch(Size::constant(kTile * kTile * storedBytes(access.element))));
          transposeTile(access, point, home.memory);
          e.homes.push_back(home);
          access = local;
        }
  }

  void transposeTile(const Access &access, Point point, Value memory) {
    unsigned w = std::min<unsigned>(kMaxTransposed, e.target.vectorBytes / storedBytes(access.element));
    Size extent = nest.domain[tiledDim];
    bool exact = extent.isConstant() && extent.value() % w == 0;
    point.vectorDim = tiledDim;
    point.width = w;
    Value last = e.sub(vectorEnd, e.constant(1));
    vectorLoop(tileBegin, tileEnd, w, {}, [&](Value t, ValueRange) -> SmallVector<Value> {
      point.coords[tiledDim] = t;
      point.mask = exact ? Value() : e.tailMask(e.sub(tileEnd, t), w);
      vectorLoop(vectorBegin, vectorEnd, w, {}, [&](Value v, ValueRange) -> SmallVector<Value> {
        SmallVector<Value> rows;
        for (unsigned r = 0; r < w; ++r) {
          Value row = e.add(v, e.constant(r));
          point.coords[vectorDim] = exactBlocks ? row : e.minimum(row, last);
          rows.push_back(e.asVector(e.load(access, point), w));
        }
        Value index = e.add(e.mul(e.sub(t, tileBegin), e.constant(kTile)), e.sub(v, vectorBegin));
        for (auto [r, column] : llvm::enumerate(e.interleave(rows)))
          e.storeVector(e.elementPointer(memory, access.element, e.add(index, e.constant(int64_t(r) * kTile))), column);
        return {};
      });
      return {};
    });
  }

  //===- A stage ----------------------------------------------------------===//

  void emitStage(const Stage &stage, Point point) {
    bool vectorized = nest.rank() && stage.iterates[vectorDim];
    if (!stage.reduces())
      return emitMap(stage, point, vectorized);
    if (vectorized && !nest.reduced[vectorDim])
      return emitColumnReduction(stage, point);
    emitRowReduction(stage, point, vectorized);
  }

  /// Calls `body` inside loops over the item's dims that the stage iterates, but the vector dim, threading `carried`.
  SmallVector<Value> loops(const Stage &stage, Point &point, ValueRange carried, bool reducedOnly,
                           function_ref<SmallVector<Value>(ValueRange)> body, unsigned dim = 0) {
    while (dim < nest.rank() && (int(dim) == vectorDim || !inside[dim] || !stage.iterates[dim]))
      ++dim;
    if (dim >= nest.rank())
      return body(carried);
    bool tiled = int(dim) == tiledDim;
    auto loop = scf::ForOp::create(b, tiled ? tileBegin : e.constant(0), tiled ? tileEnd : e.size(nest.domain[dim]),
                                   e.constant(1), carried);
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(loop.getBody());
    point.coords[dim] = loop.getInductionVar();
    SmallVector<Value> next = loops(stage, point, loop.getRegionIterArgs(), reducedOnly, body, dim + 1);
    if (!next.empty() || carried.empty())
      finishLoop(loop, next);
    return SmallVector<Value>(loop.getResults());
  }

  void finishLoop(scf::ForOp loop, ValueRange values) {
    b.setInsertionPointToEnd(loop.getBody());
    if (!loop.getBody()->empty() && loop.getBody()->back().hasTrait<OpTrait::IsTerminator>())
      return;
    scf::YieldOp::create(b, values);
  }

  SmallVector<Lane> reads(const Stage &stage, const Point &point) {
    SmallVector<Lane> lanes;
    for (const Access &access : stage.reads)
      lanes.push_back(e.load(access, point));
    return lanes;
  }

  void write(const Stage &stage, unsigned result, const Point &point, const Lane &value) {
    for (const Access &access : stage.writes[result]) {
      bool inRegister = access.place == Place::Local && !e.homes[access.number].memory;
      if (inRegister)
        e.homes[access.number].scalar = value.scalar;
      else
        e.store(access, point, value);
    }
  }

  /// Lanes of a vector: as many as the widest element that the stage reads, writes or computes in floating point.
  unsigned width(const Stage &stage) {
    unsigned bits = 8;
    auto see = [&](Type t) {
      if (isa<FloatType>(t) || t.isInteger())
        bits = std::max(bits, t.getIntOrFloatBitWidth());
    };
    for (BlockArgument argument : stage.body()->getArguments())
      see(argument.getType());
    for (Operation &op : stage.body()->without_terminator())
      if (!isa<arith::ConstantOp>(op))
        for (Type t : op.getResultTypes())
          if (isa<FloatType>(t) || (t.isInteger() && t.getIntOrFloatBitWidth() <= 32))
            see(t);
    return e.target.vectorBytes * 8 / bits;
  }

  /// Loops along the vector dim in steps of `step`, threading `carried`.
  SmallVector<Value> vectorLoop(Value from, Value to, int64_t step, ValueRange carried,
                                function_ref<SmallVector<Value>(Value, ValueRange)> body) {
    auto loop = scf::ForOp::create(b, from, to, e.constant(step), carried);
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(loop.getBody());
    finishLoop(loop, body(loop.getInductionVar(), loop.getRegionIterArgs()));
    return SmallVector<Value>(loop.getResults());
  }

  /// The extent along the vector dim if it is a constant.
  std::optional<int64_t> constantExtent() {
    if (block)
      return exactBlocks ? std::optional<int64_t>(block) : std::nullopt;
    Size s = nest.domain[vectorDim];
    return s.isConstant() ? std::optional<int64_t>(s.value()) : std::nullopt;
  }

  /// Largest multiple of `step` beyond `from` that is not beyond the end.
  Value lastFull(Value from, int64_t step) {
    Value count = e.sub(vectorEnd, from);
    return e.add(from, e.sub(count, e.rem(count, e.constant(step))));
  }

  void emitMap(const Stage &stage, Point point, bool vectorized) {
    loops(stage, point, {}, false, [&](ValueRange) -> SmallVector<Value> {
      if (vectorized)
        emitMapRow(stage, point);
      else
        emitMapAt(stage, point);
      return {};
    });
  }

  void emitMapAt(const Stage &stage, const Point &point) {
    SmallVector<Lane> values = e.body(stage, point, reads(stage, point), {});
    for (auto [i, value] : llvm::enumerate(values))
      write(stage, i, point, value);
  }

  void emitMapRow(const Stage &stage, Point point) {
    unsigned w = width(stage);
    point.vectorDim = vectorDim;
    point.width = w;
    std::optional<int64_t> extent = constantExtent();
    Value full = extent && *extent % w == 0 ? vectorEnd : lastFull(vectorBegin, w);
    if (!extent || *extent >= w)
      vectorLoop(vectorBegin, full, w, {}, [&](Value iv, ValueRange) -> SmallVector<Value> {
        point.coords[vectorDim] = iv;
        emitMapAt(stage, point);
        return {};
      });
    if (extent && *extent % w == 0)
      return;
    emitTail(point, full, {}, [&](ValueRange) -> SmallVector<Value> {
      emitMapAt(stage, point);
      return {};
    });
  }

  /// The lanes after the last full vector, under a mask.
  SmallVector<Value> emitTail(Point &point, Value from, ValueRange carried,
                              function_ref<SmallVector<Value>(ValueRange)> body) {
    Value some = arith::CmpIOp::create(b, arith::CmpIPredicate::slt, from, vectorEnd);
    auto branch = scf::IfOp::create(b, TypeRange(carried), some, /*withElseRegion=*/!carried.empty());
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(&branch.getThenRegion().front());
    point.coords[vectorDim] = from;
    point.mask = e.tailMask(e.sub(vectorEnd, from), point.width);
    SmallVector<Value> next = body(carried);
    if (!carried.empty()) {
      scf::YieldOp::create(b, next);
      b.setInsertionPointToStart(&branch.getElseRegion().front());
      scf::YieldOp::create(b, carried);
    }
    point.mask = {};
    return SmallVector<Value>(branch.getResults());
  }

  //===- Reductions along the vector dim ------------------------------------===//

  /// Partial results: `stripes` accumulators per result, each of `w` lanes.
  SmallVector<Value> identities(const Stage &stage, unsigned w, unsigned stripes) {
    SmallVector<Value> values;
    for (unsigned s = 0; s < stripes; ++s)
      for (TypedAttr identity : stage.identities)
        if (identity)
          values.push_back(e.broadcast(arith::ConstantOp::create(b, identity), w));
    return values;
  }

  unsigned numReduced(const Stage &stage) {
    return llvm::count_if(stage.identities, [](TypedAttr a) { return bool(a); });
  }

  /// One step: the body at `point` on the accumulators of one stripe. Masked lanes keep what they had.
  SmallVector<Value> reduceStep(const Stage &stage, const Point &point, ValueRange accumulators) {
    SmallVector<Lane> lanes(stage.identities.size());
    unsigned next = 0;
    for (unsigned i = 0; i < lanes.size(); ++i)
      if (stage.identities[i])
        lanes[i] = point.vectorDim < 0 ? Lane{accumulators[next++]} : Lane{{}, accumulators[next++]};
    SmallVector<Lane> results = e.body(stage, point, reads(stage, point), lanes);
    SmallVector<Value> out;
    next = 0;
    for (unsigned i = 0; i < results.size(); ++i) {
      if (!stage.identities[i]) {
        write(stage, i, point, results[i]);
        continue;
      }
      Value value = point.vectorDim < 0 ? results[i].scalar : e.asVector(results[i], point.width);
      if (point.mask)
        value = arith::SelectOp::create(b, point.mask, value, accumulators[next]);
      ++next;
      out.push_back(value);
    }
    return out;
  }

  /// combine() on the compact lists kept here (reduced results only).
  SmallVector<Value> combine(const Stage &stage, ValueRange x, ValueRange y) {
    SmallVector<Value> wideX(stage.identities.size()), wideY(stage.identities.size()), out;
    unsigned next = 0;
    for (unsigned i = 0; i < wideX.size(); ++i)
      if (stage.identities[i]) {
        wideX[i] = x[next];
        wideY[i] = y[next++];
      }
    SmallVector<Value> all = e.combine(stage, wideX, wideY);
    for (unsigned i = 0; i < all.size(); ++i)
      if (stage.identities[i])
        out.push_back(all[i]);
    return out;
  }

  /// Folds stripes and then lanes in halves: a tree of the length and the dtype alone.
  SmallVector<Value> fold(const Stage &stage, SmallVector<Value> values, unsigned stripes, unsigned w) {
    unsigned n = numReduced(stage);
    for (; stripes > 1; stripes /= 2) {
      SmallVector<Value> half;
      for (unsigned s = 0; s < stripes / 2; ++s)
        llvm::append_range(half, combine(stage, ValueRange(values).slice(s * n, n),
                                         ValueRange(values).slice((s + stripes / 2) * n, n)));
      values = half;
    }
    for (; w > 1; w /= 2) {
      SmallVector<Value> low, high;
      SmallVector<int64_t> lowLanes, highLanes;
      for (unsigned i = 0; i < w / 2; ++i) {
        lowLanes.push_back(i);
        highLanes.push_back(i + w / 2);
      }
      for (Value value : values) {
        low.push_back(narrow(value, lowLanes));
        high.push_back(narrow(value, highLanes));
      }
      values = combine(stage, low, high);
    }
    return values;
  }
  Value narrow(Value vector, ArrayRef<int64_t> lanes) {
    if (lanes.size() == 1)
      return vector::ExtractOp::create(b, vector, lanes[0]);
    return vector::ShuffleOp::create(b, vector, vector, lanes);
  }

  void emitRowReduction(const Stage &stage, Point point, bool vectorized) {
    if (!vectorized) {
      SmallVector<Value> init = identities(stage, 1, 1);
      SmallVector<Value> total =
          loops(stage, point, init, true, [&](ValueRange carried) { return reduceStep(stage, point, carried); });
      return writeReduced(stage, point, total);
    }
    unsigned w = width(stage);
    unsigned bits = 8;
    for (TypedAttr identity : stage.identities)
      if (identity)
        bits = std::max(bits, identity.getType().getIntOrFloatBitWidth());
    // 64 partial results (32 of 64-bit types) hide the latency of the combining op on any vector width.
    unsigned stripes = std::max(1u, (bits > 32 ? 32 : 64) / w);
    point.vectorDim = vectorDim;
    point.width = w;
    SmallVector<Value> init = identities(stage, w, stripes);
    SmallVector<Value> totals = loops(stage, point, init, true,
                                      [&](ValueRange carried) { return reduceRow(stage, point, carried, w, stripes); });
    totals = fold(stage, totals, stripes, w);
    point.vectorDim = -1;
    point.width = 1;
    writeReduced(stage, point, totals);
  }

  SmallVector<Value> reduceRow(const Stage &stage, Point &point, ValueRange carried, unsigned w, unsigned stripes) {
    unsigned n = numReduced(stage);
    SmallVector<Value> values(carried);
    std::optional<int64_t> extent = constantExtent();
    int64_t step = int64_t(w) * stripes;
    Value from = vectorBegin;
    if (!extent || *extent >= step) {
      Value full = extent && *extent % step == 0 ? vectorEnd : lastFull(from, step);
      values = vectorLoop(from, full, step, values, [&](Value iv, ValueRange accumulators) {
        SmallVector<Value> next;
        for (unsigned s = 0; s < stripes; ++s) {
          point.coords[vectorDim] = e.add(iv, e.constant(int64_t(s) * w));
          llvm::append_range(next, reduceStep(stage, point, accumulators.slice(s * n, n)));
        }
        return next;
      });
      from = full;
    }
    if (extent && *extent % step == 0)
      return values;
    // What is left goes to the first stripe, vector by vector.
    SmallVector<Value> first(ValueRange(values).take_front(n));
    if (!extent || *extent % step >= w) {
      Value full = extent && *extent % w == 0 ? vectorEnd : lastFull(from, w);
      first = vectorLoop(from, full, w, first, [&](Value iv, ValueRange accumulators) {
        point.coords[vectorDim] = iv;
        return reduceStep(stage, point, accumulators);
      });
      from = full;
    }
    if (!extent || *extent % w != 0)
      first =
          emitTail(point, from, first, [&](ValueRange accumulators) { return reduceStep(stage, point, accumulators); });
    llvm::copy(first, values.begin());
    return values;
  }

  void writeReduced(const Stage &stage, const Point &point, ValueRange totals) {
    unsigned next = 0;
    for (unsigned i = 0; i < stage.identities.size(); ++i)
      if (stage.identities[i])
        write(stage, i, point, Lane{totals[next++]});
  }

  //===- Reductions across the vector dim -----------------------------------===//

  /// One accumulator per column of the block, in private memory; rows are taken in order.
  void emitColumnReduction(const Stage &stage, Point point) {
    unsigned w = width(stage);
    point.vectorDim = vectorDim;
    point.width = w;
    SmallVector<Value> memory(stage.identities.size());
    for (auto [i, identity] : llvm::enumerate(stage.identities))
      if (identity)
        memory[i] =
            e.scratchPointer(e.reserveScratch(Size::constant(paddedBlock(w) * storedBytes(identity.getType()))));
    auto overBlock = [&](function_ref<void(Value)> body) {
      vectorLoop(e.constant(0), paddedCount(w), w, {}, [&](Value iv, ValueRange) -> SmallVector<Value> {
        body(iv);
        return {};
      });
    };
    overBlock([&](Value iv) {
      for (auto [i, identity] : llvm::enumerate(stage.identities))
        if (identity)
          e.storeVector(e.elementPointer(memory[i], identity.getType(), iv),
                        e.broadcast(arith::ConstantOp::create(b, identity), w));
    });
    loops(stage, point, {}, true, [&](ValueRange) -> SmallVector<Value> {
      columnRow(stage, point, memory, w);
      return {};
    });
    finishColumns(stage, point, memory, w);
  }

  int64_t paddedBlock(unsigned w) { return (block + w - 1) / w * w; }
  Value paddedCount(unsigned w) {
    Value count = e.sub(vectorEnd, vectorBegin);
    return e.mul(e.div(e.add(count, e.constant(w - 1)), e.constant(w)), e.constant(w));
  }

  void columnRow(const Stage &stage, Point &point, ArrayRef<Value> memory, unsigned w) {
    auto step = [&](Value iv) {
      point.coords[vectorDim] = iv;
      SmallVector<Value> old, pointers;
      for (auto [i, identity] : llvm::enumerate(stage.identities))
        if (identity) {
          pointers.push_back(e.elementPointer(memory[i], identity.getType(), e.sub(iv, vectorBegin)));
          old.push_back(e.loadVector(pointers.back(), identity.getType(), w));
        }
      for (auto [address, value] : llvm::zip(pointers, reduceStep(stage, point, old)))
        e.storeVector(address, value);
    };
    blockLoop(point, w, step);
  }

  void finishColumns(const Stage &stage, Point point, ArrayRef<Value> memory, unsigned w) {
    blockLoop(point, w, [&](Value iv) {
      point.coords[vectorDim] = iv;
      for (auto [i, identity] : llvm::enumerate(stage.identities))
        if (identity)
          write(stage, i, point,
                Lane{{},
                     e.loadVector(e.elementPointer(memory[i], identity.getType(), e.sub(iv, vectorBegin)),
                                  identity.getType(), w)});
    });
  }

  /// Full vectors of the block and then its masked rest.
  void blockLoop(Point &point, unsigned w, function_ref<void(Value)> step) {
    std::optional<int64_t> extent = constantExtent();
    Value full = extent && *extent % w == 0 ? vectorEnd : lastFull(vectorBegin, w);
    vectorLoop(vectorBegin, full, w, {}, [&](Value iv, ValueRange) -> SmallVector<Value> {
      step(iv);
      return {};
    });
    if (extent && *extent % w == 0)
      return;
    emitTail(point, full, {}, [&](ValueRange) -> SmallVector<Value> {
      step(full);
      return {};
    });
  }

  Emitter e;
  ImplicitLocOpBuilder &b;
  Nest &nest;
  SmallVector<bool> inside;
  SmallVector<Size> gridExtents;
  int vectorDim = -1;
  int tiledDim = -1; // a map's second tiled dim, if some operand is contiguous along it
  int64_t block = 0; // 0: the item takes the whole vector dim
  bool exactBlocks = true;
  Value vectorBegin, vectorEnd, tileBegin, tileEnd;
};

} // namespace

FailureOr<LaunchInfo> emitNest(Nest &nest, const CpuTarget &target) { return NestEmitter(nest, target).run(); }

} // namespace mlxir::cpu
